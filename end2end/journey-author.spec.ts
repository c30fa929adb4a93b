import { expectAccessible } from "./axe";
import { BIG_COURSE, NO_BIG_COURSE, bigCourse, buy, expect, fillText, open, signIn, signUp, storedOrder, test, unique } from "./fixtures";
import { expectOrder, live, saved, section } from "./editor";

test.beforeEach(async ({ context }) => signIn(context, "author"));

test("the author makes a course, writes it, publishes it, sells it, and a learner sees it so", async ({ page, author, another }) => {
  const title = unique("Knitting");
  await open(page, "/admin/courses");
  await page.getByRole("link", { name: "New course" }).click();
  await page.getByLabel("Title").fill(title);
  await page.getByLabel(/^Description/).fill("Needles and wool.");
  await page.getByRole("button", { name: "Create course" }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();

  // Sections and lessons are drafts when they are made, and said to be there.
  for (const section of ["Casting on", "Purling"]) {
    await page.getByLabel("Name of the new section").fill(section);
    await page.getByRole("button", { name: "Add section" }).click();
    await expect(page.getByRole("heading", { level: 3, name: section })).toBeVisible();
    await expect(page.getByLabel("Name of the new section")).toHaveValue("");
    await expect(live(page)).toContainText(section);
  }
  const casting = section(page, "Casting on");
  await casting.getByText("Add lesson", { exact: true }).click();
  for (const lesson of ["Slip knot", "Long tail"]) {
    await page.getByLabel("Name of the new lesson in “Casting on”").fill(lesson);
    await casting.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByRole("link", { name: lesson })).toBeVisible();
    await expect(page.getByLabel("Name of the new lesson in “Casting on”")).toHaveValue("");
  }
  await expect(casting.getByText("Private", { exact: true })).toHaveCount(3);

  // Publishing: the section, then each lesson with its text and video.
  await casting.getByRole("link", { name: "Edit “Casting on”" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Edit section" })).toBeVisible();
  await page.getByRole("radio", { name: /^Public/ }).check();
  await page.getByRole("button", { name: "Save section" }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await page.getByRole("link", { name: "Slip knot" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Edit lesson" })).toBeVisible();
  await page.getByRole("radio", { name: /^Preview/ }).check();
  await fillText(page, "Make a *loop*.\n\n```rust\nfn main() {}\n```\n");
  await page.getByRole("button", { name: "Save lesson" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  // The same form saves a second time: it edits what it saved.
  await page.getByLabel("Name", { exact: true }).fill("The slip knot");
  const again = page.waitForResponse("**/api/admin/update_lesson");
  await page.getByRole("button", { name: "Save lesson" }).click();
  expect((await again).status()).toBe(200);
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: title }).click();
  await page.getByRole("link", { name: "Long tail" }).click();
  await page.getByRole("radio", { name: /^Public/ }).check();
  await page.getByRole("button", { name: "Save lesson" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  // A product of it.
  const name = unique("Knit");
  await page.getByRole("navigation", { name: "Admin" }).getByRole("link", { name: "Products" }).click();
  await page.getByRole("link", { name: "New product" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel(/^Description/).fill("Everything about **wool**.");
  await page.getByLabel("Price in dollars").fill("19");
  await page.getByRole("radio", { name: /^Public/ }).check();
  await page.getByLabel(title).check();
  await page.getByRole("button", { name: "Create product" }).click();
  await expect(page.getByRole("row").filter({ hasText: name })).toContainText("$19");

  // A learner finds it, buys it and sees what was published, in its order; the draft is nowhere.
  const learner = await another();
  await signUp(learner);
  const shop = await learner.newPage();
  await open(shop, "/");
  await shop.getByRole("link", { name, exact: true }).click();
  await expect(shop.getByText("Everything about wool.")).toBeVisible();
  await expect(shop.getByRole("link", { name: "The slip knot" })).toBeVisible();
  await expect(shop.getByText("Purling")).toHaveCount(0);
  await buy(learner, shop.url().split("/").pop()!);
  await open(shop, "/courses");
  await shop.getByRole("link", { name: "Start" }).click();
  await expect(shop.getByRole("heading", { level: 1, name: "The slip knot" })).toBeVisible();
  await expect(shop.locator("pre code [class*=hl-]").first()).toBeVisible();
  await shop.getByRole("link", { name: "Next Long tail" }).click();
  await expect(shop.getByRole("heading", { level: 1, name: "Long tail" })).toBeVisible();
  await expect(shop.locator("#outline").getByText("0 of 2 lessons")).toBeVisible();
});

test("the author makes a product of the imported course and reorders it", async ({ page, author, another }) => {
  test.skip(!BIG_COURSE, NO_BIG_COURSE);
  test.slow();
  const big = await bigCourse(author);
  const name = unique("Rust");
  await open(page, "/admin/products/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Price in dollars").fill("99");
  await page.getByRole("radio", { name: /^Public/ }).check();
  await page.getByLabel(big.title).check();
  await page.getByRole("button", { name: "Create product" }).click();
  await expect(page.getByRole("row").filter({ hasText: name })).toContainText("$99");

  const before = await storedOrder(author, big.id);
  expect(before.flatMap(([, lessons]) => lessons).length).toBe(big.lessons);
  await open(page, `/admin/courses/${big.id}/edit`);
  await expectOrder(page, before);
  const [first, second] = [before[4]![0], before[5]![0]];
  const lesson = before[4]![1][0]!;
  await section(page, first).locator(".editor-lessons .handle").first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await saved(page);
  const moved = structuredClone(before);
  moved[4]![1].splice(0, 1);
  moved[4]![1].splice(1, 0, lesson);
  await expectOrder(page, moved);
  const head = section(page, first).locator(".editor-head .handle");
  await head.focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await expect(live(page)).toContainText(`“${first}” is section 6 of`);
  await saved(page);
  expect((await storedOrder(author, big.id)).slice(4, 6).map(([name]) => name)).toEqual([second, first]);

  const learner = await another();
  await signUp(learner);
  const product = (await author.products()).find((product) => product.name === name)!;
  await buy(learner, product.id);
  const shop = await learner.newPage();
  await open(shop, `/courses/${big.id}`);
  const sections = await shop.locator(".outline-section summary > span:first-of-type").allTextContents();
  expect(sections.indexOf(second)).toBe(sections.indexOf(first) - 1);

  // Put it back: other tests read this course.
  await head.focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await section(page, first).locator(".editor-lessons").getByRole("button", { name: `Reorder “${lesson}”` }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await expect.poll(() => storedOrder(author, big.id)).toEqual(before);
});

test("deleting says what goes or what forbids it", async ({ page, author, context }) => {
  const title = unique("Sand");
  const course = await author.course(title, { Dunes: ["Wind", "Grass"] });
  const product = await author.product(unique("Sand"), [course.id]);
  await open(page, `/admin/courses/${course.id}/edit`);
  await page.getByRole("link", { name: "Delete", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("cannot be deleted");
  await page.getByRole("main").getByRole("link", { name: /holds it/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Edit product" })).toBeVisible();

  await open(page, `/admin/lessons/${course.lessons.Wind}/delete`);
  await expect(page.getByRole("listitem").filter({ hasText: "0 completions of learners" })).toBeVisible();
  await page.getByRole("button", { name: "Delete the lesson" }).click();
  await expectOrder(page, [["Dunes", ["Grass"]]]);
  await open(page, `/admin/products/${product}/delete`);
  await page.getByRole("button", { name: "Delete the product" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Products" })).toBeVisible();
  await open(page, `/admin/courses/${course.id}/delete`);
  await expect(page.getByText("1 section", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Delete the course" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Courses" })).toBeVisible();
  await expect(page.getByRole("link", { name: title })).toHaveCount(0);
  expect((await context.request.get(`/courses/${course.id}`)).status()).toBe(404);
});

test("a text that was saved is compared with what came after, and had again, without script too @both", async ({ page, context, author, another }) => {
  const course = await author.course(unique("History"), { One: [{ name: "Bread", markdown: "Flour.\n\nWater." }] });
  const path = `/admin/lessons/${course.lessons.Bread}`;
  await signIn(context, "author");
  await open(page, `${path}/edit`);
  await fillText(page, "Flour.\n\nMilk.\n\nSalt.");
  await page.getByRole("button", { name: "Save lesson" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Versions" }).click();
  const versions = page.locator(".versions a");
  await expect(versions).toHaveCount(2);
  await expect(versions.first()).toContainText("Now");
  await versions.nth(1).click();
  const lines = page.getByRole("list", { name: "Lines from then to now" });
  await expect(lines.getByRole("deletion")).toHaveText(["Water."]);
  await expect(lines.getByRole("insertion")).toHaveText(["Milk.", "", "Salt."]);
  await expectAccessible(page, "a lesson's versions");

  const plain = await another({ javaScriptEnabled: false });
  await signIn(plain, "author");
  const bare = await plain.newPage();
  await bare.goto(`${path}/versions`);
  await bare.locator(".versions a").nth(1).click();
  await bare.getByRole("button", { name: "Restore this version" }).click();
  await expect(bare.locator("#markdown")).toHaveValue("Flour.\n\nWater.");
  await page.goto(`${path}/versions`);
  await expect(versions).toHaveCount(3);
});
