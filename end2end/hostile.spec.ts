// Script payloads in every stored field, on every page that shows them: nothing runs (catalogue IN5).
import { type Page, buy, expect, hydrated, open, signIn, signUp, somebody, test, unique } from "./fixtures";
import { dragByMouse, handle, saved } from "./editor";
import { uploadFile } from "./upload";
import { readFileSync } from "node:fs";
import { CAPTION_PAYLOADS, PAYLOADS, RUN } from "./payloads";

/** One line of at most 200 characters, as names take it. */
const NAMES = PAYLOADS.map((payload) => payload.replaceAll(/[\s\u2028\u2029]+/g, " ").slice(0, 200));

/** As many names a field as fit. */
function packed(limit: number): string[] {
  const fields = [""];
  for (const name of NAMES) {
    if (fields.at(-1)!.length + name.length > limit) fields.push("");
    fields[fields.length - 1] += name;
  }
  return fields;
}

/** What must hold on a page that shows payloads. */
async function harmless(page: Page, where: string) {
  const found = await page.evaluate(() => {
    const inert = (element: Element) => element.closest("template") !== null;
    return {
      pwned: (window as unknown as Record<string, unknown>).__pwned,
      handlers: [...document.querySelectorAll("*")]
        .filter((element) => !inert(element) && element.getAttributeNames().some((name) => name.startsWith("on")))
        .map((element) => element.outerHTML.slice(0, 100)),
      addresses: [...document.querySelectorAll("[href], [src], [action], [formaction], [data], [srcdoc]")]
        .filter((element) =>
          ["href", "src", "action", "formaction", "data", "srcdoc", "xlink:href"].some((name) =>
            /^[\s\u0000-\u0020]*(javascript|vbscript|data:text)/i.test(element.getAttribute(name) ?? ""),
          ),
        )
        .map((element) => element.outerHTML.slice(0, 100)),
      foreign: document.querySelectorAll("main :is(iframe, object, embed, base, meta, link:not([rel=canonical]), style, form[action^=java], math, dialog:not(.dialog))").length,
      scripts: [...document.scripts].filter((script) => !script.nonce && script.type !== "application/ld+json").length,
      headings: document.querySelectorAll("h1").length,
    };
  });
  expect.soft(found, where).toEqual({ pwned: undefined, handlers: [], addresses: [], foreign: 0, scripts: 0, headings: 1 });
}

