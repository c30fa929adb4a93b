//! A Markdown file by itself, as a lesson.

use super::MAX_NAME_CHARS;
use super::names::{self, tidy};
use super::page::{MARKDOWN, drop_front_matter, drop_title};
use super::summary::push_plain;
use super::text::PageText;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The name and the text of the lesson that a Markdown file becomes: called by its first heading, else by its file,
/// whose name is given without its ending. Front matter goes, and so does a heading at the top that says the name.
pub fn markdown_lesson(text: String, file: &str) -> (String, String) {
    let mut page = PageText::new(text);
    drop_front_matter(&mut page);
    let name = first_heading(page.as_str()).unwrap_or_else(|| file_lesson(file));
    drop_title(&mut page, &name);
    (name.chars().take(MAX_NAME_CHARS).collect::<String>().trim_end().to_owned(), page.into_string())
}

/// What a lesson is called that has nothing but a file, whose name is given without its ending.
pub fn file_lesson(file: &str) -> String {
    let name: String = names::of_file(file).chars().take(MAX_NAME_CHARS).collect();
    if name.is_empty() { names::UNTITLED.to_owned() } else { name.trim_end().to_owned() }
}

fn first_heading(text: &str) -> Option<String> {
    let mut title: Option<String> = None;
    for event in Parser::new_ext(text, MARKDOWN | Options::ENABLE_HEADING_ATTRIBUTES) {
        match (&event, &mut title) {
            (Event::Start(Tag::Heading { .. }), _) => title = Some(String::new()),
            (Event::End(TagEnd::Heading(_)), Some(said)) if !tidy(said).is_empty() => return Some(tidy(said)),
            (Event::End(TagEnd::Heading(_)), _) => title = None,
            (_, Some(said)) => push_plain(said, &event),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_its_first_heading_or_else_by_its_name() {
        for (text, file, name, rest) in [
            ("# The `if` Name\n\nText\n", "01-x", "The if Name", "Text\n"),
            ("Before.\n\n## Below\n\nText", "01-x", "Below", "Before.\n\n## Below\n\nText"),
            ("---\ntitle: x\n---\n\nWords\n=====\n\nText", "x", "Words", "Text"),
            ("Only words.", "02-my_first-page", "02 my first page", "Only words."),
            ("#\n\n# Second\n", "x", "Second", "#\n\n# Second\n"),
            ("```\n# no heading\n```\n", "über-brot", "Über brot", "```\n# no heading\n```\n"),
            ("", "--", "Untitled", ""),
        ] {
            assert_eq!(markdown_lesson(text.to_owned(), file), (name.to_owned(), rest.to_owned()), "{text}");
        }
        let long = markdown_lesson(format!("# {}\n", "é".repeat(300)), "x").0;
        assert_eq!(long.chars().count(), MAX_NAME_CHARS);
    }
}
