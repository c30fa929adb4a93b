//! What a folder would change in a course, in the words that a terminal and a page share.

use super::deletion::count;
use super::file::size;
use super::language;
use serde::{Deserialize, Serialize};

/// What changes of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub of: Of,
    /// As it is called afterwards.
    pub name: String,
    /// At least one.
    pub what: Vec<What>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Of {
    Course,
    Section,
    Lesson,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// New: its status, the section of a lesson, and the lines of its text.
    Added {
        status: String,
        within: Option<String>,
        lines: usize,
    },
    Renamed {
        from: String,
    },
    /// Into a section, or within the list where it is; after a neighbour, or first of all.
    Moved {
        to: Option<String>,
        after: Option<String>,
    },
    Status {
        from: String,
        to: String,
    },
    /// A course's description, a lesson's text: lines that come and go.
    Text {
        added: usize,
        removed: usize,
    },
    /// Another address, or none.
    Video {
        to: Option<String>,
    },
    Completes {
        by_watching: bool,
    },
    /// A file by its name, captions by their language's tag.
    Attached {
        piece: Piece,
        what: Fate,
    },
    /// Is not in the folder, and goes or stays; with it learners' completions would go.
    Missing {
        goes: bool,
        completions: i64,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    File(String),
    Captions(String),
}

/// What becomes of a file or of captions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// New, of so many bytes.
    Added(i64),
    /// Other bytes under the same name.
    Changed,
    /// In the place of the video of this name.
    Replaces(String),
    Missing {
        goes: bool,
    },
}

/// What a change is at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Added,
    Changed,
    Removed,
    /// Not in the folder, and kept.
    Kept,
}

impl Mark {
    /// At the start of a line.
    pub fn sign(self) -> char {
        match self {
            Self::Added => '+',
            Self::Changed => '~',
            Self::Removed => '-',
            Self::Kept => '=',
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Added => "New",
            Self::Changed => "Changed",
            Self::Removed => "Removed",
            Self::Kept => "Stays",
        }
    }
}

impl Of {
    pub fn noun(self) -> &'static str {
        match self {
            Self::Course => "course",
            Self::Section => "section",
            Self::Lesson => "lesson",
        }
    }
}

impl Change {
    pub fn mark(&self) -> Mark {
        let marks = self.what.iter().map(What::mark);
        // What only stays says so; what stays and changes as well has changed.
        marks.fold(Mark::Kept, |mark, next| if mark == Mark::Kept { next } else { mark })
    }

    /// What changes, in words: `was “Heat”; text +3 −1 lines`.
    pub fn words(&self) -> String {
        self.what.iter().map(|what| what.words(self.of)).collect::<Vec<_>>().join("; ")
    }

    /// `~ lesson “Baking”: was “Heat”; text +3 −1 lines`.
    pub fn line(&self) -> String {
        format!("{} {} “{}”: {}", self.mark().sign(), self.of.noun(), self.name, self.words())
    }

    /// Whether it says of something that it is not in the folder and stays.
    pub fn keeps(&self) -> bool {
        self.what.iter().any(|what| what.mark() == Mark::Kept)
    }

    /// Learners' completions of what is not in the folder.
    pub fn completions(&self) -> i64 {
        let of = |what: &What| if let What::Missing { completions, .. } = what { *completions } else { 0 };
        self.what.iter().map(of).sum()
    }

    /// Whether nothing is written for it.
    pub fn is_remark(&self) -> bool {
        self.what.iter().all(|what| what.mark() == Mark::Kept)
    }
}

impl What {
    fn mark(&self) -> Mark {
        match self {
            Self::Added { .. } => Mark::Added,
            Self::Missing { goes: true, .. } => Mark::Removed,
            Self::Missing { goes: false, .. } | Self::Attached { what: Fate::Missing { goes: false }, .. } => {
                Mark::Kept
            }
            _ => Mark::Changed,
        }
    }

