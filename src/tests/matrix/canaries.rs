//! Tokens in answers, and who may find which in the worlds of the other tables.

use super::actors::Actor;
use crate::support::{Course, Lesson, Reply, World};
use std::collections::BTreeSet;

/// What a lesson is, but for its name; its addresses among them.
pub fn contents(lesson: &Lesson) -> Vec<String> {
    let named = ["body", "video", "file", "said", "film", "bits"].map(|what| format!("{what}-{}", lesson.token));
    let addresses = [format!("/media/{}", lesson.attachment), format!("/captions/{}", lesson.captions)];
    [&named[..], &addresses].concat()
}

fn whole(lesson: &Lesson) -> Vec<String> {
    [contents(lesson), vec![format!("name-{}", lesson.token)]].concat()
}

/// The tokens and addresses of files in some text, each once: whatever looks like one.
pub fn found_in(bytes: &str) -> BTreeSet<String> {
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let mut found = BTreeSet::new();
    for (at, _) in bytes.match_indices('-') {
        let word = bytes[..at].rsplit(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
        if let Some(token) = bytes.get(at + 1..at + 13).filter(|token| hex(token)) {
            found.insert(format!("{word}-{token}"));
        }
    }
    for prefix in ["/media/", "/captions/"] {
        for (at, _) in bytes.match_indices(prefix) {
            let id = bytes.get(at + prefix.len()..at + prefix.len() + 36).filter(|id| hex(id));
            found.extend(id.map(|id| format!("{prefix}{id}")));
        }
    }
    found
}

/// The same of an answer, its headers included.
pub fn found(reply: &Reply) -> BTreeSet<String> {
    found_in(&reply.bytes())
}

/// What is kept from people in some worlds, of which the first is that of the actors.
pub struct Kept {
    /// From all but admins.
    hidden: BTreeSet<String>,
    /// From all who did not buy the course.
    sold: BTreeSet<String>,
    /// From all who did not buy the other one.
    other: BTreeSet<String>,
    /// Of worlds in which nobody of the actors bought anything.
    foreign: BTreeSet<String>,
}

impl Kept {
    pub fn of<'w>(own: &World, others: impl IntoIterator<Item = &'w World>) -> Self {
        let mut kept = Self {
            hidden: hidden(own),
            sold: contents(own.paid()).into_iter().collect(),
            other: contents(&own.other_course.sections[0].lessons[0]).into_iter().collect(),
            foreign: BTreeSet::new(),
        };
        for world in others {
            kept.hidden.extend(hidden(world));
            kept.foreign.extend(contents(world.paid()));
            kept.foreign.extend(contents(&world.other_course.sections[0].lessons[0]));
        }
        kept
    }

    /// What is in an answer to this actor and may not be.
    pub fn leaks(&self, actor: &Actor, reply: &Reply) -> Vec<String> {
        let name = actor.name;
        let kept = |token: &String| {
            self.hidden.contains(token)
                || self.foreign.contains(token)
                || self.sold.contains(token) && name != "entitled"
                || self.other.contains(token) && name != "elsewhere"
        };
        if name == "admin" { Vec::new() } else { found(reply).into_iter().filter(kept).collect() }
    }
}

/// Drafts, courses in no public product, and what those are sold in.
fn hidden(world: &World) -> BTreeSet<String> {
    let mut hidden: BTreeSet<String> =
        ["product", "pitch"].map(|what| format!("{what}-{}", world.private_product.token)).into();
    let all = |course: &Course| {
        let own = ["title", "about"].map(|what| format!("{what}-{}", course.token));
        let sections = course.sections.iter().map(|section| format!("section-{}", section.token));
        own.into_iter().chain(sections).chain(course.lessons().flat_map(whole)).collect::<Vec<_>>()
    };
    hidden.extend([&world.unsold_course, &world.loose_course].into_iter().flat_map(all));
    hidden.extend([world.draft(), &world.other_course.sections[0].lessons[2]].into_iter().flat_map(whole));
    let back = &world.course.sections[1];
    hidden.insert(format!("section-{}", back.token));
    hidden.extend(back.lessons.iter().flat_map(whole));
    hidden
}
