//! The allow-list, and the pass after it.

use std::{
    borrow::Cow,
    io::{self, Read},
    time::Instant,
};

use ammonia::Builder;

use super::highlight::CLASS_PREFIX;

/// Before every id, so that none of an author's can stand in for one of the page's.
const ID_PREFIX: &str = "user-";

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Removed with what is in them; of other unknown tags the text stays.
const HIDDEN_TAGS: &[&str] = &[
    "script", "style", "iframe", "object", "embed", "applet", "noscript", "noembed", "noframes", "template", "title",
    "textarea", "select", "svg", "math", "xmp",
];

const CLASSES: &[&str] = &[
    "markdown-alert",
    "markdown-alert-title",
    "markdown-alert-note",
    "markdown-alert-tip",
    "markdown-alert-important",
    "markdown-alert-warning",
    "markdown-alert-caution",
    "footnotes",
    "footnote-ref",
    "footnote-backref",
    "contains-task-list",
    "task-list-item",
    "task-list-item-checkbox",
];

fn cleaner(folder: Option<&str>) -> Builder<'static> {
    let folder = folder.map(str::to_owned);
    let mut builder = Builder::empty();
    builder
        .add_tags(TAGS)
        .add_clean_content_tags(HIDDEN_TAGS)
        .add_generic_attributes(["class", "id", "lang", "title"])
        .add_tag_attributes("a", ["href", "aria-label"])
        .add_tag_attributes("img", ["src", "alt", "width", "height"])
        .add_tag_attributes("input", ["checked"])
        .add_tag_attributes("details", ["open"])
        .add_tag_attributes("ol", ["start"])
        .add_tag_attributes("td", ["align", "colspan", "rowspan"])
        .add_tag_attributes("th", ["align", "colspan", "rowspan", "scope"])
        // Whatever an author's `<input>` was, it becomes the checkbox of a task list.
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        .set_tag_attribute_value("img", "loading", "lazy")
        .url_schemes(["http", "https", "mailto"].into())
        .link_rel(Some("noopener noreferrer"))
        .attribute_filter(move |tag, name, value| attribute(tag, name, value, folder.as_deref()));
    builder
}

fn attribute<'a>(tag: &str, name: &str, value: &'a str, folder: Option<&str>) -> Option<Cow<'a, str>> {
    match name {
        "href" | "src" if is_file_name(value) => folder.map(|folder| format!("{folder}{value}").into()),
        "class" => {
            let kept: Vec<&str> = value.split_ascii_whitespace().filter(|class| is_ours(tag, class)).collect();
            (!kept.is_empty()).then(|| Cow::Owned(kept.join(" ")))
        }
        "id" => prefixed(value),
        "href" => link(value),
        "src" => (starts_with(value, "https://") && is_plain(value) || is_site_relative(value)).then_some(value.into()),
        "width" | "height" | "start" | "colspan" | "rowspan" => {
            (value.len() <= 5 && value.bytes().all(|byte| byte.is_ascii_digit())).then_some(value.into())
        }
        "align" => ["left", "right", "center"].contains(&value).then_some(value.into()),
        // The label of a link back from a footnote, and no other: it would replace what the link says.
        "aria-label" => value.starts_with("Back to reference ").then_some(value.into()),
        "scope" => ["row", "col", "rowgroup", "colgroup"].contains(&value).then_some(value.into()),
        _ => Some(value.into()),
    }
}

/// Ours are the classes that this module's own steps emit.
fn is_ours(tag: &str, class: &str) -> bool {
    let plain =
        |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_+#.".contains(&b));
    match tag {
        "span" => class.strip_prefix(CLASS_PREFIX).is_some_and(plain),
        "code" => class.strip_prefix("language-").is_some_and(plain),
        _ => CLASSES.contains(&class),
    }
}

fn prefixed(id: &str) -> Option<Cow<'_, str>> {
    if id.is_empty() || !is_plain(id) {
        None
    } else if id.starts_with(ID_PREFIX) {
        Some(id.into())
    } else {
        Some(format!("{ID_PREFIX}{id}").into())
    }
}

