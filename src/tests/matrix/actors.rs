//! Everybody who may come.

use crate::fields;
use crate::support::app::Fields;
use crate::support::{App, Course, Person, World, person};
use lectern::server::db::users;

/// The columns of every table. Five of them the site knows nothing about: nobody, and four whose session is none any more
/// or never was one. Whoever lost something had it before.
pub const ACTORS: [&str; 12] = [
    "anonymous",
    "outsider",
    "entitled",
    "elsewhere",
    "refunded",
    "deleted",
    "erased",
    "forged",
    "expired",
    "poster",
    "demoted",
    "admin",
];

/// Those that are nobody to the site.
pub const NOBODIES: [&str; 5] = ["anonymous", "deleted", "erased", "forged", "expired"];

#[derive(Clone)]
pub struct Actor {
    pub name: &'static str,
    pub person: Person,
    /// What is sent with every request besides what it asks for.
    pub extra: Fields,
}

impl Actor {
    pub fn new(name: &'static str, person: Person) -> Self {
        Self { name, person, extra: Vec::new() }
    }

    /// Says of themselves that they are an admin, and somebody else, in every form and address, and looks at the site as a
    /// buyer would, which is an admin's to do.
    pub fn posting(mut self, as_whom: &Person) -> Self {
        self.extra = fields![
            "role" => "admin", "is_admin" => true, "admin" => 1, "form[role]" => "admin", "form[is_admin]" => "on",
            "user" => as_whom.id, "user_id" => as_whom.id, "form[user_id]" => as_whom.id, "price_in_cents" => 0,
            "completed_at" => "1970-01-01T00:00:00Z",
        ];
        self.person = previewing(&self.person);
        self
    }

    /// An address with what this actor sends besides.
    pub fn address(&self, path: &str) -> String {
        if self.extra.is_empty() {
            return path.to_owned();
        }
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{path}{mark}{}", crate::support::app::encode(&self.extra))
    }
}

/// With the cookie by which an admin looks at the site as a buyer would.
fn previewing(person: &Person) -> Person {
    let cookie = person.cookie.as_ref().map(|cookie| format!("{cookie}; lectern-preview=buyer"));
    Person { cookie, ..person.clone() }
}

/// An admin once, who kept the cookies of those days.
pub async fn demoted(app: &App) -> Person {
    let admin = person("Dana").admin().create(app).await;
    sqlx::query("update users set role = 'user' where id = $1").bind(admin.id.0).execute(&app.pool).await.unwrap();
    previewing(&admin)
}

/// An admin with access to courses, whose account was marked as deleted while the session goes on.
pub async fn deleted(app: &App, courses: &[&Course]) -> Person {
    let admin = privileged(app, courses).await;
    sqlx::query("update users set deleted_at = now() where id = $1").bind(admin.id.0).execute(&app.pool).await.unwrap();
    admin
}

/// The same, deleted as the site deletes.
pub async fn erased(app: &App, courses: &[&Course]) -> Person {
    let admin = privileged(app, courses).await;
    let id = admin.id;
    let erase = app.state.db.write(move |tx| Box::pin(async move { users::delete_softly(tx, id).await }));
    erase.await.expect("the account is deleted");
    admin
}

/// An admin with access to courses whose session ended a second ago. Whoever signs in anywhere clears it away.
pub async fn expired(app: &App, courses: &[&Course]) -> Person {
    let admin = privileged(app, courses).await;
    expire(app, &admin).await;
    admin
}

async fn expire(app: &App, person: &Person) {
    sqlx::query("update sessions set expires_at = now() - interval '1 second' where user_id = $1")
        .bind(person.id.0)
        .execute(&app.pool)
        .await
        .unwrap();
}

async fn privileged(app: &App, courses: &[&Course]) -> Person {
    let admin = person("Pat").admin().create(app).await;
    for course in courses {
        app.give(&admin, course).await;
    }
    admin
}

/// One of [`ACTORS`] as they are to a world: `entitled` bought its course, `elsewhere` its other one, and what is
/// entitled's own is everybody's to try.
pub async fn actor(app: &App, world: &World, name: &'static str) -> Actor {
    let courses = [&world.course];
    let person = match name {
        "anonymous" => Person::anonymous(),
        "outsider" => world.outsider.clone(),
        "entitled" => world.learner.clone(),
        "elsewhere" => {
            let buyer = person("Ellis").create(app).await;
            app.buy(&buyer, world.other_product.id).await;
            buyer
        }
        "refunded" => {
            let buyer = person("Robin").create(app).await;
            let purchase = app.buy(&buyer, world.product.id).await;
            app.call(&world.admin, "admin/refund_purchase", fields!["id" => purchase]).await.ok();
            buyer
        }
        "deleted" => deleted(app, &courses).await,
        "erased" => erased(app, &courses).await,
        "forged" => app.session_of_nobody(),
        "expired" => expired(app, &courses).await,
        "poster" => return Actor::new(name, person("Paula").create(app).await).posting(&world.learner),
        "demoted" => demoted(app).await,
        "admin" => world.admin.clone(),
        _ => panic!("who is {name}?"),
    };
    Actor::new(name, person)
}

/// All of [`ACTORS`].
pub async fn everybody(app: &App, world: &World) -> Vec<Actor> {
    let mut actors = Vec::new();
    for name in ACTORS {
        actors.push(actor(app, world, name).await);
    }
    actors
}

/// Makes the expired session be there, and expired, again.
pub async fn expire_again(app: &App, actors: &mut [Actor]) {
    for actor in actors.iter_mut().filter(|actor| actor.name == "expired") {
        actor.person = app.again(&actor.person).await;
        expire(app, &actor.person).await;
    }
}
