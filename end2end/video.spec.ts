// A lesson's video under the player's own controls.
import { readFileSync } from "node:fs";
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

test("every key does what the sheet says, and none in a text field", async ({ page, context, author }) => {
  await serveClip(context);
  const { course, product } = await filmCourse(author);
  await signUp(context);
  await buy(context, product);
  await open(page, `/courses/${course.id}/lessons/${course.lessons.One}`);
  const video = film(page);
  await video.ready();
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
  await serveClip(context);
  const { course, product } = await filmCourse(author);
  await signUp(context);
  await buy(context, product);
  await open(page, `/courses/${course.id}/lessons/${course.lessons.One}`);
  const video = film(page);
  await video.ready();
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
