// The README's pictures, taken by hand:
//   BASE_URL=… SHOTS=/path/to/folder npx playwright test --project shots
import { mkdirSync, readFileSync } from "node:fs";
import { buy, expect, open, signIn, signUp, test } from "./fixtures";
import { handle } from "./editor";
import { uploadFile } from "./upload";

const folder = process.env.SHOTS ?? "";
const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

test("pictures of storefront, player and editor, light and dark @shots", async ({ author, another, baseURL }) => {
  test.skip(!folder, "SHOTS names no folder");
  test.setTimeout(180_000);
  mkdirSync(folder, { recursive: true });
  const course = (await author.courses()).find((course) => course.title === "Sell your first course with Lectern")!;
  const product = (await author.products()).find((product) => product.name === "Sell your first course")!;
  const outline = (await author.outline(course.id)).flatMap((section) => section.lessons);
  const buyer = await another();
  await signUp(buyer, { name: "Lee Learner", email: `lee-${Date.now()}@example.org`, password: "correct horse battery" });
  await buy(buyer, product.id);
  for (const lesson of outline.slice(0, 5)) {
    await buyer.request.post("/api/complete_lesson", { form: { course: course.id, lesson: lesson.id, done: "true" } });
  }
  const cookies = (await buyer.storageState()).cookies;
  const film = outline[6]!;
  await uploadFile(author, baseURL!, film.id, "lesson.webm", readFileSync(new URL("./media/clip.webm", import.meta.url)));
  const said = ["A lesson holds one thought.", "Say it in a sentence first.", "Then show it, and let them try."];
  const time = (seconds: number) => `00:${String(seconds).padStart(2, "0")}.000`;
  const cues = Array.from({ length: 12 }, (_, at) => `${time(at * 2)} --> ${time(at * 2 + 2)}\n${said[at % 3]}\n`);
  await uploadFile(author, baseURL!, film.id, "lesson.vtt", Buffer.from(`WEBVTT\n\n${cues.join("\n")}`));
  const text = outline.find((lesson) => lesson.name === "Write a lesson") ?? outline[5]!;

  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"] as const) {
      const visit = await another({ viewport, colorScheme, deviceScaleFactor: size === "phone" ? 2 : 1, hasTouch: size === "phone", isMobile: size === "phone" });
      const page = await visit.newPage();
      const take = async (name: string) => {
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({ path: `${folder}/${name}-${size}-${colorScheme}.png`, animations: "disabled", caret: "hide" });
      };
      await open(page, "/");
      await take("storefront");
      await open(page, `/products/${product.id}`);
      await take("product");
      await visit.addCookies(cookies);
      await open(page, `/courses/${course.id}/lessons/${text.id}`);
      await expect(page.locator(".lesson-head h1")).toBeVisible();
      await take("player");
      if (size === "phone") {
        await page.getByRole("button", { name: "Outline", exact: true }).tap();
        await expect(page.locator("#outline")).toBeVisible();
        await take("outline");
      }
      await open(page, `/courses/${course.id}/lessons/${film.id}`);
      await expect.poll(() => page.locator(".stage video").evaluate((video) => (video as unknown as HTMLVideoElement).readyState)).toBeGreaterThanOrEqual(2);
      await page.getByLabel("Captions").selectOption("en");
      await page.locator(".stage video").evaluate((video) => ((video as unknown as HTMLVideoElement).currentTime = 5));
      await expect(page.locator(".transcript [aria-current]")).toBeVisible();
      await page.locator(".transcript").scrollIntoViewIfNeeded();
      await take("video");
      // Signing in ends the session that was there: the buyer's is needed again.
      await visit.clearCookies();
      await signIn(visit, "author");
      await open(page, `/admin/courses/${course.id}/edit`);
      await page.getByRole("heading", { level: 2, name: "Outline" }).evaluate((heading) => heading.scrollIntoView({ block: "start" }));
      await page.evaluate(() => window.scrollBy(0, -24));
      await take("editor");
      // A row in the hand; put back, so that nothing is changed.
      const box = (await handle(page, "Set a price").boundingBox())!;
      await page.mouse.move(box.x + 10, box.y + 10);
      await page.mouse.down();
      await page.mouse.move(box.x + 24, box.y - 62, { steps: 8 });
      await take("editor-dragging");
      await page.keyboard.press("Escape");
      await page.mouse.up();
      await open(page, `/admin/lessons/${text.id}/edit`);
      await expect(page.locator(".cm-content")).toBeVisible();
      await expect(page.locator(".preview-text > *").first()).toBeVisible();
      await page.locator(".lesson-desk").evaluate((desk) => desk.scrollIntoView({ block: "start" }));
      await take("writing");
      await open(page, `/admin/products/${product.id}/edit`);
      await take("product-form");
      await visit.close();
    }
  }
});
