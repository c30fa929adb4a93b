//! What admins do to people, and the log of it.

use crate::fields;
use crate::support::store::count;
use crate::support::{App, Person, World, person};
use futures::future::join_all;
use lectern::domain::audit::{Act, AuditPage};
use lectern::server::db;
use sqlx::PgPool;

async fn log(app: &App, admin: &Person, words: &str) -> Vec<(Option<String>, String, Option<String>)> {
    let page: AuditPage = app.call(admin, "admin/search_audit", fields!["q" => words]).await.json();
    let entries = page.entries.into_iter();
    entries.map(|entry| (entry.actor.map(|who| who.name), entry.words, entry.subject.map(|who| who.name))).collect()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az9_whoever_is_suspended_is_out_on_the_next_request_and_in_by_no_way(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let path = world.course.lesson_path(world.paid());
    app.get_as(&world.learner, &path).await.ok();
    let suspend = |suspended: bool| fields!["person" => world.learner.id, "suspended" => suspended];
    app.call(&world.admin, "admin/suspend_person", suspend(true)).await.ok();
    app.get_as(&world.learner, &path).await.is(303);
    app.call(&world.learner, "list_my_courses", vec![]).await.is(401);
    let letter = lectern::server::auth::passes::make(
        &app.state.db,
        world.learner.id,
        world.learner.email.clone(),
        lectern::domain::account::Purpose::SignIn,
    );
    let token = letter.await.unwrap().unwrap();
    app.call(&Person::anonymous(), "sign_in_by_link", fields!["token" => token]).await.is(409);
    assert_eq!(count(&app.pool, &format!("sessions where user_id = '{}'", world.learner.id)).await, 0);
    app.call(&world.admin, "admin/suspend_person", suspend(false)).await.ok();
    let back = app.again(&world.learner).await;
    app.get_as(&back, &path).await.ok();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn two_admins_who_take_each_others_rights_at_once_leave_one(pool: PgPool) {
    let app = App::new(pool);
    let admins = join_all((0..2).map(|_| person("Ada").admin().create(&app))).await;
    let end = |by: usize| {
        let other = admins[1 - by].id;
        app.call(&admins[by], "admin/set_role", fields!["person" => other, "role" => "User"])
    };
    let statuses: Vec<u16> = join_all([end(0), end(1)]).await.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(count(&app.pool, "users where role = 'admin'").await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_command_line_makes_an_admin_of_whoever_signs_in_by_an_e_mail_or_is_known_to_have_it(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Avery").admin().create(&app).await;
    let fields =
        fields!["form[name]" => "Ada", "form[email]" => "ada@example.org", "form[password]" => "correct horse"];
    app.call(&Person::anonymous(), "sign_up", fields).await.ok();
    let make = async |email: &'static str| {
        app.state.db.write(move |tx| Box::pin(db::users::make_admin(tx, email))).await.unwrap()
    };
    assert!(!make("nobody@example.org").await);
    assert_eq!(count(&app.pool, "users where role = 'admin'").await, 1);
    assert!(make("Ada@Example.org").await);
    assert_eq!(count(&app.pool, "users where role = 'admin' and email = 'ada@example.org'").await, 1);
    let made = (None, Act::AdminMade.words().to_owned(), Some("Ada".to_owned()));
    assert_eq!(log(&app, &admin, "ada@example.org").await, [made]);
    // Of who comes by a provider, an address that the provider confirmed; anybody may have said another one.
    let lee = person("Lee").create(&app).await;
    let (email, id) = (lee.email.clone().leak(), lee.id.0);
    assert!(!make(email).await);
    sqlx::query("update users set email_verified_at = now() where id = $1").bind(id).execute(&app.pool).await.unwrap();
    assert!(make(email).await);
    assert_eq!(count(&app.pool, &format!("users where role = 'admin' and id = '{id}'")).await, 1);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_is_taken_back_twice_is_in_the_log_once(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    app.give(&world.outsider, &world.loose_course).await;
    let grant: uuid::Uuid = sqlx::query_scalar("select id from course_grants where user_id = $1")
        .bind(world.outsider.id.0)
        .fetch_one(&app.pool)
        .await
        .unwrap();
    for _ in 0..2 {
        app.call(&world.admin, "admin/revoke_grant", fields!["id" => grant]).await.ok();
        assert_eq!(log(&app, &world.admin, "").await.len(), 1);
    }
    assert!(app.access_of(world.outsider.id.0).await.is_empty());
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn nobody_decides_about_themselves_and_the_role_is_one_of_two(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let me = world.admin.id;
    for (function, fields) in [
        ("admin/set_role", fields!["person" => me, "role" => "User"]),
        ("admin/suspend_person", fields!["person" => me, "suspended" => true]),
        ("admin/delete_person", fields!["person" => me]),
    ] {
        app.call(&world.admin, function, fields).await.is(409);
    }
    let root = fields!["person" => world.learner.id, "role" => "Root"];
    app.call(&world.admin, "admin/set_role", root).await.is(400);
    assert_eq!(count(&app.pool, "audit_log").await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_link_makes_one_admin_and_none_once_its_maker_is_none(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let invite = async || {
        let reply = app.call(&world.admin, "admin/invite_admin", vec![]).await;
        assert_eq!(reply.ok().location(), "/admin/people/invite");
        // It goes to the page that shows it in a cookie, and stands in no address there.
        let cookie = reply.set_cookie().expect("a cookie is set").split(';').next().unwrap().to_owned();
        let person =
            Person { cookie: world.admin.cookie.as_ref().map(|own| format!("{own}; {cookie}")), ..world.admin.clone() };
        let secret = cookie.strip_prefix("lectern-invitation=").expect("is the invitation's").to_owned();
        assert!(app.get_as(&person, "/admin/people/invite").await.ok().text().contains(&secret));
        assert!(!app.get_as(&world.admin, "/admin/people/invite").await.ok().text().contains(&secret));
        secret
    };
    let token = invite().await;
    let join = |person: &Person| {
        let (app, person, token) = (&app, person.clone(), token.clone());
        async move { app.call(&person, "join_as_admin", fields!["token" => token]).await.status }
    };
    let statuses = join_all([join(&world.learner), join(&world.outsider)]).await;
    assert!(statuses.contains(&200) && statuses.contains(&409), "{statuses:?}");
    assert_eq!(count(&app.pool, "users where role = 'admin'").await, 2);

    let (first, late) = (invite().await, person("Late").create(&app).await);
    sqlx::query("update users set role = 'user' where id = $1")
        .bind(world.admin.id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    app.call(&late, "join_as_admin", fields!["token" => first]).await.is(409);
    sqlx::query("update users set role = 'admin' where id = $1")
        .bind(world.admin.id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    sqlx::query("update invitations set expires_at = now()").execute(&app.pool).await.unwrap();
    app.call(&late, "join_as_admin", fields!["token" => first]).await.is(409);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn every_act_is_in_the_log_which_is_searched_and_never_changed(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let (admin, lee) = (&world.admin, &world.learner);
    app.call(admin, "admin/set_role", fields!["person" => lee.id, "role" => "Admin"]).await.ok();
    app.call(admin, "admin/set_role", fields!["person" => lee.id, "role" => "Admin"]).await.ok();
    app.call(admin, "admin/set_role", fields!["person" => lee.id, "role" => "User"]).await.ok();
    app.call(admin, "admin/suspend_person", fields!["person" => lee.id, "suspended" => true]).await.ok();
    app.call(admin, "admin/suspend_person", fields!["person" => lee.id, "suspended" => false]).await.ok();
    app.call(admin, "admin/confirm_address", fields!["person" => lee.id]).await.ok();
    let given = fields!["person" => world.outsider.id, "form[course]" => world.loose_course.id, "form[note]" => ""];
    app.call(admin, "admin/grant_course", given).await.ok();
    app.call(admin, "admin/refund_purchase", fields!["id" => world.purchase]).await.ok();
    app.call(admin, "admin/delete_person", fields!["person" => world.outsider.id]).await.ok();
    let told = log(&app, admin, "").await;
    let words: Vec<&str> = told.iter().rev().map(|(_, words, _)| words.as_str()).collect();
    let expected = [
        Act::AdminMade,
        Act::AdminEnded,
        Act::Suspended,
        Act::Restored,
        Act::AddressConfirmed,
        Act::CourseGiven,
        Act::Refunded,
        Act::Deleted,
    ];
    assert_eq!(words, expected.map(Act::words));
    assert!(told.iter().all(|(actor, ..)| actor.as_deref() == Some("Avery")), "{told:?}");
    assert_eq!(log(&app, admin, "SUSPEND").await.len(), 1);
    assert_eq!(log(&app, admin, &lee.email.to_uppercase()).await.len(), 6);
    assert_eq!(log(&app, admin, "nobody did this").await.len(), 0);
    // Who is gone is in it without their name.
    assert_eq!(told[0].2.as_deref(), Some("Deleted"));
    for change in ["update audit_log set act = 'x'", "delete from audit_log", "truncate audit_log"] {
        assert!(sqlx::raw_sql(change).execute(&app.pool).await.is_err(), "{change}");
    }
    assert_eq!(count(&app.pool, "audit_log").await, 8);
}
