// What stands around a lesson in the player: the outline's tools, code to copy, the way to the next lesson.
import { buy, expect, hydrated, open, signUp, test, unique } from "./fixtures";

test("the outline is searched, folded for good, and put away", async ({ page, context, author }) => {
  const title = unique("Search");
  const course = await author.course(title, { Flour: ["Why flour", "Weigh it"], Water: ["Warm it", "Weigh water"], Salt: ["A pinch"] });
  const product = await author.product(title, [course.id], { price: "0" });
  await signUp(context);
  await buy(context, product);
  const path = `/courses/${course.id}/lessons/${course.lessons["Why flour"]}`;
  await open(page, path);
  const nav = page.getByRole("navigation", { name: "Lessons", exact: true });
  const rows = nav.locator(".outline-link:visible");
  await expect(rows).toHaveText([/Why flour/, /Weigh it/]);
  await page.getByLabel("Search lessons").fill("WEIGH");
  await expect(rows).toHaveText([/Weigh it/, /Weigh water/]);
  await expect(nav.getByText("Salt")).toBeHidden();
  await page.getByLabel("Search lessons").fill("nothing like it");
  await expect(rows).toHaveCount(0);
  await page.getByLabel("Search lessons").fill("");
  await expect(nav.getByText("Salt")).toBeVisible();

  await nav.getByText("Salt").click();
  await expect(rows.filter({ hasText: "A pinch" })).toBeVisible();
  await page.reload();
  await hydrated(page);
  await expect(rows.filter({ hasText: "A pinch" })).toBeVisible();
  await nav.getByText("Salt").click();
  await page.reload();
  await hydrated(page);
  await expect(rows.filter({ hasText: "A pinch" })).toHaveCount(0);
  await expect(rows.filter({ hasText: "Why flour" })).toBeVisible();

  const away = page.getByRole("button", { name: "Hide the outline" });
  await away.click();
  await expect(page.locator("#outline")).toBeHidden();
  await expect(away).toHaveAttribute("aria-pressed", "true");
  await page.reload();
  await hydrated(page);
  await expect(page.locator("#outline")).toBeHidden();
  await away.click();
  await expect(page.locator("#outline")).toBeVisible();
});

test("code is copied, a heading can be linked to, and the next lesson costs one request", async ({ page, context, author }) => {
  const title = unique("Code");
  const markdown = "## A heading\n\n```rust\nfn main() {}\n```\n\nDone.";
  const course = await author.course(title, { One: [{ name: "First", markdown }, { name: "Second", markdown }, { name: "Third", markdown }] });
  const product = await author.product(title, [course.id], { price: "0" });
  await signUp(context);
  await buy(context, product);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.addInitScript(() => {
    const start = document.startViewTransition.bind(document);
    document.startViewTransition = (change) => {
      document.documentElement.dataset.crossings = String(Number(document.documentElement.dataset.crossings ?? 0) + 1);
      return start(change);
    };
  });
  await open(page, `/courses/${course.id}/lessons/${course.lessons.First}`);
  const code = page.locator(".prose pre");
  await code.hover();
  await code.getByRole("button", { name: "Copy" }).click();
  await expect(code.getByRole("button", { name: "Copied" })).toBeVisible();
  expect((await page.evaluate(() => navigator.clipboard.readText())).trim()).toBe("fn main() {}");
  await expect(page.getByRole("link", { name: "Link to this section" })).toHaveAttribute("href", "#user-a-heading");

  const asked: string[] = [];
  page.on("request", (request) => request.resourceType() !== "ping" && asked.push(new URL(request.url()).pathname));
  const next = page.getByRole("navigation", { name: "Lessons before and after" }).locator("a[rel=next]");
  const ahead = page.waitForResponse(`**/lessons/${course.lessons.Second}`);
  await next.hover();
  await ahead;
  await next.click();
  await expect(page.getByRole("heading", { level: 1, name: "Second" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy" })).toHaveCount(1);
  await page.keyboard.press("n");
  await expect(page.getByRole("heading", { level: 1, name: "Third" })).toBeVisible();
  expect(asked.filter((path) => !/save_position|favicon/.test(path))).toEqual([`/courses/${course.id}/lessons/${course.lessons.Second}`, `/courses/${course.id}/lessons/${course.lessons.Third}`]);
  await expect(page.locator("html")).toHaveAttribute("data-crossings", "2");
});
