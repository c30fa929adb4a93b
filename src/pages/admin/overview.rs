use super::super::load::show;
use super::super::params;
use super::layout::AdminPage;
use crate::api::admin::sales::{GetFigures, GetTrend};
use crate::components::chart::{Bar, BarChart};
use crate::domain::money::{TotalCents, grouped};
use crate::domain::purchase::Figures;
use crate::domain::trend::{Trend, TrendPoint, TrendRange};
use leptos::prelude::*;
use leptos_meta::Title;

/// The author's figures, as they are and over time.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let range = params::text_argument("range");
    view! {
        <Title text="Overview" />
        <AdminPage>
            <div class="page-header"><div><h1>"Overview"</h1></div></div>
            <div class="stack stack--l">
                {show::<GetFigures>("", |figures| view! { <Tiles figures /> }.into_any())}
                {show::<GetTrend>(range, |trend| view! { <Trends trend /> }.into_any())}
            </div>
        </AdminPage>
    }
}

#[component]
fn Tiles(figures: Figures) -> impl IntoView {
    let tile = |name: &'static str, value: String, note: Option<String>| {
        view! {
            <div class="tile">
                <dt>{name}</dt>
                <dd>{value}</dd>
                {note.map(|note| view! { <dd class="tile-note">{note}</dd> })}
            </div>
        }
    };
    let number = |number: i64| grouped(number.unsigned_abs());
    let after = (figures.refunds.0 > 0).then(|| format!("after {} refunded", figures.refunds));
    view! {
        <dl class="tiles">
            {tile("Net sales", figures.net_sales.to_string(), after)}
            {tile("Refunds", figures.refunds.to_string(), None)}
            {tile("Customers", number(figures.customers), None)}
            {tile("Products", number(figures.products), None)}
            {tile("Courses", number(figures.courses), None)}
            {tile("Lessons", number(figures.lessons), None)}
            {tile("Completions", number(figures.completions), None)}
        </dl>
    }
    .into_any()
}

/// A chart a figure, over the range that is chosen.
#[component]
fn Trends(trend: Trend) -> impl IntoView {
    let range = trend.range;
    let choices = TrendRange::ALL.map(|choice| {
        let here = (choice == range).then_some("true");
        view! { <li><a href=format!("/admin?range={}", choice.value()) aria-current=here>{choice.label()}</a></li> }
    });
    let money = |figure| figures(&trend, figure, |cents| TotalCents(cents).to_string());
    let number = |figure| figures(&trend, figure, |number| grouped(number.unsigned_abs()));
    let charts = [
        ("Net sales", "Amount", money(|point| point.net_sales.0)),
        ("Refunds", "Amount", money(|point| point.refunds.0)),
        ("New customers", "People", number(|point| point.customers)),
        ("Lessons completed", "Lessons", number(|point| point.completions)),
    ];
    let charts = charts.map(|(title, head, (total, bars))| {
        let sentence = sentence(title, range, &total, &bars);
        view! { <BarChart title total sentence heads=[step(range), head] bars /> }
    });
    view! {
        <section class="admin-section" aria-labelledby="trends-h">
            <header>
                <h2 id="trends-h">"Over time"</h2>
                <ul class="ranges" role="list" aria-label="Range">{choices.collect_view()}</ul>
            </header>
            <div class="charts">{charts.collect_view()}</div>
            <p class="small muted">
                {format!("By {}, in UTC; the last one is not over. A refund counts when it was made.", range.unit())}
            </p>
        </section>
    }
    .into_any()
}

/// One figure of every step as a bar, and their sum.
fn figures(trend: &Trend, figure: fn(&TrendPoint) -> i64, words: fn(i64) -> String) -> (String, Vec<Bar>) {
    let bar = |point: &TrendPoint| {
        let value = figure(point);
        Bar { label: point.label(trend.range), value, words: words(value) }
    };
    (words(trend.points.iter().map(figure).sum()), trend.points.iter().map(bar).collect())
}

fn step(range: TrendRange) -> &'static str {
    match range {
        TrendRange::Days => "Day",
        TrendRange::Weeks => "Week from",
        TrendRange::Months => "Month",
    }
}

/// What one sees, for those who do not.
fn sentence(title: &str, range: TrendRange, total: &str, bars: &[Bar]) -> String {
    let start = format!("{title} by {} over {}: {total} in all", range.unit(), range.label());
    match bars.iter().max_by_key(|bar| bar.value).filter(|most| most.value > 0) {
        Some(most) => format!("{start}, most in {} with {}.", most.label, most.words),
        None => format!("{start}."),
    }
}
