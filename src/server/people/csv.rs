//! The roster as a file of comma-separated values (RFC 4180).

use crate::domain::people::{PeopleFilter, PersonRow};
use crate::error::AppError;
use crate::server::auth::Admin;
use crate::server::db::{self, Db};
use axum::body::Bytes;
use futures::{Stream, stream};
use std::io;
use uuid::Uuid;

/// People that are read at a time.
const AT_ONCE: usize = 500;

/// Excel takes a file for the system's old code page where it does not begin with this; what else reads it skips it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

const HEAD: [&str; 9] = [
    "Name",
    "E-mail",
    "Joined (UTC)",
    "Courses",
    "Access",
    "Lessons completed",
    "Lessons",
    "Percent",
    "Last activity (UTC)",
];

/// The roster's lines, some hundred people at a time. Their order is taken once, 16 bytes a person, and their rows as the
/// reader comes to them: no connection waits for a slow one. Whoever was deleted meanwhile is left out.
pub async fn stream(
    db: Db,
    admin: Admin,
    filter: PeopleFilter,
) -> Result<impl Stream<Item = io::Result<Bytes>> + Send, AppError> {
    let order = db::people::order(&db, &admin, &filter, None, None).await?;
    let people: Vec<Uuid> = order.into_iter().map(|standing| standing.id.0).collect();
    let head = stream::once(async { Ok(Bytes::from(format!("{BYTE_ORDER_MARK}{}", line(HEAD)))) });
    let parts = stream::try_unfold(0, move |from| {
        let to = people.len().min(from + AT_ONCE);
        let (db, admin, course, some) = (db.clone(), admin.clone(), filter.course, people[from..to].to_vec());
        async move {
            if some.is_empty() {
                return Ok(None);
            }
            let rows = db::people::rows(&db, &admin, &some, course).await.map_err(io::Error::other)?;
            Ok(Some((rows.iter().map(row).collect::<String>().into(), to)))
        }
    });
    Ok(stream::StreamExt::chain(head, parts))
}

fn row(person: &PersonRow) -> String {
    line([
        &*person.name,
        &person.email,
        &person.joined.0,
        &person.courses.to_string(),
        &person.sources.words().join("; "),
        &person.progress.completed.to_string(),
        &person.progress.total.to_string(),
        &person.progress.percent().to_string(),
        person.active.as_ref().map_or("", |time| &time.0),
    ])
}

fn line<const N: usize>(cells: [&str; N]) -> String {
    cells.map(cell).join(",") + "\r\n"
}

/// A cell, quoted where it must be. A spreadsheet runs as a formula what begins like one, and anyone may call themselves
/// `=HYPERLINK(…)`: an apostrophe before it makes it the text that it is (OWASP, CSV injection). Where lists are separated
/// by semicolons, what stands behind one is a cell of its own.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        if begins && ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'].contains(&c) {
            safe.push('\'');
        }
        safe.push(c);
        begins = matches!(c, ';' | '\n');
    }
    if safe.contains([',', '"', '\r', '\n']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_never_run() {
        for (text, expected) in [
            ("Ada", "Ada"),
            ("Lovelace, Ada", "\"Lovelace, Ada\""),
            ("the \"first\"", "\"the \"\"first\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("x;=1+1", "x;'=1+1"),
            ("＝1+1", "'＝1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("=cmd|' /C calc'!A0,\"x\"", "\"'=cmd|' /C calc'!A0,\"\"x\"\"\""),
            ("a=b", "a=b"),
        ] {
            assert_eq!(cell(text), expected);
        }
        assert_eq!(line(["a", "", "b"]), "a,,b\r\n");
    }
}
