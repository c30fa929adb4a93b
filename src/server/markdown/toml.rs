//! Colours for TOML, which the syntax set does not know.

use comrak::html::escape;

/// Always succeeds: what is not TOML stays uncoloured.
pub(super) fn to_html(code: &str) -> String {
    let mut html = String::new();
    let mut rest = code;
    // Before a `=` stands a key, after it a value.
    let mut in_value = false;
    let mut brackets = 0_usize;
    while let Some(first) = rest.chars().next() {
        let (length, class) = match first {
            '#' => (rest.find('\n').unwrap_or(rest.len()), Some("hl-comment")),
            '"' | '\'' => {
                let length = string_length(rest, first);
                (length, Some(if in_value { "hl-string" } else { "hl-entity hl-name hl-tag" }))
            }
            '[' if !in_value => (rest.find(['\n', '#']).unwrap_or(rest.len()), Some("hl-entity hl-name hl-section")),
            '=' => {
                in_value = true;
                (1, Some("hl-keyword hl-operator"))
            }
            '[' => {
                brackets += 1;
                (1, None)
            }
            ']' => {
                brackets = brackets.saturating_sub(1);
                (1, None)
            }
            '\n' => {
                in_value = brackets > 0;
                (1, None)
            }
            // In an inline table, keys follow these.
            '{' | ',' if brackets == 0 => {
                in_value = false;
                (1, None)
            }
            _ if is_word(first) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                (length, Some(if in_value { "hl-constant" } else { "hl-entity hl-name hl-tag" }))
            }
            other => (other.len_utf8(), None),
        };
        let (text, after) = rest.split_at(length);
        push(&mut html, text, class);
        rest = after;
    }
    html
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "_-+.:".contains(c)
}

/// From the opening quote to behind the closing one; without one, to the end of the line.
fn string_length(text: &str, quote: char) -> usize {
    let triple = String::from(quote).repeat(3);
    if let Some(body) = text.strip_prefix(&triple) {
        return body.find(&triple).map_or(text.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (index, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return index,
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if c == quote => return index + 1,
            _ => {}
        }
    }
    text.len()
}

fn push(html: &mut String, text: &str, class: Option<&str>) {
    if let Some(class) = class {
        html.push_str(&format!("<span class=\"{class}\">"));
    }
    // Writing to a String cannot fail.
    let _ = escape(html, text);
    if class.is_some() {
        html.push_str("</span>");
    }
}
