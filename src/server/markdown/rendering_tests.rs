//! What Markdown becomes.

// A test that cannot go on should panic.
#![allow(clippy::unwrap_used)]

use super::tests::{Tag, assert_harmless, tags};
use super::{excerpt, render};

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
