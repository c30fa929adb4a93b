//! What a viewer may not see is in no byte that is sent to them. Every name, text and address of the test data holds
//! a token of its own (`support/builders.rs`), which is looked for on every surface.

use crate::fields;
use crate::support::store::dump;
use crate::support::{App, Course, Lesson, Person, World};
use sqlx::PgPool;

/// Everything that the site answers this viewer about these courses and products, headers and errors included.
async fn everything(app: &App, world: &World, viewer: &Person) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    let mut paths = [
        "/",
        "/courses",
        "/purchases",
        "/sitemap.xml",
        "/robots.txt",
        "/sign-in",
        "/admin",
        "/admin/courses",
        "/admin/people",
    ]
    .map(str::to_owned)
    .to_vec();
    let courses = [&world.course, &world.other_course, &world.unsold_course, &world.loose_course];
    for product in [&world.product, &world.other_product, &world.private_product] {
        paths.push(format!("/products/{}", product.id));
        paths.push(format!("/products/{}/purchase", product.id));
        paths.push(format!("/admin/products/{}/edit", product.id));
        for function in ["get_product", "start_checkout", "admin/get_product_edit", "admin/get_product_deletion"] {
            let name = if function == "start_checkout" { "product" } else { "id" };
            let fields = fields![name => product.id];
            seen.push((format!("{function} {}", product.id), app.call(viewer, function, fields.clone()).await.bytes()));
            seen.push((format!("{function} form"), app.submit(viewer, function, fields).await.bytes()));
        }
    }
    for course in courses {
        paths.push(format!("/courses/{}", course.id));
        paths.push(format!("/admin/courses/{}/edit", course.id));
        seen.push((
            "get_outline".into(),
            app.call(viewer, "get_outline", fields!["course" => course.id]).await.bytes(),
        ));
        seen.push((
            "get_course".into(),
            app.call(viewer, "admin/get_course", fields!["id" => course.id]).await.bytes(),
        ));
        // Every lesson at every course's address.
        for lesson in courses.iter().flat_map(|course| course.lessons()) {
            paths.push(course.lesson_path(lesson));
            paths.push(format!("/admin/lessons/{}/edit", lesson.id));
            for (function, fields) in [
                ("get_lesson", fields!["course" => course.id, "lesson" => lesson.id]),
                ("complete_lesson", fields!["course" => course.id, "lesson" => lesson.id, "done" => false]),
                ("admin/get_lesson_edit", fields!["id" => lesson.id]),
            ] {
                let reply = app.call(viewer, function, fields).await;
                seen.push((format!("{function} {} of {}", lesson.id, course.id), reply.bytes()));
            }
        }
    }
    for function in ["get_storefront", "list_my_courses", "list_purchases", "current_viewer"] {
        seen.push((function.to_owned(), app.call(viewer, function, fields![]).await.bytes()));
    }
    for path in paths {
        seen.push((path.clone(), app.get_as(viewer, &path).await.bytes()));
    }
    seen
}

#[track_caller]
fn assert_absent(seen: &[(String, String)], tokens: &[String]) {
    for token in tokens {
        let leaks: Vec<&str> =
            seen.iter().filter(|(_, bytes)| bytes.contains(token.as_str())).map(|(place, _)| place.as_str()).collect();
        assert!(leaks.is_empty(), "{token} is in {leaks:#?}");
    }
}

/// That a token is sent where it may be: a search that finds nothing anywhere proves nothing.
#[track_caller]
fn assert_present(seen: &[(String, String)], tokens: &[String]) {
    for token in tokens {
        assert!(seen.iter().any(|(_, bytes)| bytes.contains(token.as_str())), "{token} is nowhere");
    }
}

fn content(lesson: &Lesson) -> Vec<String> {
    ["body", "video", "file", "said"].map(|what| format!("{what}-{}", lesson.token)).to_vec()
}

fn whole(lesson: &Lesson) -> Vec<String> {
    [content(lesson), vec![format!("name-{}", lesson.token)]].concat()
}

/// Everything that a course could give away of itself.
fn all_of(course: &Course) -> Vec<String> {
    let own = [format!("title-{}", course.token), format!("about-{}", course.token)];
    let sections = course.sections.iter().map(|section| format!("section-{}", section.token));
    own.into_iter().chain(sections).chain(course.lessons().flat_map(whole)).collect()
}

