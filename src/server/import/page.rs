//! One page, from the author's file to the Markdown of a lesson.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use uuid::Uuid;

use super::address::Target;
use super::files::{ImportedFile, LessonFiles};
use super::folder::{Folder, Refusal, lexical};
use super::html::is_comment;
use super::links::Lead;
use super::names::tidy;
use super::outline::PlannedSection;
use super::summary::push_plain;
use super::text::{Edit, PageText};
use super::{ImportError, Warning, code_blocks, directives, links};

/// What the lesson page understands, so that code and links are seen here where they are seen there.
pub(super) const MARKDOWN: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// The pages of a book and the lessons that they become.
pub(super) struct Pages {
    course: Uuid,
    src: PathBuf,
    /// By file, relative to the course's folder.
    lessons: HashMap<PathBuf, Uuid>,
}

impl Pages {
    /// Of a page that is listed twice, links lead to the first lesson.
    pub fn of(
        course: Uuid,
        plan: &[PlannedSection],
        src: &Path,
        summary_file: &Path,
        warnings: &mut Vec<Warning>,
    ) -> Self {
        let mut lessons = HashMap::new();
        for lesson in plan.iter().flat_map(|section| &section.lessons) {
            let Some(path) = &lesson.path else { continue };
            let Some(file) = lexical(&src.join(path)) else { continue };
            match lessons.entry(file) {
                Entry::Vacant(free) => _ = free.insert(lesson.id),
                Entry::Occupied(_) => {
                    let what =
                        format!("the page `{path}` is listed twice: it is a lesson each time, links lead to the first");
                    warnings.push(Warning::new(summary_file, lesson.line, what));
                }
            }
        }
        Self { course, src: src.to_path_buf(), lessons }
    }

    /// Pages at the given files, for the tests of those who ask for them.
    #[cfg(test)]
    pub fn with(src: &str, files: &[&str]) -> Self {
        let lessons = files.iter().map(|file| (PathBuf::from(file), Uuid::new_v4())).collect();
        Self { course: Uuid::new_v4(), src: src.into(), lessons }
    }

    /// The folder of SUMMARY.md, relative to the course's.
    pub fn src(&self) -> &Path {
        &self.src
    }

    /// The address of the lesson that `file` becomes.
    pub fn url(&self, file: &Path) -> Option<String> {
        self.lessons.get(file).map(|lesson| format!("/courses/{}/lessons/{lesson}", self.course))
    }
}

/// `./a/../b.md` → `b.md`, so that two ways to write a path are one.
pub(super) fn normalised(path: &str) -> String {
    lexical(Path::new(path)).map_or_else(|| path.to_owned(), |path| path.to_string_lossy().into_owned())
}

pub(super) struct PageReader<'a> {
    pub folder: &'a Folder,
    pub src: &'a Path,
    pub pages: &'a Pages,
    pub warnings: &'a mut Vec<Warning>,
}

impl PageReader<'_> {
    /// The Markdown of the lesson `name` whose page is `path`, with the files that it names, or why there is none.
    ///
    /// # Errors
    /// A page that is there but not UTF-8 or too large: its text would be lost without notice.
    pub fn read(
        &mut self,
        path: &str,
        name: &str,
    ) -> Result<Result<(String, Vec<ImportedFile>), Refusal>, ImportError> {
        let joined = self.src.join(path);
        let file = lexical(&joined).unwrap_or(joined);
        let text = match self.folder.read(&file) {
            Ok(text) => text,
            Err(refusal @ (Refusal::NotUtf8(_) | Refusal::TooLarge)) => return Err(Folder::fatal(&file, refusal)),
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut page = PageText::new(text);
        drop_front_matter(&mut page);
        directives::resolve(&mut page, &file, self.folder, self.warnings)?;
        drop_nul_bytes(&mut page, &file, self.warnings);
        code_blocks::tidy(&mut page, MARKDOWN);
        let mut files = LessonFiles::new(self.folder);
        let mut lead = |address: &str, is_picture| lead(address, is_picture, &file, self.pages, &mut files);
        links::rewrite(&mut page, &file, &mut lead, MARKDOWN, self.warnings);
        drop_title(&mut page, name);
        Ok(Ok((page.into_string(), files.into_list())))
    }
}

/// Where an address on the page `file` leads: to the lesson that another page becomes, or to a file that comes along.
pub(super) fn lead(address: &str, is_picture: bool, file: &Path, pages: &Pages, files: &mut LessonFiles<'_>) -> Lead {
    match Target::of(address, file, pages) {
        Target::Elsewhere => Lead::Stays,
        Target::Lesson(url) if !is_picture => Lead::To(url),
        Target::Other(file) => files.bring(&file, is_picture).map_or(Lead::Nowhere, Lead::Whole),
        Target::Lesson(_) | Target::Lost => Lead::Nowhere,
    }
}

