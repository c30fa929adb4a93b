//! What is said before something is deleted, and what a move leaves alone.

use crate::fields;
use crate::support::store::{assert_order_is_dense, count, dump, rearrange};
use crate::support::{App, World, course, person, section};
use lectern::domain::outline::Outline;
use lectern::error::{AppError, Conflict};
use serde_json::Value;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn dr1_a_course_in_a_product_is_not_deleted_and_the_page_names_the_products(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let (id, token) = (world.unsold_course.id, &world.private_product.token);
    let before = dump(&app.pool).await;
    let refused = app.call(&world.admin, "admin/delete_course", fields!["id" => id]).await;
    assert!(matches!(refused.is(409).error(), AppError::Conflict(Conflict::Refused(_))));
    let page = app.get_as(&world.admin, format!("/admin/courses/{id}/delete")).await.text();
    assert!(page.contains(&format!("product-{token}")), "the page does not name the product");
    assert!(page.contains(&format!("/admin/products/{}/edit", world.private_product.id)));
    assert_eq!(dump(&app.pool).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn dr1_a_product_with_purchases_is_not_deleted_and_the_page_says_why(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    for (product, reason) in [(world.product.id, "1 purchase"), (world.other_product.id, "1 checkout")] {
        app.call(&world.admin, "admin/delete_product", fields!["id" => product]).await.is(409);
        let page = app.get_as(&world.admin, format!("/admin/products/{product}/delete")).await.text();
        assert!(page.contains(reason) && !page.contains("Delete the product"), "{reason}");
    }
    app.call(&world.admin, "admin/delete_product", fields!["id" => world.private_product.id]).await.ok();
    assert_eq!(count(&app.pool, "products").await, 2);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn dr7_a_moved_lesson_keeps_its_id_and_everyones_progress(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let learner = person("Lee").create(&app).await;
    let three = || section("Section").with_lessons(3);
    let course = course("Course").with(three()).with(three()).create(&app).await;
    app.give(&learner, &course).await;
    let lesson = course.sections[0].lessons[1].id;
    let (from, to) = (course.sections[0].id, course.sections[1].id);
    app.call(&learner, "complete_lesson", fields!["course" => course.id, "lesson" => lesson, "done" => true])
        .await
        .ok();
    let seen = app.lessons_of(to.0).await;
    let here = app.lessons_of(from.0).await;
    let change = rearrange(&[(from, &here, &[here[0], here[2]]), (to, &seen, &[seen[0], seen[1], lesson.0, seen[2]])]);
    app.change(&admin, course.id, &change).await.ok();

    let there = app.lessons_of(to.0).await;
    assert_eq!(there, [seen[0], seen[1], lesson.0, seen[2]]);
    assert_eq!(app.lessons_of(from.0).await.len(), 2);
    assert_eq!(app.completed_by(learner.id.0).await, [lesson.0]);
    let courses: Value = app.call(&learner, "list_my_courses", fields![]).await.json();
    assert_eq!(courses[0]["progress"]["completed"], 1);
    assert_order_is_dense(&app.pool).await;
    // Back to the start by the plain form.
    let back = fields!["course" => course.id, "lesson" => lesson, "from" => to, "to" => from, "first" => true];
    app.call(&admin, "admin/move_lesson", back).await.ok();
    assert_eq!(app.lessons_of(from.0).await[0], lesson.0);
    assert_eq!(app.completed_by(learner.id.0).await, [lesson.0]);
    // And into another course, where its learners have it then.
    let other = crate::support::course("Other").with(section("Only").with_lessons(1)).create(&app).await;
    let away = fields!["course" => course.id, "lesson" => lesson, "from" => from, "to" => other.sections[0].id];
    app.call(&admin, "admin/move_lesson", away).await.ok();
    assert_eq!(app.lessons_of(other.sections[0].id.0).await[1], lesson.0);
    assert_eq!(app.completed_by(learner.id.0).await, [lesson.0]);
    app.get_as(&learner, format!("/courses/{}/lessons/{lesson}", course.id)).await.is(404);
    assert_order_is_dense(&app.pool).await;
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn dr8_a_deletion_says_how_much_goes_with_it(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let course = course("Course").with(section("One").with_lessons(3)).with(section("Two").with_lessons(2));
    let course = course.create(&app).await;
    for _ in 0..2 {
        let learner = person("Lee").create(&app).await;
        app.give(&learner, &course).await;
        for lesson in [&course.sections[0].lessons[0], &course.sections[0].lessons[1], &course.sections[1].lessons[0]] {
            let fields = fields!["course" => course.id, "lesson" => lesson.id, "done" => true];
            app.call(&learner, "complete_lesson", fields).await.ok();
        }
    }
    let lesson = course.sections[0].lessons[0].id;
    for (path, sentences) in [
        (format!("/admin/lessons/{lesson}/delete"), vec!["2 completions"]),
        (format!("/admin/sections/{}/delete", course.sections[0].id), vec!["3 lessons", "4 completions"]),
        (
            format!("/admin/courses/{}/delete", course.id),
            vec!["2 sections", "5 lessons", "6 completions", "2 learners"],
        ),
    ] {
        let page = app.get_as(&admin, &path).await.text();
        for sentence in sentences {
            assert!(page.contains(sentence), "{path} does not say {sentence}");
        }
    }
    // And it goes, and leaves no gap.
    app.call(&admin, "admin/delete_lesson", fields!["id" => lesson]).await.ok();
    assert_eq!(count(&app.pool, "user_lesson_complete").await, 4);
    app.call(&admin, "admin/delete_section", fields!["id" => course.sections[0].id]).await.ok();
    assert_eq!(count(&app.pool, "user_lesson_complete").await, 2);
    assert_order_is_dense(&app.pool).await;
    app.call(&admin, "admin/delete_course", fields!["id" => course.id]).await.ok();
    for table in
        ["courses", "course_sections", "lessons", "user_lesson_complete", "user_course_access", "course_grants"]
    {
        assert_eq!(count(&app.pool, table).await, 0, "{table}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_course_once_completed_stays_so_and_says_what_is_new(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let learner = person("Lee").create(&app).await;
    let course = course("Course").with(section("Only").with_lessons(2)).create(&app).await;
    app.give(&learner, &course).await;
    for lesson in course.lessons() {
        let fields = fields!["course" => course.id, "lesson" => lesson.id, "done" => true];
        app.call(&learner, "complete_lesson", fields).await.ok();
    }
    let fields = fields![
        "course" => course.id, "section" => course.sections[0].id, "form[name]" => "New", "form[status]" => "public",
    ];
    app.call(&admin, "admin/create_lesson", fields).await.ok();
    let outline: Outline = app.call(&learner, "get_outline", fields!["course" => course.id]).await.json();
    assert!(outline.completed_at.is_some());
    assert_eq!(outline.added_since, 1);
    let courses: Value = app.call(&learner, "list_my_courses", fields![]).await.json();
    assert_eq!(courses[0]["progress"], serde_json::json!({"completed": 2, "total": 3}));
}
