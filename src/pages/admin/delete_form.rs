use crate::components::form::Submit;
use crate::components::icon::{Icon, IconView};
use crate::domain::deletion::Deletion;
use crate::islands::form::{Form, FormTarget};
use leptos::prelude::*;

/// Says what goes or what forbids it, and asks.
#[component]
pub fn DeleteForm(what: &'static str, id: String, deletion: Deletion, to: FormTarget) -> impl IntoView {
    if !deletion.forbidden_by.is_empty() {
        let reasons = deletion.forbidden_by.into_iter().map(|(sentence, href)| {
            view! { <li><a href=href>{sentence}</a></li> }
        });
        return view! {
            <div class="stack">
                <h1>{format!("“{}” cannot be deleted", deletion.name)}</h1>
                <p>"This keeps it where it is:"</p>
                <ul class="consequences">{reasons.collect_view()}</ul>
                <p><a class="button" href=deletion.back>"Back"</a></p>
            </div>
        }
        .into_any();
    }
    let words = match deletion.restorable {
        true => format!("This goes with the {what}. For a day, all of it can be restored on the course's page:"),
        false => format!("This goes with the {what}, for good:"),
    };
    let goes = deletion.goes.into_iter().map(|sentence| view! { <li>{sentence}</li> });
    view! {
        <div class="stack">
            <h1>{format!("Delete “{}”?", deletion.name)}</h1>
            <p>{words}</p>
            <ul class="consequences">{goes.collect_view()}</ul>
            <Form to>
                <input type="hidden" name="id" value=id />
                <div class="form-actions">
                    <Submit class="button button--danger-solid" icon=Icon::Trash>
                        {format!("Delete the {what}")}
                    </Submit>
                    <a class="button" href=deletion.back><IconView icon=Icon::ArrowLeft />"Keep it"</a>
                </div>
            </Form>
        </div>
    }
    .into_any()
}
