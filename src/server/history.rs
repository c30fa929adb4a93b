//! A lesson's history, as its author reads it.

use super::auth::Admin;
use super::context::AppState;
use super::db;
use super::db::versions::Text;
use crate::domain::id::{LessonId, VersionId};
use crate::domain::version::{Compared, LessonVersions, Line};
use crate::error::AppError;
use similar::{ChangeTag, TextDiff};
use std::time::Duration;

/// Lines that are the same and are shown around what is not.
const AROUND: usize = 3;
/// After this a comparison is made coarser: of two long texts that have nothing in common every line is another.
const TIME_LIMIT: Duration = Duration::from_millis(500);

/// A lesson's states, and one of them beside what the lesson is now.
pub async fn of_lesson(
    state: &AppState,
    admin: &Admin,
    lesson: LessonId,
    version: Option<VersionId>,
) -> Result<LessonVersions, AppError> {
    let now = db::lessons::get(&state.db, admin, lesson).await?.ok_or(AppError::NotFound)?;
    let versions = db::versions::list(&state.db, admin, lesson).await?;
    let text = Text { name: now.name.clone(), markdown: now.markdown, video_url: now.video_url };
    let compared = match version {
        None => None,
        Some(version) => {
            let then = db::versions::text(&state.db, admin, lesson, version).await?.ok_or(AppError::NotFound)?;
            let lines = tokio::task::spawn_blocking(move || compare(&whole(then), &whole(text))).await;
            Some(Compared { version, lines: lines.map_err(|_| AppError::Internal)? })
        }
    };
    let (course_id, course_title) = (now.course_id, now.course_title);
    Ok(LessonVersions { course_id, course_title, name: now.name, versions, compared })
}

/// All that was said, as one text.
pub fn whole(text: Text) -> String {
    let video = text.video_url.map(|address| format!("Video: {address}\n")).unwrap_or_default();
    format!("{}\n{video}\n{}", text.name, text.markdown.unwrap_or_default())
}

/// The lines of two texts, those that are the same left out where they are many.
pub fn compare(then: &str, now: &str) -> Vec<Line> {
    let diff = TextDiff::configure().timeout(TIME_LIMIT).diff_lines(then, now);
    let mut lines: Vec<Line> = Vec::new();
    let mut at = 0;
    for group in diff.grouped_ops(AROUND) {
        let start = group.first().map_or(at, |op| op.old_range().start);
        skip(&mut lines, start.saturating_sub(at));
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = change.value().trim_end_matches(['\r', '\n']).to_owned();
            lines.push(match change.tag() {
                ChangeTag::Equal => Line::Same(text),
                ChangeTag::Insert => Line::Added(text),
                ChangeTag::Delete => Line::Removed(text),
            });
        }
        at = group.last().map_or(start, |op| op.old_range().end);
    }
    skip(&mut lines, then.lines().count().saturating_sub(at));
    lines
}

fn skip(lines: &mut Vec<Line>, count: usize) {
    if count > 0 {
        lines.push(Line::Skipped(count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_shown_with_a_little_around_it() {
        let then = (1..=20).map(|n| format!("{n}\n")).collect::<String>();
        let now = then.replace("10\n", "ten\n").replace("20\n", "20\n21\n");
        let same = |n: usize| Line::Same(n.to_string());
        assert_eq!(
            compare(&then, &now),
            [
                vec![Line::Skipped(6), same(7), same(8), same(9)],
                vec![Line::Removed("10".into()), Line::Added("ten".into()), same(11), same(12), same(13)],
                vec![Line::Skipped(4), same(18), same(19), same(20), Line::Added("21".into())],
            ]
            .concat()
        );
        assert_eq!(compare("a\n", "a\n"), [Line::Skipped(1)]);
        assert_eq!(compare("", "a"), [Line::Added("a".into())]);
    }

    #[test]
    fn two_long_texts_that_have_nothing_in_common_are_compared_soon() {
        let text = |letter: char| (0..40_000).map(|n| format!("{letter}{n}\n")).collect::<String>();
        assert_eq!(compare(&text('a'), &text('b')).len(), 80_000);
    }
}
