//! That no text of an author runs, loads or poses as the page, and none takes long.

// A test that cannot go on should panic.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use super::{excerpt, render};

/// A start tag of the output, with its attributes.
#[derive(Debug)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Reads the output strictly: anything but tags with quoted attributes, text and entities fails the test.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find(['<', '>']) {
        assert!(rest[start..].starts_with('<'), "a bare > in {html}");
        rest = &rest[start + 1..];
        let name_end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').unwrap();
        let name = rest[..name_end].to_owned();
        assert!(!name.is_empty(), "a bare < in {html}");
        rest = &rest[name_end..];
        let mut attributes = Vec::new();
        while let Some(after) = rest.strip_prefix(' ') {
            let (key, after) = after.split_once("=\"").unwrap();
            let (value, after) = after.split_once('"').unwrap();
            assert!(!value.contains(['<', '>']), "a tag in an attribute in {html}");
            assert!(attributes.iter().all(|(other, _)| other != key), "{key} twice in {html}");
            attributes.push((key.to_owned(), unescape(value)));
            rest = after;
        }
        rest = rest.strip_prefix('>').unwrap_or_else(|| panic!("an odd tag in {html}"));
        if !name.starts_with('/') {
            tags.push(Tag { name, attributes });
        }
    }
    tags
}

fn unescape(value: &str) -> String {
    let value = value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    value.replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}

#[track_caller]
pub fn assert_harmless(source: &str) -> String {
    const NAMES: &[&str] = &[
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "del",
        "details",
        "div",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "input",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "span",
        "strong",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ];
    const ATTRIBUTES: &[&str] = &[
        "align",
        "alt",
        "aria-label",
        "checked",
        "class",
        "colspan",
        "disabled",
        "height",
        "href",
        "id",
        "lang",
        "loading",
        "open",
        "rel",
        "role",
        "rowspan",
        "scope",
        "src",
        "start",
        "tabindex",
        "title",
        "type",
        "width",
    ];
    let html = render(source);
    for tag in tags(&html) {
        assert!(NAMES.contains(&&*tag.name), "<{}> from {source}: {html}", tag.name);
        for (name, value) in &tag.attributes {
            assert!(ATTRIBUTES.contains(&&**name), "{name} from {source}: {html}");
            match name.as_str() {
                "href" => {
                    let known = ["http://", "https://", "mailto:", "#user-", "/"];
                    let lower = value.to_ascii_lowercase();
                    assert!(known.iter().any(|start| lower.starts_with(start)), "{value} from {source}");
                    assert!(!value.starts_with("//") && !value.starts_with("/\\"), "{value} from {source}");
                    assert!(!value.contains(['\t', '\n', '\r']), "{value} from {source}");
                }
                "src" => {
                    let own = value.starts_with('/') && !value.starts_with("//") && !value.contains('\\');
                    assert!(own || value.starts_with("https://"), "{value} from {source}");
                }
                "id" => assert!(value.starts_with("user-"), "{value} from {source}"),
                "type" => assert_eq!(value, "checkbox"),
                "class" => {
                    for class in value.split(' ') {
                        let ours =
                            ["hl-", "language-", "markdown-alert", "footnote", "task-list-", "contains-task-list"];
                        let ours = ours.iter().any(|start| class.starts_with(start)) || class == "table-scroll";
                        assert!(ours, "class {class} from {source}");
                    }
                }
                _ => {}
            }
        }
        assert_eq!(tag.name == "input", tag.get("disabled").is_some());
    }
    html
}

#[test]
fn nothing_that_runs_or_loads_survives() {
    for source in [
        "<script>alert(1)</script>",
        "<ScRiPt src=//evil.example/x.js></sCrIpT>",
        "<script\n>alert(1)",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "x <img src=x onerror=alert(1)>",
        "<img src=\"https://a.example/b.png\" onload='alert(1)' style=\"position:fixed\">",
        "<img/src=/a/onerror=alert(1)>",
        "<img src=`javascript:alert(1)` alt=\"\"\"><script>alert(1)</script>\">",
        "<b onmouseover=alert(1)>b</b>",
        "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
        "<math><mi xlink:href=\"javascript:alert(1)\">x</mi></math>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style>",
        "<style>body { display: none }</style>",
        "<p style=\"background:url(javascript:alert(1))\">x</p>",
        "<link rel=stylesheet href=//evil.example/x.css>",
        "<iframe src=https://evil.example></iframe>",
        "<iframe srcdoc=\"<script>alert(1)</script>\">",
        "<object data=https://evil.example></object>",
        "<embed src=https://evil.example>",
        "<base href=https://evil.example>",
        "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
        "<form action=https://evil.example><input name=password><button>Sign in</button></form>",
        "<input type=image src=x onerror=alert(1) autofocus onfocus=alert(1)>",
        "<textarea><script>alert(1)</script></textarea>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<template><script>alert(1)</script></template>",
        "<xmp><script>alert(1)</script></xmp>",
        "<plaintext>x<script>alert(1)</script>",
        "<video src=x onerror=alert(1)><source onerror=alert(1)></video>",
        "<details ontoggle=alert(1) open><summary onclick=alert(1)>x</summary></details>",
        "<a href=https://a.example target=_top ping=//evil.example download>x</a>",
        "<custom-element is=x onclick=alert(1)>x</custom-element>",
        "<!--><script>alert(1)</script>-->",
        "<!-- --!><script>alert(1)</script>",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?php echo 1 ?><script>alert(1)</script>",
        "<p title='\"><script>alert(1)</script>'>x</p>",
        "<p title=\"<table><h1>\">x</p>",
        "<div><p><b>unclosed <a href=\"https://a.example",
        "</div></main></body></html><script>alert(1)</script>",
        "```\"><script>alert(1)</script>\nx\n```",
        "```rust\" onclick=\"alert(1)\nx\n```",
        "```rust\n</code></pre><script>alert(1)</script>\n```",
        "# x\" onclick=\"alert(1) <script>alert(1)</script>",
        "[^\"onclick=alert(1)]\n\n[^\"onclick=alert(1)]: x",
        "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
        "> [!NOTE] <script>alert(1)</script>\n> x",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;alert(1)&#60;/script&#62;",
    ] {
        assert_harmless(source);
    }
}

