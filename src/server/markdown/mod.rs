//! Markdown to HTML that is safe to place into a page, whoever wrote it.
//!
//! Three steps: the Markdown becomes HTML, with raw HTML let through; an allow-list cleans all of it; and a last pass adds
//! what only we may add. Nothing that an author writes can pass itself off as a part of the page: ids get a prefix, and
//! only the classes that this module emits survive.
//!
//! Hostile input costs a few seconds at most: what is too long, too deeply nested or too slow is shown as it was typed.
//! Rendering is still work for a blocking thread, not for an async one.

mod highlight;
mod sanitize;
pub use sanitize::is_file_name;
#[cfg(test)]
mod rendering_tests;
#[cfg(test)]
mod tests;
mod toml;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use comrak::{
    Arena, Node, Options,
    adapters::{HeadingAdapter, HeadingMeta, SyntaxHighlighterAdapter},
    arena_tree::NodeEdge,
    format_html_with_plugins,
    html::{escape, write_opening_tag},
    nodes::{NodeValue, Sourcepos},
    options::Plugins,
    try_parse_document,
};

/// Some eighty thousand words. The tree that is cleaned takes many times the memory of the text.
const LONGEST_SOURCE: usize = 512 << 10;
const LONGEST_HTML: usize = 4 << 20;
/// Lists may nest a hundred deep, at two nodes a level.
const DEEPEST: usize = 250;
/// For parsing, and again for cleaning.
const TIME_LIMIT: Duration = Duration::from_secs(2);
/// An excerpt needs the beginning only.
const EXCERPT_SOURCE: usize = 16 << 10;

/// Renders Markdown to sanitised HTML.
///
/// Headings start at `<h2>`, because the page has its `<h1>` already. Input that cannot be rendered within the limits comes
/// back escaped in a `<pre>`.
pub fn render(markdown: &str) -> String {
    rendered(markdown, None)
}

/// The same, where plain names in links and pictures (`![A curve](curve.png)`) are files below `folder`, a path that
/// ends in a slash.
pub fn render_beside(markdown: &str, folder: &str) -> String {
    rendered(markdown, Some(folder))
}

fn rendered(markdown: &str, folder: Option<&str>) -> String {
    if markdown.len() > LONGEST_SOURCE {
        return as_typed(markdown);
    }
    to_html(markdown)
        .and_then(|html| sanitize::clean(&html, folder, Instant::now() + TIME_LIMIT))
        .unwrap_or_else(|| as_typed(markdown))
}

/// The plain text of the first paragraphs, in at most `max_chars` characters, for descriptions of a page.
pub fn excerpt(markdown: &str, max_chars: usize) -> String {
    let source = &markdown[..markdown.floor_char_boundary(EXCERPT_SOURCE)];
    let arena = Arena::new();
    let Some(document) = parse(&arena, source) else {
        return String::new();
    };
    let mut text = String::new();
    // Whether the text is inside a paragraph, and how many enclosing elements hide it.
    let (mut paragraphs, mut hidden) = (0_usize, 0_usize);
    for edge in document.traverse() {
        match edge {
            NodeEdge::Start(node) => match &node.data().value {
                NodeValue::Paragraph => paragraphs += 1,
                NodeValue::Image(_) | NodeValue::FootnoteDefinition(_) => hidden += 1,
                NodeValue::Text(literal) if paragraphs > 0 && hidden == 0 => text.push_str(literal),
                NodeValue::Code(code) if paragraphs > 0 && hidden == 0 => text.push_str(&code.literal),
                NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
                _ => {}
            },
            NodeEdge::End(node) => match &node.data().value {
                NodeValue::Paragraph => {
                    paragraphs -= 1;
                    text.push(' ');
                    // A character is at most four bytes, and whitespace is squeezed below.
                    if text.len() > max_chars.saturating_mul(8) {
                        break;
                    }
                }
                NodeValue::Image(_) | NodeValue::FootnoteDefinition(_) => hidden -= 1,
                _ => {}
            },
        }
    }
    shorten(&text.split_whitespace().collect::<Vec<_>>().join(" "), max_chars)
}

/// Cuts between words, with an ellipsis in place of what is left out.
fn shorten(text: &str, max_chars: usize) -> String {
    if text.chars().count() <= max_chars {
        return text.to_owned();
    }
    let Some(room) = max_chars.checked_sub(1) else {
        return String::new();
    };
    let end = text.char_indices().nth(room).map_or(text.len(), |(index, _)| index);
    let (head, rest) = text.split_at(end);
    let head = match head.rfind(' ') {
        Some(space) if !rest.starts_with(' ') => &head[..space],
        _ => head,
    };
    format!("{}…", head.trim_end_matches([' ', ',', ';', ':', '.', '-', '–']))
}

