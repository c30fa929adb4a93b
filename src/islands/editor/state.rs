//! What the author did, what of it is on its way to the server, and what can be undone.
//!
//! A change shows at once and is sent after those before it. Where the server refuses it, what is stored is shown, and
//! what the author meant stays on offer.

use super::{page, words};
use crate::api::admin::outline::ChangeOutline;
use crate::api::submit::Call;
use crate::components::announcer::Announcer;
use crate::components::live::spawn;
use crate::domain::id::{CourseId, DeletionId, LessonId, SectionId};
use crate::domain::outline_edit::{Intent, OutlineChange, Tree};
use crate::error::{AppError, Conflict};
use crate::islands::part;
use leptos::prelude::*;
use std::collections::VecDeque;
use std::time::Duration;
use uuid::Uuid;
use web_sys::Document;

/// The longest pause before a server that did not answer is asked again, in seconds.
const PATIENCE: u64 = 8;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saving {
    Nothing,
    UnderWay,
    /// The server does not answer.
    Waiting,
    Saved,
    /// Somebody else changed the outline; who it was, where that is known.
    Followed(String),
}

/// A change that was made on this page.
#[derive(Debug, Clone)]
pub struct Done {
    number: u32,
    change: OutlineChange,
    /// What undo takes back, in words.
    pub words: String,
    stored: bool,
}

#[derive(Clone)]
struct Waiting {
    number: u32,
    change: OutlineChange,
    /// What the author meant; none of what was undone or done again.
    intent: Option<Intent>,
}

/// Why a change was not made, and what can be done about it.
#[derive(Debug, Clone)]
pub struct Trouble {
    pub error: AppError,
    /// In the order in which they were meant.
    pub offers: Vec<Intent>,
}

#[derive(Clone, Copy)]
pub struct Editor {
    pub course: CourseId,
    /// Whose changes these are, among those that are told.
    tab: StoredValue<Uuid>,
    tree: StoredValue<Tree>,
    queue: StoredValue<VecDeque<Waiting>>,
    numbers: StoredValue<u32>,
    /// Whether what is stored may be more than what is shown.
    behind: StoredValue<bool>,
    /// Whether that is being found out.
    looking: StoredValue<bool>,
    pub past: RwSignal<Vec<Done>>,
    pub future: RwSignal<Vec<Done>>,
    pub saving: RwSignal<Saving>,
    pub trouble: RwSignal<Option<Trouble>>,
    pub selected: RwSignal<Vec<LessonId>>,
    /// Every section with its name, for the places that a selection can go to.
    pub sections: RwSignal<Vec<(SectionId, String)>>,
    pub announcer: Announcer,
}

impl Editor {
    pub fn new(course: CourseId, trouble: Option<AppError>, announcer: Announcer) -> Self {
        Self {
            course,
            tab: StoredValue::new(Uuid::nil()),
            tree: StoredValue::new(Tree::default()),
            queue: StoredValue::new(VecDeque::new()),
            numbers: StoredValue::new(0),
            behind: StoredValue::new(false),
            looking: StoredValue::new(false),
            past: RwSignal::new(Vec::new()),
            future: RwSignal::new(Vec::new()),
            saving: RwSignal::new(Saving::Nothing),
            trouble: RwSignal::new(trouble.map(|error| Trouble { error, offers: Vec::new() })),
            selected: RwSignal::new(Vec::new()),
            sections: RwSignal::new(Vec::new()),
            announcer,
        }
    }

    /// Takes over the outline that the page shows; in the browser, once.
    pub fn start(self) {
        self.tab.set_value(fresh());
        if let Some(tree) = page::read(&document()) {
            self.tree.set_value(tree);
        }
        self.list_sections();
    }

    pub fn tab(self) -> Uuid {
        self.tab.get_value()
    }

    pub fn with<T>(self, read: impl FnOnce(&Tree) -> T) -> T {
        self.tree.with_value(read)
    }

    /// Whether something that was done is not stored yet.
    pub fn is_busy(self) -> bool {
        self.queue.with_value(|queue| !queue.is_empty())
    }

