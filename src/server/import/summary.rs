//! `SUMMARY.md` as mdBook defines it: a title, prefix chapters, parts of numbered chapters, suffix chapters.

use std::path::Path;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::ImportError;
use super::address::percent_decoded;
use super::html::is_comment;

/// The outline of a book, flat and in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Summary {
    /// The heading before everything else, unless it is the customary "Summary".
    pub title: Option<String>,
    pub entries: Vec<Entry>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A heading over the chapters that follow; may be empty.
    Part {
        name: String,
        line: usize,
    },
    Chapter(Chapter),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chapter {
    pub name: String,
    /// As written, with percent signs decoded; `None` for a draft.
    pub path: Option<String>,
    pub line: usize,
    pub place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A link in a paragraph, before the first list or after it.
    Prefix,
    Suffix,
    /// An entry of a list; a chapter at the margin has depth 1.
    Numbered {
        depth: usize,
    },
}

impl Summary {
    /// Reads the text of `file`. Prose is passed over, as mdBook does; links after a list are suffix chapters.
    ///
    /// # Errors
    /// Where an entry of a list does not begin with a link.
    pub fn parse(text: &str, file: &Path) -> Result<Self, ImportError> {
        let text = text.replace('\0', "");
        let mut lines = LineCounter { text: &text, at: 0, line: 1 };
        let mut summary = Summary { title: None, entries: Vec::new() };
        let mut events = Parser::new(&text).into_offset_iter();
        let mut depth = 0;
        let mut seen_list = false;
        let mut seen_anything = false;
        // Set between the beginning of an entry and its link.
        let mut link_wanted_since = None;

        while let Some((event, range)) = events.next() {
            let line = lines.line_of(range.start);
            if let Some(since) = link_wanted_since {
                match &event {
                    Event::Start(Tag::Paragraph | Tag::Link { .. } | Tag::HtmlBlock)
                    | Event::End(TagEnd::HtmlBlock) => {}
                    Event::Html(html) if is_comment(html) => {}
                    _ => {
                        let what = "an entry must begin with a link like `[Name](file.md)`, or `[Name]()` for a draft";
                        return Err(ImportError::Summary { file: file.into(), line: since, what: what.into() });
                    }
                }
            }
            match event {
                Event::Start(Tag::List(_)) => {
                    depth += 1;
                    seen_list = true;
                }
                Event::End(TagEnd::List(_)) => depth -= 1,
                Event::Start(Tag::Item) => link_wanted_since = Some(line),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    let name = inner_text(&mut events, |tag| *tag == TagEnd::Link);
                    // A second link in an entry of a list is prose about the first.
                    let first = link_wanted_since.take().is_some();
                    let place = match (depth, seen_list) {
                        (0, false) => Place::Prefix,
                        (0, true) => Place::Suffix,
                        _ => Place::Numbered { depth },
                    };
                    if first || depth == 0 {
                        let path = Some(percent_decoded(&dest_url)).filter(|path| !path.is_empty());
                        summary.entries.push(Entry::Chapter(Chapter { name, path, line, place }));
                    }
                }
                Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) if depth == 0 => {
                    let name = inner_text(&mut events, |tag| matches!(tag, TagEnd::Heading(_)));
                    if seen_anything {
                        summary.entries.push(Entry::Part { name, line });
                    } else if !name.trim().eq_ignore_ascii_case("summary") {
                        summary.title = Some(name);
                    }
                }
                // A licence in a comment may stand above the title.
                Event::Html(_) | Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => continue,
                _ => {}
            }
            seen_anything = true;
        }
        Ok(summary)
    }
}

/// The text up to the end that `is_end` knows, without any markup, as mdBook shows names.
fn inner_text<'a, R>(events: &mut impl Iterator<Item = (Event<'a>, R)>, is_end: impl Fn(&TagEnd) -> bool) -> String {
    let mut text = String::new();
    for (event, _) in events {
        match event {
            Event::End(tag) if is_end(&tag) => break,
            event => push_plain(&mut text, &event),
        }
    }
    text
}

/// Adds what a reader sees of an inline event, without markup.
pub(super) fn push_plain(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(part) | Event::Code(part) => text.push_str(part),
        Event::SoftBreak | Event::HardBreak => text.push(' '),
        _ => {}
    }
}

/// Counts lines from front to back, so that a long file is not counted from its beginning for each entry.
struct LineCounter<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl LineCounter<'_> {
    fn line_of(&mut self, offset: usize) -> usize {
        if offset > self.at {
            self.line += self.text.as_bytes()[self.at..offset].iter().filter(|byte| **byte == b'\n').count();
            self.at = offset;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Summary {
        Summary::parse(text, Path::new("SUMMARY.md")).unwrap()
    }

    /// An entry a line: `depth name path`, with letters for prefix, suffix and part.
    fn sketch(text: &str) -> Vec<String> {
        let sketch = |entry: &Entry| match entry {
            Entry::Part { name, .. } => format!("part {name}"),
            Entry::Chapter(Chapter { name, path, place, .. }) => {
                let place = match place {
                    Place::Prefix => "prefix".to_owned(),
                    Place::Suffix => "suffix".to_owned(),
                    Place::Numbered { depth } => depth.to_string(),
                };
                format!("{place} {name} {}", path.as_deref().unwrap_or("draft"))
            }
        };
        parse(text).entries.iter().map(sketch).collect()
    }

    #[test]
    fn every_kind_of_entry_is_found_in_order() {
        let text = "# Summary\n\n[Preface](p.md)\n\n# One\n\n- [A](a.md)\n    - [B `b`](b/my%20b.md)\n        * [C]()\n* [D](d.md)\n\n---\n\n# Two\n- [E](e.md)\n\n[Thanks](t.md)\n";
        let expected = [
            "prefix Preface p.md",
            "part One",
            "1 A a.md",
            "2 B b b/my b.md",
            "3 C draft",
            "1 D d.md",
            "part Two",
            "1 E e.md",
            "suffix Thanks t.md",
        ];
        assert_eq!(sketch(text), expected);
    }

    #[test]
    fn the_first_heading_is_the_title_unless_it_says_summary() {
        assert_eq!(parse("# Summary\n- [A](a.md)").title, None);
        assert_eq!(parse("<!-- licence -->\n\n# My Book\n- [A](a.md)").title.as_deref(), Some("My Book"));
        assert_eq!(parse("[A](a.md)\n\n# Part\n- [B](b.md)").title, None);
    }

    #[test]
    fn an_entry_that_is_no_link_is_an_error_with_its_line() {
        for text in ["- [A](a.md)\n- plain", "\n- \n- [A](a.md)", "\n-", "- [A](a.md)\n  - text [B](b.md)"] {
            let error = Summary::parse(text, Path::new("src/SUMMARY.md")).unwrap_err().to_string();
            assert!(error.starts_with("src/SUMMARY.md line 2 not understood"), "{text:?}: {error}");
        }
    }

    #[test]
    fn prose_comments_and_second_links_are_passed_over() {
        assert_eq!(
            sketch("Some prose.\n\n- <!-- c -->\n  [A](a.md) and [more](x.md)\n\n## Small heading\n"),
            ["1 A a.md"]
        );
    }

    #[test]
    fn entries_know_their_line() {
        let lines = parse("[A](a.md)\n\n- [B](b.md)\n  - [C](c.md)\n").entries.into_iter();
        let lines = lines.map(|entry| match entry {
            Entry::Part { line, .. } | Entry::Chapter(Chapter { line, .. }) => line,
        });
        assert_eq!(lines.collect::<Vec<_>>(), [1, 3, 4]);
    }
}
