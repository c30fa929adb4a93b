//! What makes a demo: two courses and two products to look at, an author and a learner to be.

pub mod learners;

use super::context::AppState;
use super::db::files::NewFile;
use super::db::{self, Db};
use super::files::{Files, broken};
use super::import::{Ids, ImportedCourse, read_course};
use crate::domain::deletion::count;
use crate::domain::id::UserId;
use crate::domain::product::{ProductFields, ProductStatus};
use crate::error::AppError;
use std::path::Path;

/// Who one may be in a demo with one press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persona {
    Author,
    Learner,
}

impl Persona {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "author" => Some(Self::Author),
            "learner" => Some(Self::Learner),
            _ => None,
        }
    }

    /// External identity, name, e-mail; no password signs in to it.
    fn account(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Author => ("local|demo-author", "Avery Author", "author@demo.invalid"),
            Self::Learner => ("local|demo-learner", "Lee Learner", "learner@demo.invalid"),
        }
    }
}

/// The account of a persona. None outside a demo.
pub async fn user(state: &AppState, persona: Persona) -> Result<UserId, AppError> {
    if !state.config.is_demo() {
        return Err(AppError::NotFound);
    }
    let (identity, _, _) = persona.account();
    db::users::by_external(&state.db, identity).await?.ok_or(AppError::Unavailable)
}

const PRODUCTS: [(&str, &str, i32, &str); 2] = [
    (
        "sell-your-first-course",
        "Everything between an idea and the first sale: shape the course, write it, put a price on it, and look after \
         the people who buy it. Two lessons are open, so that you can see how it reads.",
        49,
        "Sell your first course",
    ),
    (
        "write-lessons-people-finish",
        "A short course about lessons that hold a learner to the end. It costs nothing.",
        0,
        "Write lessons people finish",
    ),
];

/// Makes sure that a database is a demo's, or the one that was named as the one that is meant.
///
/// # Errors
/// A sentence that says what is in it that no demo made, and how to say that it is meant.
pub async fn refuse_others(db: &Db, meant: Option<&str>) -> Result<(), String> {
    let found = db::demo_learners::strangers(db).await.map_err(|error| AppError::from(error).to_string())?;
    let things = [
        (found.people, "person who signed up", "people who signed up"),
        (found.purchases, "purchase that is no demo's", "purchases that are no demo's"),
        (found.courses, "course that no demo made", "courses that no demo made"),
    ];
    let things: Vec<String> =
        things.iter().filter(|(many, ..)| *many > 0).map(|(many, one, more)| count(*many, one, more)).collect();
    if things.is_empty() || meant == Some(found.database.as_str()) {
        return Ok(());
    }
    let (name, things) = (found.database, things.join(", "));
    Err(match meant {
        Some(meant) => format!("The database is not “{meant}” but “{name}”, and holds {things}: nothing was made."),
        None => format!(
            "The database “{name}” is no demo's alone: it holds {things}. Nothing was made. If made-up learners are to be \
             among them for good, say so: --into-this-database {name}"
        ),
    })
}

/// Fills a demo that has no course yet. Where the folder of demo courses is missing, there is just nothing to see.
pub async fn seed(db: &Db, store: &Files, folder: &Path) -> Result<(), AppError> {
    let (mut seeds, mut files) = (Vec::new(), Vec::new());
    for (name, description, price_dollars, title) in PRODUCTS {
        match read_course(&folder.join(name), Ids::Fresh, &mut |_, _| ()) {
            Ok(course) => {
                let brought = store.bring(&course).await.map_err(broken)?;
                files.extend(brought.clone());
                seeds.push((course, brought, fields(title, description, price_dollars)));
            }
            Err(error) => tracing::warn!(%error, "a demo course is missing"),
        }
    }
    let filled = db.write(move |tx| Box::pin(async move { insert(tx, seeds).await })).await?;
    if !filled {
        store.take_back(&files).await;
    }
    Ok(())
}

fn fields(name: &str, description: &str, price_dollars: i32) -> ProductFields {
    ProductFields {
        name: name.to_owned(),
        description: description.to_owned(),
        image_url: String::new(),
        price_dollars,
        status: ProductStatus::Public,
    }
}

type Seed = (ImportedCourse, Vec<NewFile>, ProductFields);

/// Returns whether there was room for them.
async fn insert(tx: &mut sqlx::PgConnection, seeds: Vec<Seed>) -> Result<bool, AppError> {
    db::imports::lock(tx).await?;
    for persona in [Persona::Author, Persona::Learner] {
        let (identity, name, email) = persona.account();
        let user = db::users::upsert_external(tx, identity, name, email, persona == Persona::Author).await?;
        db::waiting_grants::verify(tx, user).await?;
    }
    if db::courses::any(tx).await? {
        return Ok(false);
    }
    // The free product comes first in, so that the paid one leads the storefront.
    for (course, brought, fields) in seeds.into_iter().rev() {
        let id = db::imports::insert(tx, &course, &brought).await?;
        db::products::seed(tx, fields, id).await?;
    }
    Ok(true)
}
