// A lesson's video under the player's own controls.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EMBED_REQUESTS, serveEmbeds } from "./embeds";
import { type BrowserContext, type Page, buy, expect, hydrated, open, signUp, test, unique } from "./fixtures";

const CLIP = readFileSync(new URL("./media/clip.webm", import.meta.url));

/** Serves the clip at a path of the site, by ranges (RFC 9110) as a server of media does. */
async function serveClip(context: BrowserContext) {
  await context.route("**/clip-*.webm", async (route) => {
    const range = /^bytes=(\d+)-(\d*)$/.exec(route.request().headers().range ?? "");
    const from = range ? Number(range[1]) : 0;
    const to = range?.[2] ? Math.min(Number(range[2]), CLIP.length - 1) : CLIP.length - 1;
    await route.fulfill({
      status: range ? 206 : 200,
      headers: {
        "content-type": "video/webm",
        "accept-ranges": "bytes",
        ...(range ? { "content-range": `bytes ${from}-${to}/${CLIP.length}` } : {}),
      },
      body: CLIP.subarray(from, to + 1),
    });
  });
}

const STREAMS = "https://streams.example";

/** Serves the stream as a host of its own, and answers with what was asked of it. */
async function serveStream(context: BrowserContext): Promise<string[]> {
  const asked: string[] = [];
  await context.route(`${STREAMS}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    asked.push(name);
    const file = fileURLToPath(new URL(`./media/stream/${name}`, import.meta.url));
    await route.fulfill({ headers: { "access-control-allow-origin": "*" }, ...(existsSync(file) ? { path: file } : { status: 404 }) });
  });
  return asked;
}

/** The video, asked in the page. */
function film(page: Page) {
  const ask = <T>(what: (video: HTMLVideoElement) => T) => page.locator(".stage video").evaluate(what as (video: SVGElement | HTMLElement) => T);
  return {
    time: () => ask((video) => video.currentTime),
    paused: () => ask((video) => video.paused),
    rate: () => ask((video) => video.playbackRate),
    muted: () => ask((video) => video.muted),
    volume: () => ask((video) => Math.round(video.volume * 100)),
    ready: () => expect.poll(() => ask((video) => video.readyState)).toBeGreaterThanOrEqual(2),
  };
}

async function filmCourse(author: import("./fixtures").Author, lessons: string[] = ["One", "Two"]) {
  const title = unique("Film");
  const course = await author.course(title, {
    Reel: [...lessons.map((name) => ({ name, video: `/clip-${name}.webm`, markdown: `About ${name}.` })), { name: "Words", markdown: "No video." }],
  });
  return { course, product: await author.product(title, [course.id], { price: "0" }) };
}

/** Somebody who bought the course, at its first film, loaded. */
async function atTheFilm(page: Page, context: BrowserContext, author: import("./fixtures").Author) {
  await serveClip(context);
  const { course, product } = await filmCourse(author);
  await signUp(context);
  await buy(context, product);
  await open(page, `/courses/${course.id}/lessons/${course.lessons.One}`);
  const video = film(page);
  await video.ready();
  return { course, product, video };
}

test("every key does what the sheet says, and none in a text field", async ({ page, context, author }) => {
  const { video } = await atTheFilm(page, context, author);
  await expect(page.getByRole("group", { name: "Video controls" })).toBeVisible();
  await page.keyboard.press("k");
  await expect.poll(video.paused).toBe(false);
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
  await page.keyboard.press(" ");
  await expect.poll(video.paused).toBe(true);
  await page.keyboard.press("l");
  await expect.poll(video.time).toBeGreaterThan(9.9);
  await page.keyboard.press("ArrowRight");
  await expect.poll(video.time).toBeGreaterThan(14.9);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(video.time).toBeLessThan(13);
  await page.keyboard.press("j");
  await expect.poll(video.time).toBeLessThan(3);
  await page.keyboard.press("m");
  await expect.poll(video.muted).toBe(true);
  await expect(page.getByRole("button", { name: "Unmute" })).toBeVisible();
  await page.keyboard.press("m");
  await page.keyboard.press(">");
  await expect.poll(video.rate).toBe(1.25);
  await page.keyboard.press("<");
  await page.keyboard.press("<");
  await expect.poll(video.rate).toBe(0.75);
  await expect(page.getByLabel("Speed")).toHaveValue("75");
  await page.getByRole("button", { name: "Play", exact: true }).focus();
  await page.keyboard.press("ArrowDown");
  await expect.poll(video.volume).toBe(95);
  await page.keyboard.press("ArrowUp");
  await expect.poll(video.volume).toBe(100);
  await page.keyboard.press("f");
  await expect.poll(() => page.evaluate(() => document.fullscreenElement?.className)).toBe("stage");
  await page.keyboard.press("f");
  await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBe(null);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
  // Where somebody types, a key is a letter.
  await page.evaluate(() => document.querySelector("main")!.append(Object.assign(document.createElement("input"), { id: "typed" })));
  await page.locator("#typed").pressSequentially("kmn? ");
  await expect(page.locator("#typed")).toHaveValue("kmn? ");
  expect(await video.paused()).toBe(true);
  await page.locator("#typed").evaluate((input) => input.blur());
  await page.keyboard.press("n");
  await expect(page.getByRole("heading", { level: 1, name: "Two" })).toBeVisible();
  await page.keyboard.press("p");
  await expect(page.getByRole("heading", { level: 1, name: "One" })).toBeVisible();
});

test("a video goes on where it was left, on another device too, and is saved without a burst", async ({ page, context, another, author }) => {
  await serveClip(context);
  const { course, product } = await filmCourse(author);
  const person = await signUp(context);
  await buy(context, product);
  const path = `/courses/${course.id}/lessons/${course.lessons.One}`;
  const saved: string[] = [];
  page.on("request", (request) => request.url().endsWith("/api/save_position") && saved.push(request.postData() ?? ""));
  await open(page, path);
  const video = film(page);
  await video.ready();
  await page.keyboard.press("k");
  await expect.poll(video.time).toBeGreaterThan(1);
  await page.keyboard.press("l");
  await expect.poll(video.time).toBeGreaterThan(11.5);
  for (let press = 0; press < 6; press += 1) await page.keyboard.press("k");
  await page.keyboard.press("k");
  await expect.poll(video.paused).toBe(true);
  const left = await video.time();
  expect(saved.length, saved.join(" ")).toBeLessThanOrEqual(1);
  // The page goes, and says where it was: what was saved before is the first second.
  await page.goto("/courses");

  const phone = await another();
  await serveClip(phone);
  await phone.request.post("/api/sign_in", {
    form: { "form[email]": person.email, "form[password]": person.password },
    headers: { accept: "application/json" },
  });
  const there = await phone.newPage();
  await open(there, path);
  await film(there).ready();
  await expect.poll(film(there).time).toBeGreaterThan(left - 5);
  expect(await film(there).time()).toBeLessThan(left + 5);
});

test("at its end the next video plays in the same element, as fast and in full screen; it can be declined", async ({ page, context, author }) => {
  const { course, video } = await atTheFilm(page, context, author);
  await page.evaluate(() => Object.assign(window, { element: document.querySelector(".stage video") }));
  await page.getByLabel("Speed").selectOption("150");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Full screen" }).click();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement?.className)).toBe("stage");
  await page.locator(".stage video").evaluate((element) => ((element as unknown as HTMLVideoElement).currentTime = 23));
  await page.keyboard.press("k");
  await expect(page.getByText(/^Next in \d s$/)).toBeVisible();
  await expect(page.locator(".video-overlay strong")).toHaveText("Two");
  await expect(page).toHaveURL(new RegExp(`${course.lessons.Two}$`), { timeout: 15_000 });
  await expect.poll(video.paused).toBe(false);
  expect(await video.rate()).toBe(1.5);
  expect(await page.evaluate(() => (window as unknown as { element: Element }).element === document.querySelector(".stage video"))).toBe(true);
  expect(await page.evaluate(() => document.fullscreenElement?.className)).toBe("stage");
  // Declined, it stays; and the switch is remembered.
  await page.locator(".stage video").evaluate((element) => ((element as unknown as HTMLVideoElement).currentTime = 23.2));
  await page.getByRole("button", { name: "Stay here" }).click();
  await expect(page.getByText(/^Next in/)).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`${course.lessons.Two}$`));
  await page.getByRole("button", { name: "Go on to the next lesson by itself" }).click();
  await page.reload();
  await hydrated(page);
  await expect(page.getByRole("button", { name: "Go on to the next lesson by itself" })).toHaveAttribute("aria-pressed", "false");
  expect(await video.rate()).toBe(1.5);
});

for (const [provider, address] of [
  ["YouTube", "https://youtu.be/dQw4w9WgXcQ"],
  ["Vimeo", "https://vimeo.com/76979871"],
] as const) {
  test(`a video of ${provider} is loaded when it is asked for, and obeys the same controls and keys`, async ({ page, context, author, watch }) => {
    await serveEmbeds(context);
    watch.announce(EMBED_REQUESTS);
    const title = unique("Embedded");
    const course = await author.course(title, { Reel: [{ name: "One", video: address }, { name: "Two", video: address }] });
    const product = await author.product(title, [course.id], { price: "0" });
    await signUp(context);
    await buy(context, product);
    let asked = 0;
    page.on("request", (request) => (asked += Number(EMBED_REQUESTS.test(`other host: ${request.url()}`))));
    const path = `/courses/${course.id}/lessons/${course.lessons.One}`;
    await open(page, path);
    await expect(page.getByText(`Load the video from ${provider}`)).toBeVisible();
    expect(asked).toBe(0);
    await page.getByText(`Load the video from ${provider}`).click();
    await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
    const position = page.getByLabel("Position in the video");
    const time = async () => Number(await position.inputValue());
    await expect.poll(time).toBeGreaterThan(0);
    await expect(position).toHaveAttribute("max", "24");
    await page.keyboard.press("k");
    await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
    await page.keyboard.press("l");
    await expect.poll(time).toBeGreaterThanOrEqual(10);
    await page.keyboard.press("m");
    await expect(page.getByRole("button", { name: "Unmute" })).toBeVisible();
    await page.keyboard.press("m");
    await page.getByLabel("Speed").selectOption("200");
    await expect(page.getByLabel("Speed")).toHaveValue("200");
    // Where it was left it goes on, at the speed that it had.
    const left = await time();
    await page.goto("/courses");
    await open(page, path);
    await page.getByText(`Load the video from ${provider}`).click();
    await expect.poll(time).toBeGreaterThanOrEqual(left);
    await expect(page.getByLabel("Speed")).toHaveValue("200");
    // At its end the next one follows.
    await position.fill("23");
    await expect(page.getByText(/^Next in \d s$/)).toBeVisible();
    await page.getByRole("button", { name: "Play now" }).click();
    await expect(page).toHaveURL(new RegExp(`${course.lessons.Two}$`));
    await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
  });
}

test("a video that was really played completes its lesson by itself, one that was jumped through does not", async ({ page, context, author }) => {
  const { video } = await atTheFilm(page, context, author);
  await page.getByRole("button", { name: "Go on to the next lesson by itself" }).click();
  await page.getByLabel("Speed").selectOption("250");
  const jump = (to: number) => page.locator(".stage video").evaluate((video, to) => ((video as unknown as HTMLVideoElement).currentTime = to), to);
  await jump(21);
  const saved = () => page.waitForResponse((response) => response.url().endsWith("/api/save_position"), { timeout: 15_000 });
  let answer = saved();
  await page.keyboard.press("k");
  await expect.poll(video.paused).toBe(true);
  await answer;
  await expect(page.getByRole("button", { name: "Mark as complete" })).toBeVisible();
  // From the start to where it was jumped to: all of it was played now.
  await jump(0);
  answer = saved();
  await page.keyboard.press("k");
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible({ timeout: 25_000 });
  await answer;
  await expect(page.locator("#outline").getByText("1 of 3 lessons")).toBeVisible();
});

test("a long text is gone on with where it was left, and Continue leads to it", async ({ page, context, author }) => {
  const title = unique("Long");
  const paragraphs = Array.from({ length: 120 }, (_, at) => `Paragraph ${at + 1}. ${"Words and more words. ".repeat(12)}`);
  const course = await author.course(title, { Book: ["First", { name: "Long", markdown: paragraphs.join("\n\n") }, "Last"] });
  const product = await author.product(title, [course.id], { price: "0" });
  await signUp(context);
  await buy(context, product);
  await open(page, `/courses/${course.id}/lessons/${course.lessons.Long}`);
  await page.getByText("Paragraph 60.").scrollIntoViewIfNeeded();
  await page.waitForTimeout(100);
  // Said as the page goes, it is known a moment later.
  const way = page.getByRole("listitem").filter({ hasText: title }).getByRole("link", { name: /Start|Continue/ });
  await expect(async () => {
    await page.goto("/courses");
    await expect(way).toHaveAttribute("href", new RegExp(`${course.lessons.Long}$`), { timeout: 500 });
  }).toPass();
  await way.click();
  await expect(page.getByRole("heading", { level: 1, name: "Long" })).toBeVisible();
  await hydrated(page);
  await expect(page.getByText("Paragraph 60.")).toBeInViewport();
});

test("notes are saved while they are typed, lead into the video, and can be taken along", async ({ page, context, author, another }) => {
  await serveClip(context);
  const { course, product } = await filmCourse(author);
  const person = await signUp(context);
  await buy(context, product);
  const path = `/courses/${course.id}/lessons/${course.lessons.One}`;
  await open(page, path);
  const video = film(page);
  await video.ready();
  await page.getByText("My notes").click();
  const field = page.getByLabel("My notes on this lesson");
  await field.fill("Look at 0:12 again. ");
  await page.keyboard.press("End");
  await expect(page.locator(".notes [role=status]")).toHaveText("Saved");
  await page.getByRole("button", { name: "0:12" }).click();
  await expect.poll(video.time).toBeGreaterThan(11.9);
  await page.getByRole("button", { name: "Insert time" }).click();
  await expect(field).toHaveValue(/^Look at 0:12 again. 0:12 $/);
  // Left at once it is sent all the same.
  await page.getByRole("navigation", { name: "Lessons before and after" }).getByRole("link", { name: /^Next/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Two" })).toBeVisible();
  await expect(page.getByLabel("My notes on this lesson")).toHaveValue("");
  await expect.poll(async () => (await context.request.get(`/courses/${course.id}/notes.md`)).text()).toBe("# Notes\n\n## Reel\n\n### One\n\nLook at 0:12 again. 0:12\n");
  // Without script it is a form; and nobody else sees any of it.
  const plain = await another({ javaScriptEnabled: false });
  await serveClip(plain);
  await plain.request.post("/api/sign_in", { form: { "form[email]": person.email, "form[password]": person.password }, headers: { accept: "application/json" } });
  const there = await plain.newPage();
  await there.goto(path);
  await there.getByLabel("My notes on this lesson").fill("Only <b>this</b>.");
  await there.getByRole("button", { name: "Save notes" }).click();
  await expect(there.getByLabel("My notes on this lesson")).toHaveValue("Only <b>this</b>.");
  const other = await another();
  await signUp(other);
  await buy(other, product);
  expect(await (await other.request.get(`/courses/${course.id}/notes.md`)).text()).toBe("# Notes\n");
});

test("without script the browser's own controls play it", async ({ another, author }) => {
  const plain = await another({ javaScriptEnabled: false });
  await serveClip(plain);
  const { course, product } = await filmCourse(author);
  await signUp(plain);
  await buy(plain, product);
  const page = await plain.newPage();
  await page.goto(`/courses/${course.id}/lessons/${course.lessons.One}`);
  await expect(page.locator("video")).toHaveAttribute("controls", "");
  await expect(page.locator(".stage-controls")).toBeHidden();
});

test("a stream plays under the same controls, and what it needs is loaded there alone", async ({ page, context, author, watch }) => {
  watch.announce(/^other host: https:\/\/streams\.example\//);
  await serveClip(context);
  const asked = await serveStream(context);
  const title = unique("Stream");
  const course = await author.course(title, {
    Reel: [
      { name: "File", video: "/clip-File.webm" },
      { name: "Stream", video: `${STREAMS}/film.m3u8` },
      { name: "After", video: "/clip-After.webm" },
    ],
  });
  const product = await author.product(title, [course.id], { price: "0" });
  await signUp(context);
  await buy(context, product);
  const loaded: string[] = [];
  context.on("request", (request) => loaded.push(new URL(request.url()).pathname));
  await open(page, `/courses/${course.id}/lessons/${course.lessons.File}`);
  const video = film(page);
  await video.ready();
  expect(loaded.filter((path) => /stream|vendor/.test(path))).toEqual([]);

  // On the way from lesson to lesson, in the same page and the same element.
  await page.evaluate(() => Object.assign(window, { __same: true }));
  await page.keyboard.press("n");
  await expect(page.getByRole("heading", { level: 1, name: "Stream" })).toBeVisible();
  await expect(page.locator(".stage-time")).toHaveText("0:00 / 0:12");
  expect(loaded).toContain("/vendor/hls.min.js");
  await page.keyboard.press("k");
  await expect.poll(video.time).toBeGreaterThan(0.5);
  await page.keyboard.press("k");
  await page.keyboard.press("ArrowRight");
  await expect.poll(video.time).toBeGreaterThan(5.4);
  expect(asked).toEqual(expect.arrayContaining(["film.m3u8", "media.m3u8", "init.mp4", "part-0.m4s", "part-1.m4s"]));
  await expect(page.locator(".stage-failure")).toBeHidden();

  await page.keyboard.press("n");
  await expect(page.locator(".stage-time")).toHaveText("0:00 / 0:24");
  await page.keyboard.press("p");
  await expect(page.locator(".stage-time")).toHaveText(/^0:0[56] \/ 0:12$/);
  expect(await page.evaluate(() => "__same" in window)).toBe(true);

  // Opened by its address it goes on where it was left.
  await page.reload();
  await hydrated(page);
  await expect(page.locator(".stage-time")).toHaveText(/^0:0[56] \/ 0:12$/);
});

test("a video that cannot be played says so, and can be asked for again", async ({ page, context, author, watch }) => {
  watch.announce(/^other host: https:\/\/streams\.example\//, /^answer 404: https:\/\/streams\.example\/gone/, /^console error: Failed to load.* 404 /);
  watch.announce(/^answer 404: \S+\/clip-Gone\.webm/);
  await serveStream(context);
  let there = false;
  await context.route("**/clip-Gone.webm", (route) => (there ? route.fulfill({ contentType: "video/webm", body: CLIP }) : route.fulfill({ status: 404 })));
  const title = unique("Gone");
  const course = await author.course(title, {
    Reel: [
      { name: "Gone stream", status: "preview", video: `${STREAMS}/gone.m3u8` },
      { name: "Gone", status: "preview", video: "/clip-Gone.webm" },
    ],
  });
  await author.product(title, [course.id], { price: "0" });
  await open(page, `/courses/${course.id}/lessons/${course.lessons["Gone stream"]}`);
  const failure = page.getByRole("alert");
  await expect(failure).toContainText("This video cannot be played just now.", { timeout: 20_000 });
  await page.keyboard.press("n");
  await expect(page.getByRole("heading", { level: 1, name: "Gone", exact: true })).toBeVisible();
  await expect(failure).toBeVisible();
  there = true;
  await failure.getByRole("link", { name: "Load it again" }).click();
  await film(page).ready();
  await expect(failure).toBeHidden();
  // It may have failed before the player was there to hear of it.
  there = false;
  await page.route("**/pkg/split_player*", async (route) => {
    await page.waitForFunction(() => document.querySelector("video")?.networkState === HTMLMediaElement.NETWORK_NO_SOURCE);
    await route.continue();
  });
  watch.announce(/\/clip-Gone\.webm/);
  await page.reload();
  await expect(failure).toBeVisible();
});
