//! Links and pictures: links between pages become links between lessons, files come along under plain names, what is
//! not there becomes plain text.
//!
//! Only the bytes of an address or of the brackets around a text are changed, so that the author's Markdown comes out
//! as it went in.

use std::ops::Range;
use std::path::Path;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::Warning;
use super::address::raw_address;
use super::html::address_tags;
use super::summary::push_plain;
use super::text::{Edit, PageText};

/// What becomes of an address.
pub(super) enum Lead {
    Stays,
    /// It becomes another; a fragment stays.
    To(String),
    /// It becomes another, and a fragment goes.
    Whole(String),
    Nowhere,
}

/// Rewrites the links of the page `file` as `lead` says of an address, and of whether that is a picture's.
pub(super) fn rewrite(
    page: &mut PageText,
    file: &Path,
    lead: &mut dyn FnMut(&str, bool) -> Lead,
    options: Options,
    warnings: &mut Vec<Warning>,
) {
    let text = page.as_str();
    let mut rewriter = Rewriter { text, page, file, lead, warnings, edits: Vec::new() };
    let mut events = Parser::new_ext(text, options).into_offset_iter();
    for (_, definition) in events.reference_definitions().iter() {
        rewriter.definition(&definition.dest, definition.span.clone());
    }
    let mut open: Vec<Open> = Vec::new();
    for (event, range) in events.by_ref() {
        match &event {
            Event::Start(Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. }) => {
                let is_picture = matches!(event, Event::Start(Tag::Image { .. }));
                let inner_end = range.start + if is_picture { 2 } else { 1 };
                open.push(Open {
                    link_type: *link_type,
                    address: dest_url.to_string(),
                    is_picture,
                    plain: String::new(),
                    inner_end,
                });
                continue;
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some(link) = open.pop() {
                    if let Some(outer) = open.last_mut() {
                        outer.plain.push_str(&link.plain);
                    }
                    rewriter.link(link, range.clone());
                }
            }
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => rewriter.html(range.clone()),
            _ => {}
        }
        if let Some(link) = open.last_mut() {
            push_plain(&mut link.plain, &event);
            link.inner_end = link.inner_end.max(range.end);
        }
    }
    let edits = rewriter.edits;
    page.apply(edits);
}

/// A link or picture whose end is not reached yet.
struct Open {
    link_type: LinkType,
    address: String,
    is_picture: bool,
    /// What a reader sees of its text.
    plain: String,
    /// Where its text ends and the closing bracket is to be looked for.
    inner_end: usize,
}

struct Rewriter<'a> {
    text: &'a str,
    page: &'a PageText,
    file: &'a Path,
    lead: &'a mut dyn FnMut(&str, bool) -> Lead,
    warnings: &'a mut Vec<Warning>,
    edits: Vec<Edit>,
}

