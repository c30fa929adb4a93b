//! The roster, a person's page, and what an admin gives and takes back.

use crate::concurrency::{below, random};
use crate::fields;
use crate::support::app::Fields;
use crate::support::store::count;
use crate::support::{App, Course, Person, World, course, lesson, person, product, section};
use futures::future::join_all;
use lectern::domain::people::{PeopleSort, Roster};
use serde_json::Value;
use sqlx::PgPool;
use std::collections::BTreeSet;

impl App {
    async fn roster(&self, admin: &Person, fields: Fields) -> Roster {
        self.call(admin, "admin/list_people", fields).await.json()
    }

    async fn complete(&self, learner: &Person, course: &Course, lessons: usize) {
        for lesson in course.lessons().take(lessons) {
            let fields = fields!["course" => course.id, "lesson" => lesson.id, "done" => true];
            self.call(learner, "complete_lesson", fields).await.ok();
        }
    }
}

/// The arguments that a query of the roster's address says.
pub fn said(query: &str) -> Fields {
    let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_pages_of_every_order_hold_everybody_once_and_in_that_order(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let short = course("Short").with(section("Only").with_lessons(2)).create(&app).await;
    let long = course("Long").with(section("Only").with_lessons(7)).create(&app).await;
    let mut rng = random();
    let names = ["Lee", "lee", "Kim", "Ómar", "a.b", "=Eve", "Zoë"];
    for n in 0..130 {
        let learner = person(names[n % names.len()]).create(&app).await;
        sqlx::query("update users set created_at = now() - $2 * interval '1 day' where id = $1")
            .bind(learner.id.0)
            .bind(below(&mut rng, 40) as f64)
            .execute(&app.pool)
            .await
            .unwrap();
        for course in [&short, &long] {
            if below(&mut rng, 3) > 0 {
                app.give(&learner, course).await;
                let ids: Vec<_> = course.lessons().map(|lesson| lesson.id.0).collect();
                sqlx::query(
                    "insert into user_lesson_complete (user_id, lesson_id, created_at)
                    select $1, id, now() - $3 * interval '1 hour' from unnest($2) id",
                )
                .bind(learner.id.0)
                .bind(&ids[..below(&mut rng, ids.len() + 1)])
                .bind(below(&mut rng, 20) as f64)
                .execute(&app.pool)
                .await
                .unwrap();
            }
        }
    }
    for (course, whole) in [(None, 131), (Some(long.id), 0)] {
        for sort in PeopleSort::ALL {
            let mut asked = fields!["sort" => sort.value()];
            asked.extend(course.map(|course| ("course".to_owned(), course.to_string())));
            let (mut rows, mut pages) = (Vec::new(), 0);
            loop {
                let roster = app.roster(&admin, asked).await;
                let total = if whole > 0 {
                    whole
                } else {
                    count(&app.pool, &format!("user_course_access where course_id = '{}'", long.id)).await
                };
                assert_eq!(roster.total, total, "{sort:?}");
                rows.extend(roster.rows);
                pages += 1;
                match roster.next {
                    Some(next) => asked = said(&next),
                    None => break assert_eq!(rows.len() as i64, total, "{sort:?} {course:?}"),
                }
            }
            assert!(pages > 1);
            let ids: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
            assert_eq!(ids.len(), rows.len(), "{sort:?}: somebody is there twice");
            let ratio = |row: &lectern::domain::people::PersonRow| {
                u64::from(row.progress.completed) * 1_000_000 / u64::from(row.progress.total.max(1))
            };
            let ordered = match sort {
                PeopleSort::Name => rows.is_sorted_by_key(|row| row.name.to_lowercase()),
                PeopleSort::Furthest => rows.is_sorted_by(|a, b| ratio(a) >= ratio(b)),
                PeopleSort::Least => rows.is_sorted_by(|a, b| ratio(a) <= ratio(b)),
                PeopleSort::Latest => rows.is_sorted_by(|a, b| a.active >= b.active),
                PeopleSort::Quietest => rows.is_sorted_by(|a, b| a.active <= b.active),
                PeopleSort::Joined => rows.is_sorted_by(|a, b| a.joined >= b.joined),
            };
            assert!(ordered, "{sort:?} {course:?} is in another order");
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_roster_says_the_same_percent_as_the_learners_own_page(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let mixed =
        section("One").with(lesson("a")).with(lesson("b").preview()).with(lesson("c").private()).with(lesson("d"));
    let sold = course("Course").with(mixed).with(section("Two").private().with_lessons(3)).create(&app).await;
    let lee = person("Lee").create(&app).await;
    app.give(&lee, &sold).await;
    app.complete(&lee, &sold, 2).await;
    // Completed before it became a draft: it counts nowhere.
    sqlx::query("insert into user_lesson_complete (user_id, lesson_id) values ($1, $2)")
        .bind(lee.id.0)
        .bind(sold.sections[1].lessons[0].id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    let own: Value = app.call(&lee, "list_my_courses", fields![]).await.json();
    assert_eq!(own[0]["progress"], serde_json::json!({"completed": 2, "total": 3}));
    for asked in [fields!["q" => "LEE-"], fields!["course" => sold.id]] {
        let roster = app.roster(&admin, asked).await;
        assert_eq!(roster.rows.len(), 1);
        assert_eq!((roster.rows[0].progress.completed, roster.rows[0].progress.total), (2, 3));
        assert!(roster.rows[0].active.is_some());
    }
    let found: Value = app.call(&admin, "admin/get_person", fields!["id" => lee.id]).await.json();
    assert_eq!(found["courses"][0]["progress"], own[0]["progress"]);
    let page = app.get_as(&admin, format!("/admin/people?course={}", sold.id)).await.ok().text();
    assert!(page.contains("66 %"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn search_finds_a_part_of_name_or_email_and_takes_no_wildcards(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    for name in ["Lena", "100%er", "Under_score"] {
        person(name).create(&app).await;
    }
    let found = async |q: &str| {
        let roster = app.roster(&admin, fields!["q" => q]).await;
        let mut names: Vec<String> = roster.rows.into_iter().map(|row| row.name).collect();
        names.sort();
        names
    };
    assert_eq!(found("EN").await, ["Lena"]);
    assert_eq!(found(" lena-").await, ["Lena"], "the e-mail is searched, too");
    assert_eq!(found("%").await, ["100%er"]);
    assert_eq!(found("r_s").await, ["Under_score"]);
    assert!(found("'; drop table users; --").await.is_empty());
    let page = app.get_as(&admin, "/admin/people?q=%3Cb%3Enobody").await.ok().text();
    assert!(page.contains("Nobody found") && page.contains("&lt;b&gt;nobody") && !page.contains("<b>nobody"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn what_an_address_of_the_roster_cannot_say_is_not_found(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let nobody = uuid::Uuid::new_v4();
    for query in ["course=x".to_owned(), format!("course={nobody}"), "sort=price".into(), "after=1".into()] {
        app.get_as(&world.admin, format!("/admin/people?{query}")).await.is(404);
    }
    app.get_as(&world.admin, "/admin/people/export.csv?sort=price").await.is(404);
    // An empty field of the form says nothing.
    app.get_as(&world.admin, "/admin/people?q=&course=&sort=name").await.is(200);
    app.get_as(&world.admin, "/admin/people/export.csv?q=&course=&sort=name").await.is(200);
    app.get_as(&world.admin, format!("/admin/people/{nobody}")).await.is(404);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_learner_is_told_why_they_have_a_course_and_not_what_the_author_noted(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let path = format!("/courses/{}", world.course.id);
    let form = fields![
        "person" => world.learner.id, "form[course]" => world.course.id, "form[note]" => "Owes me a favour",
    ];
    app.call(&world.admin, "admin/grant_course", form).await.ok();
    let page = app.get_as(&world.learner, &path).await.text();
    assert!(page.contains("Why do I have access?") && page.contains("You bought “"), "{page}");
    assert!(page.contains("The author gave it to you on ") && !page.contains("favour"));
    app.call(&world.admin, "admin/refund_purchase", fields!["id" => world.purchase]).await.ok();
    let page = app.get_as(&world.learner, &path).await.text();
    assert!(page.contains("The author gave it to you on ") && !page.contains("You bought “"));
    for person in [&world.outsider, &world.admin] {
        assert!(!app.get_as(person, &path).await.text().contains("Why do I have access?"));
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn every_source_of_access_is_told_and_revoking_one_leaves_the_others(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let (learner, sold) = (&world.learner, &world.course);
    let give = fields!["person" => learner.id, "form[course]" => sold.id, "form[note]" => " For the talk "];
    app.call(&world.admin, "admin/grant_course", give).await.ok();
    let person =
        async || -> Value { app.call(&world.admin, "admin/get_person", fields!["id" => learner.id]).await.json() };
    let grants = person().await["courses"][0]["grants"].clone();
    let ids: Vec<String> =
        grants.as_array().unwrap().iter().map(|grant| grant["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(grants[0]["source"]["Hand"], serde_json::json!({"by": "Avery", "note": "For the talk"}));
    let bought = &grants[1]["source"]["Purchase"];
    assert_eq!(bought["id"], world.purchase.to_string());
    let roster = app.roster(&world.admin, fields!["course" => sold.id]).await;
    assert_eq!(
        roster.rows[0].sources.words(),
        [format!("Bought “Bundle product-{}”", world.product.token), "Granted by Avery".into()]
    );

    let revoke = |id: &str| app.call(&world.admin, "admin/revoke_grant", fields!["id" => id]);
    // What was bought goes by its refund alone.
    assert!(revoke(&ids[1]).await.is(409).text().contains("Refund the purchase"));
    let page = app.get_as(&world.admin, format!("/admin/people/{}", learner.id)).await.ok().text();
    assert!(page.contains("If you revoke this, access stays, by the other source.") && page.contains("For the talk"));
    assert!(page.contains(&format!("/admin/sales/{}", world.purchase)));
    app.call(&world.admin, "admin/refund_purchase", fields!["id" => world.purchase]).await.ok();
    assert_eq!(app.access_of(learner.id.0).await, [sold.id.0], "what was given stays");
    let page = app.get_as(&world.admin, format!("/admin/people/{}", learner.id)).await.ok().text();
    assert!(
        page.contains("If you revoke this, access ends: nothing else gives this course.") && page.contains("Refunded")
    );
    for _ in 0..2 {
        revoke(&ids[0]).await.ok();
    }
    assert!(app.access_of(learner.id.0).await.is_empty());
    app.get_as(learner, sold.lesson_path(world.paid())).await.is(404);
    let page = app.get_as(&world.admin, format!("/admin/people/{}", learner.id)).await.ok().text();
    assert!(page.contains("No access") && page.contains("Taken back") && !page.contains("If you revoke this"));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_course_given_by_hand_many_times_at_once_is_given_once_and_taken_back_with_one_press(pool: PgPool) {
    let app = App::new(pool);
    let admins = [person("Ada").admin().create(&app).await, person("Bob").admin().create(&app).await];
    let (lee, given) = (person("Lee").create(&app).await, course("Course").create(&app).await);
    let give = |n: usize| {
        app.call(&admins[n % 2], "admin/grant_course", fields!["person" => lee.id, "form[course]" => given.id])
    };
    let grants = async || {
        let person: Value = app.call(&admins[0], "admin/get_person", fields!["id" => lee.id]).await.json();
        person["courses"][0]["grants"].as_array().cloned().unwrap_or_default()
    };
    let mut statuses: Vec<u16> = join_all((0..12).map(give)).await.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, &[400; 11][..]));
    let again = give(0).await;
    assert!(again.is(400).text().contains("was given this course already"));
    let live = grants().await;
    assert_eq!(live.len(), 1);
    app.call(&admins[1], "admin/revoke_grant", fields!["id" => live[0]["id"].as_str().unwrap()]).await.ok();
    assert!(app.access_of(lee.id.0).await.is_empty());
    // Taken back it can be given again.
    give(1).await.ok();
    assert_eq!((app.access_of(lee.id.0).await, grants().await.len()), (vec![given.id.0], 2));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_grant_by_hand_needs_a_course_and_a_person(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let nobody = uuid::Uuid::new_v4();
    let give = |person: String, course: String| {
        app.call(&world.admin, "admin/grant_course", fields!["person" => person, "form[course]" => course])
    };
    give(world.learner.id.to_string(), String::new()).await.is(400);
    give(world.learner.id.to_string(), nobody.to_string()).await.is(404);
    give(nobody.to_string(), world.course.id.to_string()).await.is(404);
    app.call(&world.admin, "admin/revoke_grant", fields!["id" => nobody]).await.is(404);
    // Refused without script, the page is there again with what was typed.
    let page = format!("/admin/people/{}", world.learner.id);
    let refused = fields!["person" => world.learner.id, "form[course]" => "", "form[note]" => "typed before"];
    let reply = app.submit_from(&world.admin, &page, "admin/grant_course", refused).await;
    let text = reply.is(400).text();
    assert!(text.contains("typed before") && text.contains("Choose a course."));
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_export_holds_every_row_of_the_filter_in_its_order_and_runs_nothing(pool: PgPool) {
    let app = App::new(pool);
    let admin = person("Ada").admin().create(&app).await;
    let sold = course("Course").with(section("Only").with_lessons(4)).create(&app).await;
    let bundle = product("Bundle, \"all\"").of(&sold).create(&app).await;
    let mut people = Vec::new();
    for (n, name) in ["Bea", "=HYPERLINK(\"x\")", "Comma, Kim"].into_iter().enumerate() {
        let buyer = person("Lee").create(&app).await;
        sqlx::query("update users set name = $2 where id = $1")
            .bind(buyer.id.0)
            .bind(name)
            .execute(&app.pool)
            .await
            .unwrap();
        app.buy(&buyer, bundle.id).await;
        app.complete(&buyer, &sold, n + 1).await;
        people.push(buyer);
    }
    // More than are read at a time, who have nothing to do with the course.
    sqlx::query("insert into users (clerk_user_id, name, email) select 'local|' || n, 'Other ' || n, n || '@example.org' from generate_series(1, 1203) n")
        .execute(&app.pool).await.unwrap();
    let file = app.get_as(&admin, format!("/admin/people/export.csv?course={}&sort=furthest", sold.id)).await;
    assert_eq!(file.ok().header("content-type"), "text/csv; charset=utf-8");
    assert!(file.header("content-disposition").contains("people.csv"));
    assert_eq!(file.header("cache-control"), "no-store");
    let text = file.text();
    let lines: Vec<&str> =
        text.strip_prefix('\u{feff}').expect("begins with its mark").split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].starts_with("Name,E-mail,Joined (UTC),"));
    let access = format!("\"Bought “Bundle, \"\"all\"\" product-{}”\"", bundle.token);
    assert!(lines[1].starts_with(&format!("\"Comma, Kim\",{},", people[2].email)), "{}", lines[1]);
    assert!(lines[1].contains(&format!(",1,{access},3,4,75,")), "{}", lines[1]);
    assert!(lines[2].starts_with("\"'=HYPERLINK(\"\"x\"\")\","), "{}", lines[2]);
    assert!(lines[3].starts_with("Bea,"));

    let all = app.get_as(&admin, "/admin/people/export.csv").await.ok().text();
    assert_eq!(all.matches("\r\n").count(), 1 + 1203 + 4);
    let mut names: Vec<_> =
        all.split("\r\n").skip(1).filter_map(|line| line.split_once(',')).map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 1203 + 4, "nobody is there twice");
}