    /// Does what the author means; says so where it changes nothing.
    pub fn act(self, intent: Intent) {
        let Some(change) = self.with(|tree| intent.plan(tree, fresh)) else {
            return self.announcer.say("Nothing changed.");
        };
        let across = matches!(&change, OutlineChange::Arrange { wanted, .. } if wanted.lessons.len() > 1);
        let words = self.with(|tree| words::of(tree, &intent));
        if self.make(&change) {
            self.announcer.say(self.with(|tree| words::done(tree, &intent, across)));
            self.future.set(Vec::new());
            self.send(change, words, Some(intent), self.past);
        }
    }

    pub fn undo(self) {
        if let Some(done) = self.past.try_update(Vec::pop).flatten() {
            self.take_back(&done, "Undone", self.future);
        }
    }

    pub fn redo(self) {
        if let Some(done) = self.future.try_update(Vec::pop).flatten() {
            self.take_back(&done, "Done again", self.past);
        }
    }

    fn take_back(self, done: &Done, how: &str, onto: RwSignal<Vec<Done>>) {
        let change = self.with(|tree| tree.inverse(&done.change, DeletionId(fresh())));
        if self.make(&change) {
            self.announcer.say(format!("{how}: {}.", done.words));
            self.send(change, done.words.clone(), None, onto);
        } else {
            let error = AppError::Conflict(Conflict::Stale(Vec::new()));
            self.trouble.set(Some(Trouble { error, offers: Vec::new() }));
        }
    }

    /// Makes a change on this page; false where it does not fit what is shown.
    fn make(self, change: &OutlineChange) -> bool {
        let made = self.tree.try_update_value(|tree| tree.apply(change)).is_some_and(|made| made.is_ok());
        if made {
            self.show();
        }
        made
    }

    fn show(self) {
        // What the page does on the way may ask for the tree.
        page::follow(&self.tree.get_value());
        self.list_sections();
        // What is gone is selected no more.
        let there: Vec<LessonId> = self.with(|tree| {
            self.selected.with_untracked(|ids| ids.iter().filter(|id| tree.lesson(**id).is_some()).copied().collect())
        });
        self.select(there);
    }

    fn list_sections(self) {
        let sections = self
            .with(|tree| tree.sections.iter().map(|section| (section.id, section.name.clone())).collect::<Vec<_>>());
        if self.sections.with_untracked(|before| *before != sections) {
            self.sections.set(sections);
        }
    }

    pub fn select(self, lessons: Vec<LessonId>) {
        page::mark(&lessons);
        self.selected.set(lessons);
    }

    /// Sends a change after those before it, so that each is made on what the one before left.
    fn send(self, change: OutlineChange, words: String, intent: Option<Intent>, onto: RwSignal<Vec<Done>>) {
        self.trouble.set(None);
        let number = self.numbers.try_update_value(|number| {
            *number += 1;
            *number
        });
        let number = number.unwrap_or_default();
        onto.update(|done| done.push(Done { number, change: change.clone(), words, stored: false }));
        let idle = self.queue.try_update_value(|queue| {
            queue.push_back(Waiting { number, change, intent });
            queue.len() == 1
        });
        if idle == Some(true) {
            self.saving.set(Saving::UnderWay);
            spawn(self.work());
        }
    }

    async fn work(self) {
        let mut pause = 1;
        while let Some(waiting) = self.queue.try_with_value(|queue| queue.front().cloned()).flatten() {
            let call = ChangeOutline { course: self.course, tab: self.tab(), change: waiting.change.clone() };
            match Call::json(&call).send().await {
                Ok(_) => {
                    pause = 1;
                    _ = self.queue.try_update_value(VecDeque::pop_front);
                    self.stored(&waiting);
                }
                // Whether it was stored is not known; each change can be sent again.
                Err(AppError::Unavailable) => {
                    self.saving.try_set(Saving::Waiting);
                    sleep(pause).await;
                    pause = (2 * pause).min(PATIENCE);
                }
                Err(error) => return self.roll_back(error).await,
            }
        }
        self.saving.try_set(Saving::Saved);
        if self.behind.try_get_value() == Some(true) {
            self.refresh(None).await;
        }
    }

