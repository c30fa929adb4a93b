use crate::components::field::{FieldText, RadioCards, TextArea, TextField};
use crate::components::form::of_field;
use crate::domain::lesson::{LessonForm, LessonStatus};
use crate::domain::validate::{ADDRESS_MAX, NAME_MAX};
use crate::error::AppError;
use leptos::prelude::*;

/// The fields of a lesson, to make or to edit one.
#[component]
pub fn LessonFields(form: LessonForm, failure: Signal<Option<AppError>>) -> impl IntoView {
    let statuses = LessonStatus::ALL.map(|status| (status.value(), status.label(), status.meaning())).to_vec();
    view! {
        <TextField
            text=FieldText::new("form[name]", "Name")
            error=of_field(failure, "name")
            value=form.name
            max=NAME_MAX
        />
        <RadioCards name="form[status]" legend="Who can open it" options=statuses selected=form.status.value() />
        <TextField
            text=FieldText::new("form[video_url]", "Video address")
                .optional()
                .hint("YouTube, Vimeo, or a file such as https://example.org/lesson.mp4.")
            error=of_field(failure, "video_url")
            value=form.video_url
            max=ADDRESS_MAX
        />
        <TextArea
            text=FieldText::new("form[markdown]", "Text").optional().hint("Markdown. Code blocks are highlighted.")
            error=of_field(failure, "markdown")
            value=form.markdown
            class="input input--markdown"
            rows=18
        />
    }
    .into_any()
}
