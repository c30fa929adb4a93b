// The writing surface by itself: public/writing.js over a form's field, in a page that this file serves under the policy
// of the real ones. What the lesson's page makes of it is tested with that page.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile } from "sass";
import { expectAccessible } from "./axe";
import { type Locator, type Page, expect, test } from "./fixtures";
import { tabTo } from "./keyboard";
import type { Surface } from "../public/writing.js";

const file = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const css = compile(file("style/main.scss")).css;
const POLICY =
  "default-src 'none'; script-src 'nonce-test' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' https:; " +
  "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'";

declare global {
  interface Window {
    surface: Surface;
    events: string[];
    inserts: ((markdown: string) => void)[];
  }
}

const BOOT = `
  import { mount } from "/writing.js";
  const field = document.getElementById("markdown");
  window.events = [];
  window.inserts = [];
  field.form.addEventListener("input", (event) => window.events.push("input " + event.target.id));
  window.surface = mount(field, {
    onChange: (text) => window.events.push("change " + text),
    onFiles: (files, insert) => {
      window.events.push("files " + files.map((file) => file.name).join(" "));
      window.inserts.push(insert);
    },
  });`;

/** A page with a form whose field is edited; `editor` is how CodeMirror is answered. */
async function edit(page: Page, text = "", attributes = "", editor = 200) {
  await page.route("**/*", (route) => {
    const { pathname } = new URL(route.request().url());
    const send = (contentType: string, body: string | Buffer, headers = {}) => route.fulfill({ contentType, body, headers });
    if (pathname === "/surface") {
      const body = `<!doctype html><html lang="en"><title>Writing</title><meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/test.css"><main id="main" class="page page--form">
        <h1>Edit</h1><form class="form" action="/sent"><label>Name <input class="input" name="name" value="A"></label>
        <div class="field"><label class="field-label" for="markdown">Text</label>
        <p class="field-hint" id="markdown-hint">Markdown.</p>
        <textarea class="input input--markdown" id="markdown" name="markdown" ${attributes}
          aria-describedby="markdown-hint markdown-error">${text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</textarea>
        <p class="field-error" id="markdown-error"></p></div>
        <p><a href="#markdown">To the text</a></p>
        <button class="button button--primary">Save</button></form></main>
        <script type="module" nonce="test" src="/boot.js"></script></html>`;
      return send("text/html", body, { "content-security-policy": POLICY });
    }
    if (pathname === "/sent") return send("text/html", '<!doctype html><html lang="en"><title>Sent</title><link rel="icon" href="/favicon.svg"><h1>Sent</h1></html>');
    if (pathname === "/vendor/codemirror.js" && editor !== 200) return route.fulfill({ status: editor });
    if (pathname === "/boot.js") return send("text/javascript", BOOT);
    if (pathname === "/test.css") return send("text/css", css);
    const type = { js: "text/javascript", svg: "image/svg+xml", woff2: "font/woff2" }[pathname.split(".").pop() ?? ""];
    return send(type ?? "text/plain", readFileSync(file(`public${pathname}`)));
  });
  await page.goto("/surface");
}

const text = (page: Page) => page.getByRole("textbox", { name: "Text" });
const tool = (page: Page, name: string) => page.getByRole("toolbar", { name: "Formatting" }).getByRole("button", { name, exact: true });

/** What will be sent. */
const sent = (page: Page) => page.locator("textarea#markdown");
const expectText = (page: Page, expected: string) => expect(sent(page)).toHaveValue(expected);

/** Selects words that the text holds once, as a reader of it does by mouse; here by the browser's own selection. */
async function select(page: Page, words: string) {
  await text(page).focus();
  await text(page).evaluate((editor, words) => {
    const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = (node.textContent ?? "").indexOf(words);
      if (at >= 0) return getSelection()?.setBaseAndExtent(node, at, node, at + words.length);
    }
    throw new Error(`there is no ${words}`);
  }, words);
  await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toBe(words);
}

