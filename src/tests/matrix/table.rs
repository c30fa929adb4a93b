//! Reads the tables.

use super::actors::ACTORS;

/// A line: the columns that say what is asked, and a cell for every actor.
pub struct Row {
    pub keys: Vec<&'static str>,
    pub cells: Vec<&'static str>,
}

/// The lines of a table with so many columns before those of the actors.
pub fn read(text: &'static str, keys: usize) -> Vec<Row> {
    let mut lines = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(',').map(str::trim).collect::<Vec<_>>());
    let head = lines.next().expect("the columns have names");
    assert_eq!(head[keys..], ACTORS, "a column each");
    let row = |mut line: Vec<&'static str>| {
        assert_eq!(line.len(), head.len(), "{line:?}");
        let cells = line.split_off(keys);
        Row { keys: line, cells }
    };
    lines.map(row).collect()
}

impl Row {
    /// Whether the line is about this. A column names one value, several (`absent|nil`), or all of them (`*`).
    pub fn is_of(&self, what: &[&str]) -> bool {
        let fits = |(key, what): (&&str, &&str)| *key == "*" || key.split('|').any(|key| key == *what);
        self.keys.len() == what.len() && self.keys.iter().zip(what).all(fits)
    }
}

/// The one line that is about this; the error says that there is none, or more than one.
pub fn find<'t>(rows: &'t [Row], what: &[&str]) -> Result<&'t Row, String> {
    let mut found = rows.iter().filter(|row| row.is_of(what));
    match (found.next(), found.next()) {
        (Some(row), None) => Ok(row),
        (None, _) => Err(format!("{} is not in the table", what.join(", "))),
        (Some(_), Some(_)) => Err(format!("{} is in the table twice", what.join(", "))),
    }
}
