//! Lists to take along, as files of comma-separated values (RFC 4180).

use axum::body::Bytes;
use futures::{Stream, StreamExt, stream};
use std::io;
use uuid::Uuid;

/// Rows that are read at a time.
const AT_ONCE: usize = 500;

/// Excel takes a file for the system's old code page where it does not begin with this; what else reads it skips it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A head, and the lines of what these ids name, some hundred at a time and as the reader comes to them: no connection
/// waits for a slow one.
pub fn stream<Lines>(
    head: String,
    ids: Vec<Uuid>,
    lines: impl Fn(Vec<Uuid>) -> Lines + Send + 'static,
) -> impl Stream<Item = io::Result<Bytes>> + Send
where
    Lines: Future<Output = sqlx::Result<String>> + Send,
{
    let head = stream::once(async move { Ok(Bytes::from(format!("{BYTE_ORDER_MARK}{head}"))) });
    let parts = stream::try_unfold(0, move |from| {
        let to = ids.len().min(from + AT_ONCE);
        let some = (from < to).then(|| lines(ids[from..to].to_vec()));
        async move {
            let Some(lines) = some else { return Ok(None) };
            Ok(Some((lines.await.map_err(io::Error::other)?.into(), to)))
        }
    });
    head.chain(parts)
}

/// A line of texts.
pub fn line<const N: usize>(texts: [&str; N]) -> String {
    joined(texts.map(cell))
}

/// A line of cells that are ready: of texts by [`cell`], and of numbers of our own making.
pub fn joined<const N: usize>(cells: [String; N]) -> String {
    cells.join(",") + "\r\n"
}

/// A cell, quoted where it must be. A spreadsheet runs as a formula what begins like one, and anyone may call themselves
/// `=HYPERLINK(…)`: an apostrophe before it makes it the text that it is (OWASP, CSV injection). Where lists are separated
/// by semicolons, what stands behind one is a cell of its own.
///
/// It makes a text of a number below nothing, too: our own amounts do without.
pub fn cell(text: &str) -> String {
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
