//! DENY: what is hidden and what is not there are answered alike, to the byte.

use crate::fields;
use crate::support::{App, Person, World};
use sqlx::PgPool;
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn deny_answers_the_same_bytes_for_what_is_hidden_as_for_what_is_not_there(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let (course, sold) = (world.course.id, &world.course);
    let nothing = Uuid::new_v4();
    let foreign = &world.other_course.sections[0].lessons[0];
    // Each pair: an address that somebody has a reason to try, and the same with a random id.
    let lesson = |id: Uuid| format!("/courses/{course}/lessons/{id}");
    let mut pages = vec![
        (lesson(world.draft().id.0), lesson(nothing)),
        (lesson(sold.sections[1].lessons[0].id.0), lesson(nothing)),
        (lesson(foreign.id.0), lesson(nothing)),
        (format!("/courses/{}", world.unsold_course.id), format!("/courses/{nothing}")),
        (format!("/products/{}", world.private_product.id), format!("/products/{nothing}")),
    ];
    let functions = vec![
        ("get_product", fields!["id" => world.private_product.id], fields!["id" => nothing]),
        ("start_checkout", fields!["product" => world.private_product.id], fields!["product" => nothing]),
        ("get_outline", fields!["course" => world.unsold_course.id], fields!["course" => nothing]),
        (
            "get_lesson",
            fields!["course" => course, "lesson" => world.draft().id],
            fields!["course" => course, "lesson" => nothing],
        ),
        (
            "get_lesson",
            fields!["course" => world.unsold_course.id, "lesson" => world.unsold_course.sections[0].lessons[1].id],
            fields!["course" => world.unsold_course.id, "lesson" => nothing],
        ),
        (
            "complete_lesson",
            fields!["course" => course, "lesson" => world.draft().id, "done" => true],
            fields!["course" => course, "lesson" => nothing, "done" => true],
        ),
        (
            "get_lesson",
            fields!["course" => world.other_course.id, "lesson" => foreign.id],
            fields!["course" => world.other_course.id, "lesson" => nothing],
        ),
        (
            "save_position",
            fields!["course" => course, "lesson" => world.draft().id, "seconds" => 5],
            fields!["course" => course, "lesson" => nothing, "seconds" => 5],
        ),
        ("get_checkout", fields!["id" => world.checkout], fields!["id" => nothing]),
        ("pay_demo_checkout", fields!["id" => world.checkout], fields!["id" => nothing]),
        ("cancel_checkout", fields!["id" => world.checkout], fields!["id" => nothing]),
        ("get_purchase", fields!["id" => world.purchase], fields!["id" => nothing]),
    ];
    for viewer in [&Person::anonymous(), &world.outsider] {
        if viewer.cookie.is_some() {
            pages.push((format!("/purchases/{}", world.purchase), format!("/purchases/{nothing}")));
            pages.push((format!("/checkouts/{}", world.checkout), format!("/checkouts/{nothing}")));
        }
        for (hidden, absent) in &pages {
            let ids = [hidden, absent].map(|path| path.rsplit('/').next().unwrap().to_owned());
            let ids: [&dyn std::fmt::Display; 2] = [&ids[0], &ids[1]];
            let (hidden_reply, absent_reply) = (app.get_as(viewer, hidden).await, app.get_as(viewer, absent).await);
            absent_reply.is(404);
            assert_same(&hidden_reply.normal(&ids), &absent_reply.normal(&ids), hidden);
        }
        for (function, hidden, absent) in &functions {
            // That a paid lesson is there, the outline says: the anonymous are asked who they are.
            if viewer.cookie.is_none() && hidden.iter().any(|(_, value)| *value == foreign.id.to_string()) {
                continue;
            }
            let (hidden, absent) =
                (app.call(viewer, function, hidden.clone()).await, app.call(viewer, function, absent.clone()).await);
            assert_same(&hidden.normal(&[]), &absent.normal(&[]), function);
        }
    }
    // The learner has access to the course, and a draft is nothing to them all the same.
    let (hidden, absent) =
        (app.get_as(&world.learner, &pages[0].0).await, app.get_as(&world.learner, &pages[0].1).await);
    let ids: [&dyn std::fmt::Display; 2] = [&world.draft().id, &nothing];
    assert_same(&hidden.normal(&ids), &absent.normal(&ids), "a draft");
}

/// Shows where two answers part.
#[track_caller]
fn assert_same(hidden: &str, absent: &str, what: &str) {
    let at = hidden.bytes().zip(absent.bytes()).position(|(one, other)| one != other);
    let at = at.or((hidden.len() != absent.len()).then_some(hidden.len().min(absent.len())));
    if let Some(at) = at {
        let around = |text: &str| {
            String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(150)..text.len().min(at + 150)]).into_owned()
        };
        panic!("{what} tells:\n{}\nand for a random id:\n{}", around(hidden), around(absent));
    }
}
