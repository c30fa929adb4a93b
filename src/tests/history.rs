//! What a lesson was, and how its author has it again.

use crate::fields;
use crate::support::store::count;
use crate::support::{App, World, person};
use lectern::domain::id::LessonId;
use lectern::domain::version::{LessonVersions, Line};
use serde_json::Value;
use sqlx::PgPool;

impl App {
    /// Saves a lesson as its form does.
    async fn write_lesson(&self, world: &World, id: LessonId, name: &str, markdown: &str) {
        let edit: Value = self.call(&world.admin, "admin/get_lesson_edit", fields!["id" => id]).await.json();
        let form = fields![
            "id" => id, "version" => edit["version"].as_str().unwrap(), "form[name]" => name, "form[status]" => "public",
            "form[video_url]" => "", "form[markdown]" => markdown,
        ];
        self.call(&world.admin, "admin/update_lesson", form).await.ok();
    }

    async fn versions(&self, world: &World, id: LessonId, of: Option<usize>) -> LessonVersions {
        let found = |fields| self.call(&world.admin, "admin/get_lesson_versions", fields);
        let all: LessonVersions = found(fields!["id" => id]).await.json();
        match of {
            None => all,
            Some(at) => found(fields!["id" => id, "version" => all.versions[at].id]).await.json(),
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn every_text_that_was_saved_is_kept_compared_and_had_again(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let lesson = world.paid().id;
    assert_eq!(app.versions(&world, lesson, None).await.versions.len(), 0);
    app.write_lesson(&world, lesson, "Bread", "One.\nTwo.\nThree.").await;
    app.write_lesson(&world, lesson, "Bread", "One.\n2.\nThree.").await;
    // The same again is no other state.
    app.write_lesson(&world, lesson, "Bread", "One.\n2.\nThree.").await;
    let found = app.versions(&world, lesson, Some(1)).await;
    // What it was before anything was saved is there, too, and is nobody's.
    let by: Vec<_> = found.versions.iter().map(|version| version.by.is_some()).collect();
    assert_eq!((by, found.versions[0].characters), (vec![true, true, false], 14));
    let lines = found.compared.expect("is compared").lines;
    assert!(lines.contains(&Line::Removed("Two.".into())) && lines.contains(&Line::Added("2.".into())), "{lines:?}");
    assert!(lines.contains(&Line::Same("One.".into())));

    // Restoring is saving: nothing is lost by it, and it can be taken back.
    let restore = fields!["id" => lesson, "version" => found.versions[1].id];
    let reply = app.call(&world.admin, "admin/restore_lesson_version", restore).await;
    assert_eq!(reply.ok().location(), format!("/admin/lessons/{lesson}/edit"));
    let edit: Value = app.call(&world.admin, "admin/get_lesson_edit", fields!["id" => lesson]).await.json();
    assert_eq!((&edit["markdown"], &edit["status"]), (&"One.\nTwo.\nThree.".into(), &"public".into()));
    let after = app.versions(&world, lesson, None).await.versions;
    assert_eq!(after.len(), 4);
    assert_eq!(after[1..].to_vec(), found.versions);

    // One lesson's state is no other's; who is gone is not named; with the lesson its states go.
    let foreign = fields!["id" => world.taster().id, "version" => found.versions[1].id];
    app.call(&world.admin, "admin/restore_lesson_version", foreign.clone()).await.is(404);
    app.call(&world.admin, "admin/get_lesson_versions", foreign).await.is(404);
    app.call(&world.admin, "admin/delete_lesson", fields!["id" => lesson]).await.ok();
    assert_eq!(count(&app.pool, "lesson_versions").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_restored_text_is_no_silent_overwrite_of_what_somebody_else_writes(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let lesson = world.paid().id;
    app.write_lesson(&world, lesson, "Bread", "One.").await;
    app.write_lesson(&world, lesson, "Bread", "Two.").await;
    let other = person("Mo").admin().create(&app).await;
    let open: Value = app.call(&other, "admin/get_lesson_edit", fields!["id" => lesson]).await.json();
    let first = app.versions(&world, lesson, None).await.versions[1].id;
    app.call(&world.admin, "admin/restore_lesson_version", fields!["id" => lesson, "version" => first]).await.ok();
    let form = fields![
        "id" => lesson, "version" => open["version"].as_str().unwrap(), "form[name]" => "Bread",
        "form[status]" => "public", "form[markdown]" => "Two, and more.",
    ];
    app.call(&other, "admin/update_lesson", form).await.is(409);
    assert_eq!(app.versions(&world, lesson, None).await.versions[0].characters, 4);
}