    fn stored(self, waiting: &Waiting) {
        for list in [self.past, self.future] {
            _ = list.try_update(|list| {
                for done in list.iter_mut().filter(|done| done.number == waiting.number) {
                    done.stored = true;
                }
            });
        }
        // What can be restored stands below the outline, by the server.
        if matches!(waiting.change, OutlineChange::Delete { .. } | OutlineChange::Restore { .. }) {
            self.behind.set_value(true);
        }
    }

    /// What is stored is shown next, and what was not stored cannot be undone. What was meant is offered; what was done
    /// after something that only came too late is done again on what is there.
    async fn roll_back(self, error: AppError) {
        let waiting = self.queue.try_update_value(|queue| queue.drain(..).collect::<Vec<_>>()).unwrap_or_default();
        let mut meant = waiting.into_iter().filter_map(|waiting| waiting.intent);
        self.saving.try_set(Saving::Nothing);
        for list in [self.past, self.future] {
            _ = list.try_update(|list| list.retain(|done| done.stored));
        }
        self.announcer.say(format!("Your change was not saved. {error}"));
        if error != AppError::SignInRequired {
            self.refresh(None).await;
        }
        let stale = matches!(error, AppError::Conflict(_));
        let offers: Vec<Intent> = if stale { meant.next().into_iter().collect() } else { meant.by_ref().collect() };
        for intent in meant {
            self.act(intent);
        }
        // On what is there now: what was meant may be gone, or be so already.
        self.trouble.try_set(Some(Trouble { error, offers }));
    }

    /// Somebody else changed the outline: it is shown as soon as nothing of this page's is under way.
    pub fn others_changed(self, who: String) {
        if self.is_busy() {
            self.behind.set_value(true);
        } else {
            spawn(async move { self.refresh(Some(who)).await });
        }
    }

    /// Shows what is stored. One at a time: what comes meanwhile is looked at when this one is done.
    async fn refresh(self, who: Option<String>) {
        self.behind.set_value(true);
        if self.looking.try_update_value(|looking| std::mem::replace(looking, true)) != Some(false) {
            return;
        }
        while self.behind.try_get_value() == Some(true) && !self.is_busy() {
            // What is held, or being named, stays where it is until it is let go.
            let held = document().query_selector("[data-dragging], [data-lifted], .editor-input:focus");
            if held.is_ok_and(|held| held.is_some()) {
                sleep(1).await;
                continue;
            }
            self.behind.set_value(false);
            let before = self.numbers.get_value();
            let found = part::fetch(&format!("/admin/courses/{}/edit", self.course)).await.ok();
            let found = found.as_deref().and_then(part::parse);
            let Some((page, tree)) = found.and_then(|page| page::read(&page).map(|tree| (page, tree))) else {
                // Asked again with the next change, or when the connection is there again.
                self.behind.set_value(true);
                break;
            };
            // What was done since it was asked for is not in it.
            if self.is_busy() || self.numbers.try_get_value() != Some(before) {
                self.behind.set_value(true);
                continue;
            }
            self.take_over(&page, tree, who.as_deref());
        }
        self.looking.set_value(false);
    }

    fn take_over(self, page: &Document, tree: Tree, who: Option<&str>) {
        page::follow_deleted(page);
        if self.with(|shown| shown.sections == tree.sections) {
            return;
        }
        self.tree.update_value(|shown| shown.follow(tree));
        self.show();
        if let Some(who) = who {
            self.announcer.say(words::followed(who));
            self.saving.try_set(Saving::Followed(who.to_owned()));
        }
    }
}

/// An id that nothing has.
pub fn fresh() -> Uuid {
    let random = window().crypto().ok().and_then(|crypto| crypto.random_uuid().parse().ok());
    random.unwrap_or_else(|| {
        // Without the browser's ids (pages that did not come over https): its numbers.
        let number = || (js_sys::Math::random() * f64::from(u32::MAX)) as u128;
        Uuid::from_u128(number() << 96 | number() << 64 | number() << 32 | number())
    })
}

async fn sleep(seconds: u64) {
    let wait = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(move || _ = resolve.call0(&wasm_bindgen::JsValue::NULL), Duration::from_secs(seconds));
    });
    _ = wasm_bindgen_futures::JsFuture::from(wait).await;
}
