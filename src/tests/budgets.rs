//! SQL statements a request, the session's included, transaction control not counted.

use crate::fields;
use crate::support::statements::during;
use crate::support::store::{dump, rearrange, reorder_lessons, reorder_sections};
use crate::support::{App, Course, Person, Reply, course, person, product, section};
use sqlx::PgPool;
use uuid::Uuid;

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
async fn a_page_of_the_sales_takes_four_statements_however_many_there_are(pool: PgPool) {
    let site = Site::create(pool, 12).await;
    for sales in [0, 250] {
        sqlx::query(
            "insert into purchases (price_paid_in_cents, product_details, user_id, product_id, stripe_session_id)
            select price_paid_in_cents, product_details, user_id, product_id, 'cs_' || n
            from purchases, generate_series(1, $1) n",
        )
        .bind(sales)
        .execute(&site.app.pool)
        .await
        .unwrap();
        for path in ["/admin/sales", "/admin/sales?q=lee&state=paid&from=2026-01-01"] {
            let seen = statements(async || site.app.get_as(&site.admin, path).await).await;
            assert_eq!(seen.len(), 4, "{path} with {sales} more: {seen:#?}");
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_change_of_order_takes_at_most_five_statements_however_much_moves(pool: PgPool) {
    let mut counts = Vec::new();
    for lessons in [12, 1500] {
        let Site { app, admin, course, .. } = Site::create(pool.clone(), lessons).await;
        let (section, other) = (course.sections[0].id, course.sections[1].id);
        let reversed = |ids: &[Uuid]| ids.iter().rev().copied().collect::<Vec<_>>();
        let reorder = async || {
            let seen = app.lessons_of(section.0).await;
            app.change(&admin, course.id, &reorder_lessons(section, &seen, &reversed(&seen))).await
        };
        let sections = async || {
            let seen = app.sections_of(course.id.0).await;
            app.change(&admin, course.id, &reorder_sections(&seen, &reversed(&seen))).await
        };
        // A hundred that are selected, or all that there are, from one section into another.
        let place = async || {
            let (here, there) = (app.lessons_of(section.0).await, app.lessons_of(other.0).await);
            let many = (here.len().min(100) / 4).max(1);
            let wanted = [&here[..many], &there].concat();
            app.change(&admin, course.id, &rearrange(&[(section, &here, &here[many..]), (other, &there, &wanted)]))
                .await
        };
        // The test's own looks at the order are among them, and the session's is.
        counts.push(statements(reorder).await.len() - 1);
        counts.push(statements(sections).await.len() - 1);
        counts.push(statements(place).await.len() - 2);
    }
    assert_eq!(counts[..3], counts[3..], "the count grows with the list");
    assert!(counts.iter().all(|count| (4..=5).contains(count)), "{counts:?}");
    println!("{counts:?}");
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_editor_of_a_thousand_lessons_takes_at_most_four_statements(pool: PgPool) {
    let site = Site::create(pool, 1000).await;
    let path = format!("/admin/courses/{}/edit", site.course.id);
    let seen = statements(async || site.app.get_as(&site.admin, &path).await).await;
    assert!((3..=4).contains(&seen.len()), "{seen:#?}");
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
