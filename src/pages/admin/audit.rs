use super::super::load::show;
use super::super::params;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::people::SearchAudit;
use crate::components::icon::{Icon, IconView};
use crate::components::table::{Cell, Table};
use crate::domain::audit::{AuditPage, Named};
use crate::domain::file::encoded;
use leptos::prelude::*;
use leptos_meta::Title;

/// What admins did to people, found by who or what.
#[component]
pub fn AuditLogPage() -> impl IntoView {
    let asked = ["q", "after"].map(params::text_argument).concat();
    let words = params::query("q");
    view! {
        <AdminPage>
            <Title text="Log · Admin" />
            <Breadcrumb steps=vec![("/admin/people".into(), "People".into())] here="Log" />
            <div class="page-header">
                <div>
                    <h1>"Log"</h1>
                    <p class="lede">"What admins did to people. Nothing in it is ever changed or taken out."</p>
                </div>
            </div>
            <form class="filter filter--one" method="get" action="/admin/audit" role="search">
                <div class="field">
                    <label class="field-label" for="q">"Who or what"</label>
                    <input class="input" id="q" name="q" type="search" maxlength="254" value=words.clone() />
                </div>
                <button class="button" type="submit"><IconView icon=Icon::Search />"Show"</button>
            </form>
            {show::<SearchAudit>(asked, move |page| view! { <Entries page words /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Entries(page: AuditPage, words: String) -> impl IntoView {
    if page.entries.is_empty() {
        return view! {
            <div class="empty">
                <IconView icon=Icon::Search />
                <h2>"Nothing here"</h2>
                <p>{if words.is_empty() { "Nobody has done anything to anybody yet." } else { "Nothing in the log has these words." }}</p>
            </div>
        }
        .into_any();
    }
    let rows = page.entries.into_iter().map(|entry| {
        let actor = match entry.actor {
            Some(actor) => person(actor),
            None => view! { "The command line" }.into_any(),
        };
        let minute = entry.at.minute();
        view! {
            <tr role="row">
                <Cell label="When"><time datetime=entry.at.0>{minute}</time></Cell>
                <Cell label="Who">{actor}</Cell>
                <Cell label="Did">
                    <span>
                        {entry.words}" "{entry.subject.map(person)}
                        {(!entry.detail.is_empty()).then(|| view! { <span class="person-email">{entry.detail}</span> })}
                    </span>
                </Cell>
            </tr>
        }
    });
    let more = page.next.map(|next| {
        let address = format!("/admin/audit?q={}&after={next}", encoded(&words));
        view! { <nav class="pager" aria-label="Pages"><a class="button" href=address>"Older"<IconView icon=Icon::ArrowDown /></a></nav> }
    });
    view! {
        <Table caption="What was done, the latest first" columns=vec![("When", false), ("Who", false), ("Did", false)]>
            {rows.collect_view()}
        </Table>
        {more}
    }
    .into_any()
}

fn person(named: Named) -> AnyView {
    view! { <a href=format!("/admin/people/{}", named.id)>{named.name}</a> }.into_any()
}
