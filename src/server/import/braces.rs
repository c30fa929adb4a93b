//! Tells mdBook's directives from all the other double braces that a text may have.

use std::ops::Range;

/// `{{#name argument}}` or `{{%name argument}}` on one line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive<'a> {
    /// With the backslash, where there is one.
    pub range: Range<usize>,
    /// A backslash stands before it: it is text about directives.
    pub escaped: bool,
    pub name: &'a str,
    pub argument: &'a str,
}

/// Finds the directives of a text from front to back.
pub(super) struct Directives<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Directives<'a> {
    pub fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'a> Iterator for Directives<'a> {
    type Item = Directive<'a>;

    fn next(&mut self) -> Option<Directive<'a>> {
        loop {
            let open = self.at + self.text.get(self.at..)?.find("{{")?;
            self.at = open + 2;
            let inside = self.text[open + 2..].trim_start_matches([' ', '\t']);
            let Some(inside) = inside.strip_prefix(['#', '%']) else { continue };
            let line = &inside[..inside.find('\n').unwrap_or(inside.len())];
            let Some(length) = line.find("}}") else { continue };
            let (name, argument) = match line[..length].trim().split_once(char::is_whitespace) {
                Some((name, argument)) => (name, argument),
                None => (line[..length].trim(), ""),
            };
            if name.is_empty() || !name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-')) {
                continue;
            }
            self.at = self.text.len() - inside.len() + length + 2;
            let escaped = self.text[..open].ends_with('\\');
            return Some(Directive { range: open - usize::from(escaped)..self.at, escaped, name, argument });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, &str, &str, bool)> {
        Directives::of(text).map(|found| (&text[found.range], found.name, found.argument, found.escaped)).collect()
    }

    #[test]
    fn directives_are_found_with_name_and_argument() {
        let text = "a {{#include b.md:x }} \\{{#title T}}\n{{ %course outline Big One}}{{%x}}";
        assert_eq!(
            found(text),
            [
                ("{{#include b.md:x }}", "include", "b.md:x", false),
                ("\\{{#title T}}", "title", "T", true),
                ("{{ %course outline Big One}}", "course", "outline Big One", false),
                ("{{%x}}", "x", "", false),
            ]
        );
    }

    #[test]
    fn other_braces_are_none() {
        for text in ["{{}}", "{{ name }}", "{{#}}", "{{# }}", "{{#a", "{{#a\n}}", "{{#\"x\"}}", "{{", "{#a}"] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
