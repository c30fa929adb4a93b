//! What everybody sees of a lesson in each of its eighteen states, on every surface; and that what they may not see is in
//! no byte of all that they were sent.

use super::Outcome;
use super::actors::{ACTORS, Actor, deleted, demoted, erased, expired};
use super::canaries::{contents, found};
use super::surfaces::{FILMS, Place, SURFACES, ask};
use super::table::{Row, find, read};
use crate::fields;
use crate::support::builders::Product;
use crate::support::{App, CLIP, Course, Lesson, Person, course, lesson, person, product, section};
use lectern::domain::id::FileId;
use sqlx::PgPool;
use std::collections::{BTreeMap, BTreeSet};

const PRODUCTS: [&str; 3] = ["public", "private", "none"];
const SECTIONS: [&str; 2] = ["public", "private"];
const LESSONS: [&str; 3] = ["public", "preview", "private"];

/// A course for each of [`PRODUCTS`], in the order of [`SECTIONS`] and [`LESSONS`], and what it is sold in: of the last
/// one, what it was sold in before it was taken out.
struct Content {
    sold: Vec<(Course, Product)>,
    admin: Person,
    actors: Vec<Actor>,
}

impl Content {
    async fn create(app: &App) -> Self {
        let of = |name| {
            section(name).with(lesson("Lesson")).with(lesson("Lesson").preview()).with(lesson("Lesson").private())
        };
        let mut sold = Vec::new();
        for title in ["Sold", "Secret", "Loose"] {
            let made = course(title).with(of("Front")).with(of("Back").private()).create(app).await;
            let bundle = product(title).of(&made).create(app).await;
            sold.push((made, bundle));
        }
        let other = course("Other").with(section("Only").with_lessons(1)).create(app).await;
        let other_product = product("Other").of(&other).create(app).await;
        let admin = person("Avery").admin().create(app).await;
        let (outsider, poster) = (person("Olive").create(app).await, person("Paula").create(app).await);
        let (entitled, elsewhere) = (person("Lee").create(app).await, person("Ellis").create(app).await);
        let refunded = person("Robin").create(app).await;
        app.buy(&elsewhere, other_product.id).await;
        let mut purchases = Vec::new();
        for (made, bundle) in &sold {
            purchases.push(app.buy(&refunded, bundle.id).await);
            // Bought, and given by hand.
            match made.id == sold[2].0.id {
                false => _ = app.buy(&entitled, bundle.id).await,
                true => app.give(&entitled, made).await,
            }
        }
        for id in purchases {
            app.call(&admin, "admin/refund_purchase", fields!["id" => id]).await.ok();
        }
        let statement = "update products set status = 'private' where id = $1";
        sqlx::query(statement).bind(sold[1].1.id.0).execute(&app.pool).await.unwrap();
        let statement = "delete from course_products where product_id = $1";
        sqlx::query(statement).bind(sold[2].1.id.0).execute(&app.pool).await.unwrap();

        let courses = [&sold[0].0, &sold[1].0, &sold[2].0];
        let actors = vec![
            Actor::new("anonymous", Person::anonymous()),
            Actor::new("outsider", outsider),
            Actor::new("entitled", entitled.clone()),
            Actor::new("elsewhere", elsewhere),
            Actor::new("refunded", refunded),
            Actor::new("deleted", deleted(app, &courses).await),
            Actor::new("erased", erased(app, &courses).await),
            Actor::new("forged", app.session_of_nobody()),
            Actor::new("poster", poster).posting(&entitled),
            Actor::new("demoted", demoted(app).await),
            Actor::new("admin", admin.clone()),
            // The last to sign in: the next one would clear the session away.
            Actor::new("expired", expired(app, &courses).await),
        ];
        assert_eq!(actors.iter().map(|actor| actor.name).collect::<BTreeSet<_>>(), BTreeSet::from(ACTORS));
        Self { sold, admin, actors }
    }

