//! A lesson's page as the player reads it: from the document that it was loaded with, and from what it fetches on the
//! way to another lesson.

use crate::components::dom;
use crate::domain::id::{CourseId, LessonId, UserId};
use crate::domain::lesson::{Captions, LessonPage};
use leptos::prelude::*;
use web_sys::Element;

/// What of a lesson's page is put into the document in the place of the lesson before: the first is its text.
pub const PARTS: [&str; 2] = ["lesson", "neighbours"];

/// Where a page with the player is: what it was loaded with.
#[derive(Debug, Clone)]
pub struct Here {
    pub course: CourseId,
    /// Whose progress is kept, if anybody's.
    pub learner: Option<UserId>,
    pub open: Open,
}

impl Here {
    /// Reads it from the attributes of the lesson's text.
    pub fn read() -> Option<Self> {
        let text = document().get_element_by_id(PARTS[0])?;
        let attribute = |name: &str| text.get_attribute(name);
        Some(Self {
            course: attribute("data-course")?.parse().ok()?,
            learner: attribute("data-learner").and_then(|learner| learner.parse().ok()),
            open: Open::read(&text)?,
        })
    }
}

/// What the player knows of the lesson that is open: its text is in the page.
#[derive(Debug, Clone)]
pub struct Open {
    pub lesson: LessonId,
    pub completed: bool,
    /// The address of its video; empty where it has none.
    pub film: String,
    pub captions: Vec<Captions>,
    /// Where its video was left, in seconds.
    pub position: u32,
    /// How far its text was read, in thousandths.
    pub read: u32,
}

impl Open {
    /// As the server renders it.
    pub fn of(lesson: &LessonPage) -> Self {
        Self {
            lesson: lesson.id,
            completed: lesson.completed,
            film: lesson.video.as_ref().map(|video| video.src().to_owned()).unwrap_or_default(),
            captions: lesson.captions.clone(),
            position: lesson.position,
            read: lesson.read,
        }
    }

    /// Reads it from the attributes of a lesson's text.
    pub fn read(text: &Element) -> Option<Self> {
        let attribute = |name: &str| text.get_attribute(name);
        Some(Self {
            lesson: attribute("data-lesson")?.parse().ok()?,
            completed: attribute("data-completed").is_some(),
            film: attribute("data-film").unwrap_or_default(),
            captions: dom::within(text, ":scope > data").map(|track| captions(&track)).collect(),
            position: attribute("data-position")?.parse().ok()?,
            read: attribute("data-read")?.parse().ok()?,
        })
    }
}

fn captions(track: &Element) -> Captions {
    let attribute = |name: &str| track.get_attribute(name).unwrap_or_default();
    Captions { language: attribute("lang"), label: track.text_content().unwrap_or_default(), src: attribute("value") }
}
