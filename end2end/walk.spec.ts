// One lesson with a video, walked as people do who have no mouse, no keyboard, or no wish for things that move.
import { expectAccessible } from "./axe";
import { type Author, type BrowserContext, type Page, buy, expect, open, signUp, test } from "./fixtures";
import { tabTo } from "./keyboard";
import { uploadedFilm } from "./upload";

async function atTheFilm(page: Page, context: BrowserContext, author: Author, baseURL: string) {
  const film = await uploadedFilm(author, baseURL);
  await signUp(context);
  await buy(context, film.product);
  await open(page, film.path);
  await expect.poll(() => ask(page, (video) => video.readyState)).toBeGreaterThanOrEqual(2);
  return film;
}

const ask = <T>(page: Page, what: (video: HTMLVideoElement) => T) => page.locator(".stage video").evaluate(what as (video: SVGElement | HTMLElement) => T);
const showing = (video: HTMLVideoElement) => [...video.textTracks].filter((track) => track.mode === "showing").map((track) => track.language);
const fullScreen = (page: Page) => page.evaluate(() => document.fullscreenElement?.className ?? "");

test("by touch: play, seek, captions, speed, transcript, full screen, complete, go on @phone", async ({ page, context, author, baseURL }) => {
  await atTheFilm(page, context, author, baseURL!);
  const controls = page.getByRole("group", { name: "Video controls" });

  // What is tapped is large enough for a finger (WCAG 2.2, 2.5.8, and twice that for what is tapped blindly).
  for (const tool of await controls.getByRole("button").all()) {
    const box = await tool.boundingBox();
    if (!box) continue;
    expect.soft(Math.min(box.width, box.height), `${await tool.getAttribute("aria-label")}`).toBeGreaterThanOrEqual(36);
    expect.soft(box.height, `${await tool.getAttribute("aria-label")}`).toBeGreaterThanOrEqual(44);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);

  await controls.getByRole("button", { name: "Play", exact: true }).tap();
  await expect.poll(() => ask(page, (video) => video.paused)).toBe(false);
  // The picture itself, which is what a thumb finds.
  await page.locator(".stage video").tap();
  await expect.poll(() => ask(page, (video) => video.paused)).toBe(true);
  const line = (await page.getByLabel("Position in the video").boundingBox())!;
  await page.touchscreen.tap(line.x + line.width / 2, line.y + line.height / 2);
  await expect.poll(() => ask(page, (video) => Math.abs(video.currentTime - 12))).toBeLessThan(1.5);
  await page.getByLabel("Captions").selectOption("de");
  await expect.poll(() => ask(page, showing)).toEqual(["de"]);
  await page.getByLabel("Speed").selectOption("150");
  await expect.poll(() => ask(page, (video) => video.playbackRate)).toBe(1.5);
  // The transcript goes along with the captions.
  await expect(page.locator(".transcript ol:not([hidden]) button")).toHaveText(["0:00 Guten Abend."]);
  await page.locator(".transcript ol:not([hidden]) button").first().tap();
  await expect.poll(() => ask(page, (video) => video.currentTime)).toBeLessThan(0.5);
  await controls.getByRole("button", { name: "Full screen" }).tap();
  await expect.poll(() => fullScreen(page)).toContain("stage");
  await controls.getByRole("button", { name: "Full screen" }).tap();
  await expect.poll(() => fullScreen(page)).toBe("");

  await page.getByRole("button", { name: "Mark as complete" }).tap();
  await expect(page.locator(".lesson-done")).toBeVisible();
  await page.getByRole("button", { name: "Outline", exact: true }).tap();
  await expect(page.locator("#outline").getByRole("link", { name: /Film/ })).toHaveAccessibleName(/completed/i);
  await page.locator("#outline").getByRole("link", { name: /After/ }).tap();
  await expect(page.getByRole("heading", { level: 1, name: "After" })).toBeVisible();
  await expect(page.locator("#outline")).toBeHidden();
});

