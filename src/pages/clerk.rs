use super::ways_in::ways_in;
use crate::components::response::{Allow, Reach};
use leptos::nonce::use_nonce;
use leptos::prelude::*;

/// Where Clerk's own form stands, if people may sign in by it: `sign-in`, or `sign-up` for those who are new.
/// `public/clerk.js` loads Clerk's script, fills this in, and says here what goes wrong.
#[component]
pub fn ClerkArea(form: &'static str) -> impl IntoView {
    ways_in().clerk.map(|clerk| {
        if let Some(allow) = use_context::<Allow>() {
            allow.run(Reach::Clerk);
        }
        view! {
            <section
                class="clerk stack"
                aria-label="Other ways in"
                data-clerk=clerk.script
                data-clerk-key=clerk.publishable_key
                data-clerk-form=form
            >
                <p class="muted" role="status" data-clerk-said>"This way in needs JavaScript."</p>
                <div class="cluster" data-clerk-known hidden>
                    <button class="button" type="button" data-clerk-continue>
                        "Continue as "<span data-clerk-name></span>
                    </button>
                    <button class="button button--quiet" type="button" data-clerk-other>"Use another account"</button>
                </div>
                <div data-clerk-mount></div>
            </section>
            <script type="module" src="/clerk.js" nonce=use_nonce()></script>
        }
        .into_any()
    })
}
