//! The two TOML files, as [`crate::server::import`] reads them.

use super::Course;
use super::names::{self, Places};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Book<'a> {
    book: BookTable<'a>,
}

#[derive(Serialize)]
struct BookTable<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    src: &'static str,
}

pub fn book(course: &Course) -> String {
    let book = BookTable { title: &course.title, description: &course.description, src: "src" };
    toml::to_string(&Book { book }).unwrap_or_default()
}

#[derive(Serialize)]
struct Manifest<'a> {
    course: CourseTable<'a>,
    section: Vec<SectionTable<'a>>,
    lesson: Vec<LessonTable<'a>>,
}

#[derive(Serialize)]
struct CourseTable<'a> {
    id: String,
    title: &'a str,
    description: &'a str,
    verbatim: bool,
}

#[derive(Serialize)]
struct SectionTable<'a> {
    name: &'a str,
    id: String,
    status: &'static str,
}

#[derive(Serialize)]
struct LessonTable<'a> {
    path: String,
    name: &'a str,
    id: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    video_url: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    completes_by_hand: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    captions: BTreeMap<&'a str, String>,
}

pub fn lectern(course: &Course, places: &Places) -> String {
    let sections = course.sections.iter().map(|section| SectionTable {
        name: &section.name,
        id: section.id.to_string(),
        status: section.status.value(),
    });
    let lessons = course.sections.iter().flat_map(|section| &section.lessons).filter_map(|lesson| {
        let captions = lesson.captions.iter().map(|(language, _)| (language.as_str(), names::captions(language)));
        Some(LessonTable {
            path: format!("{}.md", places.of_lesson(lesson.id)?),
            name: &lesson.name,
            id: lesson.id.to_string(),
            status: lesson.status.value(),
            video_url: lesson.video_url.as_deref(),
            completes_by_hand: !lesson.completes_by_watching,
            files: lesson.files.iter().map(|file| file.name.as_str()).collect(),
            captions: captions.collect(),
        })
    });
    let course = CourseTable {
        id: course.id.to_string(),
        title: &course.title,
        description: &course.description,
        verbatim: true,
    };
    let manifest = Manifest { course, section: sections.collect(), lesson: lessons.collect() };
    toml::to_string(&manifest).unwrap_or_default()
}
