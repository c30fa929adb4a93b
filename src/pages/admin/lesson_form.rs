use super::super::field::{Checkbox, FieldText, RadioCards, TextArea, TextField};
use crate::domain::draft::DraftMark;
use crate::domain::lesson::{LessonForm, LessonStatus};
use crate::domain::validate::{ADDRESS_MAX, NAME_MAX};
use leptos::prelude::*;

/// The fields of a lesson, to make or to edit one.
#[component]
pub fn LessonFields(form: LessonForm) -> impl IntoView {
    let statuses = LessonStatus::ALL.map(|status| (status.value(), status.label(), status.meaning())).to_vec();
    view! {
        <TextField
            text=FieldText::new("form[name]", "Name")
            value=form.name
            max=NAME_MAX
        />
        <RadioCards name="form[status]" legend="Who can open it" options=statuses selected=form.status.value() />
        <TextField
            text=FieldText::new("form[video_url]", "Video address")
                .optional()
                .hint("YouTube, Vimeo, or a file such as https://example.org/lesson.mp4.")
            value=form.video_url
            max=ADDRESS_MAX
        />
        <Checkbox
            name="form[by_hand]"
            value="true".to_owned()
            label="Completed by the button alone"
            hint="Else a lesson is completed by itself once nine tenths of its video were really played."
            checked=form.by_hand
        />
        <TextArea
            text=FieldText::new("form[markdown]", "Text").optional().hint("Markdown. Code blocks are highlighted.")
            value=form.markdown
            class="input input--markdown"
            rows=18
        />
    }
    .into_any()
}

/// Which draft a form knows of: whose hand it is, script says.
#[component]
pub fn DraftMarkFields(seen: String) -> impl IntoView {
    view! {
        <input type="hidden" name=DraftMark::HAND />
        <input type="hidden" name=DraftMark::SEEN value=seen />
    }
    .into_any()
}
