//! Learners for a demo that is to look, and to weigh, like a site that has been sold from for a year.

use crate::domain::id::CourseId;
use crate::domain::people::{PeopleFilter, PeopleSort};
use crate::domain::trend::TrendRange;
use crate::error::AppError;
use crate::server::auth::Viewer;
use crate::server::db::{self, Db};
use crate::server::people;
use futures::TryStreamExt;
use std::time::{Duration, Instant};

/// What was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Made {
    pub people: usize,
    /// Grants of purchases.
    pub bought: u64,
    pub completions: u64,
}

/// Makes sure that there are so many made-up learners. Those that are there stay as they are.
pub async fn fill(db: &Db, learners: i32) -> Result<Made, AppError> {
    let author = author(db).await?.id;
    let courses: Vec<CourseId> = db::courses::sold(db).await?;
    db.write(move |tx| {
        Box::pin(async move {
            let people = db::demo_learners::add(tx, &names(FIRST), &names(LAST), learners).await?;
            if people.is_empty() {
                return Ok(Made::default());
            }
            let bought = db::demo_learners::buy(tx, &people).await?;
            db::demo_learners::refund(tx, &people).await?;
            db::demo_learners::grant(tx, &people, author).await?;
            db::access::refresh(tx, &people).await?;
            let completions = db::demo_learners::learn(tx, &people).await?;
            for course in courses {
                db::demo_learners::leave(tx, &people, course).await?;
            }
            db::demo_learners::analyze(tx).await?;
            Ok(Made { people: people.len(), bought, completions })
        })
    })
    .await
}

/// How long the author's large pages take on what is there, without what turns them into HTML: a line each.
pub async fn measure(db: &Db) -> Result<Vec<String>, AppError> {
    let admin = Viewer::of(Some(author(db).await?)).admin()?;
    let mut lines = Vec::new();
    for (name, sort) in [
        ("Roster by name", PeopleSort::Name),
        ("Roster by progress", PeopleSort::Furthest),
        ("Roster by last activity", PeopleSort::Latest),
    ] {
        let started = Instant::now();
        let filter = PeopleFilter { sort, ..PeopleFilter::default() };
        let roster = people::roster(db, &admin, filter, None).await?;
        lines.push(format!("{name}, {} people: {}", roster.total, took(started.elapsed())));
    }
    let started = Instant::now();
    db::figures::read(db, &admin).await?;
    db::trends::read(db, &admin, TrendRange::Months, chrono::Utc::now()).await?;
    lines.push(format!("Overview of 12 months: {}", took(started.elapsed())));
    let started = Instant::now();
    let file = people::stream(db.clone(), admin, PeopleFilter::default()).await?;
    let bytes = file.try_fold(0, |sum, part| async move { Ok(sum + part.len()) }).await;
    let bytes = bytes.map_err(|_| AppError::Unavailable)?;
    lines.push(format!("Everybody as CSV, {} kB: {}", bytes / 1000, took(started.elapsed())));
    Ok(lines)
}

fn took(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

async fn author(db: &Db) -> Result<crate::domain::user::User, AppError> {
    let (identity, _, _) = super::Persona::Author.account();
    db::users::user_by_external(db, identity).await?.ok_or(AppError::NotFound)
}

fn names(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

const FIRST: &str = "
    Abena Adrian Aiko Alba Alejandro Amara Amir Ana Anders Anika Anton Aria Arjun Astrid Ayumi Beatriz Bruno Camila Carmen
    Chidi Chloe Clara Daan Dalia Daniel Daria Deepa Diego Dina Ebba Elena Elias Emeka Emil Emma Esther Farid Fatima Felix
    Femi Finn Freya Gabriel Giulia Grace Hana Hassan Helena Hugo Ibrahim Ida Ines Ingrid Isaac Ivan Jade Jakub Jamal Jana
    Joanna Johan Jonas Julia Kaito Karim Katya Kofi Lara Lars Laila Leo Lina Lucas Luna Magnus Maja Malik Mara Marco Maria
    Mateo Mei Mila Mina Nadia Naomi Nikhil Nina Noah Olga Omar Oscar Paula Priya Rafael Rosa Samir Sofia Tomas Yuki";

const LAST: &str = "
    Abbott Achebe Adeyemi Ahmed Almeida Andersson Asante Bakker Banerjee Barros Bauer Becker Bell Berg Bianchi Boateng
    Brandt Brown Campos Castillo Chen Cohen Costa Cruz Dahl Das Diaz Dubois Eriksen Evans Farah Fernandez Ferrari Fischer
    Fontaine Fuchs Garcia Gomez Gray Greco Gupta Haas Hansen Haddad Hayashi Hernandez Hill Hoffmann Holm Horvat Hughes
    Ibrahimovic Ito Ivanova Iyer Jansen Jensen Johansson Kaya Keller Khan Kim Klein Kovac Kowalski Kumar Lang Larsen Laurent
    Lee Lopez Lund Martin Mendoza Meyer Moreau Mori Mwangi Nakamura Nguyen Novak Okafor Okoye Olsen Ortiz Osei Patel Pereira
    Petrov Popescu Rahman Ramos Reyes Ricci Romano Rossi Sato Schmidt Silva Tanaka";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_ten_thousand_different_names() {
        for list in [FIRST, LAST] {
            let names: std::collections::BTreeSet<_> = names(list).into_iter().collect();
            assert_eq!(names.len(), 100);
        }
    }
}