fn as_typed(markdown: &str) -> String {
    let mut html = String::from("<pre tabindex=\"0\">");
    // Writing to a String cannot fail.
    let _ = escape(&mut html, markdown);
    html.push_str("</pre>");
    html
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.render.tasklist_classes = true;
    // Raw HTML comes through: cleaning follows, and covers what the Markdown itself makes as well.
    options.render.r#unsafe = true;
    options
}

fn parse<'a>(arena: &'a Arena<'a>, markdown: &str) -> Option<Node<'a>> {
    let deadline = Instant::now() + TIME_LIMIT;
    let too_late = || Instant::now() >= deadline;
    let document = try_parse_document(arena, markdown, &options(), &too_late).ok()?;
    let mut depth = 0_usize;
    for edge in document.traverse() {
        match edge {
            NodeEdge::Start(_) => depth += 1,
            NodeEdge::End(_) => depth -= 1,
        }
        if depth > DEEPEST {
            return None;
        }
    }
    Some(document)
}

fn to_html(markdown: &str) -> Option<String> {
    let arena = Arena::new();
    let document = parse(&arena, markdown)?;
    raise_headings(document);
    let blocks = document
        .descendants()
        .filter_map(|node| match &node.data().value {
            NodeValue::CodeBlock(block) => {
                let language = block.info.split_ascii_whitespace().next()?;
                Some((language.to_owned(), block.literal.clone()))
            }
            _ => None,
        })
        .collect();
    let code = CodeBlocks { highlighted: highlight::all(blocks) };
    let headings = Headings::default();
    let mut plugins = Plugins::default();
    plugins.render.codefence_syntax_highlighter = Some(&code);
    plugins.render.heading_adapter = Some(&headings);
    let mut html = Capped(String::new());
    format_html_with_plugins(document, &options(), &mut html, &plugins).ok()?;
    Some(html.0)
}

/// Raises every heading so that the highest one of the text is of the first level: a text that begins with `##` would
/// otherwise leave a level out below the page's own heading.
fn raise_headings(document: Node<'_>) {
    let level = |node: Node<'_>| match &node.data().value {
        NodeValue::Heading(heading) => Some(heading.level),
        _ => None,
    };
    let Some(highest) = document.descendants().filter_map(level).min() else { return };
    for node in document.descendants() {
        if let NodeValue::Heading(heading) = &mut node.data_mut().value {
            heading.level -= highest - 1;
        }
    }
}

/// A few bytes of a table can become a great many empty cells.
struct Capped(String);

impl fmt::Write for Capped {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > LONGEST_HTML {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

struct CodeBlocks {
    highlighted: highlight::Highlighted,
}

impl SyntaxHighlighterAdapter for CodeBlocks {
    fn write_highlighted(&self, output: &mut dyn fmt::Write, lang: Option<&str>, code: &str) -> fmt::Result {
        let block = (lang.unwrap_or_default().to_owned(), code.to_owned());
        match self.highlighted.get(&block) {
            Some(html) => output.write_str(html),
            None => escape(output, code),
        }
    }

    fn write_pre_tag(
        &self,
        output: &mut dyn fmt::Write,
        attributes: HashMap<&'static str, Cow<'_, str>>,
    ) -> fmt::Result {
        write_opening_tag(output, "pre", attributes)
    }

    fn write_code_tag(
        &self,
        output: &mut dyn fmt::Write,
        attributes: HashMap<&'static str, Cow<'_, str>>,
    ) -> fmt::Result {
        write_opening_tag(output, "code", attributes)
    }
}

/// Gives every heading an id of its own, so that it can be linked to.
#[derive(Default)]
struct Headings {
    slugs: Mutex<Slugs>,
}

#[derive(Default)]
struct Slugs {
    taken: HashSet<String>,
    /// Where to go on counting, so that a thousand equal headings do not cost a million attempts.
    next: HashMap<String, usize>,
}

impl Slugs {
    fn unique(&mut self, text: &str) -> String {
        let base = slug(text);
        let mut candidate = base.clone();
        while self.taken.contains(&candidate) {
            let number = self.next.entry(base.clone()).or_default();
            *number += 1;
            candidate = format!("{base}-{number}");
        }
        self.taken.insert(candidate.clone());
        candidate
    }
}

fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase).take(80) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    match slug.trim_end_matches('-') {
        "" => "section".to_owned(),
        slug => slug.to_owned(),
    }
}

impl HeadingAdapter for Headings {
    fn enter(&self, output: &mut dyn fmt::Write, heading: &HeadingMeta, _: Option<Sourcepos>) -> fmt::Result {
        let mut slugs = self.slugs.lock().unwrap_or_else(PoisonError::into_inner);
        let id = slugs.unique(&heading.content);
        write!(output, "<h{} id=\"{id}\">", heading.level)
    }

    fn exit(&self, output: &mut dyn fmt::Write, heading: &HeadingMeta) -> fmt::Result {
        writeln!(output, "</h{}>", heading.level)
    }
}
