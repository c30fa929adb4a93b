//! What forms without script are answered with.

use crate::fields;
use crate::support::app::request;
use crate::support::store::count;
use crate::support::{App, Person, World, course, lesson, person, section};
use axum::body::Body;
use axum::http::Method;
use lectern::error::AppError;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_form_without_script_is_answered_with_a_way_on(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let complete = fields!["course" => world.course.id, "lesson" => world.paid().id, "done" => true];
    let done = app.submit(&world.learner, "complete_lesson", complete.clone()).await;
    assert_eq!((done.status, done.location().trim_end_matches('?')), (302, crate::support::app::REFERER));
    assert_eq!(app.completed_by(world.learner.id.0).await, [world.paid().id.0]);
    // The error goes back to the form in the address.
    let wrong = app.submit(&world.admin, "admin/create_course", fields!["form[title]" => ""]).await;
    assert_eq!(wrong.status, 302);
    let back = wrong.location().to_owned();
    assert!(back.starts_with(crate::support::app::REFERER) && back.contains("__err="), "{back}");
    // The session ended meanwhile.
    let gone = app.submit(&Person::anonymous(), "complete_lesson", complete).await;
    assert_eq!((gone.status, gone.location()), (303, "/sign-in?next=/from-here"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn who_may_not_is_told_so_by_a_page_where_a_form_was_sent_and_by_data_where_a_script_asked(pool: PgPool) {
    let app = App::new(pool);
    let lee = person("Lee").create(&app).await;
    let told = app.call(&lee, "admin/list_coupons", fields![]).await;
    assert_eq!((told.status, told.error()), (403, AppError::Forbidden));
    let page = app.submit(&lee, "admin/list_coupons", fields![]).await;
    assert!(page.is(403).header("content-type").starts_with("text/html"));
    assert!(page.text().contains("</html>"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn whoever_signs_in_after_a_form_was_refused_comes_to_a_page_that_opens(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let made = course("Bread").with(section("Dough").with(lesson("Flour"))).create(&app).await;
    let (section, lesson) = (&made.sections[0], &made.sections[0].lessons[0]);
    let bulk = format!("/admin/sections/{}/lessons/bulk", section.id);
    let edit = format!("/admin/lessons/{}/edit", lesson.id);
    let files = format!("/admin/lessons/{}/files", lesson.id);
    let bulk_files = format!("{bulk}/files");
    let ours = "http://127.0.0.1:3000";
    for (to, from, back) in [
        (bulk_files.as_str(), format!("{ours}{bulk}"), bulk.as_str()),
        (&files, format!("{ours}{edit}"), &edit),
        ("/admin/courses/import/upload", format!("{ours}/admin/courses/import"), "/admin/courses/import"),
        // Of a page that was the answer to a form.
        (&bulk_files, format!("{ours}{bulk_files}"), &bulk_files),
        (&files, format!("{ours}{files}"), &files),
        ("/admin/courses/import/upload", format!("{ours}/admin/courses/import/upload"), "/admin/courses/import/upload"),
        ("/api/admin/create_course", format!("{ours}/admin/courses/new"), "/admin/courses/new"),
        ("/api/admin/create_course", format!("{ours}/api/admin/create_course"), "/"),
        // From nowhere, or from elsewhere.
        (&files, String::new(), "/"),
        (&files, "https://evil.example/admin".to_owned(), "/"),
        (&files, format!("{ours}.evil.example/admin"), "/"),
        (&files, format!("{ours}//evil.example/"), "/"),
        (&files, format!("{ours}/\\evil.example/"), "/"),
    ] {
        let mut request = request(Method::POST, &Person::anonymous(), to, Body::from("x=y"));
        let headers = request.headers_mut();
        headers.insert("content-type", "application/x-www-form-urlencoded".parse().unwrap());
        headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
        headers.insert("referer", from.parse().unwrap());
        let reply = app.send(request).await;
        let next = reply.is(303).led_to("/sign-in?next=").replace("%3A", ":");
        assert_eq!(next, back, "{to} from {from}");
        // Signed in again, it opens, or leads to a page that does.
        let opened = app.get_as(&admin, &next).await;
        let opened = if opened.status == 307 { app.get_as(&admin, opened.location()).await } else { opened };
        opened.is(200);
    }
    // What was to be looked at is looked at then.
    let page = app.get(format!("{bulk}?x=1")).await;
    assert_eq!(page.is(303).location(), format!("/sign-in?next={bulk}%3Fx%3D1"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_form_without_script_may_be_refused_as_often_as_it_is_and_leads_on_from_its_own_page(pool: PgPool) {
    let app = App::new(pool);
    let ada = person("Ada").create(&app).await;
    let mut to = "update_profile".to_owned();
    let mut page = "/account?x=1".to_owned();
    for _ in 0..3 {
        let refused = app.submit_from(&ada, &page, &to, fields!["form[name]" => ""]).await;
        let html = refused.is(400).text();
        assert!(html.contains("id=\"name-error\"") && html.contains("<title>Your account"), "{html}");
        // The answer stands at the form's address, and every form on it says whose page it is.
        let forms: Vec<&str> =
            html.split(" action=\"/api/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(forms.len() > 1 && forms.iter().all(|form| form.ends_with("?from=%2Faccount%3Fx%3D1")), "{forms:?}");
        page = format!("/api/{to}");
        to = forms.iter().find(|form| form.starts_with("update_profile")).map(ToString::to_string).unwrap();
    }
    app.submit_from(&ada, &page, &to, fields!["form[name]" => "Ada Lovelace"]).await.is(302);
    assert_eq!(count(&app.pool, "users where name = 'Ada Lovelace'").await, 1);
    // What is stored and leads nowhere leads back to that page; and to no other site, whatever is said.
    let world = World::create(&app).await;
    let complete = fields!["course" => world.course.id, "lesson" => world.paid().id, "done" => true];
    for (from, back) in [
        ("%2Fcourses%3Fx%3D1", "/courses?x=1"),
        ("//evil.example/", "/account"),
        ("https://evil.example/", "/account"),
        ("/%5Cevil.example", "/account"),
    ] {
        let to = format!("complete_lesson?from={from}");
        let stored = app.submit_from(&world.learner, "/account", &to, complete.clone()).await;
        let location = stored.is(302).location().trim_end_matches('?');
        assert_eq!(location, format!("http://127.0.0.1:3000{back}"), "{from}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_was_typed_into_a_form_without_script_is_still_there_when_it_is_refused(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let lesson = world.paid().id;
    let page = format!("/admin/lessons/{lesson}/edit");
    let version = |html: &str| {
        let field = html.split("name=\"version\"").nth(1).expect("has a version").split('>').next().unwrap_or_default();
        field.split("value=\"").nth(1).and_then(|value| value.split('"').next()).expect("with a value").to_owned()
    };
    let seen = version(&app.get_as(&world.admin, &page).await.text());
    let typed = |name: &str| {
        fields![
            "id" => lesson, "version" => seen, "form[name]" => name, "form[status]" => "preview",
            "form[video_url]" => "javascript:no", "form[markdown]" => "\nFive <b>pages</b> & a </textarea><script>",
        ]
    };
    let refused = app.submit_from(&world.admin, &page, "admin/update_lesson", typed("A good name")).await;
    assert_eq!(refused.status, 400);
    let html = refused.text();
    for part in [
        "value=\"A good name\"",
        "value=\"javascript:no\"",
        "\nFive &lt;b>pages&lt;/b> &amp; a &lt;/textarea>&lt;script></textarea>",
        "id=\"video_url-error\"",
    ] {
        assert!(html.contains(part), "{part} is missing");
    }
    let preview = html.split("value=\"preview\"").nth(1).and_then(|rest| rest.split('>').next());
    assert!(preview.is_some_and(|rest| rest.contains("checked")), "the status is still chosen");
    assert_eq!(app.get_as(&world.admin, &page).await.text().matches("A good name").count(), 0);
    // What somebody else saved meanwhile is not overwritten by sending the same once more.
    let other = fields![
        "id" => lesson, "version" => seen, "form[name]" => "Theirs", "form[status]" => "public",
        "form[video_url]" => "", "form[markdown]" => "Theirs",
    ];
    app.call(&world.admin, "admin/update_lesson", other).await.ok();
    let mut mine = typed("Mine");
    mine.iter_mut().filter(|(name, _)| name == "form[video_url]").for_each(|(_, value)| value.clear());
    for _ in 0..2 {
        let stale = app.submit_from(&world.admin, &page, "admin/update_lesson", mine.clone()).await;
        assert_eq!(stale.status, 409);
        let html = stale.text();
        assert!(html.contains("value=\"Mine\"") && version(&html) == seen, "the form is as it was sent");
    }
    // A password is not sent back, and nobody's page is shown to somebody else.
    let wrong = fields!["form[email]" => "who@example.org", "form[password]" => "wrong and secret"];
    let refused = app.submit_from(&Person::anonymous(), "/sign-in", "sign_in", wrong).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("value=\"who@example.org\"") && !refused.text().contains("wrong and secret"));
    let bad = fields!["form[email]" => "", "form[password]" => ""];
    let elsewhere = app.submit_from(&world.learner, &page, "sign_in", bad).await;
    assert_eq!(elsewhere.status, 302);
}
