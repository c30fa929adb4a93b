//! Colours for code: spans with classes, because the page's policy allows no inline style.
//!
//! A syntax compiles its regular expressions when it is first used, keeps them for good, and needs about 12 MB for them. So
//! one thread does all of it, with a few syntaxes at a time, and ends when there is nothing to do.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Mutex, PoisonError,
        mpsc::{RecvTimeoutError, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use comrak::html::escape;
use syntect::{
    html::{ClassStyle, line_tokens_to_classed_spans},
    parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet},
    util::LinesWithEndings,
};

use super::toml;

/// Before every class, so that they can be told from the page's own.
pub(super) const CLASS_PREFIX: &str = "hl-";

const LONGEST_CODE: usize = 100_000;
const LONGEST_LINE: usize = 2_000;
const DEEPEST: usize = 100;
/// Syntaxes in memory at a time.
const MOST_SYNTAXES: usize = 1;
/// For all the code of one text.
const TIME_LIMIT: Duration = Duration::from_secs(2);
const IDLE: Duration = Duration::from_secs(30);

/// A code block: its language and its text.
pub(super) type Block = (String, String);
pub(super) type Highlighted = HashMap<Block, String>;

struct Job {
    blocks: Vec<Block>,
    reply: SyncSender<Highlighted>,
}

static WORKER: Mutex<Option<Sender<Job>>> = Mutex::new(None);

/// Highlights the blocks whose language is known; the result has no entry for the others.
pub(super) fn all(blocks: Vec<Block>) -> Highlighted {
    if blocks.is_empty() {
        return Highlighted::new();
    }
    let (reply, result) = sync_channel(1);
    send(Job { blocks, reply });
    // Without an answer the code stays plain.
    result.recv().unwrap_or_default()
}

fn send(job: Job) {
    let mut worker = WORKER.lock().unwrap_or_else(PoisonError::into_inner);
    let job = match worker.as_ref() {
        Some(sender) => match sender.send(job) {
            Ok(()) => return,
            // It had nothing to do, and ended.
            Err(returned) => returned.0,
        },
        None => job,
    };
    let (sender, jobs) = channel::<Job>();
    let run = move || {
        let mut syntaxes = Syntaxes::default();
        loop {
            match jobs.recv_timeout(IDLE) {
                // Nobody left to tell is fine.
                Ok(job) => drop(job.reply.send(syntaxes.highlight(job.blocks))),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
            }
        }
    };
    if thread::Builder::new().name("highlighter".to_owned()).spawn(run).is_ok() {
        drop(sender.send(job));
        *worker = Some(sender);
    }
}

#[derive(Default)]
struct Syntaxes {
    set: Option<SyntaxSet>,
    used: HashSet<String>,
}

impl Syntaxes {
    /// Language by language, so that each is compiled at most once for a text.
    fn highlight(&mut self, blocks: Vec<Block>) -> Highlighted {
        let deadline = Instant::now() + TIME_LIMIT;
        let mut by_token: BTreeMap<String, Vec<Block>> = BTreeMap::new();
        for block in blocks {
            if block.1.len() <= LONGEST_CODE {
                by_token.entry(token(&block.0)).or_default().push(block);
            }
        }
        let mut highlighted = Highlighted::new();
        for (token, blocks) in by_token {
            if token == "toml" {
                highlighted.extend(blocks.into_iter().map(|block| {
                    let html = toml::to_html(&block.1);
                    (block, html)
                }));
                continue;
            }
            for block in blocks {
                if let Some(html) = self.block(&token, &block.1, deadline) {
                    highlighted.insert(block, html);
                }
            }
        }
        highlighted
    }

    fn block(&mut self, token: &str, code: &str, deadline: Instant) -> Option<String> {
        if self.used.len() >= MOST_SYNTAXES && !self.used.contains(token) {
            self.set = None;
            self.used.clear();
        }
        let set = self.set.get_or_insert_with(SyntaxSet::load_defaults_newlines);
        let syntax = set.find_syntax_by_token(token)?;
        self.used.insert(token.to_owned());
        to_html(set, syntax, code, deadline)
    }
}

/// The name by which the set knows a language: the first word of `rust,ignore`, and the closest relative of what is missing.
fn token(language: &str) -> String {
    let token = language.split(',').next().unwrap_or_default().to_ascii_lowercase();
    match token.as_str() {
        "ts" | "typescript" | "tsx" | "jsx" | "javascript" => "js",
        "shell" | "sh" | "zsh" => "bash",
        "rs" => "rust",
        "py" => "python",
        "yml" => "yaml",
        "jsonc" => "json",
        other => other,
    }
    .to_owned()
}

/// From the first line that is too long, too deeply nested or too late, the rest stays plain.
fn to_html(set: &SyntaxSet, syntax: &SyntaxReference, code: &str, deadline: Instant) -> Option<String> {
    let style = ClassStyle::SpacedPrefixed { prefix: CLASS_PREFIX };
    let (mut state, mut scopes) = (ParseState::new(syntax), ScopeStack::new());
    let (mut html, mut open_spans, mut done) = (String::new(), 0_isize, 0_usize);
    for line in LinesWithEndings::from(code) {
        if line.len() > LONGEST_LINE || scopes.len() > DEEPEST || Instant::now() >= deadline {
            break;
        }
        let operations = state.parse_line(line, set).ok()?;
        let (spans, opened) = line_tokens_to_classed_spans(line, &operations, style, &mut scopes).ok()?;
        html.push_str(&spans);
        open_spans += opened;
        done += line.len();
    }
    for _ in 0..open_spans {
        html.push_str("</span>");
    }
    escape(&mut html, &code[done..]).ok()?;
    Some(html)
}
