//! The two TOML files: mdBook's `book.toml`, and `lectern.toml` for what mdBook does not know.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::folder::Folder;
use super::names::tidy;
use super::outline::PlannedSection;
use super::page::normalised;
use super::{ImportError, ImportedStatus, Warning};
use crate::domain::video::Video;

pub(super) const BOOK: &str = "book.toml";
pub(super) const MANIFEST: &str = "lectern.toml";

/// The part of `book.toml` that a course needs.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Book {
    pub title: Option<String>,
    pub description: Option<String>,
    pub src: Option<String>,
}

#[derive(Deserialize)]
struct BookFile {
    #[serde(default)]
    book: Book,
}

impl Book {
    /// Nothing where the file is missing.
    pub fn read(folder: &Folder) -> Result<Self, ImportError> {
        Ok(parsed::<BookFile>(folder, BOOK)?.map(|file| file.book).unwrap_or_default())
    }
}

// Unknown keys are an error here and not in book.toml: this file has one reader, so they are slips of the pen.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestFile {
    #[serde(default)]
    course: CourseTable,
    #[serde(default)]
    lesson: Vec<LessonTable>,
    #[serde(default)]
    section: Vec<SectionTable>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseTable {
    description: Option<String>,
    id: Option<Uuid>,
    title: Option<String>,
    #[serde(default)]
    verbatim: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LessonTable {
    path: toml::Spanned<String>,
    name: Option<String>,
    id: Option<Uuid>,
    status: Option<String>,
    video_url: Option<String>,
    #[serde(default)]
    completes_by_hand: bool,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    captions: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionTable {
    name: toml::Spanned<String>,
    id: Option<Uuid>,
    status: Option<String>,
}

/// What `lectern.toml` says of one lesson.
#[derive(Debug)]
pub(super) struct LessonEntry {
    pub status: Option<ImportedStatus>,
    pub video_url: Option<String>,
    pub completes_by_hand: bool,
    /// Beside its page, in the folder of its name.
    pub files: Vec<String>,
    /// Names of such files by language.
    pub captions: BTreeMap<String, String>,
    name: Option<String>,
    id: Option<Uuid>,
    line: usize,
}

/// What `lectern.toml` says of one section.
#[derive(Debug)]
struct SectionEntry {
    name: String,
    id: Option<Uuid>,
    public: bool,
    line: usize,
}

/// `lectern.toml`, its values checked.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    course: CourseTable,
    /// By normalised path.
    lessons: HashMap<String, LessonEntry>,
    /// In the order of the file.
    sections: Vec<SectionEntry>,
}

impl Manifest {
    /// Nothing where the file is missing.
    ///
    /// # Errors
    /// A file that is not TOML, an unknown key, a wrong status, a video that no lesson's form would take.
    pub fn read(folder: &Folder) -> Result<Self, ImportError> {
        let Some(text) = folder.read_if_there(Path::new(MANIFEST))? else { return Ok(Self::default()) };
        let file: ManifestFile = parse(&text, MANIFEST)?;
        let line_of = |offset: usize| 1 + text[..offset].matches('\n').count();

        let mut manifest = Self { course: file.course, ..Self::default() };
        for LessonTable { path, name, id, status, video_url, completes_by_hand, files, captions } in file.lesson {
            let line = line_of(path.span().start);
            let status = match status.as_deref() {
                None => None,
                Some("public") => Some(ImportedStatus::Public),
                Some("private") => Some(ImportedStatus::Private),
                Some("preview") => Some(ImportedStatus::Preview),
                Some(other) => {
                    return Err(wrong_status(
                        format!("the lesson {:?}", path.as_ref()),
                        other,
                        "public, private or preview",
                    ));
                }
            };
            let video_url = Video::address(&video_url.unwrap_or_default()).map_err(|why| {
                ImportError::value(
                    MANIFEST,
                    format!("the video_url of the lesson {:?} (line {line})", path.as_ref()),
                    &why,
                )
            })?;
            let entry = LessonEntry { status, video_url, completes_by_hand, files, captions, name, id, line };
            manifest.lessons.insert(normalised(path.as_ref()), entry);
        }
        for SectionTable { name, id, status } in file.section {
            let line = line_of(name.span().start);
            let public = match status.as_deref() {
                None | Some("public") => true,
                Some("private") => false,
                Some(other) => {
                    return Err(wrong_status(format!("the section {:?}", name.as_ref()), other, "public or private"));
                }
            };
            manifest.sections.push(SectionEntry { name: name.into_inner(), id, public, line });
        }
        Ok(manifest)
    }

    pub fn description(&self) -> Option<&str> {
        self.course.description.as_deref()
    }

    /// Of a course that was exported.
    pub fn title(&self) -> Option<String> {
        self.course.title.clone()
    }

    pub fn id(&self) -> Option<Uuid> {
        self.course.id
    }

    /// Whether the folder was exported, and is to be read as it was written.
    pub fn is_verbatim(&self) -> bool {
        self.course.verbatim
    }

    /// Gives sections and lessons that were exported what the outline cannot say of them: statuses, names to the last
    /// space, and their ids where those are kept. Where two have one name, the first is the first.
    pub fn apply(&self, mut plan: Vec<PlannedSection>, with_ids: bool) -> Vec<PlannedSection> {
        let mut left: Vec<&SectionEntry> = self.sections.iter().collect();
        let mut seen = HashSet::new();
        let mut kept = |id: Option<Uuid>| id.filter(|id| with_ids && seen.insert(*id));
        for section in &mut plan {
            if let Some(at) = left.iter().position(|entry| tidy(&entry.name) == section.name) {
                let entry = left.remove(at);
                section.name.clone_from(&entry.name);
                section.public = Some(entry.public);
                section.id = kept(entry.id).unwrap_or(section.id);
            }
            for lesson in &mut section.lessons {
                let Some(entry) = lesson.path.as_deref().and_then(|path| self.lesson(path)) else { continue };
                if let Some(name) = entry.name.as_ref().filter(|name| tidy(name) == lesson.name) {
                    lesson.name.clone_from(name);
                }
                lesson.id = kept(entry.id).unwrap_or(lesson.id);
            }
        }
        plan
    }

    /// The entry of the page that SUMMARY.md calls `path`.
    pub fn lesson(&self, path: &str) -> Option<&LessonEntry> {
        self.lessons.get(&normalised(path))
    }

    /// Sections are public unless the manifest says otherwise.
    pub fn section_is_public(&self, name: &str) -> bool {
        self.sections.iter().rfind(|section| section.name == name).is_none_or(|section| section.public)
    }

    pub fn names_section(&self, name: &str) -> bool {
        self.sections.iter().any(|section| section.name == name)
    }

    /// A warning for each entry that names no page (normalised) and no section of the book, in the order of the file.
    pub fn strangers(&self, pages: &HashSet<String>, sections: &HashSet<&str>) -> Vec<Warning> {
        let lessons = self.lessons.iter().filter(|(path, _)| !pages.contains(*path));
        let lessons =
            lessons.map(|(path, entry)| (entry.line, format!("`{path}` is not a page of SUMMARY.md: ignored")));
        let unknown = self.sections.iter().filter(|section| !sections.contains(section.name.as_str()));
        let unknown =
            unknown.map(|section| (section.line, format!("no section is called \"{}\": ignored", section.name)));
        let mut strangers = lessons.chain(unknown).collect::<Vec<_>>();
        strangers.sort();
        strangers.into_iter().map(|(line, what)| Warning::new(Path::new(MANIFEST), line, what)).collect()
    }
}

fn wrong_status(of: String, status: &str, allowed: &'static str) -> ImportError {
    ImportError::Status { file: MANIFEST.into(), of, status: status.to_owned(), allowed }
}

fn parsed<T: DeserializeOwned>(folder: &Folder, file: &str) -> Result<Option<T>, ImportError> {
    folder.read_if_there(Path::new(file))?.map(|text| parse(&text, file)).transpose()
}

fn parse<T: DeserializeOwned>(text: &str, file: &str) -> Result<T, ImportError> {
    toml::from_str(text).map_err(|error| ImportError::Toml { file: file.into(), what: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::super::tests::folder_with;
    use super::*;

    fn read(text: &str) -> Result<Manifest, ImportError> {
        let dir = folder_with(&[(MANIFEST, text)]);
        Manifest::read(&Folder::open(dir.path()).unwrap())
    }

    #[test]
    fn lessons_and_sections_are_found_by_path_and_name() {
        let manifest = read(
            "[course]\ndescription = \"D\"\n[[lesson]]\npath = \"./a/b.md\"\nstatus = \"preview\"\nvideo_url = \" https://v/a.mp4 \"\n[[section]]\nname = \"S\"\nstatus = \"private\"",
        );
        let manifest = manifest.unwrap();
        let lesson = manifest.lesson("a/b.md").unwrap();
        assert_eq!(lesson.status, Some(ImportedStatus::Preview));
        assert_eq!(lesson.video_url.as_deref(), Some("https://v/a.mp4"));
        assert_eq!(manifest.description(), Some("D"));
        assert!(!manifest.section_is_public("S"));
        assert!(manifest.section_is_public("T"));
    }

    #[test]
    fn a_wrong_status_is_an_error_with_the_file_and_the_value() {
        for (text, wanted) in [
            ("[[lesson]]\npath = \"a.md\"\nstatus = \"free\"", "public, private or preview"),
            ("[[section]]\nname = \"S\"\nstatus = \"free\"", "public or private"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains("lectern.toml") && error.contains("\"free\"") && error.contains(wanted), "{error}");
        }
    }

    #[test]
    fn a_video_that_a_lessons_form_would_refuse_is_an_error_that_names_the_lesson() {
        for address in
            ["https://v", "javascript:alert(1)//.mp4", "http://example.org/a.mp4", "//evil/a.mp4", "a\\u0000.mp4"]
        {
            let text = format!("[course]\n[[lesson]]\npath = \"one/a.md\"\nvideo_url = \"{address}\"");
            let error = read(&text).unwrap_err().to_string();
            let wanted =
                "lectern.toml: the video_url of the lesson \"one/a.md\" (line 3) cannot be taken: Use the address of";
            assert!(error.starts_with(wanted) && !error.ends_with('.'), "{error}");
        }
        assert_eq!(
            read("[[lesson]]\npath = \"a.md\"\nvideo_url = \" \"").unwrap().lesson("a.md").unwrap().video_url,
            None
        );
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let error = read("[[lesson]]\npath = \"a.md\"\nstauts = \"public\"").unwrap_err().to_string();
        assert!(error.contains("lectern.toml") && error.contains("stauts"), "{error}");
    }

    #[test]
    fn an_entry_that_names_nothing_is_a_warning_with_its_line() {
        let manifest = read("[[section]]\nname = \"S\"\n[[lesson]]\npath = \"a.md\"").unwrap();
        let strangers = manifest.strangers(&HashSet::new(), &HashSet::new());
        assert_eq!(strangers.iter().map(|warning| warning.line).collect::<Vec<_>>(), [2, 4]);
        assert!(manifest.strangers(&HashSet::from(["a.md".to_owned()]), &HashSet::from(["S"])).is_empty());
    }
}
