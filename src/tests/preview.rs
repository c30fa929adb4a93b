//! An admin looks at the site as others see it, and changes nothing by it.

use crate::fields;
use crate::support::store::dump_without;
use crate::support::{App, Person, World};
use sqlx::PgPool;

/// The same admin's browser while it looks as somebody else.
fn as_others(admin: &Person, preview: &str) -> Person {
    let cookie = admin.cookie.as_deref().expect("is signed in");
    Person { cookie: Some(format!("{cookie}; lectern-preview={preview}")), ..admin.clone() }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_visitors_and_a_buyers_pages_show_what_visitors_and_buyers_see(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let started =
        app.submit(&world.admin, "admin/start_preview", fields!["preview" => "buyer", "next" => "/courses"]).await;
    assert!(
        started
            .headers
            .get("set-cookie")
            .is_some_and(|cookie| cookie.to_str().unwrap().starts_with("lectern-preview=buyer;"))
    );
    let (visitor, buyer) = (as_others(&world.admin, "visitor"), as_others(&world.admin, "buyer"));
    let course = format!("/courses/{}", world.course.id);
    let lesson = |at: usize| world.course.lesson_path(&world.course.sections[0].lessons[at]);
    // Paid, preview, draft.
    for (person, expected) in [(&world.admin, [200, 200, 200]), (&buyer, [200, 200, 404]), (&visitor, [303, 200, 404])]
    {
        for (at, status) in expected.into_iter().enumerate() {
            assert_eq!(app.get_as(person, lesson(at)).await.status, status, "{at}");
        }
    }
    let draft = format!("name-{}", world.draft().token);
    assert!(app.get_as(&world.admin, &course).await.text().contains(&draft));
    for person in [&buyer, &visitor] {
        let page = app.get_as(person, &course).await.text();
        assert!(!page.contains(&draft) && page.contains("Nothing is recorded"), "{page}");
    }
    assert!(app.get_as(&visitor, "/").await.text().contains("/sign-up"));
    // The author's pages are the author's, and the way back is among them.
    app.get_as(&visitor, format!("/admin/courses/{}/edit", world.course.id)).await.is(200);
    let stopped = app.submit(&visitor, "admin/stop_preview", fields!["next" => course]).await;
    assert_eq!(stopped.location(), course);
    assert!(stopped.headers.get("set-cookie").is_some_and(|cookie| cookie.to_str().unwrap().contains("Max-Age=0")));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn an_authors_preview_of_a_text_shows_a_drafts_pictures_also_while_they_look_as_others_do(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let draft = world.draft().id;
    let form =
        b"--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"dot.gif\"\r\n\r\nGIF89a....\r\n--b--\r\n";
    app.send_files(&world.admin, &format!("/admin/lessons/{draft}/files"), form.to_vec()).await.is(303);
    let ask = serde_json::json!({"id": draft, "markdown": "![A dot](dot.gif)"});
    for preview in ["visitor", "buyer"] {
        let author = as_others(&world.admin, preview);
        let html: String = app.call_json(&author, "admin/preview_lesson", ask.clone()).await.json();
        let picture = html.split("src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("shows a picture");
        assert_eq!(app.get_as(&author, picture).await.is(200).header("content-type"), "image/gif");
        // What others see is what they see.
        app.get_as(&author, format!("/lessons/{draft}/files/dot.gif")).await.is(404);
        let learner = as_others(&world.learner, preview);
        app.get_as(&learner, picture).await.is(403);
        app.get(picture).await.is(303);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn nothing_is_recorded_in_a_preview_and_it_opens_nothing_to_others(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let before = dump_without(&app.pool, &["sessions"]).await;
    for preview in ["visitor", "buyer"] {
        let person = as_others(&world.admin, preview);
        let (course, lesson) = (world.course.id, world.paid().id);
        for (function, fields) in [
            ("complete_lesson", fields!["course" => course, "lesson" => lesson, "done" => true]),
            ("save_position", fields!["course" => course, "lesson" => lesson, "seconds" => 61]),
            ("save_note", fields!["course" => course, "lesson" => lesson, "note" => "Mine"]),
            ("start_checkout", fields!["product" => world.other_product.id]),
        ] {
            let status = app.call(&person, function, fields).await.status;
            assert!(matches!(status, 401 | 409), "{function} as {preview}: {status}");
        }
    }
    // The cookie of anybody else says nothing.
    for preview in ["visitor", "buyer", "admin", ""] {
        let outsider = as_others(&world.outsider, preview);
        app.get_as(&outsider, world.course.lesson_path(world.paid())).await.is(404);
    }
    let anonymous = Person { cookie: Some("lectern-preview=buyer".to_owned()), ..Person::anonymous() };
    app.get_as(&anonymous, world.course.lesson_path(world.paid())).await.is(303);
    assert_eq!(dump_without(&app.pool, &["sessions"]).await, before);
}