    /// Every state with the lesson that is in it.
    fn places(&self) -> Vec<([&'static str; 3], Place<'_>)> {
        let mut places = Vec::new();
        for (product, (course, bundle)) in PRODUCTS.into_iter().zip(&self.sold) {
            for (section, of_section) in SECTIONS.into_iter().zip(&course.sections) {
                for (lesson, of_lesson) in LESSONS.into_iter().zip(&of_section.lessons) {
                    let place = Place { course, product: bundle, lesson: of_lesson, film: None };
                    places.push(([product, section, lesson], place));
                }
            }
        }
        places
    }
}

/// Gives a lesson a film that ends with a token.
async fn film(app: &App, admin: &Person, lesson: &Lesson) -> FileId {
    let bytes = [CLIP, format!("bits-{}", lesson.token).as_bytes()].concat();
    app.upload(admin, lesson, &format!("film-{}.webm", lesson.token), &bytes).await.is(204);
    sqlx::query_scalar("select id from lesson_files where lesson_id = $1 and kind = 'video'")
        .bind(lesson.id.0)
        .fetch_one(&app.pool)
        .await
        .map(FileId)
        .expect("the film is kept")
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn az_the_matrix_of_content_is_as_the_table_says(pool: PgPool) {
    let app = App::new(pool);
    let content = Content::create(&app).await;
    let rows = read(include_str!("../data/content_matrix.csv"), 4);
    let mut places = content.places();
    assert_eq!(places.len(), PRODUCTS.len() * SECTIONS.len() * LESSONS.len());
    let mut outcome = Outcome::default();
    for row in rows.iter().filter(|row| !describes_something(row, &places)) {
        outcome.fault(format!("no {}", row.keys.join(", ")));
    }
    let mut seen = Vec::new();
    // With a film a lesson has no other video, so that comes last.
    for surfaces in [&SURFACES[..], &FILMS] {
        for (state, place) in &mut places {
            if surfaces == FILMS {
                place.film = Some(film(&app, &content.admin, place.lesson).await);
            }
            for surface in surfaces {
                let row = match find(&rows, &[surface, state[0], state[1], state[2]]) {
                    Ok(row) => row,
                    Err(fault) => {
                        outcome.fault(fault);
                        continue;
                    }
                };
                for (name, expected) in ACTORS.iter().zip(&row.cells) {
                    let actor = content.actors.iter().find(|actor| actor.name == *name).expect("is there");
                    let (reply, word) = ask(&app, actor, place, surface).await;
                    outcome.cell(&[surface, &state.join("/"), name], expected, &word);
                    seen.push((*name, format!("{surface} of {}", state.join("/")), found(&reply)));
                }
            }
        }
    }
    let allowed = allowed(&rows, &places);
    let known = known(&places);
    for (actor, place, tokens) in &seen {
        for token in tokens.iter().filter(|token| known.contains(*token) && !allowed[actor].contains(*token)) {
            outcome.canary(format!("{actor} finds {token} on {place}"));
        }
    }
    // A search that finds nothing anywhere proves nothing.
    let ever: BTreeSet<&String> = seen.iter().flat_map(|(_, _, tokens)| tokens).collect();
    known.iter().filter(|token| !ever.contains(token)).for_each(|token| outcome.canary(format!("{token} is nowhere")));
    outcome.finish(5_400);
}

fn describes_something(row: &Row, places: &[([&'static str; 3], Place<'_>)]) -> bool {
    SURFACES
        .iter()
        .chain(&FILMS)
        .any(|surface| places.iter().any(|(state, _)| row.is_of(&[surface, state[0], state[1], state[2]])))
}

/// Everything that somebody may be kept from.
fn known(places: &[([&'static str; 3], Place<'_>)]) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for (_, place) in places {
        known.extend(contents(place.lesson));
        known.insert(format!("name-{}", place.lesson.token));
        known.extend(of_course(place));
        known.extend(of_product(place));
    }
    known
}

fn of_course(place: &Place<'_>) -> Vec<String> {
    let section = place.course.sections.iter().find(|section| section.lessons.iter().any(|l| l.id == place.lesson.id));
    let section = section.expect("the lesson is in a section of its course");
    ["title", "about"]
        .map(|what| format!("{what}-{}", place.course.token))
        .into_iter()
        .chain([format!("section-{}", section.token)])
        .collect()
}

fn of_product(place: &Place<'_>) -> [String; 2] {
    ["product", "pitch"].map(|what| format!("{what}-{}", place.product.token))
}

/// What each actor may find, by what the table says of the lesson's page, of the outline, of the product's page
/// and of what they bought.
fn allowed(rows: &[Row], places: &[([&'static str; 3], Place<'_>)]) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut allowed: BTreeMap<_, BTreeSet<String>> = ACTORS.iter().map(|name| (*name, BTreeSet::new())).collect();
    for (state, place) in places {
        for (at, name) in ACTORS.iter().enumerate() {
            let says = |surface| find(rows, &[surface, state[0], state[1], state[2]]).map_or("", |row| row.cells[at]);
            let tokens = allowed.get_mut(name).expect("is one of them");
            if says("page") == "open" {
                tokens.extend(contents(place.lesson));
            }
            if matches!(says("get_outline"), "open" | "named") {
                tokens.insert(format!("name-{}", place.lesson.token));
                tokens.extend(of_course(place));
            }
            if says("product-page") != "not-found" {
                tokens.extend(of_product(place));
            }
            // Wherever it is said why one has a course.
            if says("purchases") == "bought" {
                tokens.insert(format!("product-{}", place.product.token));
            }
        }
    }
    allowed
}
