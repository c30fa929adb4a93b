//! Every call by everybody with every id: what each is answered, and that whoever is refused has changed nothing.

use super::actors::{ACTORS, Actor, actor, everybody, expire_again};
use super::canaries::Kept;
use super::ids::{Asked, KINDS};
use super::plain::Plain;
use super::table::{Row, find};
use super::{Outcome, status};
use crate::policy::arguments::arguments;
use crate::support::store::dump;
use crate::support::{App, World};
use std::collections::BTreeSet;

/// Functions that write nothing, besides those whose names begin with `get_` or `list_`.
const READERS: [&str; 5] =
    ["current_viewer", "admin/search_audit", "admin/compare_draft", "admin/merge_draft", "admin/preview_lesson"];

#[derive(Clone, Copy)]
pub enum Call {
    Function(&'static str),
    Plain(&'static str, &'static str),
}

/// A cell of the table, and how it is filled.
struct Cell<'t> {
    field: String,
    kind: &'static str,
    asked: Asked,
    actor: &'static str,
    expected: &'t str,
}

impl Call {
    /// As the table says it.
    pub fn name(self) -> String {
        match self {
            Self::Function(path) => path.to_owned(),
            Self::Plain(method, route) => format!("{method} {route}"),
        }
    }

    /// Whether nothing may be changed by it, whoever it is that calls.
    fn only_reads(self) -> bool {
        match self {
            Self::Function(path) => {
                let name = path.trim_start_matches("/api/");
                let verb = name.rsplit('/').next().unwrap_or_default();
                verb.starts_with("get_") || verb.starts_with("list_") || READERS.contains(&name)
            }
            Self::Plain(method, route) => matches!(method, "GET" | "HEAD") || route == "/admin/products/card",
        }
    }

    async fn asked(self, app: &App, world: &World) -> Asked {
        match self {
            Self::Function(path) => Asked::function(path, arguments(path, app, world).await),
            Self::Plain(method, route) => Asked::Plain(Plain::of(app, world, method, route).await),
        }
    }

    /// The cells of this call. What the table lacks is a fault; the lines that were found are noted.
    fn cells<'t>(
        self,
        rows: &'t [Row],
        own: &Asked,
        theirs: &Asked,
        outcome: &mut Outcome,
        used: &mut BTreeSet<Vec<&'static str>>,
    ) -> Vec<Cell<'t>> {
        let ids = own.ids();
        let replaced = ids.iter().flat_map(|(field, _)| KINDS.map(|kind| (field.as_str(), kind)));
        let mut cells = Vec::new();
        for (field, kind) in [("-", "own")].into_iter().chain(replaced) {
            let row = match find(rows, &[&self.name(), field, kind]) {
                Ok(row) => row,
                Err(fault) => {
                    outcome.fault(fault);
                    continue;
                }
            };
            used.insert(row.keys.clone());
            let asked = own.with_kind(field, kind, theirs);
            let cell = |(actor, expected): (&&'static str, &&'t str)| Cell {
                field: field.to_owned(),
                kind,
                asked: asked.clone(),
                actor,
                expected,
            };
            cells.extend(ACTORS.iter().zip(&row.cells).map(cell));
        }
        cells
    }
}

impl Cell<'_> {
    /// Whether nothing may be changed by it.
    fn is_refused(&self) -> bool {
        self.expected == "sign-in" || self.expected.parse::<u16>().expect("a status") >= 400
    }

    async fn fill(&self, call: Call, asked: &Asked, app: &App, by: &Actor, kept: &Kept, outcome: &mut Outcome) {
        let reply = asked.send(app, by).await;
        let which = [&call.name(), self.actor, &self.field, self.kind];
        outcome.cell(&which, self.expected, &status(&reply));
        // Not what was asked with.
        let leaks = kept.leaks(by, &reply).into_iter().filter(|token| !asked.holds(token));
        leaks.for_each(|token| outcome.canary(format!("{} is told {token}", which.join(", "))));
    }
}

