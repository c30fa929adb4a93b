//! SQL statements a request, the session's included, transaction control not counted.

use crate::fields;
use crate::support::statements::during;
use crate::support::store::dump;
use crate::support::{App, Course, Person, Reply, course, person, product, section};
use serde_json::json;
use sqlx::PgPool;

struct Site {
    app: App,
    learner: Person,
    admin: Person,
    course: Course,
    product: String,
}

impl Site {
    /// A course of this many lessons in three sections, sold, and bought by the learner.
    async fn create(pool: PgPool, lessons: usize) -> Self {
        let app = App::new(pool);
        let third = || section("Section").with_lessons(lessons / 3);
        let last = section("Section").with_lessons(lessons - 2 * (lessons / 3));
        let course = course("Course").with(third()).with(third()).with(last).create(&app).await;
        let product = product("Product").of(&course).create(&app).await.id;
        let (learner, admin) = (person("Lee").create(&app).await, person("Ada").admin().create(&app).await);
        app.buy(&learner, product).await;
        Self { app, learner, admin, course, product: format!("/products/{product}") }
    }

    fn pages(&self) -> Vec<(&'static str, String)> {
        vec![
            ("storefront", "/".to_owned()),
            ("product", self.product.clone()),
            ("my courses", "/courses".to_owned()),
            ("lesson", self.course.lesson_path(&self.course.sections[1].lessons[1])),
        ]
    }
}

/// The statements of a request, once connections are open and know the types.
async fn statements(request: impl AsyncFn() -> Reply) -> Vec<String> {
    for _ in 0..3 {
        request().await.is(200);
    }
    let (reply, seen) = during(request()).await;
    reply.is(200);
    seen
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_page_takes_at_most_four_statements_and_no_more_for_a_long_course(pool: PgPool) {
    let small = Site::create(pool.clone(), 12).await;
    let mut counts = Vec::new();
    for (name, path) in small.pages() {
        let seen = statements(async || small.app.get_as(&small.learner, &path).await).await;
        assert!((2..=4).contains(&seen.len()), "{name} takes {}: {seen:#?}", seen.len());
        counts.push((name, seen.len()));
    }
    let long = Site::create(pool, 500).await;
    for ((name, path), (_, count)) in long.pages().into_iter().zip(&counts) {
        let seen = statements(async || long.app.get_as(&long.learner, &path).await).await;
        assert_eq!(seen.len(), *count, "{name} takes more for 500 lessons: {seen:#?}");
    }
    println!("{counts:?}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_authors_lists_take_no_more_statements_for_more_people(pool: PgPool) {
    let site = Site::create(pool, 12).await;
    let pages = [
        ("/admin/people".to_owned(), 5),
        (format!("/admin/people?course={}&sort=furthest", site.course.id), 5),
        ("/admin/people?q=lee&sort=latest".to_owned(), 5),
        (format!("/admin/people/{}", site.learner.id), 6),
        ("/admin".to_owned(), 3),
        (format!("/admin/courses/{}/progress", site.course.id), 2),
    ];
    for people in [0, 100] {
        for _ in 0..people {
            let other = person("Kim").create(&site.app).await;
            site.app.give(&other, &site.course).await;
        }
        for (path, most) in &pages {
            let seen = statements(async || site.app.get_as(&site.admin, path).await).await;
            assert_eq!(seen.len(), *most, "{path} beside {people} others: {seen:#?}");
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_reorder_takes_at_most_five_statements_however_long_the_list(pool: PgPool) {
    let mut counts = Vec::new();
    for lessons in [12, 1500] {
        let Site { app, admin, course, .. } = Site::create(pool.clone(), lessons).await;
        let (section, other) = (course.sections[0].id, course.sections[1].id);
        let reorder = async || {
            let seen = app.lessons_of(section.0).await;
            let wanted: Vec<_> = seen.iter().rev().collect();
            let arguments = json!({"section": section, "seen": seen, "wanted": wanted});
            app.call_json(&admin, "admin/reorder_lessons", arguments).await
        };
        // The test's own look at the order is one of them.
        let seen = statements(reorder).await;
        assert!((4..=6).contains(&seen.len()), "reordering takes {}: {seen:#?}", seen.len() - 1);
        counts.push(seen.len() - 1);
        let sections = async || {
            let seen = app.sections_of(course.id.0).await;
            let wanted: Vec<_> = seen.iter().rev().collect();
            let arguments = json!({"course": course.id, "seen": seen, "wanted": wanted});
            app.call_json(&admin, "admin/reorder_sections", arguments).await
        };
        let seen = statements(sections).await;
        assert!((4..=6).contains(&seen.len()), "{seen:#?}");
        let place = async || {
            let (here, there) = (app.lessons_of(section.0).await, app.lessons_of(other.0).await);
            let arguments = json!({"lesson": here[0], "from": section, "to": other, "index": 0, "seen": there});
            app.call_json(&admin, "admin/place_lesson", arguments).await
        };
        let seen = statements(place).await;
        println!("placing takes {}", seen.len() - 2);
        counts.push(seen.len() - 2);
    }
    assert_eq!(counts[..2], counts[2..], "the count grows with the list");
    println!("{counts:?}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn completing_a_lesson_takes_the_same_few_statements_in_a_long_course(pool: PgPool) {
    let mut counts = Vec::new();
    for lessons in [12, 500] {
        let site = Site::create(pool.clone(), lessons).await;
        let lesson = site.course.sections[0].lessons[0].id;
        let complete = async || {
            let fields = fields!["course" => site.course.id, "lesson" => lesson, "done" => true];
            site.app.call(&site.learner, "complete_lesson", fields).await
        };
        counts.push(statements(complete).await.len());
    }
    assert!(counts[0] <= 6 && counts[0] == counts[1], "{counts:?}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_counter_counts(pool: PgPool) {
    let (_, seen) = during(async {
        let mut transaction = pool.begin().await.unwrap();
        for _ in 0..3 {
            sqlx::query("select 1").execute(&mut *transaction).await.unwrap();
        }
        transaction.commit().await.unwrap();
        dump(&pool).await
    })
    .await;
    assert_eq!(seen.len(), 5, "{seen:?}");
}