impl Rewriter<'_> {
    fn link(&mut self, link: Open, range: Range<usize>) {
        if matches!(link.link_type, LinkType::Autolink | LinkType::Email) {
            return;
        }
        match (self.lead)(&link.address, link.is_picture) {
            Lead::Stays => {}
            // A definition elsewhere on the page has the address, and is rewritten there.
            Lead::To(_) | Lead::Whole(_) if link.link_type != LinkType::Inline => {}
            Lead::To(url) => self.inline(&link, range, &url, true),
            Lead::Whole(url) => self.inline(&link, range, &url, false),
            Lead::Nowhere if link.is_picture => {
                self.warn_picture(range.start, &link.address);
                self.edits.push(Edit::new(range, italic(&link.plain)));
            }
            Lead::Nowhere => {
                self.warn_link(range.start, &link.address);
                self.edits.push(Edit::delete(range.start..range.start + 1));
                self.edits.push(Edit::delete(link.inner_end..range.end));
            }
        }
    }

    /// `[text](address "title")`.
    fn inline(&mut self, link: &Open, range: Range<usize>, url: &str, keeps_fragment: bool) {
        let Some(close) = self.text[link.inner_end..range.end].find("](") else { return };
        let close = link.inner_end + close;
        match raw_address(self.text, close + 2..range.end).filter(|raw| self.is_written(raw, &link.address)) {
            Some(raw) => self.readdress(raw, &link.address, url, keeps_fragment),
            None => self.edits.push(Edit::new(close..range.end, format!("]({url})"))),
        }
    }

    /// `[label]: address "title"`.
    fn definition(&mut self, address: &str, span: Range<usize>) {
        let (url, keeps_fragment) = match (self.lead)(address, false) {
            Lead::To(url) => (url, true),
            Lead::Whole(url) => (url, false),
            Lead::Stays | Lead::Nowhere => return,
        };
        let raw = self.text[span.clone()]
            .find("]:")
            .and_then(|close| raw_address(self.text, span.start + close + 2..span.end));
        match raw.filter(|raw| self.is_written(raw, address)) {
            Some(raw) => self.readdress(raw, address, &url, keeps_fragment),
            None => {
                let line = self.page.line_at(span.start);
                let what =
                    format!("the address `{address}` is written in a way that is not understood: it is left as it is");
                self.warnings.push(Warning::new(self.file, line, what));
            }
        }
    }

    fn html(&mut self, range: Range<usize>) {
        for tag in address_tags(&self.text[range.clone()]) {
            let whole = range.start + tag.range.start..range.start + tag.range.end;
            let address = range.start + tag.address_range.start..range.start + tag.address_range.end;
            match (self.lead)(tag.address, tag.is_picture) {
                Lead::Stays => {}
                Lead::To(url) => self.readdress(address, tag.address, &url, true),
                Lead::Whole(url) => self.readdress(address, tag.address, &url, false),
                Lead::Nowhere if tag.is_picture => {
                    self.warn_picture(whole.start, tag.address);
                    let alt = if tag.alt.is_empty() { String::new() } else { format!("<em>{}</em>", tag.alt) };
                    self.edits.push(Edit::new(whole, alt));
                }
                Lead::Nowhere => {
                    self.warn_link(whole.start, tag.address);
                    self.edits.push(Edit::new(whole, "<a>"));
                }
            }
        }
    }

    /// Puts `url` in the place of the path at `raw`; its fragment stays as it is written there, or goes.
    fn readdress(&mut self, raw: Range<usize>, address: &str, url: &str, keeps_fragment: bool) {
        let written = &self.text[raw.clone()];
        let has_fragment = keeps_fragment && address.contains('#');
        let fragment = written.find('#').filter(|_| has_fragment).map_or("", |hash| &written[hash..]);
        self.edits.push(Edit::new(raw, format!("{url}{fragment}")));
    }

    /// Whether the bytes at `raw` are the address that the parser has seen. Escapes and entities get the benefit of the doubt.
    fn is_written(&self, raw: &Range<usize>, address: &str) -> bool {
        let raw = &self.text[raw.clone()];
        raw == address || raw.contains(['\\', '&'])
    }

    fn warn_picture(&mut self, offset: usize, address: &str) {
        let what = format!(
            "the picture `{address}` is not there, is none, or is too large: its description stands in its place"
        );
        self.warnings.push(Warning::new(self.file, self.page.line_at(offset), what));
    }

    fn warn_link(&mut self, offset: usize, address: &str) {
        let what = format!(
            "the link to `{address}` leads to no page of the book and to no file that can come along: its text is kept"
        );
        self.warnings.push(Warning::new(self.file, self.page.line_at(offset), what));
    }
}

/// `text` in italics, nothing in it taken for markup.
fn italic(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let mut italic = String::from("*");
    for letter in text.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '~' | '|') {
            italic.push('\\');
        }
        italic.push(letter);
    }
    italic + "*"
}

#[cfg(test)]
mod tests {
    use super::super::files::LessonFiles;
    use super::super::folder::Folder;
    use super::super::page::{Pages, lead};
    use super::super::tests::folder_with;
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR";

    /// The rewritten text of `src/here/page.md`, with `LESSON` for the address of the lesson made from `src/here/other.md`,
    /// and the lines of the warnings.
    fn rewritten(text: &str) -> (String, Vec<usize>) {
        let pages = Pages::with("src", &["src/here/other.md"]);
        let mut page = PageText::new(text.to_owned());
        let mut warnings = Vec::new();
        let options = Options::ENABLE_TABLES;
        let dir = folder_with(&[]);
        std::fs::create_dir_all(dir.path().join("src/pictures")).unwrap();
        for (name, bytes) in [("a curve.png", PNG), ("p.svg", b"<svg/>"), ("notes.txt", b"words"), ("LICENSE", b"x")] {
            std::fs::write(dir.path().join("src/pictures").join(name), bytes).unwrap();
        }
        let folder = Folder::open(dir.path()).unwrap();
        let mut files = LessonFiles::new(&folder);
        let file = Path::new("src/here/page.md");
        let mut lead = |address: &str, is_picture| lead(address, is_picture, file, &pages, &mut files);
        rewrite(&mut page, file, &mut lead, options, &mut warnings);
        let url = pages.url(Path::new("src/here/other.md")).unwrap();
        (page.into_string().replace(&url, "LESSON"), warnings.iter().map(|warning| warning.line).collect())
    }

    fn becomes(text: &str, expected: &str) {
        assert_eq!(rewritten(text), (expected.to_owned(), vec![]), "{text}");
    }

