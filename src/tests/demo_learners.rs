//! Learners that are made up for a demo are such as the real ways would have left behind.

use crate::support::store::count;
use crate::support::{App, course, person, product, section};
use crate::updates::Beside;
use lectern::server::demo::{self, learners};
use lectern::server::{commands, db};
use sqlx::PgPool;
use std::path::Path;

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn made_up_learners_hold_to_every_rule_and_are_made_once(pool: PgPool) {
    let app = App::new(pool);
    let paid = course("Paid").with(section("One").with_lessons(6)).with(section("Draft").private().with_lessons(2));
    let (paid, free) =
        (paid.create(&app).await, course("Free").with(section("One").with_lessons(3)).create(&app).await);
    product("Paid").of(&paid).of(&free).create(&app).await;
    product("Free").dollars(0).of(&free).create(&app).await;
    product("Hidden").private().of(&paid).create(&app).await;
    demo::seed(&app.state.db, &app.state.files, Path::new("no such folder")).await.expect("the author is there");
    let made = learners::fill(&app.state.db, 300).await.expect("are made");
    assert_eq!(made.people, 300);
    assert_eq!(count(&app.pool, "users where clerk_user_id like 'local|demo-learner-%'").await, 300);
    assert!(made.bought > 300 && made.completions > 300, "{made:?}");

    for (what, wrong) in [
        ("a name twice", "(select name from users group by name having count(*) > 1) t"),
        (
            "what is to come",
            "(select created_at from purchases union all select created_at from user_lesson_complete union all select created_at from users union all select updated_at from lesson_positions) t where created_at > now()",
        ),
        ("bought before joining", "purchases p join users u on u.id = p.user_id where p.created_at < u.created_at"),
        (
            "completed before the course was theirs",
            "user_lesson_complete c join lessons l on l.id = c.lesson_id join course_sections s on s.id = l.section_id where c.created_at < (select min(g.created_at) from course_grants g where g.user_id = c.user_id and g.course_id = s.course_id)",
        ),
        (
            "completed a draft",
            "user_lesson_complete c join lessons l on l.id = c.lesson_id join course_sections s on s.id = l.section_id where s.status = 'private'",
        ),
        (
            "a purchase without its checkout",
            "purchases p left join checkouts c on c.gateway_session_id = p.stripe_session_id and c.status = 'completed' and c.price_in_cents = p.price_paid_in_cents where c.id is null",
        ),
        ("paid and no grant", "purchases p where not exists (select from course_grants g where g.purchase_id = p.id)"),
        (
            "bought what is not for sale",
            "purchases p join products o on o.id = p.product_id where o.status = 'private'",
        ),
        (
            "refunded and granted",
            "purchases p join course_grants g on g.purchase_id = p.id where (p.refunded_at is null) <> (g.revoked_at is null)",
        ),
        (
            "a refund that is not the price",
            "purchases p left join refunds r on r.purchase_id = p.id where p.price_paid_in_cents > 0 and (p.refunded_at is not null) <> (r.amount_in_cents is not distinct from p.price_paid_in_cents)",
        ),
        (
            "finished without the last lesson",
            "course_completions c where (select count(*) from user_lesson_complete u join lessons l on l.id = u.lesson_id join course_sections s on s.id = l.section_id where u.user_id = c.user_id and s.course_id = c.course_id) < case when c.course_id = (select id from courses where title like 'Paid%') then 6 else 3 end",
        ),
        (
            "access that no grant gives, or none where one does",
            "(select user_id, course_id from course_grants where revoked_at is null) g full join user_course_access a using (user_id, course_id) where a.created_at is null or not exists (select from course_grants x where x.user_id = user_id and x.course_id = course_id and x.revoked_at is null)",
        ),
    ] {
        assert_eq!(count(&app.pool, wrong).await, 0, "{what}");
    }
    for (what, some) in [
        ("a refund", "refunds"),
        ("a grant by hand", "course_grants where granted_by is not null"),
        ("a finished course", "course_completions"),
        ("a lesson that was left", "lesson_positions"),
    ] {
        assert!(count(&app.pool, some).await > 0, "there is not {what}");
    }

    assert_eq!(learners::fill(&app.state.db, 300).await.expect("are there").people, 0);
    assert_eq!(learners::fill(&app.state.db, 320).await.expect("are made").people, 20);
    assert_eq!(learners::measure(&app.state.db).await.expect("is measured").len(), 5);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_database_with_anything_that_no_demo_made_is_to_be_named_before_learners_are_made_up_in_it(pool: PgPool) {
    let app = App::new(pool);
    let beside = Beside::new(&app);
    let seed = async |into: Option<&str>| commands::seed_demo(beside.config(), 5, into).await;
    let people = async || count(&app.pool, "users where clerk_user_id like 'local|demo-learner-%'").await;
    let name: String = sqlx::query_scalar("select current_database()::text").fetch_one(&app.pool).await.unwrap();

    // A course that came in before any demo did.
    course("Bread").with(section("One").with_lessons(2)).create(&app).await;
    let refused = seed(None).await.expect_err("it is no demo's");
    assert!(refused.contains("1 course that no demo made") && refused.contains(&name), "{refused}");
    assert_eq!(count(&app.pool, "users").await, 0);
    sqlx::query("delete from courses").execute(&app.pool).await.unwrap();

    // A demo's own database takes more, whatever its author made and its learner bought there.
    demo::seed(&app.state.db, &app.state.files, Path::new("no such folder")).await.expect("is filled");
    let sold = course("Sold").with(section("One").with_lessons(2)).create(&app).await;
    let bundle = product("Bundle").of(&sold).create(&app).await;
    let learner = db::users::by_external(&app.state.db, "local|demo-learner").await.unwrap().expect("is there");
    let learner = app.session(learner, "learner@demo.invalid").await;
    app.buy(&learner, bundle.id).await;
    seed(None).await.expect("it is a demo's");
    assert_eq!(people().await, 5);

    // Somebody signed up.
    let lee = person("Lee").create(&app).await;
    let refused = seed(None).await.expect_err("it is no demo's alone");
    assert!(refused.contains("1 person who signed up") && refused.contains("--into-this-database"), "{refused}");
    let wrong = seed(Some("lectern")).await.expect_err("it is called otherwise");
    assert!(wrong.contains(&format!("not “lectern” but “{name}”")), "{wrong}");
    seed(Some(&name)).await.expect("it is meant");
    sqlx::query("delete from users where id = $1").bind(lee.id.0).execute(&app.pool).await.unwrap();
    seed(None).await.expect("it is a demo's again");

    // Somebody paid.
    sqlx::query("update purchases set stripe_session_id = 'cs_live_1' where user_id = $1")
        .bind(learner.id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    let refused = seed(None).await.expect_err("money was paid");
    assert!(refused.contains("1 purchase that is no demo's"), "{refused}");
}