    fn words(&self, of: Of) -> String {
        match self {
            Self::Added { status, within: None, .. } => format!("new, {status}"),
            Self::Added { status, within: Some(section), lines } => {
                format!("new in “{section}”, {status}, {}", lines_of(*lines))
            }
            Self::Renamed { from } => format!("was “{from}”"),
            Self::Moved { to, after } => {
                let to = to.as_ref().map(|section| format!(" to “{section}”")).unwrap_or_default();
                match after {
                    Some(neighbour) => format!("moved{to}, after “{neighbour}”"),
                    None => format!("moved{to}, first"),
                }
            }
            Self::Status { from, to } => format!("{from} → {to}"),
            Self::Text { added, removed } => {
                let what = if of == Of::Course { "description" } else { "text" };
                format!("{what} +{added} −{removed} {}", if added + removed == 1 { "line" } else { "lines" })
            }
            Self::Video { to: Some(address) } => format!("video {address}"),
            Self::Video { to: None } => "no video address any more".to_owned(),
            Self::Completes { by_watching: true } => "completed by watching, too".to_owned(),
            Self::Completes { by_watching: false } => "completed by the button alone".to_owned(),
            Self::Attached { piece, what } => format!("{} {}", piece.words(), what.words()),
            Self::Missing { goes, completions } => {
                let with = match completions {
                    0 => String::new(),
                    n => format!(", with {}", count(*n, "completion", "completions of learners")),
                };
                if *goes { format!("removed{with}") } else { "not in the folder, stays".to_owned() }
            }
        }
    }
}

impl Piece {
    fn words(&self) -> String {
        match self {
            Self::File(name) => format!("file {name}"),
            Self::Captions(tag) => format!("captions in {}", language::name(tag)),
        }
    }
}

impl Fate {
    fn words(&self) -> String {
        match self {
            Self::Added(bytes) => format!("added ({})", size(*bytes)),
            Self::Changed => "changed".to_owned(),
            Self::Replaces(name) => format!("in the place of {name}"),
            Self::Missing { goes: true } => "removed".to_owned(),
            Self::Missing { goes: false } => "not in the folder, stays".to_owned(),
        }
    }
}

fn lines_of(lines: usize) -> String {
    match lines {
        0 => "without text".to_owned(),
        lines => count(lines as i64, "line", "lines"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(of: Of, name: &str, what: Vec<What>) -> Change {
        Change { of, name: name.to_owned(), what }
    }

    #[test]
    fn a_change_reads_as_a_line() {
        let renamed = What::Renamed { from: "Heat".into() };
        let text = What::Text { added: 3, removed: 1 };
        let gone = |goes| What::Missing { goes, completions: 2 };
        for (change, line) in [
            (
                change(Of::Lesson, "Baking", vec![renamed.clone(), text]),
                "~ lesson “Baking”: was “Heat”; text +3 −1 lines",
            ),
            (
                change(Of::Course, "Bread", vec![What::Text { added: 1, removed: 0 }]),
                "~ course “Bread”: description +1 −0 line",
            ),
            (change(Of::Lesson, "Old", vec![gone(true)]), "- lesson “Old”: removed, with 2 completions of learners"),
            (change(Of::Section, "Old", vec![gone(false)]), "= section “Old”: not in the folder, stays"),
            (
                change(
                    Of::Lesson,
                    "New",
                    vec![What::Added { status: "preview".into(), within: Some("Baking".into()), lines: 1 }],
                ),
                "+ lesson “New”: new in “Baking”, preview, 1 line",
            ),
        ] {
            assert_eq!(change.line(), line);
        }
    }

    #[test]
    fn what_stays_is_a_remark_until_something_else_changes() {
        let stays = What::Attached { piece: Piece::File("a.png".into()), what: Fate::Missing { goes: false } };
        let renamed = What::Renamed { from: "Heat".into() };
        assert!(change(Of::Lesson, "A", vec![stays.clone()]).is_remark());
        let both = change(Of::Lesson, "A", vec![stays, renamed]);
        assert!(!both.is_remark());
        assert_eq!(both.mark(), Mark::Changed);
    }
}