/** Pastes or drops, as the browser tells a page of it. */
function give(target: Locator, kind: "paste" | "dragover" | "drop", what: { text?: string; files?: string[] }) {
  return target.evaluate(
    (element, { kind, what }) => {
      const data = new DataTransfer();
      if (what.text !== undefined) data.setData("text/plain", what.text);
      for (const name of what.files ?? []) data.items.add(new File(["x"], name, { type: "image/png" }));
      const box = element.getBoundingClientRect();
      const common = { bubbles: true, cancelable: true };
      const event =
        kind === "paste"
          ? new ClipboardEvent(kind, { ...common, clipboardData: data })
          : new DragEvent(kind, { ...common, dataTransfer: data, clientX: box.right - 5, clientY: box.bottom - 5 });
      element.dispatchEvent(event);
    },
    { kind, what },
  );
}

test("the text is the form's: shown, kept in step, and sent", async ({ page }) => {
  await edit(page, "One <b>&amp;\n\n**two**");
  await expect(text(page)).toContainText("One <b>&amp;");
  await expectText(page, "One <b>&amp;\n\n**two**");
  expect(await page.evaluate(() => window.events)).toEqual([]);
  await page.getByText("Text", { exact: true }).click();
  await expect(text(page), "the label leads to it").toBeFocused();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("!");
  await expectText(page, "One <b>&amp;\n\n**two**!");
  expect(await page.evaluate(() => window.events)).toEqual(["input markdown", "change One <b>&amp;\n\n**two**!"]);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Sent" })).toBeVisible();
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ name: "A", markdown: "One <b>&amp;\r\n\r\n**two**!" });
});

test("without the editor's code the plain field is what it was", async ({ page, watch }) => {
  watch.announce(/^answer 404: \S+\/vendor\/codemirror\.js$/, /^console error: Failed to load/);
  await edit(page, "One", "", 404);
  await expect(sent(page)).toBeVisible();
  await page.getByRole("textbox", { name: "Text" }).fill("Two");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Sent" })).toBeVisible();
  expect(new URL(page.url()).searchParams.get("markdown")).toBe("Two");
});

test("tools and keys make marks, show them pressed, and take them away", async ({ page }) => {
  await edit(page, "one two three");
  await select(page, "two");
  for (const [name, keys, made] of [
    ["Bold", "Control+b", "one **two** three"],
    ["Italic", "Control+i", "one *two* three"],
    ["Code", "Control+e", "one `two` three"],
    ["Heading", "Control+Shift+H", "## one two three"],
    ["Bulleted list", "Control+Shift+8", "- one two three"],
    ["Numbered list", "Control+Shift+7", "1. one two three"],
    ["Quotation", "Control+Shift+.", "> one two three"],
  ] as const) {
    await expect(tool(page, name)).toHaveAttribute("aria-pressed", "false");
    await page.keyboard.press(keys);
    await expectText(page, made);
    await expect(tool(page, name), name).toHaveAttribute("aria-pressed", "true");
    await expect(text(page), "the text keeps the focus").toBeFocused();
    await tool(page, name).click();
    if (name === "Heading") {
      await expectText(page, "### one two three");
      await tool(page, name).click();
      await expectText(page, "#### one two three");
      await tool(page, name).click();
    }
    await expectText(page, "one two three");
    await expect(text(page)).toBeFocused();
  }
});

test("what was done is undone and done again, until there is nothing more", async ({ page }) => {
  await edit(page, "one");
  await expect(tool(page, "Undo")).toHaveAttribute("aria-disabled", "true");
  await select(page, "one");
  await tool(page, "Bold").click();
  await tool(page, "Undo").click();
  await expectText(page, "one");
  await expect(tool(page, "Undo")).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Control+Shift+Z");
  await expectText(page, "**one**");
  await page.keyboard.press("Control+z");
  await expectText(page, "one");
});

test("a link gets its address written or pasted", async ({ page }) => {
  await edit(page, "see this and that");
  await select(page, "this");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("https://example.org/");
  await expectText(page, "see [this](https://example.org/) and that");
  await select(page, "that");
  await give(text(page), "paste", { text: "https://example.com/" });
  await expectText(page, "see [this](https://example.org/) and [that](https://example.com/)");
  await page.keyboard.press("Control+End");
  await give(text(page), "paste", { text: " https://example.net/" });
  await expectText(page, "see [this](https://example.org/) and [that](https://example.com/) https://example.net/");
});

