//! mdBook's `{{…}}` directives: includes are put in, the others are taken out.

use std::fmt::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Parser, Tag};

use super::braces::{Directive, Directives};
use super::excerpt::Excerpt;
use super::folder::{Folder, Refusal, lexical};
use super::text::{Edit, PageText, edited};
use super::{ImportError, MAX_INCLUDE_DEPTH, MAX_INCLUDES_PER_PAGE, MAX_PAGE_BYTES, Warning};

/// The directives that mdBook looks for inside code too. Any other name there is text about some template language.
const KNOWN: [&str; 5] = ["include", "rustdoc_include", "playground", "playpen", "title"];

/// Resolves the directives of the page `file` in place.
///
/// # Errors
/// A page that its includes make larger than [`MAX_PAGE_BYTES`]; a book whose includes are too many, or read too much.
pub(super) fn resolve(
    page: &mut PageText,
    file: &Path,
    folder: &Folder,
    warnings: &mut Vec<Warning>,
) -> Result<(), ImportError> {
    let text = page.as_str();
    let mut resolver = Resolver { page, file, folder, warnings, includes: 0, bytes: text.len() };
    let code = code_ranges(text);
    let edits = resolver.edits(text, &Scope { file: file.to_path_buf(), depth: 0, at: None }, &code)?;
    page.apply(edits);
    Ok(())
}

struct Resolver<'a> {
    page: &'a PageText,
    file: &'a Path,
    folder: &'a Folder,
    warnings: &'a mut Vec<Warning>,
    includes: usize,
    /// Of the page and all that was put in so far.
    bytes: usize,
}

/// The file that is being resolved.
struct Scope {
    file: PathBuf,
    depth: usize,
    /// The line of the page that a warning is to name; `None` in the page itself, where each offset has its own.
    at: Option<usize>,
}

impl Resolver<'_> {
    fn edits(&mut self, text: &str, scope: &Scope, code: &[Range<usize>]) -> Result<Vec<Edit>, ImportError> {
        let mut edits = Vec::new();
        for Directive { range, escaped, name, argument } in Directives::of(text) {
            if escaped {
                edits.push(Edit::delete(range.start..range.start + 1));
                continue;
            }
            let in_code = is_within(code, range.start);
            if in_code && !KNOWN.contains(&name) {
                continue;
            }
            let line = scope.at.unwrap_or_else(|| self.page.line_at(range.start));
            let with = match name {
                "include" | "rustdoc_include" => self.included(argument, scope, line, in_code)?,
                _ => {
                    let shown = text[range.clone()].chars().take(80).collect::<String>();
                    self.warn(line, format!("the directive `{shown}` is not supported: left out"));
                    String::new()
                }
            };
            edits.push(Edit::new(range, with));
        }
        Ok(edits)
    }

    /// What an include puts in: nothing, with a warning, where it cannot be resolved.
    fn included(&mut self, argument: &str, scope: &Scope, line: usize, in_code: bool) -> Result<String, ImportError> {
        self.includes += 1;
        if self.includes <= MAX_INCLUDES_PER_PAGE {
            self.folder.spend_include(self.file)?;
        }
        let excerpt = Excerpt::parse(argument);
        let text = if scope.depth >= MAX_INCLUDE_DEPTH {
            Err(format!("is included more than {MAX_INCLUDE_DEPTH} files deep"))
        } else if self.includes > MAX_INCLUDES_PER_PAGE {
            Err(format!("is one of more than {MAX_INCLUDES_PER_PAGE} includes of this page"))
        } else {
            self.excerpt(&excerpt, scope)
        };
        let (text, file) = match text {
            Ok(found) => found,
            // Said once: a file that includes itself would fill the screen.
            Err(_) if self.includes > MAX_INCLUDES_PER_PAGE + 1 => return Ok(String::new()),
            Err(reason) => {
                let mut what = format!("the included file `{}` {reason}: left out", excerpt.file);
                if scope.depth > 0 {
                    // Writing to a String cannot fail.
                    _ = write!(what, " (included by {})", scope.file.display());
                }
                self.warn(line, what);
                return Ok(String::new());
            }
        };
        self.bytes += text.len();
        if self.bytes > MAX_PAGE_BYTES {
            return Err(Folder::fatal(self.file, Refusal::TooLarge));
        }
        let code = if in_code { std::iter::once(0..text.len()).collect() } else { code_ranges(&text) };
        let inner = Scope { file, depth: scope.depth + 1, at: Some(line) };
        let edits = self.edits(&text, &inner, &code)?;
        Ok(edited(&text, edits))
    }

    fn excerpt(&self, excerpt: &Excerpt<'_>, scope: &Scope) -> Result<(String, PathBuf), String> {
        let given = Path::new(excerpt.file);
        let refused = |refusal: Refusal| refusal.to_string();
        if given.is_absolute() {
            return Err(refused(Refusal::Absolute));
        }
        let beside = scope.file.parent().unwrap_or(Path::new("")).join(given);
        let file = lexical(&beside).ok_or_else(|| refused(Refusal::Outside))?;
        let text = self.folder.read(&file).map_err(refused)?;
        Ok((excerpt.of(&text)?, file))
    }

    fn warn(&mut self, line: usize, what: String) {
        self.warnings.push(Warning::new(self.file, line, what));
    }
}