test("script in every stored field runs on no page", async ({ page, context, author, another, watch }) => {
  test.setTimeout(300_000);
  expect(PAYLOADS.length).toBeGreaterThanOrEqual(260);
  const everything = PAYLOADS.join("\n\n");

  // Every field of every table that a person can fill, by the forms' own requests.
  const names = packed(200);
  const course = await author.course(names[0]!);
  const sections = await Promise.all([author.section(course.id, names[1]!), author.section(course.id, names[2]!)]);
  await author.request.post("/api/admin/update_course", {
    form: { id: course.id, "form[title]": names[0]!, "form[description]": everything },
  });
  const lessons: string[] = [];
  for (const [at, name] of NAMES.entries()) {
    lessons.push(await author.lesson(course.id, sections[at % 2]!, { name, markdown: at < 3 ? everything : (PAYLOADS[at] ?? ""), status: at % 7 === 0 ? "preview" : "public" }));
  }
  const title = unique("Hostile");
  const products = [
    await author.product(`${title}${names[3]!.slice(0, 150)}`, [course.id], { description: everything }),
    await author.product(`${names[4]!.slice(0, 150)}${title}`, [course.id], { description: everything, price: "0" }),
  ];
  // A picture's address may hold what would end an attribute; on a private product, for it is loaded where it is seen.
  const pictured = await author.product(`${title} pictured`, [course.id], {
    status: "private",
    image: `/favicon.svg?"onerror=${RUN}'><script>${RUN}</script>`,
  });
  const buyer = await another();
  const person = { ...somebody(), name: names[5]!, email: `"><img/src/onerror=${RUN}>${Date.now()}@example.org` };
  await signUp(buyer, person);
  for (const product of products) await buy(buyer, product);
  const purchases: { id: string }[] = await (await buyer.request.post("/api/list_purchases", { form: {} })).json();
  expect(purchases).toHaveLength(2);

  // Addresses that would run are refused where they are stored.
  for (const address of [`javascript:${RUN}`, `data:text/html,<script>${RUN}</script>`, "//evil.example/x.png", "\\\\evil.example\\x", `java\tscript:${RUN}`, "http://evil.example/x.png"]) {
    const picture = await author.request.post("/api/admin/create_product", {
      form: { "form[name]": "x", "form[price_dollars]": "1", "form[image_url]": address },
      headers: { accept: "application/json" },
    });
    expect.soft(picture.status(), `picture ${address}`).toBe(400);
    const video = await author.request.post("/api/admin/create_lesson", {
      form: { course: course.id, section: sections[0]!, "form[name]": "x", "form[video_url]": address },
      headers: { accept: "application/json" },
    });
    expect.soft(video.status(), `video ${address}`).toBe(400);
  }

  // As a visitor, as the buyer, as the author: from the server and rendered in the browser.
  await open(page, "/");
  await harmless(page, "storefront");
  for (const product of products) {
    await open(page, `/products/${product}`);
    await harmless(page, "product");
  }
  await open(page, `/courses/${course.id}`);
  await harmless(page, "course, visitor");
  await open(page, `/courses/${course.id}/lessons/${lessons[0]}`);
  await harmless(page, "preview");

  const learner = await buyer.newPage();
  for (const path of ["/courses", "/purchases", ...purchases.map(({ id }) => `/purchases/${id}`), `/products/${products[0]}/purchase`, `/courses/${course.id}`]) {
    await open(learner, path);
    await harmless(learner, `learner ${path}`);
  }
  await open(learner, `/courses/${course.id}/lessons/${lessons[0]}`);
  await harmless(learner, "lesson");
  // Rendered in the browser: on by Next through some of them, each address in the text pressed.
  for (let steps = 0; steps < 12; steps += 1) {
    const before = learner.url();
    await learner.getByRole("navigation", { name: "Lessons before and after" }).locator("a[rel=next]").click();
    await expect(learner).not.toHaveURL(before);
    await expect(learner.locator(".lesson h1")).toBeVisible();
    await harmless(learner, `lesson by Next ${steps}`);
  }
  await learner.locator(".prose a").evaluateAll((links) => links.forEach((link) => link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true }))));
  await harmless(learner, "links pressed");

  await signIn(context, "author");
  for (const path of [
    "/admin/courses",
    `/admin/courses/${course.id}/edit`,
    `/admin/courses/${course.id}/delete`,
    `/admin/sections/${sections[0]}/edit`,
    `/admin/sections/${sections[0]}/delete`,
    `/admin/sections/${sections[0]}/lessons/new`,
    `/admin/lessons/${lessons[0]}/edit`,
    `/admin/lessons/${lessons[0]}/move`,
    `/admin/lessons/${lessons[0]}/delete`,
    "/admin/products",
    "/admin/products/new",
    `/admin/products/${products[0]}/edit`,
    `/admin/products/${products[0]}/delete`,
    `/admin/products/${pictured}/edit`,
    `/products/${pictured}`,
    "/admin/sales",
  ]) {
    await open(page, path);
    await harmless(page, `author ${path}`);
  }
  // What is typed comes back as it was typed.
  await open(page, `/admin/lessons/${lessons[0]}/edit`);
  expect((await page.locator("#markdown").inputValue()).replaceAll("\r\n", "\n")).toBe(everything);

  // Announced, dragged, said in a notice.
  await open(page, `/admin/courses/${course.id}/edit`);
  const first = page.locator(".editor-lessons .handle").first();
  await first.focus();
  for (const key of ["Space", "ArrowDown", "Space"]) await page.keyboard.press(key);
  await saved(page);
  await harmless(page, "an announced move");

  // The products leave the storefront, which other tests read.
  for (const [at, product] of products.entries()) {
    await author.request.post("/api/admin/update_product", {
      form: { id: product, "form[name]": `${title} ${at}`, "form[price_dollars]": "1", "form[status]": "private", "courses[0]": course.id },
      headers: { accept: "application/json" },
    });
  }
  expect(watch.problems).toEqual([]);
});

