//! Parsing of what people type: a value, or a sentence that says what to change.

use serde::{Deserialize, Serialize};

/// Most characters of a name or title.
pub const NAME_MAX: usize = 200;
/// Most characters of a description.
pub const DESCRIPTION_MAX: usize = 20_000;
/// Most bytes of a lesson's Markdown.
pub const MARKDOWN_MAX: usize = 1 << 20;
/// Most characters of an address.
pub const ADDRESS_MAX: usize = 2_000;

/// What is wrong with a form: a sentence a field, in the form's order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(Vec<(String, String)>);

impl FieldErrors {
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        Self(vec![(field.to_owned(), message.into())])
    }

    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, message)| message.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, message)| (field.as_str(), message.as_str()))
    }
}

/// Collects every field's error before it answers, so that a person need not mend them one at a time.
#[derive(Default)]
pub struct Validator(FieldErrors);

impl Validator {
    pub fn field<T>(&mut self, name: &str, result: Result<T, String>) -> Option<T> {
        result.map_err(|message| self.0.0.push((name.to_owned(), message))).ok()
    }

    /// Builds the fields where all were valid. `build` gives none only where one was not.
    pub fn done<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, FieldErrors> {
        if self.0.0.is_empty() { build().ok_or(self.0) } else { Err(self.0) }
    }
}

/// A short text on one line, trimmed, 1 to [`NAME_MAX`] characters.
pub fn name(text: String) -> Result<String, String> {
    let text = single_line(&text)?;
    match text.chars().count() {
        0 => Err("This cannot be empty.".into()),
        n if n > NAME_MAX => Err(format!("Use at most {NAME_MAX} characters; this has {n}.")),
        _ => Ok(text),
    }
}

/// A remark on one line, trimmed, up to [`NAME_MAX`] characters; none where it is blank.
pub fn remark(text: String) -> Result<Option<String>, String> {
    if text.trim().is_empty() { Ok(None) } else { name(text).map(Some) }
}

/// A longer text, trimmed, may be empty.
pub fn description(text: String) -> Result<String, String> {
    let text = printable(text)?.trim().to_owned();
    match text.chars().count() {
        n if n > DESCRIPTION_MAX => Err(format!("Use at most {DESCRIPTION_MAX} characters; this has {n}.")),
        _ => Ok(text),
    }
}

/// A learner's note, trimmed at its end, may be empty.
pub fn note(text: String) -> Result<String, String> {
    let text = printable(text)?.replace("\r\n", "\n").trim_end().to_owned();
    match text.chars().count() {
        n if n > DESCRIPTION_MAX => Err(format!("Use at most {DESCRIPTION_MAX} characters; this has {n}.")),
        _ => Ok(text),
    }
}

/// A lesson's text, kept as typed but for line ends; none where it is blank.
pub fn markdown(text: String) -> Result<Option<String>, String> {
    if text.len() > MARKDOWN_MAX {
        return Err("This lesson is longer than 1 MiB of text: split it into several.".into());
    }
    // Browsers send CRLF for every line end of a textarea.
    let text = printable(text)?.replace("\r\n", "\n");
    Ok(if text.trim().is_empty() { None } else { Some(text) })
}

/// Something with one @ between two parts that could be a mailbox; whether it is one, only a message can tell.
pub fn email(text: String) -> Result<String, String> {
    let text = single_line(&text)?;
    let plausible = text.len() <= 254
        && !text.chars().any(char::is_whitespace)
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.contains('@') && domain.split('.').all(|part| !part.is_empty())
        });
    if plausible { Ok(text) } else { Err("Enter an e-mail address, like ada@example.org.".into()) }
}

/// The address of a picture: empty, an https address, or a path on this site.
pub fn picture(text: String) -> Result<String, String> {
    let text = single_line(&text)?;
    if text.is_empty() || is_site_path(&text) || is_https(&text) {
        Ok(text)
    } else {
        Err("Use an address that starts with https://, or a path on this site that starts with /.".into())
    }
}

/// Whether this is an https address with a host and nothing that a browser would read differently from us.
pub fn is_https(text: &str) -> bool {
    text.len() <= ADDRESS_MAX
        && text.strip_prefix("https://").is_some_and(|rest| {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            !host.is_empty() && !host.contains('@')
        })
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "\"'<>\\^`{}|".contains(c))
}

/// Whether this is a path on this site: one leading slash, no second one or backslash after it that a browser
/// would take for another host, and no control character that it would drop.
pub fn is_site_path(text: &str) -> bool {
    text.len() <= ADDRESS_MAX
        && text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains('\\')
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && text.is_ascii()
}

/// The sign-in (or sign-up) page's address with the way back to `next`, percent-encoded (RFC 3986, 2.1).
pub fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() {
        return path.to_owned();
    }
    let encoded: String = next
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("{path}?next={encoded}")
}

