use super::file::LessonFile;
use super::id::{CaptionsId, CourseId, LessonId, SectionId};
use super::tuple::as_tuple;
use super::validate::{FieldErrors, Validator, markdown, name};
use super::video::Video;
use serde::{Deserialize, Serialize};

/// Who may open a lesson of a public section.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "lesson_status", rename_all = "lowercase"))]
#[serde(rename_all = "lowercase")]
pub enum LessonStatus {
    Public,
    #[default]
    Private,
    Preview,
}

impl LessonStatus {
    pub const ALL: [Self; 3] = [Self::Public, Self::Preview, Self::Private];

    /// The value in forms, as PostgreSQL spells it.
    pub fn value(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Preview => "preview",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Public => "Public",
            Self::Private => "Private",
            Self::Preview => "Preview",
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            Self::Public => "Open to people with access; everyone else sees its name and a lock.",
            Self::Preview => "Open to everyone while the course is in a public product.",
            Self::Private => "A draft: only you see it, and it counts in nobody's progress.",
        }
    }
}

/// A lesson as the player shows it to someone who may open it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonPage {
    pub id: LessonId,
    pub name: String,
    /// Sanitised HTML; empty where the lesson has no text.
    pub html: String,
    pub video: Option<Video>,
    /// Whether a video of its course is a stream, which the player may come to without leaving the page.
    pub streams: bool,
    /// Of the video, in the order in which they came.
    pub captions: Vec<Captions>,
    /// What is said in the video by language, as HTML: a list of buttons with `data-at` in milliseconds.
    pub transcripts: Vec<(String, String)>,
    /// What there is to download, as HTML: a list of links. Empty where nothing is.
    pub attachments: String,
    pub completed: bool,
    /// Where the viewer left the video, in seconds; 0 where it was not begun.
    pub position: u32,
    /// How far the viewer read its text, in thousandths.
    pub read: u32,
    /// The viewer's own notes.
    pub note: String,
}

/// The request header by which the player asks for a lesson's page without what it has already.
pub const PART: &str = "lectern-part";

/// Captions in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "CaptionsTuple", into = "CaptionsTuple")]
pub struct Captions {
    /// A tag (BCP 47).
    pub language: String,
    /// What the language calls itself.
    pub label: String,
    /// The address of the WebVTT.
    pub src: String,
}

as_tuple!(Captions as CaptionsTuple { language: String, label: String, src: String });

/// A lesson as an admin edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    pub course_id: CourseId,
    pub course_title: String,
    pub section_id: SectionId,
    pub section_name: String,
    pub name: String,
    pub status: LessonStatus,
    pub video_url: Option<String>,
    pub completes_by_watching: bool,
    pub markdown: Option<String>,
    pub files: Vec<LessonFile>,
    /// Captions with their language's tag.
    pub captions: Vec<(CaptionsId, String)>,
    /// Changes with what the form edits: one that carries an older one would overwrite somebody's work.
    pub version: String,
}

impl Lesson {
    /// What its form holds where nothing was typed.
    pub fn form(&self) -> LessonForm {
        LessonForm {
            name: self.name.clone(),
            status: self.status,
            video_url: self.video_url.clone().unwrap_or_default(),
            by_hand: !self.completes_by_watching,
            markdown: self.markdown.clone().unwrap_or_default(),
        }
    }
}

/// A lesson's place, and where else it can go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonMove {
    pub course_id: CourseId,
    pub name: String,
    pub section_id: SectionId,
    /// Courses with their sections in order, its own first.
    pub courses: Vec<(String, Vec<(SectionId, String)>)>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonForm {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub status: LessonStatus,
    #[serde(default)]
    pub video_url: String,
    /// Whether it is not completed by itself once nearly all of its video was played: boxes that are not ticked are
    /// not sent, and what is sent by hand alone is the exception.
    #[serde(default)]
    pub by_hand: bool,
    #[serde(default)]
    pub markdown: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonFields {
    pub name: String,
    pub status: LessonStatus,
    /// An address that [`Video::parse`] takes.
    pub video_url: Option<String>,
    pub completes_by_watching: bool,
    pub markdown: Option<String>,
}

impl LessonForm {
    pub fn validate(self) -> Result<LessonFields, FieldErrors> {
        let mut check = Validator::default();
        let name = check.field("name", name(self.name));
        let video_url = check.field("video_url", Video::address(&self.video_url));
        let markdown = check.field("markdown", markdown(self.markdown));
        check.done(|| {
            Some(LessonFields {
                name: name?,
                status: self.status,
                video_url: video_url?,
                completes_by_watching: !self.by_hand,
                markdown: markdown?,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_without_text_or_video_is_fine() {
        let fields = LessonForm { name: "Later".into(), ..LessonForm::default() }.validate().expect("is valid");
        assert_eq!((fields.markdown, fields.video_url, fields.status), (None, None, LessonStatus::Private));
    }

    #[test]
    fn a_script_address_is_refused_as_video() {
        let form = LessonForm { name: "x".into(), video_url: "javascript:alert(1)".into(), ..LessonForm::default() };
        assert!(form.validate().expect_err("is refused").of("video_url").is_some());
    }
}
