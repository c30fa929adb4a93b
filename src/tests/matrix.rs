//! The authorization matrix, over HTTP and on real rows: everybody who may come, everything that is there to be asked for,
//! and every id that may be asked with. What is expected stands in three tables that a person can read, `data/*_matrix.csv`;
//! nothing here or in the application works it out.

mod actors;
mod addresses;
mod calls;
mod canaries;
mod content;
mod ids;
mod plain;
mod surfaces;
mod table;

use crate::support::Reply;

/// What became of the cells of a test.
#[derive(Default)]
pub struct Outcome {
    cells: usize,
    /// A line each.
    wrong: Vec<String>,
    /// Places where a token was found that was not to be there.
    canaries: Vec<String>,
}

impl Outcome {
    /// Notes a cell; `which` is what it is of.
    pub fn cell(&mut self, which: &[&str], expected: &str, got: &str) {
        self.cells += 1;
        if expected != got {
            self.wrong.push(format!("{}: expected {expected}, got {got}", which.join(", ")));
        }
    }

    pub fn fault(&mut self, what: String) {
        self.wrong.push(what);
    }

    pub fn canary(&mut self, what: String) {
        self.canaries.push(what);
    }

    /// Fails where a cell is wrong, and where there were fewer cells than `least`: a loop over nothing proves nothing.
    #[track_caller]
    pub fn finish(self, least: usize) {
        println!("cells={} wrong={} canaries={}", self.cells, self.wrong.len(), self.canaries.len());
        let lines = [self.wrong, self.canaries].concat();
        assert!(lines.is_empty(), "\n{}", lines.join("\n"));
        assert!(self.cells >= least, "{} cells, fewer than {least}", self.cells);
    }
}

/// A status as the tables say it: what leads to the form to sign in is no answer of its own.
pub fn status(reply: &Reply) -> String {
    match reply.status {
        303 if reply.location().starts_with("/sign-in?next=/") => "sign-in".to_owned(),
        status => status.to_string(),
    }
}