fn printable(text: String) -> Result<String, String> {
    if text.contains('\0') { Err("This holds a NUL character, which cannot be stored.".into()) } else { Ok(text) }
}

fn single_line(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err("This cannot hold line breaks or control characters.".into());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_up_to_two_hundred_characters() {
        assert_eq!(name("  Ünïcode \u{1f980} ".into()), Ok("Ünïcode \u{1f980}".into()));
        assert!(name("   ".into()).is_err());
        assert!(name("é".repeat(NAME_MAX)).is_ok());
        assert!(name("é".repeat(NAME_MAX + 1)).is_err());
        assert!(name("a\0b".into()).is_err());
        assert!(name("a\nb".into()).is_err());
    }

    #[test]
    fn longer_texts_are_bounded_too() {
        for (length, fine) in [
            (0, true),
            (DESCRIPTION_MAX - 1, true),
            (DESCRIPTION_MAX, true),
            (DESCRIPTION_MAX + 1, false),
            (DESCRIPTION_MAX + 2, false),
        ] {
            let text = "é".repeat(length);
            assert_eq!(description(text.clone()).is_ok(), fine, "{length}");
            assert_eq!(note(text).is_ok(), fine, "{length}");
        }
        assert_eq!(description(" a\r\nb ".into()), Ok("a\r\nb".into()));
        assert_eq!(note("  a\r\nb \n".into()), Ok("  a\nb".into()));
        assert!(description("\0".into()).is_err() && note("\0".into()).is_err() && markdown("\0".into()).is_err());
        for (length, fine) in
            [(MARKDOWN_MAX - 1, true), (MARKDOWN_MAX, true), (MARKDOWN_MAX + 1, false), (MARKDOWN_MAX + 2, false)]
        {
            assert_eq!(markdown("a".repeat(length)).is_ok(), fine, "{length}");
        }
        assert_eq!(remark(" \t".into()), Ok(None));
        assert_eq!(remark(" a ".into()), Ok(Some("a".into())));
        assert!(remark("a\nb".into()).is_err());
    }

    #[test]
    fn the_way_back_is_one_parameter_of_the_address() {
        assert_eq!(with_next("/sign-in", ""), "/sign-in");
        assert_eq!(
            with_next("/sign-in", "/a-b_c.d~e/Zz9?x=1&y=ü"),
            "/sign-in?next=/a-b_c.d~e/Zz9%3Fx%3D1%26y%3D%C3%BC"
        );
    }

    #[test]
    fn addresses_have_a_length_that_is_stored() {
        let long = |start: &str, length: usize| format!("{start}{}", "a".repeat(length - start.len()));
        for (length, fine) in [(ADDRESS_MAX, true), (ADDRESS_MAX + 1, false)] {
            assert_eq!(is_https(&long("https://", length)), fine, "{length}");
            assert_eq!(is_site_path(&long("/", length)), fine, "{length}");
        }
        for (length, fine) in [(254, true), (255, false)] {
            assert_eq!(email(long("ada@", length)).is_ok(), fine, "{length}");
        }
    }

    #[test]
    fn only_paths_on_this_site_pass() {
        for path in ["/", "/courses?x=1", "/courses/a#b"] {
            assert!(is_site_path(path), "{path}");
        }
        for path in [
            "",
            "//evil",
            "/\\evil",
            "https://evil",
            "/a\r\nSet-Cookie:x",
            "/\tevil",
            "courses",
            "\\/evil",
            "/a b",
            "/ü",
        ] {
            assert!(!is_site_path(path), "{path:?}");
        }
    }

    #[test]
    fn pictures_come_from_https_or_this_site() {
        for text in ["", "/covers/a.svg", "https://example.org/a.png?x=1"] {
            assert!(picture(text.into()).is_ok(), "{text}");
        }
        for text in [
            "javascript:alert(1)",
            "data:image/svg+xml,x",
            "//evil/a.png",
            "http://example.org/a.png",
            "java\tscript:alert(1)",
            "https://",
            "https://a\"onerror=b",
            "https://user@evil/a",
            "https://a b",
            "https://a/\u{1}",
        ] {
            assert!(picture(text.into()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_email_has_one_at_sign_between_two_parts() {
        for text in ["ada@example.org", "a+b@localhost", "é@exämple.org"] {
            assert!(email(text.into()).is_ok(), "{text}");
        }
        for text in ["", "ada", "@example.org", "ada@", "a b@example.org", "a@b@c", "a@b..c"] {
            assert!(email(text.into()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_blank_text_is_no_text_and_line_ends_are_one_kind() {
        assert_eq!(markdown(" \r\n ".into()), Ok(None));
        assert_eq!(markdown("a\r\nb".into()), Ok(Some("a\nb".into())));
    }
}
