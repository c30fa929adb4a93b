//! Code blocks as mdBook shows them: a plain language for the highlighter, and Rust without its hidden lines.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::text::{Edit, PageText};

/// Cuts each fence's info string down to the language, and takes the hidden lines out of Rust.
pub(super) fn tidy(page: &mut PageText, options: Options) {
    let text = page.as_str();
    let mut edits = Vec::new();
    let mut in_rust = false;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                if let Some(info) = info_string(text, range) {
                    let language = language(&text[info.clone()]);
                    in_rust = language == "rust";
                    if language != &text[info.clone()] {
                        edits.push(Edit::new(info, language));
                    }
                }
            }
            Event::End(TagEnd::CodeBlock) => in_rust = false,
            Event::Text(_) if in_rust => edits.extend(hidden_lines(text, range)),
            _ => {}
        }
    }
    page.apply(edits);
}

/// Where the info string of the fenced block at `block` stands.
fn info_string(text: &str, block: Range<usize>) -> Option<Range<usize>> {
    let line = text[block.clone()].lines().next()?;
    let after = line.trim_start_matches([' ', '\t']);
    let after = after.trim_start_matches(after.chars().next().filter(|mark| matches!(mark, '`' | '~'))?);
    let start = block.start + line.len() - after.trim_start().len();
    Some(start..start + after.trim().len())
}

/// `rust,editable` → `rust`, `python title="x"` → `python`; `{.rust}` is left to whoever understands it.
fn language(info: &str) -> &str {
    if info.starts_with('{') {
        return info;
    }
    info.split(|letter: char| letter == ',' || letter == '{' || letter.is_whitespace()).next().unwrap_or_default()
}

/// The edits that hide, as rustdoc does, the lines of Rust that begin with `# `, and turn `##` into `#`.
fn hidden_lines(text: &str, code: Range<usize>) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut start = code.start;
    for line in text[code].split_inclusive('\n') {
        let end = start + line.len();
        let shown = line.trim();
        let hash = start + line.len() - line.trim_start().len();
        if shown == "#" || shown.starts_with("# ") {
            // From the margin on, so that the mark of a list or quotation around the code goes with the line.
            let margin = text[..start].rfind('\n').map_or(0, |at| at + 1);
            edits.push(Edit::delete(margin..end));
        } else if shown.starts_with("##") {
            edits.push(Edit::delete(hash..hash + 1));
        }
        start = end;
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidied(text: &str) -> String {
        let mut page = PageText::new(text.to_owned());
        tidy(&mut page, Options::empty());
        page.into_string()
    }

    #[test]
    fn only_the_language_is_kept() {
        assert_eq!(tidied("```rust,editable,compile_fail\nx\n```"), "```rust\nx\n```");
        assert_eq!(tidied("~~~~ python title=\"a b\"\nx\n~~~~"), "~~~~ python\nx\n~~~~");
        assert_eq!(tidied("- ```c++,ignore\n  x\n  ```"), "- ```c++\n  x\n  ```");
        assert_eq!(tidied("> ```sh foo\r\n> x\r\n> ```"), "> ```sh\r\n> x\r\n> ```");
    }

    #[test]
    fn what_is_plain_already_is_left_alone() {
        for text in
            ["```\nx\n```", "```rust\nlet x;\n```", "``` {.rust}\nx\n```", "    # indented\n", "`rust,ignore`", "```"]
        {
            assert_eq!(tidied(text), text);
        }
    }

    #[test]
    fn hidden_lines_of_rust_are_taken_out() {
        let text = "```rust,ignore\n# use a;\n#\n  # fn main() {\n#[derive(A)]\n#![b]\n  ## c\n#d\n# }\n```\nend";
        assert_eq!(tidied(text), "```rust\n#[derive(A)]\n#![b]\n  # c\n#d\n```\nend");
    }

    #[test]
    fn hidden_lines_go_with_the_marks_around_them() {
        assert_eq!(tidied("> ```rust\n> # a\n> b\n> ```"), "> ```rust\n> b\n> ```");
        assert_eq!(tidied("1. ```rust\n   # a\n   b\n   ```"), "1. ```rust\n   b\n   ```");
    }

    #[test]
    fn other_languages_keep_their_hashes() {
        let text = "```bash\n# a comment\necho\n```\n\n    # indented code\n";
        assert_eq!(tidied(text), text);
    }
}
