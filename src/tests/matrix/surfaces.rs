//! Everything that a lesson can be seen on, and what an answer shows of it in one word.

use super::actors::{Actor, NOBODIES};
use super::status;
use crate::fields;
use crate::support::app::{Fields, request};
use crate::support::builders::Product;
use crate::support::store::count;
use crate::support::{App, Course, Lesson, Reply};
use axum::body::Body;
use axum::http::Method;
use lectern::domain::id::FileId;
use lectern::server::files::address;
use serde_json::Value;

/// A lesson, and what it is in.
pub struct Place<'w> {
    pub course: &'w Course,
    /// What the course is sold in, or was.
    pub product: &'w Product,
    pub lesson: &'w Lesson,
    /// Its film, once there is one.
    pub film: Option<FileId>,
}

pub const SURFACES: [&str; 24] = [
    "page",
    "get_lesson",
    "course-page",
    "get_outline",
    "get_course",
    "product-page",
    "get_product",
    "storefront",
    "get_storefront",
    "my-courses",
    "list_my_courses",
    "search",
    "sitemap",
    "attachment",
    "attachment-by-name",
    "captions",
    "edit-page",
    "get_lesson_edit",
    "complete_lesson",
    "save_position",
    "save_note",
    "notes",
    "purchase-page",
    "purchases",
];

/// What there is of a lesson once it has a film, which takes the place of its video's address.
pub const FILMS: [&str; 2] = ["film", "range"];

