//! Languages of captions: tags (BCP 47), and what they call themselves.

/// Tags that a form offers, with their own names.
pub const LANGUAGES: [(&str, &str); 24] = [
    ("en", "English"),
    ("ar", "العربية"),
    ("bn", "বাংলা"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("hi", "हिन्दी"),
    ("id", "Bahasa Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt-BR", "Português (Brasil)"),
    ("ru", "Русский"),
    ("sv", "Svenska"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("vi", "Tiếng Việt"),
    ("zh-CN", "简体中文"),
    ("zh-TW", "繁體中文"),
];

/// What a language is called; its tag where that is all we know.
pub fn name(tag: &str) -> &str {
    LANGUAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)).map_or(tag, |(_, name)| name)
}

/// Whether a text has the shape of a tag: subtags of 1 to 8 letters and digits, the first of 2 to 8 letters.
pub fn is_tag(text: &str) -> bool {
    let mut subtags = text.split('-');
    let language = subtags.next().unwrap_or_default();
    text.len() <= 35
        && (2..=8).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags.all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_their_shape_and_known_ones_a_name() {
        for (tag, _) in LANGUAGES {
            assert!(is_tag(tag), "{tag}");
        }
        for text in ["", "e", "en-", "-en", "en_US", "e1", "verylongtag", "en\"", "en <b>"] {
            assert!(!is_tag(text), "{text}");
        }
        assert_eq!(name("pt-br"), "Português (Brasil)");
        assert_eq!(name("gsw"), "gsw");
    }
}