#[test]
fn links_with_a_scheme_that_runs_are_dropped() {
    for target in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\u{1}javascript:alert(1)",
        "javascript&#58;alert(1)",
        "javascript&colon;alert(1)",
        "&#x6A;avascript:alert(1)",
        "&#0000106avascript:alert(1)",
        "javas&Tab;cript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "blob:https://a.example/x",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "https:evil.example",
        "x:y",
    ] {
        for source in [
            format!("[x]({target})"),
            format!("[x](<{target}>)"),
            format!("![x](<{target}>)"),
            format!("<a href=\"{target}\">x</a>"),
            format!("<img src=\"{target}\" alt=x>"),
            format!("<{target}>"),
            format!("[x]\n\n[x]: {target}"),
        ] {
            let html = assert_harmless(&source);
            for tag in tags(&html) {
                for url in [tag.get("href"), tag.get("src")].into_iter().flatten() {
                    // Encoded, a backslash or a tab is a part of a path like any other.
                    assert!(url.starts_with("/%"), "{url} from {source}");
                }
            }
        }
    }
}

#[test]
fn an_author_cannot_pose_as_the_page() {
    let html = assert_harmless(
        "<a id=main name=main href=#top>x</a> <p class=\"btn hl-x table-scroll markdown-alert\" role=alert data-x=1 \
         aria-label=x aria-hidden=true tabindex=1 slot=x part=x>x</p>",
    );
    let tags = tags(&html);
    assert_eq!((tags[1].get("id"), tags[1].get("href")), (Some("user-main"), Some("#user-top")), "{html}");
    let p = tags.iter().find(|tag| tag.get("class").is_some()).unwrap();
    assert_eq!(p.get("class"), Some("markdown-alert"));
    assert_eq!(p.attributes.len(), 1);
}

#[test]
fn hostile_input_takes_bounded_time_and_stack() {
    let longest = super::LONGEST_SOURCE;
    for (name, source) in [
        ("quotes", ">".repeat(10_000)),
        ("a whole text of quotes", ">".repeat(longest)),
        ("brackets", "[".repeat(10_000)),
        ("emphasis", "*a ".repeat(50_000)),
        ("nested emphasis", format!("{}a{}", "*".repeat(20_001), "*".repeat(20_000))),
        ("one long line of code", format!("```rust\n{}\n```\n", "let a = (1 + ".repeat(40_000))),
        ("a long block of code", format!("```rust\n{}```\n", "let a = (1, \"b\");\n".repeat(5_500))),
        ("nested raw elements", "<div>".repeat(longest / 5)),
        ("nested formatting", "<b><p>".repeat(longest / 6)),
        ("equal headings", "# a\n".repeat(20_000)),
        ("a wide table", format!("{}\n{}\n{}", "|a".repeat(2_000), "|-".repeat(2_000), "|x\n".repeat(100_000))),
        ("too long", "a\n\n".repeat(longest)),
    ] {
        let start = Instant::now();
        // As small a stack as a thread of the server may have.
        let thread = std::thread::Builder::new().stack_size(512 << 10);
        let worker = thread.spawn(move || (render(&source), excerpt(&source, 160)));
        let (html, _) = worker.unwrap().join().unwrap();
        tags(&html);
        assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn what_cannot_be_rendered_is_shown_as_typed() {
    let html = render(&format!("{}<b>", ">".repeat(1_000)));
    assert!(html.starts_with("<pre tabindex=\"0\">&gt;&gt;"), "{html}");
    assert!(html.ends_with("&lt;b&gt;</pre>"), "{html}");
}
