use super::account::Part;
use super::clerk::ClerkArea;
use super::error::ErrorView;
use super::visit::visit;
use super::ways_in::{ProviderForm, ways_in};
use crate::api::account::RemoveWay;
use crate::domain::account::Way;
use crate::domain::way_in::Provider;
use crate::error::AppError;
use crate::islands::form::{Form, FormTarget, Stored};
use leptos::prelude::*;
use leptos_meta::Title;

/// The ways in by other providers: those that an account has, and those that can be added.
#[component]
pub fn Ways(ways: Vec<Way>, addable: Vec<Provider>) -> impl IntoView {
    let rows = ways.into_iter().map(|way| {
        let end = match way.first {
            true => view! { <span class="small muted">"made this account"</span> }.into_any(),
            false => {
                let label = format!("Remove {}", way.provider);
                view! {
                    <Form to={FormTarget::of::<RemoveWay>()} stored=Stored::Reloads>
                        <input type="hidden" name="id" value=way.id />
                        <button class="button button--small" type="submit" aria-label=label>"Remove"</button>
                    </Form>
                }
                .into_any()
            }
        };
        view! { <li class="row"><strong>{way.provider}</strong>{end}</li> }
    });
    let rows = rows.collect::<Vec<_>>();
    let list = (!rows.is_empty()).then(|| view! { <ul class="rows" role="list">{rows}</ul> });
    let add = addable.into_iter().map(|provider| {
        let words = format!("Add {}", provider.name);
        match provider.is_clerk() {
            true => view! { <a class="button" href="/account/clerk">{words}</a> }.into_any(),
            false => view! {
                <ProviderForm provider class="button" words>
                    <input type="hidden" name="add" value="true" />
                </ProviderForm>
            }
            .into_any(),
        }
    });
    let add = add.collect::<Vec<_>>();
    let add = (!add.is_empty()).then(|| {
        view! {
            <p class="small muted">"Show by it once that you are yourself there, and it signs you in here, too."</p>
            <div class="cluster">{add}</div>
        }
    });
    view! { <Part id="ways-h" title="Other ways in">{list}{add}</Part> }.into_any()
}

/// Where Clerk is added to an account: its form stands on a page of its own.
#[component]
pub fn AddClerkPage() -> impl IntoView {
    let error = match (visit().user, ways_in().clerk) {
        (None, _) => Some(AppError::SignInRequired),
        (_, None) => Some(AppError::NotFound),
        _ => None,
    };
    if let Some(error) = error {
        return view! { <main class="page" id="main" tabindex="-1"><ErrorView error /></main> }.into_any();
    }
    view! {
        <Title text="Add Clerk to your account" />
        <main class="page page--narrow stack" id="main" tabindex="-1">
            <h1>"Add Clerk to your account"</h1>
            <ClerkArea form="add" />
            <p class="muted"><a href="/account">"Back to your account"</a></p>
        </main>
    }
    .into_any()
}
