use super::super::load::show;
use super::layout::{AdminPage, Breadcrumb};
use crate::api::admin::ledger::{GetLedger, ReconcilePayments, ReplayEvent, ResolveFlag};
use crate::components::badge::{Badge, BadgeKind};
use crate::components::form::Submit;
use crate::components::icon::{Icon, IconView};
use crate::components::notice::{Notice, NoticeKind};
use crate::components::table::{Cell, Table};
use crate::domain::ledger::{EventState, Ledger, LedgerCounts, LedgerEvent, Matter, MatterKind};
use crate::domain::money::grouped;
use crate::islands::form::{Form, FormTarget, Stored};
use leptos::prelude::*;
use leptos_meta::Title;

/// What the payment provider told, what of it is not applied, and what does not fit.
#[component]
pub fn LedgerPage() -> impl IntoView {
    view! {
        <Title text="Ledger · Admin" />
        <AdminPage>
            <Breadcrumb steps=vec![("/admin/sales".into(), "Sales".into())] here="Ledger".to_owned() />
            {show::<GetLedger>("", |ledger| view! { <Found ledger /> }.into_any())}
        </AdminPage>
    }
}

#[component]
fn Found(ledger: Ledger) -> impl IntoView {
    let reconcile = ledger.provider.then(|| {
        view! {
            <Form to={FormTarget::of::<ReconcilePayments>()} stored=Stored::Reloads>
                <Submit class="button">"Reconcile now"</Submit>
            </Form>
        }
    });
    let provider = (!ledger.provider).then(|| {
        view! {
            <Notice kind=NoticeKind::Info title="Stripe is not set up on this server">
                <p>"With its keys in the settings, payments by card and what Stripe tells of them stand here."</p>
            </Notice>
        }
    });
    view! {
        <div class="page-header">
            <div>
                <h1>"Ledger"</h1>
                <p class="lede">"What Stripe told, and whether it was applied. Every five minutes the server asks by itself about whatever is open."</p>
            </div>
            {reconcile}
        </div>
        <div class="stack stack--l">
            {provider}
            <Counts counts=ledger.counts />
            <Matters matters=ledger.matters />
            <Events events=ledger.events />
        </div>
    }
    .into_any()
}

#[component]
fn Counts(counts: LedgerCounts) -> impl IntoView {
    let tile = |label: &'static str, number: i64| {
        view! { <div class="tile"><dt>{label}</dt><dd>{grouped(number.unsigned_abs())}</dd></div> }
    };
    view! {
        <dl class="tiles">
            {tile("Events received", counts.received)}
            {tile("Applied", counts.applied)}
            {tile("To be tried again", counts.waiting)}
            {tile("Parked", counts.parked)}
            {tile("Open checkouts", counts.open_checkouts)}
            {tile("Refunds under way", counts.open_refunds)}
        </dl>
    }
    .into_any()
}

/// What does not fit or is not done, in words, each with its purchase.
#[component]
fn Matters(matters: Vec<Matter>) -> impl IntoView {
    let list = match matters.is_empty() {
        true => view! {
            <div class="empty empty--small">
                <IconView icon=Icon::Check />
                <p>"Everything fits: what was paid is what was agreed, and nothing waits."</p>
            </div>
        }
        .into_any(),
        false => {
            let rows = matters.into_iter().map(|matter| view! { <MatterRow matter /> });
            // One form for all of them: each flag has its button.
            view! {
                <Form to={FormTarget::of::<ResolveFlag>()} stored=Stored::Reloads>
                    <ol class="story" role="list">{rows.collect_view()}</ol>
                </Form>
            }
            .into_any()
        }
    };
    view! {
        <section class="admin-section" aria-labelledby="matters-h">
            <header><h2 id="matters-h">"To look at"</h2></header>
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn MatterRow(matter: Matter) -> impl IntoView {
    let what = format!("“{}”, {}", matter.product, matter.buyer);
    let link = match matter.purchase {
        Some(purchase) => view! { <a href=format!("/admin/sales/{purchase}")>{what.clone()}</a> }.into_any(),
        None => what.clone().into_any(),
    };
    let words = matter.what.words();
    let (error, resolve) = match matter.what {
        MatterKind::Refund { error, .. } => (error, None),
        MatterKind::Flag { id, .. } => (
            None,
            Some(view! {
                <p>
                    <button class="button button--small" type="submit" name="id" value=id.to_string()>
                        "Resolved"<span class="visually-hidden">{format!(": {what}")}</span>
                    </button>
                </p>
            }),
        ),
    };
    let minute = matter.at.minute();
    view! {
        <li>
            <time class="small muted" datetime=matter.at.0>{minute}</time>
            <div class="stack stack--s">
                <p>{words}</p>
                <p class="small">{link}</p>
                {error.map(|error| view! { <p class="small muted">{error}</p> })}
                {resolve}
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn Events(events: Vec<LedgerEvent>) -> impl IntoView {
    let list = match events.is_empty() {
        true => view! {
            <div class="empty empty--small">
                <IconView icon=Icon::Receipt />
                <p>"Nothing was told yet."</p>
            </div>
        }
        .into_any(),
        false => {
            let columns =
                vec![("Event", false), ("Received", false), ("State", false), ("Attempts", true), ("Actions", false)];
            let rows = events.into_iter().map(|event| view! { <EventRow event /> });
            view! {
                <Form to={FormTarget::of::<ReplayEvent>()} stored=Stored::Reloads>
                    <Table caption="Events" columns>{rows.collect_view()}</Table>
                </Form>
            }
            .into_any()
        }
    };
    view! {
        <section class="admin-section" aria-labelledby="events-h">
            <header><h2 id="events-h">"Events"</h2></header>
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn EventRow(event: LedgerEvent) -> impl IntoView {
    let (kind, state, error) = match event.state {
        EventState::Applied => (BadgeKind::Done, "Applied".to_owned(), None),
        EventState::Waiting { until, error } => {
            (BadgeKind::Pending, format!("Tried again {}", until.minute()), Some(error))
        }
        EventState::Parked { error } => (BadgeKind::Refunded, "Parked".to_owned(), Some(error)),
    };
    let replay = error.is_some().then(|| {
        view! {
            <button class="button button--small" type="submit" name="id" value=event.id.clone()>
                "Replay"<span class="visually-hidden">{format!(" {} {}", event.kind, event.id)}</span>
            </button>
        }
    });
    // Breaks where its words do.
    let words: Vec<String> = event.kind.split_inclusive('.').map(str::to_owned).collect();
    let words = words.into_iter().map(|word| view! { {word}<wbr /> }).collect_view();
    let name = match event.purchase {
        Some(purchase) => view! { <a href=format!("/admin/sales/{purchase}")>{words}</a> }.into_any(),
        None => words.into_any(),
    };
    let minute = event.received_at.minute();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name}</th>
            <Cell label="Received"><time datetime=event.received_at.0>{minute}</time></Cell>
            <Cell label="State">
                <div>
                    <Badge kind text=state />
                    {error.map(|error| view! { <p class="small muted">{error}</p> })}
                </div>
            </Cell>
            <Cell label="Attempts" number=true>{event.attempts}</Cell>
            <td role="cell" class="end">{replay}</td>
        </tr>
    }
    .into_any()
}
