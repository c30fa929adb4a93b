use super::form::{FormErrors, Submit, failure};
use super::icon::{Icon, IconView};
use crate::domain::deletion::Deletion;
use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::{Http, ServerFn};
use serde::de::DeserializeOwned;
use web_sys::FormData;

/// Says what goes or what forbids it, and asks.
#[component]
pub fn DeleteForm<S, O>(what: &'static str, id: String, deletion: Deletion, action: ServerAction<S>) -> impl IntoView
where
    S: ServerFn<Error = AppError, Output = (), Protocol = Http<PostUrl, O>> + DeserializeOwned + Clone + Send + Sync + 'static,
    <<S::Client as Client<AppError>>::Request as ClientReq<AppError>>::FormData: From<FormData>,
    <S as ServerFn>::Client: Client<AppError>,
    O: 'static,
{
    let failure = failure(action);
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
    let goes = deletion.goes.into_iter().map(|sentence| view! { <li>{sentence}</li> });
    view! {
        <div class="stack">
            <h1>{format!("Delete “{}”?", deletion.name)}</h1>
            <FormErrors failure />
            <p>{format!("This goes with the {what}, for good:")}</p>
            <ul class="consequences">{goes.collect_view()}</ul>
            <ActionForm action>
                <input type="hidden" name="id" value=id />
                <div class="form-actions">
                    <Submit pending=action.pending() class="button button--danger-solid" icon=Icon::Trash>
                        {format!("Delete the {what}")}
                    </Submit>
                    <a class="button" href=deletion.back><IconView icon=Icon::ArrowLeft />"Keep it"</a>
                </div>
            </ActionForm>
        </div>
    }
    .into_any()
}
