//! What is typed into a lesson's form and not saved yet.

use crate::fields;
use crate::support::app::Fields;
use crate::support::store::count;
use crate::support::{App, Person, World, person};
use lectern::domain::draft::{DraftComparison, DraftKept, Drafts, Merged};
use lectern::domain::id::LessonId;
use lectern::domain::version::Line;
use serde_json::{Value, json};
use sqlx::PgPool;

/// A lesson's form as somebody filled it in.
fn form(lesson: LessonId, version: &str, markdown: &str) -> Fields {
    fields![
        "id" => lesson, "version" => version, "form[name]" => "Bread", "form[status]" => "public",
        "form[markdown]" => markdown,
    ]
}

impl App {
    async fn version_of(&self, admin: &Person, lesson: LessonId) -> String {
        let edit: Value = self.call(admin, "admin/get_lesson_edit", fields!["id" => lesson]).await.json();
        edit["version"].as_str().expect("has a version").to_owned()
    }

    async fn drafts(&self, admin: &Person, lesson: LessonId) -> Drafts {
        self.call(admin, "admin/get_drafts", fields!["id" => lesson]).await.json()
    }

    async fn save_lesson(&self, admin: &Person, lesson: LessonId, markdown: &str) {
        let version = self.version_of(admin, lesson).await;
        self.call(admin, "admin/update_lesson", form(lesson, &version, markdown)).await.ok();
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_draft_is_its_authors_until_it_is_saved_or_discarded(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let (lesson, other) = (world.paid().id, person("Grace").admin().create(&app).await);
    let version = app.version_of(&world.admin, lesson).await;
    assert_eq!(app.drafts(&world.admin, lesson).await, Drafts { own: None, others: vec![] });
    for text in ["On", "On and"] {
        let kept: DraftKept = app.call(&world.admin, "admin/save_draft", form(lesson, &version, text)).await.json();
        assert!(kept.others.is_empty());
    }
    let own = app.drafts(&world.admin, lesson).await.own.expect("is kept");
    assert_eq!((own.form.markdown.as_str(), own.version.as_str()), ("On and", version.as_str()));
    // The form holds it, says so, and learners see nothing of it.
    let page = app.get_as(&world.admin, format!("/admin/lessons/{lesson}/edit")).await.text();
    assert!(page.contains("On and") && page.contains("Your draft of"));
    assert!(!app.get_as(&world.learner, world.course.lesson_path(world.paid())).await.text().contains("On and"));
    // Another author is told of it, and has none of it in their form.
    let theirs = app.drafts(&other, lesson).await;
    assert!(theirs.own.is_none());
    assert_eq!(theirs.others.iter().map(|draft| draft.by.as_str()).collect::<Vec<_>>(), ["Avery"]);
    let compared: DraftComparison = app.call(&world.admin, "admin/compare_draft", fields!["id" => lesson]).await.json();
    assert!(compared.lines.contains(&Line::Added("On and".into())), "{:?}", compared.lines);
    app.call(&other, "admin/compare_draft", fields!["id" => lesson]).await.is(404);
    // What others discard or save leaves it.
    app.call(&other, "admin/discard_draft", fields!["id" => lesson]).await.ok();
    assert_eq!(count(&app.pool, "lesson_drafts").await, 1);
    let version = app.version_of(&world.admin, lesson).await;
    let save = [fields!["draft[seen]" => own.revision], form(lesson, &version, "On and on")].concat();
    app.call(&world.admin, "admin/update_lesson", save).await.ok();
    assert_eq!(count(&app.pool, "lesson_drafts").await, 0, "what is saved is no draft");
    let never = app.call(&world.admin, "admin/save_draft", form(lesson, &version, "Never mind")).await;
    let seen = never.json::<DraftKept>().revision;
    let discard = fields!["id" => lesson, "draft[seen]" => seen];
    app.submit(&world.admin, "admin/discard_draft", discard).await.led_to("/admin/lessons/");
    assert_eq!(count(&app.pool, "lesson_drafts").await, 0);
}

/// One person in two tabs, or on two devices: what one wrote is overwritten by the other only after it was seen.
#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn of_two_hands_neither_overwrites_or_discards_what_it_has_not_seen(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let (lesson, admin) = (world.paid().id, &world.admin);
    app.save_lesson(admin, lesson, "One\n\nTwo\n\nThree").await;
    let version = app.version_of(admin, lesson).await;
    let with = |hand: &str, seen: i64, text: &str| {
        [fields!["draft[hand]" => hand, "draft[seen]" => seen], form(lesson, &version, text)].concat()
    };
    let text = async || app.drafts(admin, lesson).await.own.expect("is kept").form.markdown;
    let desk = "One, desk\n\nTwo\n\nThree";
    let first: DraftKept = app.call(admin, "admin/save_draft", with("desk", 0, desk)).await.json();
    let phone = "One\n\nTwo\n\nThree, phone";
    app.call(admin, "admin/save_draft", with("phone", 0, phone)).await.is(409);
    assert_eq!(text().await, desk);
    // The desk goes on, and again after an answer that it never heard.
    for _ in 0..2 {
        app.call(admin, "admin/save_draft", with("desk", first.revision, desk)).await.ok();
    }
    app.call(admin, "admin/save_draft", with("phone", first.revision, phone)).await.is(409);
    // Brought together, and the desk is the one that is told.
    let ask = json!({"id": lesson, "base": "One\n\nTwo\n\nThree", "own": true, "markdown": phone});
    let merged: Merged = app.call_json(admin, "admin/merge_draft", ask).await.json();
    assert_eq!((merged.markdown.as_str(), merged.conflicts), ("One, desk\n\nTwo\n\nThree, phone\n", 0));
    let seen = merged.revision.expect("was brought in");
    app.call(admin, "admin/save_draft", with("phone", seen, &merged.markdown)).await.ok();
    app.call(admin, "admin/save_draft", with("desk", seen, desk)).await.is(409);
    // Nor does the desk discard it, or save it away.
    app.call(admin, "admin/discard_draft", with("desk", seen, desk)).await.ok();
    app.call(admin, "admin/update_lesson", with("desk", seen, desk)).await.ok();
    assert_eq!(text().await, merged.markdown);
    app.call(admin, "admin/discard_draft", with("phone", 0, "")).await.ok();
    assert!(app.drafts(admin, lesson).await.own.is_none());
    let ask = json!({"id": lesson, "own": true, "markdown": phone});
    app.call_json(admin, "admin/merge_draft", ask).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_draft_is_kept_however_it_is_but_not_of_what_is_not_there(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let lesson = world.paid().id;
    let odd = fields![
        "id" => lesson, "version" => "v", "form[name]" => "", "form[video_url]" => "javascript:alert(1)",
        "form[markdown]" => "a\r\nb",
    ];
    app.call(&world.admin, "admin/save_draft", odd).await.ok();
    let own = app.drafts(&world.admin, lesson).await.own.expect("is kept");
    assert_eq!((own.form.video_url.as_str(), own.form.markdown.as_str()), ("javascript:alert(1)", "a\nb"));
    let nowhere = form(LessonId(uuid::Uuid::new_v4()), "v", "Lost");
    app.call(&world.admin, "admin/save_draft", nowhere).await.is(404);
    let long = form(lesson, "v", &"x".repeat((1 << 20) + 1));
    app.call(&world.admin, "admin/save_draft", long).await.is(400);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn cc7_what_two_wrote_is_merged_and_what_both_changed_stands_twice(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let (lesson, other) = (world.paid().id, person("Grace").admin().create(&app).await);
    app.save_lesson(&world.admin, lesson, "One\n\nTwo\n\nThree").await;
    let version = app.version_of(&world.admin, lesson).await;
    let mine = "One, mine\n\nTwo\n\nThree";
    app.call(&world.admin, "admin/save_draft", form(lesson, &version, mine)).await.ok();
    app.save_lesson(&other, lesson, "One\n\nTwo\n\nThree, theirs").await;
    app.call(&world.admin, "admin/update_lesson", form(lesson, &version, mine)).await.is(409);
    let merge = async |mine: &str| -> Merged {
        app.call_json(&world.admin, "admin/merge_draft", json!({"id": lesson, "markdown": mine})).await.json()
    };
    let merged = merge(mine).await;
    assert_eq!((merged.markdown.as_str(), merged.conflicts), ("One, mine\n\nTwo\n\nThree, theirs\n", 0));
    assert_eq!(merged.by.as_deref(), Some("Grace"));
    let clash = merge("One\n\nTwo\n\nThree, mine").await;
    assert!(clash.conflicts == 1 && clash.markdown.contains("Three, mine") && clash.markdown.contains("Three, theirs"));
    // Whoever knows what they began on says so.
    let told = json!({"id": lesson, "base": "Two\n", "markdown": "Mine\n\nTwo\n"});
    let told: Merged = app.call_json(&world.admin, "admin/merge_draft", told).await.json();
    assert!(told.markdown.contains("Mine") && told.theirs.contains("theirs"), "{told:?}");
    // Nothing was saved by it; what it was made on is what is saved next.
    app.call(&world.admin, "admin/update_lesson", form(lesson, &merged.version, &merged.markdown)).await.ok();
    let edit: Value = app.call(&other, "admin/get_lesson_edit", fields!["id" => lesson]).await.json();
    assert_eq!(edit["markdown"], "One, mine\n\nTwo\n\nThree, theirs\n");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_preview_is_what_the_lessons_page_shows(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let text = "## Here\n\n![A curve](curve.png)\n\n```rust\nfn main() {}\n```\n\n<script>alert(1)</script>\n";
    let ask = json!({"id": world.paid().id, "markdown": text});
    let html: String = app.call_json(&world.admin, "admin/preview_lesson", ask).await.json();
    let own = format!("/admin/lessons/{}/files/", world.paid().id);
    assert!(!html.contains("<script") && html.contains(&format!("{own}curve.png")), "{html}");
    app.save_lesson(&world.admin, world.paid().id, text).await;
    let page = app.get_as(&world.learner, world.course.lesson_path(world.paid())).await.text();
    assert!(page.contains(&html.replace(&own, &format!("/lessons/{}/files/", world.paid().id))), "{html}");
}