/// Two worlds, and everybody as they are to the first.
struct Stage {
    one: World,
    two: World,
    actors: Vec<Actor>,
    kept: Kept,
}

impl Stage {
    async fn set(app: &App) -> Self {
        let (one, two) = (World::create(app).await, World::create(app).await);
        let actors = everybody(app, &one).await;
        let kept = Kept::of(&one, [&two]);
        Self { one, two, actors, kept }
    }
}

/// Fills the cells of these calls, first those by which nothing changes.
pub async fn check(app: &App, rows: &[Row], calls: &[Call], outcome: &mut Outcome) {
    // With the people whom one press signs in as.
    World::with_demo_people(app).await;
    let mut stage = Stage::set(app).await;
    let mut used = BTreeSet::new();
    let mut accepted = Vec::new();
    for call in calls {
        let fresh = dump(&app.pool).await;
        let (own, theirs) = (call.asked(app, &stage.one).await, call.asked(app, &stage.two).await);
        let worn = dump(&app.pool).await != fresh;
        expire_again(app, &mut stage.actors).await;
        let cells = call.cells(rows, &own, &theirs, outcome, &mut used);
        let (quiet, loud): (Vec<_>, Vec<_>) =
            cells.into_iter().partition(|cell| call.only_reads() || cell.is_refused());
        let before = kept_by(app).await;
        for cell in &quiet {
            let by = stage.actors.iter().find(|actor| actor.name == cell.actor).expect("is there");
            cell.fill(*call, &cell.asked, app, by, &stage.kept, outcome).await;
        }
        let changed = kept_by(app).await != before;
        if changed {
            name_what_changes(app, *call, &quiet, &stage.actors, outcome).await;
        }
        // What one call left behind must not decide what the next one is answered.
        if worn || changed {
            stage = Stage::set(app).await;
        }
        accepted.extend(loud.into_iter().map(|cell| (*call, cell)));
    }
    for (call, cell) in accepted {
        let (one, two) = (World::create(app).await, another(app, cell.kind).await);
        let own = call.asked(app, &one).await;
        let theirs = match &two {
            Some(two) => call.asked(app, two).await,
            None => own.clone(),
        };
        let asked = own.with_kind(&cell.field, cell.kind, &theirs);
        let by = actor(app, &one, cell.actor).await;
        let kept = Kept::of(&one, &two);
        cell.fill(call, &asked, app, &by, &kept, outcome).await;
    }
    let known: BTreeSet<String> = calls.iter().map(|call| call.name()).collect();
    for row in rows.iter().filter(|row| known.contains(row.keys[0]) && !used.contains(&row.keys)) {
        outcome.fault(format!("{} has no such id", row.keys.join(", ")));
    }
}

async fn another(app: &App, kind: &str) -> Option<World> {
    if kind == "another" { Some(World::create(app).await) } else { None }
}

/// Every table's rows, and how much there is on the disk.
async fn kept_by(app: &App) -> Vec<(String, String)> {
    let mut all = dump(&app.pool).await;
    all.push(("the disk".to_owned(), format!("{:?}, {}", app.on_disk(), app.under_way())));
    all
}

/// Asks again, one at a time, for something changed that was to stay.
async fn name_what_changes(app: &App, call: Call, cells: &[Cell<'_>], actors: &[Actor], outcome: &mut Outcome) {
    let mut found = false;
    for cell in cells {
        let by = actors.iter().find(|actor| actor.name == cell.actor).expect("is there");
        let before = kept_by(app).await;
        cell.asked.send(app, by).await;
        let after = kept_by(app).await;
        let changed: Vec<&str> =
            before.iter().zip(&after).filter(|(old, new)| old != new).map(|((table, _), _)| table.as_str()).collect();
        if !changed.is_empty() {
            found = true;
            let which = [&call.name(), cell.actor, &cell.field, cell.kind].join(", ");
            outcome.fault(format!("{which}: expected no change, got one in {}", changed.join(", ")));
        }
    }
    if !found {
        outcome.fault(format!("{}: somebody who was refused changed something", call.name()));
    }
}