    #[test]
    fn links_between_pages_lead_to_lessons() {
        becomes("[a *b*](other.md#x) c", "[a *b*](LESSON#x) c");
        becomes("[a](<../here/other.md> \"T\")", "[a](<LESSON> \"T\")");
        becomes("[a](\n  other.html 'T')", "[a](\n  LESSON 'T')");
        becomes("| x |\n|---|\n| [a\\|b](other.md) |", "| x |\n|---|\n| [a\\|b](LESSON) |");
        becomes("[](other.md)[`](`](other.md)", "[](LESSON)[`](`](LESSON)");
        becomes("> - [a][r] [r]\n\n[r]: ./other.md#y \"T\"\n", "> - [a][r] [r]\n\n[r]: LESSON#y \"T\"\n");
        becomes("<a class=\"x\" href=\"other.md\">a</a>", "<a class=\"x\" href=\"LESSON\">a</a>");
        becomes("[![p](https://x/p.png)](other.md)", "[![p](https://x/p.png)](LESSON)");
    }

    #[test]
    fn an_address_in_an_unusual_spelling_is_found_too() {
        becomes("[a](oth%65r.md)", "[a](LESSON)");
        becomes("[a](other&period;md#x)", "[a](LESSON#x)");
        becomes("[a](other\\.md)", "[a](LESSON)");
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in [
            "[a](https://x/other.md) <https://x> [b](mailto:a@b) [c](#d) [e]() [f] ![g](//x/y)",
            "`[a](other.md)`\n\n```\n[a](gone.pdf) ![b](c.png)\n```\n\n    [a](other.md)\n",
            "trailing spaces  \n*  odd   list\n\n\n\n| a|b |\n|-|-|\r\n&amp; \\* end",
            "<!-- <img src=\"a.png\"> [a](other.md) -->",
        ] {
            becomes(text, text);
        }
    }

    #[test]
    fn a_picture_becomes_its_description_in_italics() {
        assert_eq!(
            rewritten("a\n\n![An `x_1` *here*\nnow](p.png) b"),
            ("a\n\n*An x\\_1 here now* b".to_owned(), vec![3])
        );
        assert_eq!(rewritten("![](p.png)x"), ("x".to_owned(), vec![1]));
        assert_eq!(rewritten("[![p](p.png)](other.md)"), ("[*p*](LESSON)".to_owned(), vec![1]));
        assert_eq!(rewritten("![a][p]\n\n[p]: p.png"), ("*a*\n\n[p]: p.png".to_owned(), vec![1]));
        assert_eq!(rewritten("<p>\n<img src=\"p.png\" alt=\"A\">"), ("<p>\n<em>A</em>".to_owned(), vec![2]));
    }

    #[test]
    fn what_is_there_comes_along_under_its_name() {
        for (text, expected) in [
            ("![A](../pictures/a%20curve.png \"T\")", "![A](a%20curve.png \"T\")"),
            ("![A](</pictures/a curve.png>)", "![A](<a%20curve.png>)"),
            ("![A][a]\n\n[a]: ../pictures/p.svg", "![A][a]\n\n[a]: p.svg"),
            ("[![A](../pictures/p.svg)](other.md)", "[![A](p.svg)](LESSON)"),
            ("<img alt=\"A\" src=\"../pictures/p.svg\">", "<img alt=\"A\" src=\"p.svg\">"),
            (
                "[notes](../pictures/notes.txt#x) <a href='../pictures/notes.txt'>b</a>",
                "[notes](notes.txt) <a href='notes.txt'>b</a>",
            ),
        ] {
            becomes(text, expected);
        }
        // What is no picture is not shown as one, and what has no ending cannot be named.
        assert_eq!(rewritten("![A](../pictures/notes.txt)"), ("*A*".to_owned(), vec![1]));
        assert_eq!(rewritten("[A](../pictures/LICENSE) [B](../pictures)"), ("A B".to_owned(), vec![1, 1]));
    }

    #[test]
    fn a_link_that_leads_nowhere_keeps_its_text() {
        assert_eq!(rewritten("see [the *file*](f.pdf \"T\")."), ("see the *file*.".to_owned(), vec![1]));
        assert_eq!(
            rewritten("\n[a][r], [r]\n\n[r]: ../../../r.md"),
            ("\na, r\n\n[r]: ../../../r.md".to_owned(), vec![2, 2])
        );
        assert_eq!(rewritten("[![p](p.png)](f.zip)"), ("*p*".to_owned(), vec![1, 1]));
        assert_eq!(rewritten("x <a href=\"f.zip\">a</a>"), ("x <a>a</a>".to_owned(), vec![1]));
    }
}
