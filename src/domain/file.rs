use super::id::FileId;
use serde::{Deserialize, Serialize};

/// Most characters of a file's name.
pub const FILE_NAME_MAX: usize = 200;

/// What an uploaded file is to its lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::Type), sqlx(type_name = "lesson_file_kind", rename_all = "lowercase"))]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// Plays in the player; a lesson has one at most.
    Video,
    /// Shown where the lesson's text names it.
    Picture,
    /// Downloaded.
    Attachment,
}

impl FileKind {
    pub fn label(self) -> &'static str {
        match self {
            Self::Video => "Video",
            Self::Picture => "Picture",
            Self::Attachment => "Attachment",
        }
    }
}

/// A file of a lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonFile {
    pub id: FileId,
    pub kind: FileKind,
    pub name: String,
    pub bytes: i64,
}

/// A size as people read it: `512 B`, `1.5 MB`, in powers of 1,000.
pub fn size(bytes: i64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    let mut tenths = bytes.max(0) / 100;
    if bytes < 1_000 {
        return format!("{} B", bytes.max(0));
    }
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < units.len() {
        tenths /= 1_000;
        unit += 1;
    }
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} {}", units[unit]),
        (whole, _) if whole >= 100 => format!("{whole} {}", units[unit]),
        (whole, tenth) => format!("{whole}.{tenth} {}", units[unit]),
    }
}

/// A file's name as it may be kept: its last part, without what a file system or a page could stumble over.
pub fn file_name(text: &str) -> String {
    let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(FILE_NAME_MAX).collect();
    match clean.trim() {
        "" | "." | ".." => "file".to_owned(),
        name => name.to_owned(),
    }
}

/// A file's name as addresses and headers say it: percent-encoded but for what RFC 3986 calls unreserved.
pub fn encoded(name: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    name.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_write_them() {
        let said = [0, 999, 1_000, 1_550, 71_300, 999_999, 1_500_000, 2_000_000_000].map(size);
        assert_eq!(said, ["0 B", "999 B", "1 kB", "1.5 kB", "71.3 kB", "999 kB", "1.5 MB", "2 GB"]);
    }

    #[test]
    fn in9_a_name_keeps_no_way_out_of_its_folder() {
        for (text, name) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\x\\notes.pdf", "notes.pdf"),
            ("a\0b\nc.png", "abc.png"),
            ("..", "file"),
            ("", "file"),
            ("  x ", "x"),
        ] {
            assert_eq!(file_name(text), name);
        }
        assert_eq!(file_name(&"é".repeat(500)).chars().count(), FILE_NAME_MAX);
    }
}
