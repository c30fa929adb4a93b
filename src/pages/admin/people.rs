use super::super::field::typed;
use super::super::load::show;
use super::super::params;
use super::super::purchases::Day;
use super::layout::{AdminPage, Breadcrumb};
use super::people_waiting::{ByEmail, Waiting};
use crate::api::admin::people::ListPeople;
use crate::components::chart::ShareBar;
use crate::components::icon::{Icon, IconView};
use crate::components::table::{Cell, Table};
use crate::domain::deletion::count;
use crate::domain::people::{PeopleForm, PeopleSort, PersonRow, Roster};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Everybody, or the people of a course: found, ordered, and page by page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let asked = ["course", "q", "sort", "after"].map(params::text_argument).concat();
    view! {
        <AdminPage>
            {show::<ListPeople>(asked, |roster| view! { <People roster /> }.into_any())}
        </AdminPage>
    }
}

/// What the address says, as it was typed there.
fn asked() -> PeopleForm {
    let text = |name| use_query_map().with_untracked(|query| query.get_str(name).unwrap_or_default().to_owned());
    PeopleForm { course: text("course"), q: text("q"), sort: text("sort"), after: text("after") }
}

#[component]
fn People(roster: Roster) -> impl IntoView {
    let asked = asked();
    let course = roster.courses.iter().find(|(id, _)| id.to_string() == asked.course).cloned();
    let of_course = course.as_ref().map(|(id, title)| {
        let steps =
            vec![("/admin/courses".into(), "Courses".into()), (format!("/admin/courses/{id}/edit"), title.clone())];
        view! { <Breadcrumb steps here="People" /> }
    });
    let far = course.as_ref().map(|(id, _)| {
        view! { <a class="button" href=format!("/admin/courses/{id}/progress")><IconView icon=Icon::CheckCircle />"How far they get"</a> }
    });
    let title = course.as_ref().map_or_else(|| "People · Admin".to_owned(), |(_, title)| format!("{title} · People"));
    let lede = course.map(|(_, title)| format!("With access to “{title}”."));
    let courses = roster.courses.clone();
    view! {
        <Title text=title />
        {of_course}
        <div class="page-header">
            <div>
                <h1>"People"</h1>
                {lede.map(|lede| view! { <p class="lede">{lede}</p> })}
            </div>
            <div class="cluster">
                {far}
                <a class="button" href="/admin/audit"><IconView icon=Icon::Receipt />"Log"</a>
                <a class="button" href="/admin/people/invite"><IconView icon=Icon::Plus />"Invite an admin"</a>
                <a class="button" href=format!("/admin/people/export.csv{}", roster.query) download>
                    <IconView icon=Icon::ArrowDown />
                    "Export CSV"
                </a>
            </div>
        </div>
        <div class="stack stack--l">
            <div>
                <Filter asked=asked.clone() courses=roster.courses />
                <Rows rows=roster.rows total=roster.total asked=asked.clone() query=roster.query next=roster.next />
            </div>
            <Waiting grants=roster.waiting />
            <ByEmail courses chosen=typed("form[course]").unwrap_or(asked.course) />
        </div>
    }
    .into_any()
}

/// A form that is an address: what it shows can be kept and sent.
#[component]
fn Filter(asked: PeopleForm, courses: Vec<(crate::domain::id::CourseId, String)>) -> impl IntoView {
    let chosen = asked.course;
    let courses = courses.into_iter().map(move |(id, title)| {
        let id = id.to_string();
        let selected = id == chosen;
        view! { <option value=id selected=selected>{title}</option> }
    });
    let sorts = PeopleSort::ALL.map(|sort| {
        view! { <option value=sort.value() selected=sort.value() == asked.sort>{sort.label()}</option> }
    });
    view! {
        <form class="filter" method="get" action="/admin/people" role="search">
            <div class="field">
                <label class="field-label" for="q">"Name or e-mail"</label>
                <input class="input" id="q" name="q" type="search" maxlength="254" value=asked.q />
            </div>
            <div class="field">
                <label class="field-label" for="of">"Course"</label>
                <select class="input" id="of" name="course"><option value="">"All"</option>{courses.collect_view()}</select>
            </div>
            <div class="field">
                <label class="field-label" for="sort">"Order"</label>
                <select class="input" id="sort" name="sort">{sorts.collect_view()}</select>
            </div>
            <button class="button" type="submit"><IconView icon=Icon::Search />"Show"</button>
        </form>
    }
    .into_any()
}

#[component]
fn Rows(rows: Vec<PersonRow>, total: i64, asked: PeopleForm, query: String, next: Option<String>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <Nobody asked /> }.into_any();
    }
    let whole = asked.course.is_empty();
    let rows = rows.into_iter().map(move |person| view! { <Row person whole /> });
    let columns =
        vec![("Name", false), ("Access", false), ("Progress", false), ("Last activity", false), ("Joined", false)];
    let back = (!asked.after.is_empty()).then(|| {
        view! { <a class="button" href=format!("/admin/people{query}")><IconView icon=Icon::ArrowUp />"Back to the start"</a> }
    });
    let next = next.map(|next| {
        view! { <a class="button" href=format!("/admin/people{next}")>"Next page"<IconView icon=Icon::ArrowRight /></a> }
    });
    view! {
        <p class="filter-count" role="status">{count(total, "person", "people")}</p>
        <Table caption="People" columns>{rows.collect_view()}</Table>
        <nav class="pager" aria-label="Pages">{back}{next}</nav>
    }
    .into_any()
}

#[component]
fn Row(person: PersonRow, whole: bool) -> impl IntoView {
    let words = person.sources.words().join(", ");
    let access = if whole && person.courses > 1 {
        format!("{}: {}", count(person.courses, "course", "courses"), person.sources.summary())
    } else {
        person.sources.summary()
    };
    let percent = i64::from(person.progress.percent());
    let progress = match person.progress.total {
        0 => view! { <span class="muted">"–"</span> }.into_any(),
        _ => {
            let [_, of] = person.progress.words();
            view! {
                <span class="meter" title=of>
                    <ShareBar percent />
                    <span class="num">{format!("{percent} %")}</span>
                </span>
            }
            .into_any()
        }
    };
    let active = match person.active {
        Some(time) => view! { <Day time /> }.into_any(),
        None => view! { <span class="muted">"Never"</span> }.into_any(),
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a href=format!("/admin/people/{}", person.id)>{person.name}</a>
                {person.admin.then(|| view! { " " <span class="badge">"Admin"</span> })}
                <span class="person-email">{person.email}</span>
            </th>
            <Cell label="Access"><span title=words>{access}</span></Cell>
            <Cell label="Progress">{progress}</Cell>
            <Cell label="Last activity">{active}</Cell>
            <Cell label="Joined"><Day time=person.joined /></Cell>
        </tr>
    }
    .into_any()
}

#[component]
fn Nobody(asked: PeopleForm) -> impl IntoView {
    let (title, words) = match (asked.q.trim().is_empty(), asked.after.is_empty()) {
        (_, false) => ("Nobody after this", "This page was the last one."),
        (false, _) => ("Nobody found", "No name and no e-mail holds these letters."),
        (true, true) => ("Nobody yet", "Who buys this course or is given it stands here."),
    };
    let all =
        (asked != PeopleForm::default()).then(|| view! { <a class="button" href="/admin/people">"Show everybody"</a> });
    view! {
        <div class="empty">
            <IconView icon=Icon::User />
            <h2>{title}</h2>
            <p>{words}</p>
            {all}
        </div>
    }
    .into_any()
}
