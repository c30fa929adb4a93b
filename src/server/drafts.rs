//! Drafts beside what others save meanwhile.

use super::auth::Admin;
use super::context::AppState;
use super::db::versions::Text;
use super::{db, history, markdown};
use crate::domain::draft::{DraftComparison, Drafts, Merged};
use crate::domain::id::LessonId;
use crate::domain::lesson::LessonForm;
use crate::domain::validate::{self, FieldErrors, MARKDOWN_MAX};
use crate::error::AppError;
use diffy::{ConflictStyle, MergeOptions};

/// One's own draft of a lesson, and who else has one.
pub async fn of(state: &AppState, admin: &Admin, lesson: LessonId) -> Result<Drafts, AppError> {
    let own = db::drafts::own(&state.db, admin, lesson).await?.map(|own| own.draft);
    Ok(Drafts { own, others: db::drafts::others(&state.db, admin, lesson).await? })
}

/// One's own draft beside what is saved; not found where there is none.
pub async fn compared(state: &AppState, admin: &Admin, lesson: LessonId) -> Result<DraftComparison, AppError> {
    let now = db::lessons::get(&state.db, admin, lesson).await?.ok_or(AppError::NotFound)?;
    let draft = db::drafts::own(&state.db, admin, lesson).await?.ok_or(AppError::NotFound)?.draft;
    let saved = Text { name: now.name.clone(), markdown: now.markdown, video_url: now.video_url };
    let LessonForm { name, video_url, markdown, .. } = draft.form;
    let written = Text {
        name,
        markdown: Some(markdown).filter(|text| !text.is_empty()),
        video_url: Some(video_url).filter(|address| !address.is_empty()),
    };
    let compare = move || history::compare(&history::whole(saved), &history::whole(written));
    let lines = tokio::task::spawn_blocking(compare).await.map_err(|_| AppError::Internal)?;
    let (course_id, course_title) = (now.course_id, now.course_title);
    Ok(DraftComparison { course_id, course_title, name: now.name, at: draft.at, revision: draft.revision, lines })
}

/// A text as the lesson's page would show it, its pictures by addresses that are the author's alone.
pub async fn preview(lesson: LessonId, text: String) -> Result<String, AppError> {
    let text = validate::markdown(text).map_err(|sentence| AppError::invalid("markdown", sentence))?;
    let files = format!("/admin/lessons/{lesson}/files/");
    let render = move || markdown::render_beside(&text.unwrap_or_default(), &files);
    tokio::task::spawn_blocking(render).await.map_err(|_| AppError::Internal)
}

/// A draft is kept as it is typed, whether it could be saved or not; but not without end, nor what the database cannot
/// hold.
pub fn keepable(form: LessonForm) -> Result<LessonForm, AppError> {
    if form.markdown.len() + form.name.len() + form.video_url.len() > MARKDOWN_MAX {
        return Err(FieldErrors::one("markdown", "This is too long to be kept: split it into several lessons.").into());
    }
    let clean = |text: String| text.replace('\0', "").replace("\r\n", "\n");
    Ok(LessonForm { name: clean(form.name), video_url: clean(form.video_url), markdown: clean(form.markdown), ..form })
}

/// Somebody's text together with what others saved since they began, or with their own draft of another tab: line by
/// line, from what the text was then. Where that is not known, or both changed the same lines, the result holds both.
pub async fn merge(
    state: &AppState,
    admin: &Admin,
    lesson: LessonId,
    base: Option<String>,
    with_own: bool,
    mine: String,
) -> Result<Merged, AppError> {
    let now = db::lessons::get(&state.db, admin, lesson).await?.ok_or(AppError::NotFound)?;
    let own = db::drafts::own(&state.db, admin, lesson).await?;
    let base = base.map(|base| base.replace("\r\n", "\n")).or_else(|| own.as_ref()?.base.clone());
    let version = now.version.clone();
    let (form, by, at, revision) = if with_own {
        let draft = own.ok_or(AppError::NotFound)?.draft;
        (draft.form, None, Some(draft.at), Some(draft.revision))
    } else {
        let (by, at) = db::drafts::last_saved(&state.db, admin, lesson).await?;
        (now.form(), by, at, None)
    };
    let theirs = form.markdown.clone();
    let mine = mine.replace("\r\n", "\n");
    let merged = tokio::task::spawn_blocking(move || merged(&base.unwrap_or_default(), &mine, &theirs)).await;
    let (markdown, conflicts) = merged.map_err(|_| AppError::Internal)?;
    let others = (form.name, form.status.value().to_owned(), form.video_url, form.by_hand);
    Ok(Merged { markdown, theirs: form.markdown, others, version, revision, conflicts, by, at })
}

/// What stands before one's own lines where both changed the same.
const MARK: &str = "<<<<<<< ours";

/// The text that holds the changes of both, and how many places both changed.
fn merged(base: &str, mine: &str, theirs: &str) -> (String, usize) {
    // The last line is a line like others.
    let line = |text: &str| if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    let (base, ours, others) = (line(base), line(mine), line(theirs));
    match MergeOptions::new().set_conflict_style(ConflictStyle::Merge).merge(&base, &ours, &others) {
        Ok(text) => (text, 0),
        Err(text) => {
            let conflicts = text.lines().filter(|line| *line == MARK).count();
            (text, conflicts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_in_different_places_come_together() {
        let base = "One\n\nTwo\n\nThree";
        assert_eq!(
            merged(base, "One!\n\nTwo\n\nThree", "One\n\nTwo\n\nThree?"),
            ("One!\n\nTwo\n\nThree?\n".to_owned(), 0)
        );
        assert_eq!(merged(base, base, "One"), ("One\n".to_owned(), 0));
        assert_eq!(merged(base, "Same", "Same"), ("Same\n".to_owned(), 0));
    }

    #[test]
    fn where_both_changed_the_same_lines_both_stand() {
        let (text, conflicts) = merged("One\n\nTwo\n\nThree", "One\n\nMine\n\nThree", "One\n\nTheirs\n\nThree");
        assert_eq!(conflicts, 1);
        for kept in ["One", "Mine", "Theirs", "Three", "<<<<<<< ours", ">>>>>>> theirs"] {
            assert!(text.contains(kept), "{text}");
        }
        assert!(!text.contains("Two"), "{text}");
        // What only looks like a mark stays.
        let table = "|||||||\n\nTwo";
        let (text, _) = merged("One", &format!("{table}\n\nMine"), &format!("{table}\n\nTheirs"));
        assert!(text.contains("|||||||") && text.contains("Two") && text.contains("Theirs"), "{text}");
        // Begun on nobody knows what: both texts, and nothing lost.
        let (text, conflicts) = merged("", "Mine", "Theirs");
        assert!(conflicts == 1 && text.contains("Mine") && text.contains("Theirs"), "{text}");
    }

    #[test]
    fn a_draft_is_kept_as_typed_but_for_what_cannot_be_stored() {
        let form = LessonForm { markdown: "a\0b\r\nc".into(), ..LessonForm::default() };
        assert_eq!(keepable(form).map(|form| form.markdown), Ok("ab\nc".to_owned()));
        let long = LessonForm { markdown: "x".repeat(MARKDOWN_MAX + 1), ..LessonForm::default() };
        assert!(keepable(long).is_err());
    }
}
