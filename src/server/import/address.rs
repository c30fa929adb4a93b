//! What an address in a page means for a course.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::folder::lexical;
use super::page::Pages;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Leads out of the book, or to a place on the same page.
    Elsewhere,
    /// The address of a lesson, without a fragment.
    Lesson(String),
    /// What is no page of the book, relative to the course's folder: a file, if there is one.
    Other(PathBuf),
    /// Leads out of the course's folder.
    Lost,
}

impl Target {
    /// Of `address` on the page `file`, which is relative to the course's folder.
    pub fn of(address: &str, file: &Path, pages: &Pages) -> Self {
        let path = address.split(['#', '?']).next().unwrap_or_default();
        if path.is_empty() || path.starts_with("//") || has_scheme(path) {
            return Self::Elsewhere;
        }
        let path = percent_decoded(path);
        let from = match path.strip_prefix('/') {
            Some(path) => pages.src().join(path),
            None => file.parent().unwrap_or(Path::new("")).join(&path),
        };
        let Some(file) = lexical(&from) else { return Self::Lost };
        let lesson = pages_of(&file).iter().find_map(|file| pages.url(file));
        lesson.map_or(Self::Other(file), Self::Lesson)
    }
}

/// The files that an address may mean: mdBook publishes `a.md` as `a.html`, and a README.md as its folder's index.html.
fn pages_of(file: &Path) -> Vec<PathBuf> {
    let folder = match file.extension() {
        None => Some(file.to_path_buf()),
        Some(_) if file.file_name().is_some_and(|name| name == "index.html") => file.parent().map(Path::to_path_buf),
        Some(_) => None,
    };
    let published = (file.extension().is_some_and(|extension| extension == "html")).then(|| file.with_extension("md"));
    let index = folder.map(|folder| [folder.join("index.md"), folder.join("README.md")]);
    [file.to_path_buf()].into_iter().chain(published).chain(index.into_iter().flatten()).collect()
}

/// Where in `within` the address stands: behind white space, in angle brackets or up to a space or the closing bracket.
pub(super) fn raw_address(text: &str, within: Range<usize>) -> Option<Range<usize>> {
    let rest = text[within.clone()].trim_start();
    let start = within.end - rest.len();
    if let Some(bracketed) = rest.strip_prefix('<') {
        return bracketed.find('>').map(|length| start + 1..start + 1 + length);
    }
    let mut depth = 0_usize;
    let end = rest.find(|letter: char| {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => return true,
            ')' => depth -= 1,
            _ => return letter.is_whitespace(),
        }
        false
    });
    Some(start..start + end.unwrap_or(rest.len()))
}

/// True for `https:…`, `mailto:…` and the like.
fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'))
    })
}

/// `%20` and the like decoded; what is no UTF-8 then stays as written.
pub(super) fn percent_decoded(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit = |at: usize| tail.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(address: &str) -> String {
        let files = ["src/a.md", "src/b/README.md", "src/b/my page.md"];
        let pages = Pages::with("src", &files);
        match Target::of(address, Path::new("src/b/here.md"), &pages) {
            Target::Elsewhere => "elsewhere".to_owned(),
            Target::Other(file) => format!("other: {}", file.display()),
            Target::Lost => "lost".to_owned(),
            Target::Lesson(url) => {
                let file = files.iter().find(|file| pages.url(Path::new(file)).as_ref() == Some(&url));
                file.map(|file| (*file).to_owned()).unwrap()
            }
        }
    }

    #[test]
    fn a_page_is_found_however_it_is_written() {
        for address in ["../a.md", "../a.html#x", "/a.md", "./../b/../a.md?q"] {
            assert_eq!(target(address), "src/a.md", "{address}");
        }
        for address in ["README.md", "./", "../b", "../b/index.html", "/b/index.html"] {
            assert_eq!(target(address), "src/b/README.md", "{address}");
        }
        assert_eq!(target("my%20page.md"), "src/b/my page.md");
    }

    #[test]
    fn addresses_out_of_the_book_are_let_alone() {
        for address in ["https://x/a.md", "mailto:a@b", "tel:1", "//x/a.md", "#x", "", "?q"] {
            assert_eq!(target(address), "elsewhere", "{address}");
        }
    }

    #[test]
    fn what_is_no_page_is_another_file_or_out_of_the_folder() {
        for address in ["../../../src/a.md/../../..", "../../../../a.md"] {
            assert_eq!(target(address), "lost", "{address}");
        }
        for (address, file) in [("a.md", "src/b/a.md"), ("%ff.md", "src/b/%ff.md"), ("/a%20b.png#x", "src/a b.png")] {
            assert_eq!(target(address), format!("other: {file}"));
        }
    }

    #[test]
    fn percent_signs_that_encode_nothing_stay() {
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%zz%2"), "%zz%2");
        assert_eq!(percent_decoded("%ff"), "%ff");
        assert_eq!(percent_decoded("%C3%A9%é"), "é%é");
    }

    #[test]
    fn the_written_address_ends_at_a_space_or_the_closing_bracket() {
        let raw = |text: &str| raw_address(text, 0..text.len()).map(|range| text[range].to_owned());
        assert_eq!(raw(" a(b)c \"T\")").as_deref(), Some("a(b)c"));
        assert_eq!(raw("<a b>)").as_deref(), Some("a b"));
        assert_eq!(raw("a").as_deref(), Some("a"));
        assert_eq!(raw("<a"), None);
    }
}
