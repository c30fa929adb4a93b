//! Drafts on this device: in Web Storage, each page's under a key of its own, so that of two tabs neither overwrites
//! what the other keeps.

use crate::domain::draft::DraftMark;
use crate::domain::id::LessonId;
use leptos::prelude::{document, window};
use web_sys::Storage;

/// A draft on this device.
pub struct Kept {
    /// Milliseconds of 1970 by this device's clock, which is compared with itself alone.
    pub at: i64,
    pub mark: DraftMark,
    /// Whether the server has it, too, as the revision that was seen.
    pub sent: bool,
    /// Of the lesson that it was begun on.
    pub version: String,
    /// URL-encoded.
    pub fields: String,
}

/// Whether it could be kept.
pub fn keep(lesson: LessonId, mark: &DraftMark, sent: bool, version: &str, fields: &str) -> bool {
    let text = format!("{} {} {} {version} {fields}", js_sys::Date::now() as i64, mark.seen, u8::from(sent));
    storage().is_some_and(|storage| storage.set_item(&format!("{}{}", of(lesson), mark.hand), &text).is_ok())
}

pub fn forget(lesson: LessonId, hand: &str) {
    if let Some(storage) = storage() {
        _ = storage.remove_item(&format!("{}{hand}", of(lesson)));
    }
}

/// The newest draft that the server may not have, out of its place: it goes on as this page's. What the server has is
/// forgotten.
pub fn take(lesson: LessonId) -> Option<Kept> {
    let (storage, prefix) = (storage()?, of(lesson));
    let keys: Vec<String> = (0..storage.length().unwrap_or_default())
        .filter_map(|at| storage.key(at).ok().flatten())
        .filter(|key| key.starts_with(&prefix))
        .collect();
    let mut newest: Option<Kept> = None;
    for key in keys {
        let hand = &key[prefix.len()..];
        let kept = storage.get_item(&key).ok().flatten().and_then(|text| read(hand, &text));
        match kept {
            Some(kept) if !kept.sent => {
                if newest.as_ref().is_none_or(|newest| newest.at < kept.at) {
                    newest = Some(kept);
                }
            }
            _ => forget(lesson, hand),
        }
    }
    if let Some(newest) = &newest {
        forget(lesson, &newest.mark.hand);
    }
    newest
}

/// A name for what writes on this page.
pub fn hand() -> String {
    let number = (js_sys::Math::random() * u32::MAX as f64) as u32;
    format!("{:x}-{number:x}", js_sys::Date::now() as i64)
}

/// The time of day on this device, `10:42`.
pub fn clock(at: i64) -> String {
    let time = js_sys::Date::new(&(at as f64).into()).to_locale_time_string("en-GB");
    String::from(time).chars().take("10:42".len()).collect()
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What keys begin with: whose page this is, and of which lesson. Another person's drafts on this device are not theirs.
fn of(lesson: LessonId) -> String {
    let person = document().document_element().and_then(|page| page.get_attribute("data-person"));
    format!("draft-{}-{lesson}-", person.unwrap_or_default())
}

fn read(hand: &str, text: &str) -> Option<Kept> {
    let mut parts = text.splitn(5, ' ');
    Some(Kept {
        at: parts.next()?.parse().ok()?,
        mark: DraftMark { hand: hand.to_owned(), seen: parts.next()?.parse().ok()? },
        sent: parts.next()? == "1",
        version: parts.next()?.to_owned(),
        fields: parts.next()?.to_owned(),
    })
}