test("Enter goes on with a list and ends it at an empty item", async ({ page }) => {
  await edit(page);
  await text(page).focus();
  await page.keyboard.type("1. one\ntwo\n\ntext\n\n> quoted\non\n\n```\n- \nmore");
  await expectText(page, "1. one\n2. two\n\ntext\n\n> quoted\n> on\n\n```\n- \nmore");
});

test("the keyboard goes in and out: Tab leaves the text, arrows go along the tools", async ({ page }) => {
  await edit(page, "one\ntwo");
  await tabTo(page, tool(page, "Heading"));
  await page.keyboard.press("ArrowRight");
  await expect(tool(page, "Bold")).toBeFocused();
  await page.keyboard.press("End");
  await expect(tool(page, "Redo")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(tool(page, "Italic"), "around the end").toBeFocused();
  await page.keyboard.press("Enter");
  await expect(text(page)).toBeFocused();
  await expectText(page, "**one\ntwo");
  await page.keyboard.press("Shift+Tab");
  await expect(tool(page, "Italic"), "the tools remember where one was").toBeFocused();
  await page.keyboard.press("Tab");
  await tabTo(page, text(page));
  await page.keyboard.press("Control+]");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "To the text" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(text(page), "a link to the field leads to the text").toBeFocused();
});

test("a block of code asks for its language, and Enter there sends no form", async ({ page }) => {
  await edit(page, "let a;");
  await text(page).focus();
  await page.keyboard.press("Control+Shift+K");
  const dialog = page.getByRole("dialog", { name: "Code block" });
  const language = dialog.getByRole("combobox", { name: "Language" });
  await expect(language).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(text(page)).toBeFocused();
  await expectText(page, "let a;");
  await tool(page, "Code block").click();
  await page.keyboard.type("rust");
  await page.keyboard.press("Enter");
  await expectText(page, "```rust\nlet a;\n```");
  await expect(tool(page, "Code block")).toHaveAttribute("aria-pressed", "true");
  await tool(page, "Code block").click();
  await expect(language).toHaveValue("rust");
  await language.fill("c");
  await dialog.getByRole("button", { name: "Change" }).click();
  await expectText(page, "```c\nlet a;\n```");
  await tool(page, "Code block").click();
  await dialog.getByRole("button", { name: "Plain text" }).click();
  await expectText(page, "let a;");
  await expect(page, "the form was not sent").toHaveURL(/\/surface$/);
});

test("a table has as many cells as were asked for, and one goes through them", async ({ page }) => {
  await edit(page);
  await tool(page, "Table").click();
  const dialog = page.getByRole("dialog", { name: "Table" });
  await dialog.getByLabel("Rows").fill("1");
  await dialog.getByLabel("Columns").fill("2");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Name");
  for (const cell of ["Size", "u8", "1"]) {
    await page.keyboard.press("Control+Enter");
    await page.keyboard.type(cell);
  }
  await page.keyboard.press("Control+Enter");
  await expectText(page, "| Name | Size |\n| ---- | ---- |\n| u8   | 1    |\n|      |      |");
});

test("files are chosen, pasted and dropped, and what comes of them goes where they were", async ({ page }) => {
  await edit(page, "one\ntwo");
  const events = () => page.evaluate(() => window.events.filter((event) => event.startsWith("files")));
  await select(page, "one");
  await page.keyboard.press("End");
  await give(text(page), "paste", { files: ["a.png", "b.png"] });
  expect(await events()).toEqual(["files a.png b.png"]);
  // The upload takes its time; meanwhile somebody writes before it.
  await page.keyboard.press("Home");
  await page.keyboard.type("zero ");
  await page.evaluate(() => ["![](a.png)", "![](b.png)"].forEach((markdown) => window.inserts[0]!(markdown)));
  await expectText(page, "zero one![](a.png)![](b.png)\ntwo");

  await give(text(page), "dragover", { files: ["c.png"] });
  await expect(page.locator(".writing")).toHaveAttribute("data-dropping");
  await give(text(page), "drop", { files: ["c.png"] });
  await expect(page.locator(".writing")).not.toHaveAttribute("data-dropping");
  await page.evaluate(() => window.inserts[1]!("![](c.png)"));
  await expectText(page, "zero one![](a.png)![](b.png)\ntwo![](c.png)");

  const chooser = page.waitForEvent("filechooser");
  await tool(page, "Picture or file").click();
  await (await chooser).setFiles([{ name: "d.pdf", mimeType: "application/pdf", buffer: Buffer.from("x") }]);
  await expect.poll(events).toEqual(["files a.png b.png", "files c.png", "files d.pdf"]);

  await give(text(page), "paste", { text: "words ", files: ["picture-of-the-words.png"] });
  expect(await events(), "text with a picture of it is text").toHaveLength(3);
});

test("words are found and replaced", async ({ page }) => {
  await edit(page, "one two One");
  await text(page).focus();
  await page.keyboard.press("Control+f");
  const panel = page.getByRole("search", { name: "Find" });
  await expect(panel.getByRole("textbox", { name: "Find" })).toBeFocused();
  await page.keyboard.type("one");
  await expect(panel.getByRole("status")).toHaveText(/ of 2$/);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("status")).toHaveText("2 of 2");
  await panel.getByLabel("Match case").check();
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("status")).toHaveText(/ of 1$/);
  await panel.getByLabel("Replace by").fill("1");
  await panel.getByRole("button", { name: "Replace all" }).click();
  await expectText(page, "1 two One");
  await expect(panel.getByRole("status")).toHaveText("1 replaced");
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await expect(text(page)).toBeFocused();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Sent" })).toBeVisible();
  expect([...new URL(page.url()).searchParams.keys()], "what was searched for is not sent").toEqual(["name", "markdown"]);
});

