use crate::api::admin::people::{DeletePerson, SetRole, SuspendPerson};
use crate::components::form::Submit;
use crate::components::icon::Icon;
use crate::domain::person::Person;
use crate::islands::form::{Form, FormTarget, Stored};
use leptos::prelude::*;

/// Whether a person is an admin, may come in, and is there at all.
#[component]
pub fn Rights(person: Person) -> impl IntoView {
    if person.myself {
        return view! {
            <section class="admin-section" aria-labelledby="rights-h">
                <header><h2 id="rights-h">"Rights"</h2></header>
                <p>"This is you. What you are and whether you come in, another admin decides; "<a href="/account">"your own account"</a>" is yours."</p>
            </section>
        }
        .into_any();
    }
    let id = StoredValue::new(person.id.to_string());
    let (role, words, press) = match person.admin {
        true => ("User", "An admin: can do all that you can, this included.", "Take the admin’s rights"),
        false => ("Admin", "Not an admin. An admin can do all that you can, this included.", "Make an admin"),
    };
    let (suspended, suspension, suspend) = match person.suspended_at {
        Some(at) => {
            ("false", format!("Suspended since {}: cannot sign in. What is theirs is kept.", at.day()), "Let in again")
        }
        None => (
            "true",
            "Suspending signs them out everywhere and lets them in no more. What is theirs is kept.".to_owned(),
            "Suspend",
        ),
    };
    view! {
        <section class="admin-section" aria-labelledby="rights-h">
            <header><h2 id="rights-h">"Rights"</h2></header>
            <ul class="rows" role="list">
                <li class="row">
                    <span class="row-words">{words}</span>
                    <Form to={FormTarget::of::<SetRole>()} stored=Stored::Reloads>
                        <input type="hidden" name="person" value=id.get_value() />
                        <input type="hidden" name="role" value=role />
                        <Submit class="button">{press}</Submit>
                    </Form>
                </li>
                <li class="row">
                    <span class="row-words">{suspension}</span>
                    <Form to={FormTarget::of::<SuspendPerson>()} stored=Stored::Reloads>
                        <input type="hidden" name="person" value=id.get_value() />
                        <input type="hidden" name="suspended" value=suspended />
                        <Submit class="button">{suspend}</Submit>
                    </Form>
                </li>
                <li class="row">
                    <details class="row-words">
                        <summary>"Delete this account…"</summary>
                        <p class="small">
                            "For good: name, e-mail, ways in and notes go. The record of purchases and how far somebody got stays, without a name."
                        </p>
                        <Form to={FormTarget::of::<DeletePerson>()}>
                            <input type="hidden" name="person" value=id.get_value() />
                            <div class="form-actions">
                                <Submit class="button button--danger-solid" icon=Icon::Trash>"Delete the account"</Submit>
                            </div>
                        </Form>
                    </details>
                </li>
            </ul>
        </section>
    }
    .into_any()
}