/// Of a course whose first section is public: what nobody but an admin sees.
fn drafts_of(course: &Course) -> Vec<String> {
    let mut drafts = whole(&course.sections[0].lessons[2]);
    for section in &course.sections[1..] {
        drafts.push(format!("section-{}", section.token));
        drafts.extend(section.lessons.iter().flat_map(whole));
    }
    drafts
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az1_an_anonymous_visitor_gets_no_byte_of_a_paid_lesson(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let page = app.get(world.course.lesson_path(world.paid())).await;
    assert!(matches!(page.status, 303 | 404), "{}", page.status);
    let fields = fields!["course" => world.course.id, "lesson" => world.paid().id];
    let data = app.call(&Person::anonymous(), "get_lesson", fields).await;
    assert!(matches!(data.status, 401 | 404), "{}", data.status);

    let seen = everything(&app, &world, &Person::anonymous()).await;
    for course in [&world.course, &world.other_course] {
        assert_absent(&seen, &content(&course.sections[0].lessons[0]));
        assert_absent(&seen, &drafts_of(course));
        // The outline names what is locked.
        assert_present(&seen, &[format!("name-{}", course.sections[0].lessons[0].token)]);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az2_an_anonymous_visitor_reads_a_preview_and_nothing_of_its_neighbours(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let page = app.get(world.course.lesson_path(world.taster())).await;
    let seen = [("the preview".to_owned(), page.ok().bytes())];
    assert_present(&seen, &whole(world.taster()));
    for lesson in world.course.lessons().filter(|lesson| lesson.id != world.taster().id) {
        assert_absent(&seen, &content(lesson));
    }
    assert_absent(&seen, &drafts_of(&world.course));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az3_a_preview_in_a_private_section_or_an_unsold_course_is_hidden_on_every_surface(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let hidden_preview = &world.course.sections[1].lessons[1];
    for viewer in [&Person::anonymous(), &world.outsider, &world.learner] {
        let seen = everything(&app, &world, viewer).await;
        assert_absent(&seen, &whole(hidden_preview));
        assert_absent(&seen, &all_of(&world.unsold_course));
        assert_absent(&seen, &all_of(&world.loose_course));
        for course in [&world.unsold_course, &world.loose_course] {
            app.get_as(viewer, format!("/courses/{}", course.id)).await.is(404);
            app.get_as(viewer, course.lesson_path(&course.sections[0].lessons[1])).await.is(404);
        }
        app.get_as(viewer, world.course.lesson_path(hidden_preview)).await.is(404);
    }
    // An admin sees all of it: the search above could have found it.
    let seen = everything(&app, &world, &world.admin).await;
    assert_present(&seen, &whole(hidden_preview));
    assert_present(&seen, &all_of(&world.unsold_course));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az4_access_to_one_course_opens_nothing_of_another(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let foreign = &world.other_course.sections[0].lessons[0];
    for path in [world.other_course.lesson_path(foreign), world.course.lesson_path(foreign)] {
        app.get_as(&world.learner, &path).await.is(404);
    }
    for course in [world.other_course.id, world.course.id] {
        let fields = fields!["course" => course, "lesson" => foreign.id];
        app.call(&world.learner, "get_lesson", fields).await.is(404);
    }
    // One's own lesson at another course's address is not there either.
    app.get_as(&world.learner, world.other_course.lesson_path(world.paid())).await.is(404);
    let seen = everything(&app, &world, &world.learner).await;
    assert_absent(&seen, &content(foreign));
    assert_absent(&seen, &drafts_of(&world.other_course));
    assert_present(&seen, &whole(world.paid()));
    assert_present(&seen, &whole(world.taster()));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az5_a_private_lesson_is_absent_for_those_with_access_too(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    for lesson in world.course.sections[1].lessons.iter().chain([world.draft()]) {
        app.get_as(&world.learner, world.course.lesson_path(lesson)).await.is(404);
        app.call(&world.learner, "get_lesson", fields!["course" => world.course.id, "lesson" => lesson.id])
            .await
            .is(404);
    }
    let seen = everything(&app, &world, &world.learner).await;
    assert_absent(&seen, &drafts_of(&world.course));

    // Counts, percent, neighbours: two lessons there are, and no other.
    for lesson in [world.paid(), world.taster()] {
        let fields = fields!["course" => world.course.id, "lesson" => lesson.id, "done" => true];
        app.call(&world.learner, "complete_lesson", fields).await.ok();
    }
    let courses: serde_json::Value = app.call(&world.learner, "list_my_courses", fields![]).await.json();
    assert_eq!(courses[0]["progress"], serde_json::json!({"completed": 2, "total": 2}));
    let last = app.get_as(&world.learner, world.course.lesson_path(world.taster())).await.text();
    assert!(last.contains(r#"rel="prev""#) && !last.contains(r#"rel="next""#), "the draft is a neighbour");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az6_after_a_refund_every_surface_is_shut_on_the_next_request(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let path = world.course.lesson_path(world.paid());
    app.get_as(&world.learner, &path).await.is(200);
    app.call(&world.admin, "admin/refund_purchase", fields!["id" => world.purchase]).await.ok();
    app.get_as(&world.learner, &path).await.is(404);
    let seen = everything(&app, &world, &world.learner).await;
    assert_absent(&seen, &content(world.paid()));
    let fields = fields!["course" => world.course.id, "lesson" => world.paid().id, "done" => true];
    app.call(&world.learner, "complete_lesson", fields).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az7_a_private_product_is_not_there_and_past_buyers_keep_their_courses(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let secret = world.private_product.id;
    let tokens = [format!("product-{}", world.private_product.token), format!("pitch-{}", world.private_product.token)];
    for viewer in [&Person::anonymous(), &world.outsider, &world.learner] {
        app.get_as(viewer, format!("/products/{secret}")).await.is(404);
        app.call(viewer, "get_product", fields!["id" => secret]).await.is(404);
        assert_absent(&everything(&app, &world, viewer).await, &tokens);
    }
    let before = dump(&app.pool).await;
    app.call(&world.learner, "start_checkout", fields!["product" => secret]).await.is(404);
    assert_eq!(dump(&app.pool).await, before);

    sqlx::query("update products set status = 'private' where id = $1")
        .bind(world.product.id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    app.get_as(&world.outsider, format!("/products/{}", world.product.id)).await.is(404);
    app.get_as(&world.learner, world.course.lesson_path(world.paid())).await.is(200);
    app.get_as(&world.learner, format!("/purchases/{}", world.purchase)).await.is(200);
    // For everyone else the course is in no public product any more.
    app.get_as(&world.outsider, format!("/courses/{}", world.course.id)).await.is(404);
    app.get(world.course.lesson_path(world.taster())).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az5_a_lesson_that_was_learnt_and_then_hidden_is_named_nowhere(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let fields = |more: &[(&str, &str)]| {
        let mut fields = fields!["course" => world.course.id, "lesson" => world.paid().id];
        fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        fields
    };
    app.call(&world.learner, "save_note", fields(&[("note", "Mine")])).await.ok();
    app.call(&world.learner, "save_position", fields(&[("seconds", "5")])).await.ok();
    app.call(&world.learner, "complete_lesson", fields(&[("done", "true")])).await.ok();
    sqlx::query("update lessons set status = 'private', name = 'name-hidden' where id = $1")
        .bind(world.paid().id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    sqlx::query("update course_sections set status = 'private', name = 'section-hidden' where id = $1")
        .bind(world.course.sections[0].id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    let outline = app.call(&world.learner, "get_outline", fields!["course" => world.course.id]).await.ok().bytes();
    let id = world.paid().id.to_string();
    for seen in [
        app.get_as(&world.learner, format!("/courses/{}/notes.md", world.course.id)).await.ok().bytes(),
        app.get_as(&world.learner, "/account/notes.md").await.ok().bytes(),
        app.get_as(&world.learner, "/account/export.json").await.ok().bytes(),
    ] {
        assert!(seen.contains("Mine") && seen.contains("A lesson that is hidden"), "{seen}");
        assert!(!seen.contains("name-hidden") && !seen.contains("section-hidden") && !seen.contains(&id), "{seen}");
    }
    assert!(!outline.contains(&id), "{outline}");
}