test("by keyboard alone: every control of the video, the transcript, complete, go on", async ({ page, context, author, baseURL }) => {
  await atTheFilm(page, context, author, baseURL!);
  const controls = page.getByRole("group", { name: "Video controls" });
  const press = (key: string) => page.keyboard.press(key);

  await tabTo(page, page.getByLabel("Position in the video"));
  for (const _ of [1, 2, 3]) await press("ArrowRight");
  await expect.poll(() => ask(page, (video) => video.currentTime)).toBeGreaterThanOrEqual(3);
  await tabTo(page, controls.getByRole("button", { name: "Play", exact: true }));
  await press("Enter");
  await expect.poll(() => ask(page, (video) => video.paused)).toBe(false);
  await expect(controls.getByRole("button", { name: "Pause", exact: true })).toBeFocused();
  await press("Enter");
  await expect.poll(() => ask(page, (video) => video.paused)).toBe(true);
  await tabTo(page, controls.getByRole("button", { name: "Mute" }));
  await press("Enter");
  await expect.poll(() => ask(page, (video) => video.muted)).toBe(true);
  await tabTo(page, page.getByLabel("Volume"));
  await press("Home");
  for (const _ of [1, 2]) await press("ArrowRight");
  await expect.poll(() => ask(page, (video) => [Math.round(video.volume * 100), video.muted])).toEqual([10, false]);
  await tabTo(page, page.getByLabel("Speed"));
  await press("ArrowDown");
  await expect.poll(() => ask(page, (video) => video.playbackRate)).toBe(1.25);
  await tabTo(page, page.getByLabel("Captions"));
  await press("ArrowDown");
  await expect.poll(() => ask(page, showing)).toEqual(["en"]);
  const autoplay = controls.getByRole("button", { name: "Go on to the next lesson by itself" });
  await tabTo(page, autoplay);
  const before = await autoplay.getAttribute("aria-pressed");
  await press("Enter");
  await expect(autoplay).toHaveAttribute("aria-pressed", before === "true" ? "false" : "true");
  await press("Enter");
  const full = controls.getByRole("button", { name: "Full screen" });
  await tabTo(page, full);
  await press("Enter");
  await expect.poll(() => fullScreen(page)).toContain("stage");
  await expect(full).toBeFocused();
  await press("Enter");
  await expect.poll(() => fullScreen(page)).toBe("");

  const said = page.locator(".transcript ol:not([hidden]) button").nth(2);
  await tabTo(page, said);
  await press("Enter");
  await expect.poll(() => ask(page, (video) => video.currentTime)).toBeGreaterThan(11.9);
  await expect(said).toHaveAttribute("aria-current", "true");
  await tabTo(page, page.getByRole("button", { name: "Mark as complete" }));
  await press("Enter");
  await expect(page.locator(".lesson-done")).toBeVisible();
  await tabTo(page, page.getByRole("link", { name: /^Next/ }));
  await press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "After" })).toBeVisible();
  await expect(page.locator("#main")).toBeFocused();
});

test("with reduced motion nothing moves: between lessons, at a video's end, when a course is finished @both", async ({ page, context, author, baseURL }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.addInitScript(() => {
    const moved: string[] = [];
    Object.assign(window, { __moved: moved });
    const look = () => {
      for (const animation of document.getAnimations()) {
        const { duration, iterations } = animation.effect!.getComputedTiming();
        // A frame is no motion.
        if (Number(duration) * Number(iterations) > 20) moved.push(`${(animation as CSSTransition).transitionProperty ?? (animation as CSSAnimation).animationName}`);
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await atTheFilm(page, context, author, baseURL!);
  await page.getByRole("button", { name: "Mark as complete" }).click();
  await expect(page.locator(".lesson-done")).toBeVisible();
  await ask(page, (video) => {
    video.currentTime = 23;
    void video.play();
  });
  const overlay = page.locator(".video-overlay", { hasText: "Next in" });
  await expect(overlay).toBeVisible();
  await overlay.getByRole("button", { name: "Play now" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "After" })).toBeVisible();
  await page.getByRole("button", { name: "Mark as complete" }).click();
  await expect(page.getByText("You finished the course.")).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { __moved: string[] }).__moved)).toEqual([]);
});

test("axe finds nothing in the states of a video @both", async ({ page, context, author, baseURL, watch }) => {
  test.slow();
  await atTheFilm(page, context, author, baseURL!);
  await expectAccessible(page, "a video at rest");
  await page.getByLabel("Captions").selectOption("en");
  await page.locator(".transcript ol:not([hidden]) button").nth(1).click();
  await expectAccessible(page, "a video with captions and a marked line");
  await ask(page, (video) => {
    video.currentTime = 23;
    void video.play();
  });
  const stay = page.getByRole("button", { name: "Stay here" });
  await expect(stay).toBeVisible();
  await stay.click();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await expectAccessible(page, "the sheet of keys");
  await page.keyboard.press("?");
  watch.announce(/\/clip-gone\.webm/, /^console error: Failed to load/);
  await page.route("**/media/**", (route) => route.abort());
  await ask(page, (video) => (video.src = "/media/clip-gone.webm"));
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "a video that cannot be played");
});
