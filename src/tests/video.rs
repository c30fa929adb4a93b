//! Where a lesson's video was left.

use crate::fields;
use crate::support::store::count;
use crate::support::{App, Person, World};
use lectern::domain::lesson::LessonPage;
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_position_is_kept_for_a_learner_with_access_and_the_last_word_holds(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let (course, lesson) = (world.course.id, world.paid().id);
    let at = |seconds: &str| fields!["course" => course, "lesson" => lesson, "seconds" => seconds];
    let position = async |person: &Person| {
        let fields = fields!["course" => course, "lesson" => lesson];
        app.call(person, "get_lesson", fields).await.json::<LessonPage>().position
    };
    assert_eq!(position(&world.learner).await, 0);
    for seconds in ["61", "3600", "4294967295", "12"] {
        app.call(&world.learner, "save_position", at(seconds)).await.ok();
    }
    assert_eq!(position(&world.learner).await, 12);
    let phone = app.again(&world.learner).await;
    app.call(&phone, "save_position", at("40")).await.ok();
    assert_eq!(position(&world.learner).await, 40);
    for seconds in ["-1", "1.5", "", "NaN", "99999999999"] {
        app.call(&world.learner, "save_position", at(seconds)).await.is(400);
    }
    // Nobody else's: without access nothing is kept, an admin's visits included, nor of what is not open.
    app.call(&Person::anonymous(), "save_position", at("5")).await.is(401);
    for person in [&world.outsider, &world.admin] {
        app.call(person, "save_position", at("5")).await.is(404);
    }
    let draft = fields!["course" => course, "lesson" => world.draft().id, "seconds" => 5];
    app.call(&world.learner, "save_position", draft).await.is(404);
    let foreign = world.other_course.sections[0].lessons[0].id;
    let elsewhere = fields!["course" => course, "lesson" => foreign, "seconds" => 5];
    app.call(&world.learner, "save_position", elsewhere).await.is(404);
    assert_eq!(count(&app.pool, "lesson_positions").await, 1);
    assert_eq!(position(&world.admin).await, 0);
    // With the lesson it goes.
    app.call(&world.admin, "admin/delete_lesson", fields!["id" => lesson]).await.ok();
    assert_eq!(count(&app.pool, "lesson_positions").await, 0);
}