/// Links go to other sites, to paths of this one, or to a place in the same text. A path relative to the page would change
/// its meaning with the page that shows the text.
fn link(href: &str) -> Option<Cow<'_, str>> {
    if let Some(fragment) = href.strip_prefix('#') {
        return Some(format!("#{}", prefixed(fragment)?).into());
    }
    let absolute = ["https://", "http://", "mailto:"].iter().any(|scheme| starts_with(href, scheme));
    (absolute && is_plain(href) || is_site_relative(href)).then_some(href.into())
}

/// `curve.png`: a name with an ending, no path, no scheme, no fragment, nothing that means something in an address or
/// in markup; percent-encoded as addresses are.
pub fn is_file_name(url: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "-_.~%()!+,".contains(c);
    !url.starts_with('.') && url.contains('.') && url.chars().all(plain)
}

/// Browsers drop control characters from a URL and read `\` as `/`, so `/` followed by either may lead to another site.
fn is_site_relative(url: &str) -> bool {
    url.starts_with('/') && !url[1..].starts_with('/') && !url.contains('\\') && is_plain(url)
}

fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn starts_with(url: &str, scheme: &str) -> bool {
    url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

/// Cleans HTML. None if it takes too long: the time to parse grows with the square of the nesting, and raw HTML can nest as
/// deep as it is long. Links and pictures that name a file and nothing else are led below `folder`.
pub(super) fn clean(html: &str, folder: Option<&str>, deadline: Instant) -> Option<String> {
    let source = UntilDeadline { rest: html.as_bytes(), deadline };
    let document = cleaner(folder).clean_from_reader(source).ok()?;
    Some(finish(&document.to_string()))
}

struct UntilDeadline<'a> {
    rest: &'a [u8],
    deadline: Instant,
}

impl Read for UntilDeadline<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if Instant::now() >= self.deadline {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.rest.read(buffer)
    }
}

/// Adds what an author may not write. Works on text because the cleaner's output is regular: attributes are in double
/// quotes, and `<` and `>` stand for nothing but tags.
fn finish(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    let mut tables = 0_usize;
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else {
            break;
        };
        out.push_str(&rest[..start]);
        let tag = &rest[start + 1..start + length];
        rest = &rest[start + length + 1..];
        let (name, attributes) = tag.split_at(tag.find(' ').unwrap_or(tag.len()));
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "/h1" | "/h2" | "/h3" | "/h4" | "/h5" => {
                let (name, level) = name.split_at(name.len() - 1);
                let level = level.parse::<u8>().unwrap_or(5) + 1;
                out.push_str(&format!("<{name}{level}{attributes}>"));
            }
            "pre" => out.push_str(&format!("<pre tabindex=\"0\"{attributes}>")),
            "table" => {
                if tables == 0 {
                    out.push_str("<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">");
                }
                tables += 1;
                out.push_str(&format!("<{tag}>"));
            }
            "/table" => {
                tables = tables.saturating_sub(1);
                out.push_str("</table>");
                if tables == 0 {
                    out.push_str("</div>");
                }
            }
            "input" => {
                let label = if attributes.contains(" checked=") { "Done" } else { "To do" };
                out.push_str(&format!("<input aria-label=\"{label}\"{attributes}>"));
            }
            "section" if attributes.contains("class=\"footnotes\"") => {
                out.push_str(&format!("<section aria-label=\"Footnotes\"{attributes}>"));
            }
            "img" if value_of(attributes, "src").is_none() => {
                out.push_str(value_of(attributes, "alt").unwrap_or_default());
            }
            // Without the attribute, a screen reader spells the file's name out.
            "img" if value_of(attributes, "alt").is_none() => out.push_str(&format!("<img alt=\"\"{attributes}>")),
            _ => out.push_str(&format!("<{tag}>")),
        }
    }
    out.push_str(rest);
    out
}

/// An attribute's value, still escaped.
fn value_of<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    loop {
        let (key, after) = rest.trim_start().split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        if key == name {
            return Some(value);
        }
        rest = after;
    }
}