/// What is read off an answer.
enum Reading {
    /// Whether all of these are in it.
    Tokens(Vec<String>),
    /// Whether the lesson's name and a way to it are in it.
    Outline,
    /// The same of data, where an outline says itself what is locked.
    OutlineData,
    /// Whether the product's name is in it.
    Product,
    /// Whether this table has a row now.
    Stored(&'static str),
}

/// Asks for a lesson on a surface; returns the answer, and what it shows.
pub async fn ask(app: &App, actor: &Actor, place: &Place<'_>, surface: &str) -> (Reply, String) {
    let (course, lesson, token) = (place.course.id, place.lesson.id, &place.lesson.token);
    let both = fields!["course" => course, "lesson" => lesson];
    let tokens = |names: &[&str]| Reading::Tokens(names.iter().map(|name| format!("{name}-{token}")).collect());
    let get = async |path: String| app.get_as(&actor.person, actor.address(&path)).await;
    let call = async |function: &str, fields: Fields| {
        app.call(&actor.person, function, [fields, actor.extra.clone()].concat()).await
    };
    let (reply, reading) = match surface {
        "page" => {
            let reply = get(place.course.lesson_path(place.lesson)).await;
            (reply, tokens(&["name", "body", "video", "file", "said"]))
        }
        "get_lesson" => (call("get_lesson", both).await, tokens(&["name", "body", "video", "file", "said"])),
        "course-page" => (get(format!("/courses/{course}")).await, Reading::Outline),
        "get_outline" => (call("get_outline", fields!["course" => course]).await, Reading::OutlineData),
        "get_course" => (call("admin/get_course", fields!["id" => course]).await, Reading::OutlineData),
        "product-page" => (get(format!("/products/{}", place.product.id)).await, Reading::Outline),
        "purchase-page" => (get(format!("/products/{}/purchase", place.product.id)).await, Reading::Outline),
        "get_product" => (call("get_product", fields!["id" => place.product.id]).await, Reading::OutlineData),
        "storefront" => (get("/".to_owned()).await, Reading::Outline),
        "get_storefront" => (call("get_storefront", fields![]).await, Reading::Outline),
        "my-courses" => (get("/courses".to_owned()).await, Reading::Outline),
        "list_my_courses" => (call("list_my_courses", fields![]).await, Reading::Outline),
        "purchases" => (get("/purchases".to_owned()).await, Reading::Product),
        // There is none but an author's.
        "search" => (get("/admin/sales?q=Lesson".to_owned()).await, Reading::Outline),
        "sitemap" => (get("/sitemap.xml".to_owned()).await, Reading::Outline),
        "attachment" => (get(format!("/media/{}", place.lesson.attachment)).await, tokens(&["file"])),
        "attachment-by-name" => (get(format!("/lessons/{lesson}/files/file-{token}.pdf")).await, tokens(&["file"])),
        "captions" => (get(format!("/captions/{}", place.lesson.captions)).await, tokens(&["said"])),
        "edit-page" => {
            let reply = get(format!("/admin/lessons/{lesson}/edit")).await;
            (reply, tokens(&["name", "body", "video", "file"]))
        }
        "get_lesson_edit" => {
            let reply = call("admin/get_lesson_edit", fields!["id" => lesson]).await;
            (reply, tokens(&["name", "body", "video", "file"]))
        }
        "complete_lesson" => {
            let reply = call("complete_lesson", [both, fields!["done" => true]].concat()).await;
            (reply, Reading::Stored("user_lesson_complete"))
        }
        "save_position" => {
            let reply = call("save_position", [both, fields!["seconds" => 61]].concat()).await;
            (reply, Reading::Stored("lesson_positions"))
        }
        "save_note" => {
            let reply = call("save_note", [both, fields!["note" => "Mine"]].concat()).await;
            (reply, Reading::Stored("lesson_notes"))
        }
        "notes" => {
            call("save_note", [both, fields!["note" => "Mine"]].concat()).await;
            (get(format!("/courses/{course}/notes.md")).await, Reading::Outline)
        }
        "film" => (app.get_as(&actor.person, signed(app, actor, place).await).await, tokens(&["film", "bits"])),
        "range" => {
            let path = signed(app, actor, place).await;
            let mut part = request(Method::GET, &actor.person, &path, Body::empty());
            // "bits-" and the token.
            part.headers_mut().insert("range", "bytes=-17".parse().unwrap());
            let reply = app.send(part).await;
            assert_ne!(reply.status, 200, "a part was asked for");
            (reply, tokens(&["bits"]))
        }
        _ => panic!("what is {surface}?"),
    };
    let word = word(app, actor, place, &reply, reading).await;
    // What was stored must not decide what the next surface shows.
    let stored: &[&str] = match surface {
        "complete_lesson" => &["user_lesson_complete", "course_completions"],
        "save_position" => &["lesson_positions"],
        "save_note" | "notes" => &["lesson_notes"],
        _ => &[],
    };
    for table in stored {
        sqlx::query(sqlx::AssertSqlSafe(format!("delete from {table}"))).execute(&app.pool).await.unwrap();
    }
    (reply, word)
}

/// The film's address with a signature as good as it gets: for whom the site takes the actor to be, made just now.
async fn signed(app: &App, actor: &Actor, place: &Place<'_>) -> String {
    let key = app.state.files.key(&app.state.db).await.expect("there is a key");
    let somebody = (!NOBODIES.contains(&actor.name)).then_some(actor.person.id);
    address::sign(key, place.film.expect("there is a film"), somebody, chrono::Utc::now().timestamp())
}

async fn word(app: &App, actor: &Actor, place: &Place<'_>, reply: &Reply, reading: Reading) -> String {
    let seen = match status(reply).as_str() {
        "200" | "206" => shown(place, reply, &reading).to_owned(),
        "sign-in" | "401" => "sign-in".to_owned(),
        "403" => "refused".to_owned(),
        "404" => "not-found".to_owned(),
        other => other.to_owned(),
    };
    let Reading::Stored(table) = reading else { return seen };
    let all = count(&app.pool, table).await;
    let own = format!("{table} where user_id = '{}' and lesson_id = '{}'", actor.person.id, place.lesson.id);
    match (seen.as_str(), count(&app.pool, &own).await, all) {
        ("done", 1, 1) | (_, 0, 0) if seen != "done" || all == 1 => seen,
        (_, own, all) => format!("{seen} with {all} rows, {own} of them right"),
    }
}

fn shown(place: &Place<'_>, reply: &Reply, reading: &Reading) -> &'static str {
    let bytes = reply.bytes();
    let named = bytes.contains(&format!("name-{}", place.lesson.token));
    match reading {
        Reading::Stored(_) => "done",
        Reading::Product if bytes.contains(&format!("product-{}", place.product.token)) => "bought",
        Reading::Product => "absent",
        Reading::Tokens(tokens) => match tokens.iter().filter(|token| bytes.contains(token.as_str())).count() {
            0 => "absent",
            found if found == tokens.len() => "open",
            _ => "partly",
        },
        Reading::Outline => {
            let way = place.course.lesson_path(place.lesson);
            let id = format!("\"{}\"", place.lesson.id);
            match (named, bytes.contains(&way) || bytes.contains(&id)) {
                (true, true) => "open",
                (true, false) => "named",
                (false, true) => "linked",
                (false, false) => "absent",
            }
        }
        Reading::OutlineData => {
            let access = serde_json::from_slice(&reply.body).ok().and_then(|data| access(&data, place));
            match (named, access.as_deref()) {
                (true, Some("Open")) => "open",
                (true, Some("Locked")) => "named",
                (false, None) => "absent",
                _ => "partly",
            }
        }
    }
}

/// What an outline, wherever it is in the data, says of the lesson: its row begins with its id.
fn access(data: &Value, place: &Place<'_>) -> Option<String> {
    match data {
        Value::Array(row) if row.first() == Some(&Value::from(place.lesson.id.to_string())) => {
            let words = row.iter().filter_map(Value::as_str);
            words.filter(|word| ["Open", "Locked", "Hidden"].contains(word)).map(str::to_owned).next()
        }
        Value::Array(all) => all.iter().find_map(|one| access(one, place)),
        Value::Object(fields) => fields.values().find_map(|one| access(one, place)),
        _ => None,
    }
}