/// Where the fenced, indented and inline code of a text stands, in order.
fn code_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    // Most pages have no directive at all, and parsing is most of the work.
    if !text.contains("{{") {
        return ranges;
    }
    for (event, range) in Parser::new(text).into_offset_iter() {
        if matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))) {
            ranges.push(range);
        }
    }
    ranges
}

fn is_within(ranges: &[Range<usize>], offset: usize) -> bool {
    let after = ranges.partition_point(|range| range.start <= offset);
    after > 0 && offset < ranges[after - 1].end
}

#[cfg(test)]
mod tests {
    use super::super::tests::folder_with;
    use super::*;

    /// The resolved text of `page`, standing at `src/page.md`, and the warnings.
    fn resolved(page: &str, files: &[(&str, &str)]) -> (String, Vec<Warning>) {
        let dir = folder_with(files);
        let folder = Folder::open(dir.path()).unwrap();
        let mut text = PageText::new(page.to_owned());
        let mut warnings = Vec::new();
        resolve(&mut text, Path::new("src/page.md"), &folder, &mut warnings).unwrap();
        (text.into_string(), warnings)
    }

    #[test]
    fn an_include_inside_a_fence_is_put_in() {
        let (text, warnings) = resolved(
            "```rust\n{{#include code/a.rs:x}}\n```\n",
            &[("src/code/a.rs", "// ANCHOR: x\nfn a() {}\n// ANCHOR_END: x\n")],
        );
        assert_eq!((text.as_str(), warnings.len()), ("```rust\nfn a() {}\n```\n", 0));
    }

    #[test]
    fn an_include_is_relative_to_the_file_that_includes() {
        let files = [("src/a/b.md", "B {{#include ../c.md}}"), ("src/c.md", "C\n")];
        assert_eq!(resolved("{{ #include a/b.md }}!", &files).0, "B C!");
    }

    #[test]
    fn braces_that_are_no_directive_stay_as_they_are() {
        for text in [
            "`{{}}` {{ name }} {{# }} {{#",
            "```rust\nformat!(\"{{{}}}\", 1);\n```",
            "```hbs\n{{#each items}}\n{{/each}}\n```",
        ] {
            assert_eq!(resolved(text, &[]), (text.to_owned(), vec![]));
        }
    }

    #[test]
    fn an_escaped_directive_loses_its_backslash_only() {
        assert_eq!(
            resolved("`\\{{#include a.md}}`\n", &[("src/a.md", "no")]),
            ("`{{#include a.md}}`\n".to_owned(), vec![])
        );
    }