test("script in captions, notes and names of files runs nowhere", async ({ page, context, author, baseURL, watch }) => {
  test.setTimeout(120_000);
  expect(PAYLOADS.length + CAPTION_PAYLOADS.length).toBeGreaterThanOrEqual(300);
  const title = unique("Said");
  const course = await author.course(title, { Reel: ["Film"] });
  const product = await author.product(title, [course.id], { price: "0" });
  const lesson = course.lessons.Film!;
  const cues = CAPTION_PAYLOADS.map((payload, at) => {
    const lines = payload.split(/[\r\n]+/).filter((line) => line.trim() !== "");
    const time = (tenths: number) => `00:${String(Math.floor(tenths / 10)).padStart(2, "0")}.${tenths % 10}00`;
    return `${time(at * 2)} --> ${time(at * 2 + 2)}\n${lines.join("\n")}\n`;
  });
  await uploadFile(author, baseURL!, lesson, "clip.webm", readFileSync(new URL("./media/clip.webm", import.meta.url)));
  await uploadFile(author, baseURL!, lesson, "clip.vtt", Buffer.from(`WEBVTT\n\n${cues.join("\n")}`));
  for (const name of [`"><img src=x onerror=${RUN}>.txt`, `<script>${RUN}</script>.pdf`, `' onmouseover='${RUN}.zip`]) {
    await uploadFile(author, baseURL!, lesson, name, Buffer.from(`<script>${RUN}</script>`));
  }
  await signUp(context);
  await buy(context, product);
  await context.request.post("/api/save_note", { form: { course: course.id, lesson, note: PAYLOADS.join("\n").slice(0, 19_000) + "\n1:02" }, headers: { accept: "application/json" } });
  await open(page, `/courses/${course.id}/lessons/${lesson}`);
  await harmless(page, "transcript, notes, files");
  expect(await page.locator(".transcript li").count()).toBeGreaterThan(50);
  await page.keyboard.press("c");
  await page.keyboard.press("k");
  for (let step = 0; step < 4; step += 1) {
    await page.keyboard.press("ArrowRight");
    await harmless(page, `captions ${step}`);
  }
  await page.getByLabel("My notes on this lesson").press("End");
  await page.keyboard.type(" 2:03");
  await expect(page.locator(".notes [role=status]")).toHaveText("Saved");
  await harmless(page, "notes typed");
  // A film that still plays says where it was left as the one who watched it.
  await page.goto("about:blank");
  await signIn(context, "author");
  await open(page, `/admin/lessons/${lesson}/edit`);
  await harmless(page, "the author's files");
  expect(watch.problems).toEqual([]);
});