test("what the browser checks of the field, and what the page says of it, is said of the text", async ({ page }) => {
  await edit(page, "", 'required maxlength="3"');
  await expect(text(page)).toHaveAttribute("aria-required", "true");
  await expect(text(page)).toHaveAccessibleDescription(/^Markdown\. Tab leaves the text\./);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(text(page), "the browser's check leads to it").toBeFocused();
  await page.keyboard.type("four");
  expect(await sent(page).evaluate((field: HTMLTextAreaElement) => field.validationMessage)).toBe("This is 1 character too long.");
  await page.keyboard.press("Backspace");
  expect(await sent(page).evaluate((field: HTMLTextAreaElement) => field.checkValidity())).toBe(true);
  await sent(page).evaluate((field) => field.setAttribute("aria-invalid", "true"));
  await expect(text(page)).toHaveAttribute("aria-invalid", "true");
});

test("who uses the surface sets its text, puts words in, and takes it away again", async ({ page }) => {
  await edit(page, "one");
  await page.evaluate(() => window.surface.set("two\n"));
  await expectText(page, "two\n");
  await page.keyboard.press("Tab");
  await page.evaluate(() => {
    window.surface.focus();
    window.surface.insert("zero ");
  });
  await expectText(page, "zero two\n");
  expect(await page.evaluate(() => window.surface.text())).toBe("zero two\n");
  await page.evaluate(() => window.surface.destroy());
  await expect(page.locator(".writing")).toHaveCount(0);
  await expect(sent(page)).toBeFocused();
  await expect(sent(page)).toBeVisible();
  await page.keyboard.type("!");
  await expectText(page, "zero !two\n");
});

test("the surface is accessible, and as wide as the screen at most @both", async ({ page }) => {
  await edit(page, "# A\n\n**b** *c* `d` [e](f) ~~g~~\n\n> h\n\n- [x] i\n\n```rust\nj\n```\n\n| k |\n|---|\n| l |\n");
  await expect(text(page)).toBeVisible();
  await expectAccessible(page, "the surface");
  await text(page).focus();
  await page.keyboard.press("Control+f");
  await page.keyboard.type("b");
  await expectAccessible(page, "the surface, finding");
  await page.keyboard.press("Escape");
  await tool(page, "Code block").click();
  await expectAccessible(page, "the surface, asking");
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
});

test("a finger makes words strong, and reaches the last tool @phone", async ({ page }) => {
  await edit(page, "one");
  await select(page, "one");
  await tool(page, "Bold").tap();
  await expectText(page, "**one**");
  await tool(page, "Undo").tap();
  await expectText(page, "one");
  await expect(text(page), "the phone keeps its keyboard").toBeFocused();
});