/// A YAML block between `---` and `---` or `...` at the very top. Two rules with prose between them are not one.
pub(super) fn drop_front_matter(page: &mut PageText) {
    let text = page.as_str();
    let mut lines = text.split_inclusive('\n');
    if lines.next().map(str::trim_end) != Some("---") {
        return;
    }
    let mut end = text.find('\n').map_or(text.len(), |at| at + 1);
    let mut seen_content = false;
    for line in lines {
        end += line.len();
        let line = line.trim_end();
        if matches!(line, "---" | "...") {
            let blank = text[end..].len() - text[end..].trim_start_matches(['\n', '\r']).len();
            page.apply(vec![Edit::delete(0..end + blank)]);
            return;
        }
        let is_key = line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && !key.contains(char::is_whitespace));
        if !(seen_content || line.is_empty() || line.starts_with('#') || is_key) {
            return;
        }
        seen_content |= !line.is_empty();
    }
}

/// PostgreSQL has no NUL byte in a text.
fn drop_nul_bytes(page: &mut PageText, file: &Path, warnings: &mut Vec<Warning>) {
    let edits = page.as_str().match_indices('\0').map(|(at, _)| Edit::delete(at..at + 1)).collect::<Vec<_>>();
    if let Some(first) = edits.first() {
        let line = page.line_at(first.range.start);
        warnings.push(Warning::new(file, line, format!("{} NUL bytes are taken out, the first one here", edits.len())));
        page.apply(edits);
    }
}

/// Takes out a first heading that says the name of the lesson, which the lesson's page shows above the text.
pub(super) fn drop_title(page: &mut PageText, name: &str) {
    let text = page.as_str();
    let mut title: Option<String> = None;
    // Only here, because mdBook's `{#id}` behind a heading is no part of what it says.
    for (event, range) in Parser::new_ext(text, MARKDOWN | Options::ENABLE_HEADING_ATTRIBUTES).into_offset_iter() {
        match (&event, &mut title) {
            (Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }), _) => title = Some(String::new()),
            (Event::End(TagEnd::Heading(_)), Some(title)) => {
                if tidy(title) == name {
                    let rest = &text[range.end..];
                    let blank = rest.len() - rest.trim_start_matches(['\n', '\r']).len();
                    let edit = Edit::delete(range.start..range.end + blank);
                    page.apply(vec![edit]);
                }
                return;
            }
            (_, Some(title)) => push_plain(title, &event),
            (Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock), None) => {}
            (Event::Html(html), None) if is_comment(html) => {}
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str, change: impl Fn(&mut PageText)) -> String {
        let mut page = PageText::new(text.to_owned());
        change(&mut page);
        page.into_string()
    }

    #[test]
    fn front_matter_is_taken_out() {
        assert_eq!(changed("---\nminutes: 5\ntags:\n - a b\n---\n\nText\n", drop_front_matter), "Text\n");
        assert_eq!(changed("---\r\nminutes: 5\r\n---\r\nText", drop_front_matter), "Text");
        assert_eq!(changed("---\n# c\n...\n", drop_front_matter), "");
    }

    #[test]
    fn two_rules_with_prose_between_are_no_front_matter() {
        for text in ["---\n\nSome prose: yes.\n\n---\n", "---\nkey: 1\n", "text\n---\nkey: 1\n---\n", "---", ""] {
            assert_eq!(changed(text, drop_front_matter), text);
        }
    }

    #[test]
    fn a_first_heading_that_says_the_name_is_taken_out() {
        let drop = |page: &mut PageText| drop_title(page, "The if Name");
        assert_eq!(changed("# The `if` Name {#x}\n\nText\n\n# The if Name\n", drop), "Text\n\n# The if Name\n");
        assert_eq!(changed("<!--\nlicence\n-->\n\nThe if\nName\n===\nText", drop), "<!--\nlicence\n-->\n\nText");
        for text in
            ["# Another\n\nText", "## The if Name\n", "Text\n\n# The if Name\n", "<p>x</p>\n\n# The if Name\n", ""]
        {
            assert_eq!(changed(text, drop), text);
        }
    }

    #[test]
    fn nul_bytes_are_taken_out_with_one_warning() {
        let mut warnings = Vec::new();
        let mut page = PageText::new("a\nb\0c\0".to_owned());
        drop_nul_bytes(&mut page, Path::new("p.md"), &mut warnings);
        assert_eq!(page.as_str(), "a\nbc");
        assert_eq!((warnings.len(), warnings[0].line), (1, 2));
    }
}