    #[test]
    fn other_directives_are_left_out_with_their_line() {
        let (text, warnings) =
            resolved("a\n{{%segment outline}}\n{{#title T}}b\n```\n{{#playground x.rs}}\n```\n", &[]);
        assert_eq!(text, "a\n\nb\n```\n\n```\n");
        assert_eq!(warnings.iter().map(|warning| warning.line).collect::<Vec<_>>(), [2, 3, 5]);
    }

    #[test]
    fn what_cannot_be_included_is_left_out_and_says_why() {
        let page = "{{#include /etc/hostname}}\n{{#include ../../x}}\n{{#include x}}\n{{#include a:y}}\n{{#include b}}";
        let (text, warnings) = resolved(page, &[("src/a", "a"), ("src/b", "{{#include gone}}")]);
        assert_eq!(text.trim(), "");
        let reasons = ["absolute path", "outside", "not there", "no anchor `y`", "included by src/b"];
        for (index, (warning, reason)) in warnings.iter().zip(reasons).enumerate() {
            assert_eq!(warning.line, index + 1);
            assert!(warning.what.contains(reason), "{}", warning.what);
        }
        assert_eq!(warnings.len(), reasons.len());
    }

    #[test]
    fn a_file_that_includes_itself_ends() {
        let (text, warnings) = resolved("{{#include a}}", &[("src/a", "a{{#include a}}")]);
        assert_eq!((text.as_str(), warnings.len()), ("aaaaaaaaaa", 1));
        let (_, warnings) = resolved("{{#include a}}", &[("src/a", &"{{#include a}}".repeat(100))]);
        assert!(warnings.len() <= MAX_INCLUDES_PER_PAGE + 1);
    }

    #[test]
    fn includes_that_put_nothing_in_are_bounded_by_what_is_read_for_them() {
        // Refused for its size only once a mebibyte of it was read.
        let dir = folder_with(&[("none", &"a\n".repeat(500_000)), ("broken", &"a".repeat(MAX_PAGE_BYTES + 1))]);
        for (include, puts_in_nothing) in [("{{#include none:0:0}}", true), ("{{#include broken}}", false)] {
            let folder = Folder::open(dir.path()).unwrap();
            let page = include.repeat(100);
            let resolve = || {
                let (mut text, mut warnings) = (PageText::new(page.clone()), Vec::new());
                let done = resolve(&mut text, Path::new("page.md"), &folder, &mut warnings);
                done.map(|()| (text.into_string(), warnings.is_empty()))
            };
            // A hundred are fine, and so is a book of two such pages.
            for _ in 0..2 {
                assert_eq!(resolve().unwrap(), (String::new(), puts_in_nothing));
            }
            let error = resolve().unwrap_err().to_string();
            assert!(error.contains("page.md") && error.contains("256 MB"), "{error}");
        }
    }

    #[test]
    fn the_includes_of_all_pages_together_are_counted_also_those_that_are_not_there() {
        let dir = folder_with(&[]);
        let folder = Folder::open(dir.path()).unwrap();
        let page = "{{#include gone}}".repeat(MAX_INCLUDES_PER_PAGE);
        let resolve = || {
            resolve(&mut PageText::new(page.clone()), Path::new("page.md"), &folder, &mut Vec::new())
                .map_err(|error| error.to_string())
        };
        for _ in 0..super::super::MAX_INCLUDES / MAX_INCLUDES_PER_PAGE {
            assert_eq!(resolve(), Ok(()));
        }
        assert!(resolve().unwrap_err().contains("more than 50000 includes"));
    }

    #[test]
    fn includes_that_make_a_page_too_large_are_an_error() {
        let dir = folder_with(&[("a", &"a".repeat(600_000))]);
        let folder = Folder::open(dir.path()).unwrap();
        let mut text = PageText::new("{{#include a}}{{#include a}}".to_owned());
        let error = resolve(&mut text, Path::new("page.md"), &folder, &mut Vec::new()).unwrap_err();
        assert!(error.to_string().starts_with("page.md is larger"), "{error}");
    }
}
