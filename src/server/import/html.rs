//! The little that must be known of HTML inside Markdown: comments, and the addresses of pictures and links.

use std::ops::Range;

/// True for a comment, or a line of one: Markdown hands over HTML line by line, and only the first line has the mark.
pub(super) fn is_comment(html: &str) -> bool {
    let html = html.trim_start();
    html.starts_with("<!--") || !html.starts_with('<')
}

/// An `<img>` or `<a>` tag with an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AddressTag<'a> {
    /// Of the whole tag.
    pub range: Range<usize>,
    pub is_picture: bool,
    pub address: &'a str,
    /// Where the address stands.
    pub address_range: Range<usize>,
    /// Of a picture, as written, so still escaped.
    pub alt: &'a str,
}

/// The tags with an address in a piece of HTML.
pub(super) fn address_tags(html: &str) -> Vec<AddressTag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let rest = &html[start..];
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(html.len(), |end| start + end + 3);
            continue;
        }
        let end = rest.find('>').map_or(html.len(), |end| start + end + 1);
        let tag = &html[start..end];
        let name = tag[1..].split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
        let attribute = match name.to_ascii_lowercase().as_str() {
            "img" => Some(("src", true)),
            "a" => Some(("href", false)),
            _ => None,
        };
        if let Some((attribute, is_picture)) = attribute
            && let Some(value) = attribute_value(tag, attribute)
        {
            let alt = attribute_value(tag, "alt").map_or("", |alt| &tag[alt]);
            let address_range = start + value.start..start + value.end;
            tags.push(AddressTag { range: start..end, is_picture, address: &tag[value], address_range, alt });
        }
        at = end;
    }
    tags
}

/// Where in `tag` the quoted value of an attribute stands.
fn attribute_value(tag: &str, name: &str) -> Option<Range<usize>> {
    // The name is looked for in lower case only: an address missed here is shown as it is, no harm comes of it.
    for (at, _) in tag.match_indices(name) {
        if !tag[..at].ends_with(|letter: char| letter.is_whitespace()) {
            continue;
        }
        let after = tag[at + name.len()..].trim_start();
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else { continue };
        let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else { continue };
        let start = tag.len() - value.len() + 1;
        return tag[start..].find(quote).map(|length| start..start + length);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_links_are_found_with_their_address() {
        let html =
            "<p><img width=\"3\" src=\"a.png\" alt='An A'> <A class=x href='b.md'>b</A> <!-- <img src=\"c\"> -->";
        let found = address_tags(html);
        assert_eq!(
            found.iter().map(|tag| (tag.address, tag.is_picture, tag.alt)).collect::<Vec<_>>(),
            [("a.png", true, "An A"), ("b.md", false, "")]
        );
        assert_eq!(&html[found[0].range.clone()], "<img width=\"3\" src=\"a.png\" alt='An A'>");
        assert_eq!(&html[found[1].address_range.clone()], "b.md");
    }

    #[test]
    fn broken_tags_do_no_harm() {
        for html in
            ["<img", "<img src", "<img src=", "<img src=\"a", "<a data-href='x'>", "<", "<é>", "<!-- <img src='a'"]
        {
            assert!(address_tags(html).is_empty(), "{html}");
        }
    }
}
