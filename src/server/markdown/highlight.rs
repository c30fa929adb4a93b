//! Colours for code: spans with classes, because the page's policy allows no inline style.

use std::{sync::LazyLock, time::Instant};

use comrak::html::escape;
use syntect::{
    html::{ClassStyle, line_tokens_to_classed_spans},
    parsing::{ParseState, ScopeStack, SyntaxSet},
    util::LinesWithEndings,
};

/// Before every class, so that they can be told from the page's own.
pub(super) const CLASS_PREFIX: &str = "hl-";

const LONGEST_CODE: usize = 100_000;
const LONGEST_LINE: usize = 2_000;
const DEEPEST: usize = 100;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

pub(super) fn load() {
    LazyLock::force(&SYNTAXES);
}

/// Highlights code in a known language. From the first line that is too long, too deeply nested or too late, the rest stays
/// plain.
pub(super) fn to_html(language: &str, code: &str, deadline: Instant) -> Option<String> {
    // As in `rust,ignore`.
    let token = language.split(',').next()?;
    let syntax = SYNTAXES.find_syntax_by_token(token)?;
    if code.len() > LONGEST_CODE {
        return None;
    }
    let style = ClassStyle::SpacedPrefixed { prefix: CLASS_PREFIX };
    let (mut state, mut scopes) = (ParseState::new(syntax), ScopeStack::new());
    let (mut html, mut open_spans, mut done) = (String::new(), 0_isize, 0_usize);
    for line in LinesWithEndings::from(code) {
        if line.len() > LONGEST_LINE || scopes.len() > DEEPEST || Instant::now() >= deadline {
            break;
        }
        let operations = state.parse_line(line, &SYNTAXES).ok()?;
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