test("script in addresses, errors and ways back runs nowhere", async ({ page, watch }) => {
  watch.announceStatus(404);
  watch.announceStatus(400);
  watch.announceStatus(403);
  const payload = `"><img src=x onerror=${RUN}><script>${RUN}</script>`;
  const forged = asCarried(JSON.stringify({ Invalid: [["email", payload], [payload, payload]] }));
  const refused = asCarried(JSON.stringify({ Conflict: { Refused: payload } }));
  const encoded = encodeURIComponent(payload);
  for (const path of [
    `/${encoded}`,
    `/products/${encoded}`,
    `/courses/${encoded}/lessons/${encoded}`,
    `/sign-in?next=${encoded}`,
    `/sign-up?next=javascript:${RUN}`,
    `/sign-in?__path=%2Fapi%2Fsign_in&__err=${forged}`,
    `/sign-in?__path=%2Fapi%2Fsign_in&__err=${refused}`,
    `/sign-up?__path=%2Fapi%2Fsign_up&__err=${encoded}`,
    `/?__path=${encoded}&__err=${encoded}`,
    `/#${encoded}`,
  ]) {
    await page.goto(path);
    await expect.soft(page.locator("html[data-hydrated]"), path).toBeAttached();
    await harmless(page, path);
  }

  // The way back after signing in leads nowhere else.
  for (const next of ["//evil.example/", "https://evil.example/", "/\\evil.example", `javascript:${RUN}`, "/%0d%0aset-cookie:x=1", "\\\\evil.example"]) {
    await page.context().clearCookies();
    await open(page, `/sign-in?next=${encodeURIComponent(next)}`);
    await page.getByRole("button", { name: "Sign in as a learner" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "My courses" })).toBeVisible();
    await hydrated(page);
    await harmless(page, `next ${next}`);
  }
});

/** Base64 as the way of a refused form without script carries its error. */
function asCarried(text: string): string {
  return encodeURIComponent(btoa(text).replaceAll("+", "-").replaceAll("/", "_"));
}

test("a row with a hostile name is dragged like any other", async ({ page, context, author, watch }) => {
  const course = await author.course(unique("Quotes"), { [`S"'<b>`]: [`"]`, `'); ${RUN}//`, `\\"] *`] });
  await signIn(context, "author");
  await open(page, `/admin/courses/${course.id}/edit`);
  await dragByMouse(page, `\\"] *`, "above", `"]`);
  await saved(page);
  await expect(handle(page, `\\"] *`)).toBeFocused();
  await expect(page.locator("#live")).toHaveText(`“\\"] *” is lesson 1 of 3.`);
  await harmless(page, "the editor");
  expect(watch.problems).toEqual([]);
});

test("a drawing is shown in a lesson, and nothing in it runs, opened by itself or not", async ({ page, context, author, baseURL, watch }) => {
  // Its own policy keeps what it would load, and the browser says so.
  watch.announce(/^console error: .*(Content Security Policy|sandboxed)/, /^CSP violation/, /^failed request: GET \S+\/files\/x csp$/);
  const drawing = `<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="20" onload="${RUN}">
  <script>${RUN}</script>
  <style>rect { fill: rgb(0, 120, 80) }</style>
  <rect width="40" height="20" onclick="${RUN}"/>
  <image href="x" onerror="${RUN}"/>
  <a xlink:href="javascript:${RUN}"><text y="15">here</text></a>
  <foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="&lt;script>parent.${RUN}&lt;/script>"/></foreignObject>
</svg>`;
  const course = await author.course(unique("Drawing"), { One: [{ name: "Here", status: "preview", markdown: "![A drawing](drawing.svg)" }] });
  await author.product(unique("Drawing"), [course.id], { price: "0" });
  await uploadFile(author, baseURL!, course.lessons.Here!, "drawing.svg", Buffer.from(drawing));
  await open(page, `/courses/${course.id}/lessons/${course.lessons.Here}`);
  const picture = page.getByRole("img", { name: "A drawing" });
  await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(40);
  await harmless(page, "a drawing in a lesson");
  const alone = await context.newPage();
  await alone.goto(`/lessons/${course.lessons.Here}/files/drawing.svg`);
  await alone.mouse.click(10, 10);
  await alone.mouse.click(5, 14);
  expect(await alone.evaluate(() => (window as unknown as Record<string, unknown>).__pwned)).toBeUndefined();
  expect(new URL(alone.url()).pathname).toMatch(/drawing\.svg$/);
});
