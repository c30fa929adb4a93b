import { expectAccessible } from "./axe";
import { BIG_COURSE, NO_BIG_COURSE, type Page, bigCourse, buy, expect, fillText, hydrated, open, signIn, signUp, storedOrder, test, unique } from "./fixtures";
import { chooseInMenu, dragByMouse, dragByTouch, expectOrder, handle, live, menu, row, saved, section, swipeUp } from "./editor";

type Order = [string, string[]][];

test.beforeEach(async ({ context }) => signIn(context, "author"));

/** A course of three sections, its editor open. */
async function editor(page: Page, author: import("./fixtures").Author) {
  const course = await author.course(unique("Order"), {
    One: ["a", "b", "c"],
    Two: ["d", "e"],
    Three: [],
  });
  await open(page, `/admin/courses/${course.id}/edit`);
  await expectOrder(page, [["One", ["a", "b", "c"]], ["Two", ["d", "e"]], ["Three", []]]);
  return course;
}

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
  await page.getByRole("button", { name: "Save lesson" }).click();
  await expect(page.getByRole("button", { name: "Save lesson" })).not.toHaveAttribute("aria-disabled", "true");
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

test("reordering by mouse: within a section, across sections, into an empty one, and sections", async ({ page, author, another }) => {
  const course = await editor(page, author);
  await dragByMouse(page, "a", "below", "c");
  await expectOrder(page, [["One", ["b", "c", "a"]], ["Two", ["d", "e"]], ["Three", []]]);
  await expect(live(page)).toHaveText("“a” is lesson 3 of 3.");
  await expect(handle(page, "a")).toBeFocused();
  await saved(page);

  await dragByMouse(page, "b", "above", "e");
  await expectOrder(page, [["One", ["c", "a"]], ["Two", ["d", "b", "e"]], ["Three", []]]);
  await expect(live(page)).toHaveText("“b” is lesson 2 of 3 in “Two”.");
  await expect(handle(page, "b")).toBeFocused();
  await saved(page);

  await dragByMouse(page, "e", "below", "Three");
  await expectOrder(page, [["One", ["c", "a"]], ["Two", ["d", "b"]], ["Three", ["e"]]]);
  await expect(section(page, "Two").getByText("2 lessons")).toBeVisible();
  await expect(section(page, "Three").getByText("1 lesson", { exact: true })).toBeVisible();
  await saved(page);

  await dragByMouse(page, "One", "below", "Two");
  const last: Order = [["Two", ["d", "b"]], ["One", ["c", "a"]], ["Three", ["e"]]];
  await expectOrder(page, last);
  await expect(live(page)).toHaveText("“One” is section 2 of 3.");
  await expect(handle(page, "One")).toBeFocused();
  await saved(page);

  // What the server holds, what a reload shows, and what a learner gets is the same.
  expect(await storedOrder(author, course.id)).toEqual(last);
  await page.reload();
  await hydrated(page);
  await expectOrder(page, last);
  const product = await author.product(unique("Order"), [course.id]);
  const learner = await another();
  await signUp(learner);
  await buy(learner, product);
  const lesson = await learner.newPage();
  await open(lesson, `/courses/${course.id}`);
  await expect(lesson.locator(".outline-link > span")).toHaveText(["d", "b", "c", "a", "e"]);
  await open(lesson, `/courses/${course.id}/lessons/${course.lessons.b}`);
  await lesson.getByRole("link", { name: "Next c" }).click();
  await expect(lesson.getByRole("heading", { level: 1, name: "c" })).toBeVisible();
});

test("a drag that ends where it began, or is cancelled, sends nothing", async ({ page, author }) => {
  await editor(page, author);
  const sent: string[] = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await dragByMouse(page, "b", "below", "b");
  await expect(live(page)).toContainText("stays where it was");
  await handle(page, "b").hover();
  await page.mouse.down();
  await page.mouse.move(400, 500, { steps: 4 });
  await page.keyboard.press("Escape");
  await expect(live(page)).toHaveText("Put back where it was.");
  await page.mouse.move(400, 300, { steps: 4 });
  await page.mouse.up();
  await expectOrder(page, [["One", ["a", "b", "c"]], ["Two", ["d", "e"]], ["Three", []]]);
  await expect(page.locator("[data-dragging], [data-lifted]")).toHaveCount(0);
  await expect(page.locator(".drop-marker--fixed")).toBeHidden();
  expect(sent).toEqual([]);
});

test("reordering by touch @phone", async ({ page, author }) => {
  const course = await editor(page, author);
  await dragByTouch(page, "a", "below", "b");
  await expectOrder(page, [["One", ["b", "a", "c"]], ["Two", ["d", "e"]], ["Three", []]]);
  await expect(live(page)).toHaveText("“a” is lesson 2 of 3.");
  await saved(page);
  await dragByTouch(page, "c", "above", "d");
  await expectOrder(page, [["One", ["b", "a"]], ["Two", ["c", "d", "e"]], ["Three", []]]);
  await saved(page);
  await dragByTouch(page, "Three", "above", "Two");
  const last: Order = [["One", ["b", "a"]], ["Three", []], ["Two", ["c", "d", "e"]]];
  await expectOrder(page, last);
  await saved(page);
  expect(await storedOrder(author, course.id)).toEqual(last);
  await page.reload();
  await hydrated(page);
  await expectOrder(page, last);

  // A finger beside the handle scrolls the page and moves no row.
  await page.evaluate(() => window.scrollTo(0, 0));
  await swipeUp(page);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
  await expectOrder(page, last);
});

test("reordering by keyboard on the handle", async ({ page, author }) => {
  const course = await editor(page, author);
  const press = (key: string) => page.keyboard.press(key);
  await handle(page, "c").focus();
  await expect(handle(page, "c")).toHaveAccessibleDescription(/Space to lift/);
  await press("Space");
  await expect(live(page)).toContainText("“c” is lifted, position 3 of 3 in Lessons in “One”.");
  await expect(handle(page, "c")).toHaveAttribute("aria-pressed", "true");
  await expect(row(page, "c")).toHaveAttribute("data-lifted", "");
  await press("ArrowUp");
  await expect(live(page)).toContainText("position 2 of 3");
  await press("ArrowUp");
  await press("Space");
  await expectOrder(page, [["One", ["c", "a", "b"]], ["Two", ["d", "e"]], ["Three", []]]);
  await expect(live(page)).toHaveText("“c” is lesson 1 of 3.");
  await expect(handle(page, "c")).toBeFocused();
  await saved(page);

  // Escape puts it back, and so does leaving the handle.
  await press("Space");
  await press("ArrowDown");
  await press("Escape");
  await expect(live(page)).toHaveText("Put back where it was.");
  await expect(row(page, "c")).not.toHaveAttribute("data-lifted", "");
  await expect(handle(page, "c")).toBeFocused();
  await press("Space");
  await press("ArrowDown");
  await press("Tab");
  await expect(page.locator("[data-lifted]")).toHaveCount(0);
  await expectOrder(page, [["One", ["c", "a", "b"]], ["Two", ["d", "e"]], ["Three", []]]);

  // Down past a section's end leads into the next, and into an empty one.
  await handle(page, "b").focus();
  await press("Space");
  await press("ArrowDown");
  await expect(live(page)).toContainText("position 1 of 3 in Lessons in “Two”");
  await press("ArrowDown");
  await press("Space");
  await expectOrder(page, [["One", ["c", "a"]], ["Two", ["d", "b", "e"]], ["Three", []]]);
  await expect(live(page)).toHaveText("“b” is lesson 2 of 3 in “Two”.");
  await expect(handle(page, "b")).toBeFocused();
  await handle(page, "e").focus();
  await press("Space");
  await press("ArrowDown");
  await expect(live(page)).toContainText("position 1 of 1 in Lessons in “Three”");
  await press("Space");
  await expectOrder(page, [["One", ["c", "a"]], ["Two", ["d", "b"]], ["Three", ["e"]]]);
  await expect(handle(page, "e")).toBeFocused();
  // And up again, to the end of the section above.
  await press("Space");
  await press("ArrowUp");
  await expect(live(page)).toContainText("position 3 of 3 in Lessons in “Two”");
  await press("Space");
  await expectOrder(page, [["One", ["c", "a"]], ["Two", ["d", "b", "e"]], ["Three", []]]);

  await handle(page, "Three").focus();
  await press("Enter");
  await press("ArrowUp");
  await press("ArrowUp");
  await press("Enter");
  const last: Order = [["Three", []], ["One", ["c", "a"]], ["Two", ["d", "b", "e"]]];
  await expectOrder(page, last);
  await expect(live(page)).toHaveText("“Three” is section 1 of 3.");
  await expect(handle(page, "Three")).toBeFocused();
  await expect.poll(() => storedOrder(author, course.id)).toEqual(last);
  await page.reload();
  await hydrated(page);
  await expectOrder(page, last);
});

test("reordering by the menu: Move up, Move down, Move to…", async ({ page, author }) => {
  const course = await editor(page, author);
  await chooseInMenu(page, "a", "Move down");
  await expectOrder(page, [["One", ["b", "a", "c"]], ["Two", ["d", "e"]], ["Three", []]]);
  await expect(live(page)).toHaveText("“a” is lesson 2 of 3.");
  await saved(page);
  await expect(menu(page, "a").locator(":focus")).toHaveCount(1);
  await menu(page, "a").getByRole("button", { name: "Move down", exact: true }).click();
  await expectOrder(page, [["One", ["b", "c", "a"]], ["Two", ["d", "e"]], ["Three", []]]);
  await expect(menu(page, "a").getByRole("button", { name: "Move down", exact: true })).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(menu(page, "a").getByRole("button", { name: "Move up", exact: true })).toBeHidden();
  await chooseInMenu(page, "Two", "Move up");
  await expectOrder(page, [["Two", ["d", "e"]], ["One", ["b", "c", "a"]], ["Three", []]]);
  await expect(live(page)).toHaveText("“Two” is section 1 of 3.");
  await saved(page);

  await page.keyboard.press("Escape");
  await page.getByLabel("Actions for “d”").click();
  await menu(page, "d").getByRole("link", { name: "Move to…" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Move “d”" })).toBeVisible();
  await page.getByLabel("Section").selectOption("One");
  await page.getByLabel("At the start").check();
  await page.getByRole("button", { name: "Move lesson" }).click();
  const last: Order = [["Two", ["e"]], ["One", ["d", "b", "c", "a"]], ["Three", []]];
  await expectOrder(page, last);
  expect(await storedOrder(author, course.id)).toEqual(last);
});

test("many quick moves are all stored, in their order", async ({ page, author }) => {
  const course = await editor(page, author);
  await handle(page, "a").focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowDown"]) {
    await page.keyboard.press("Space");
    await page.keyboard.press(key);
    await page.keyboard.press("Space");
    await expect(handle(page, "a")).toBeFocused();
  }
  await expectOrder(page, [["One", ["b", "a", "c"]], ["Two", ["d", "e"]], ["Three", []]]);
  await saved(page);
  await expect.poll(async () => (await storedOrder(author, course.id))[0]).toEqual(["One", ["b", "a", "c"]]);
});

test("a move that the server has no answer to waits and is stored later", async ({ page, author, watch }) => {
  const course = await editor(page, author);
  watch.announce(/change_outline/, /^console error: Failed to load resource/);
  await page.route("**/api/admin/change_outline", (route) => route.abort());
  await dragByMouse(page, "a", "below", "b");
  await expect(page.getByText("No answer. Trying again…")).toBeVisible();
  await dragByMouse(page, "d", "below", "e");
  await expectOrder(page, [["One", ["b", "a", "c"]], ["Two", ["e", "d"]], ["Three", []]]);
  expect((await storedOrder(author, course.id))[0]).toEqual(["One", ["a", "b", "c"]]);
  await page.unroute("**/api/admin/change_outline");
  await saved(page);
  expect(await storedOrder(author, course.id)).toEqual([["One", ["b", "a", "c"]], ["Two", ["e", "d"]], ["Three", []]]);
});

test("a move that the server refuses is taken back, and offered", async ({ page, author, watch }) => {
  const course = await editor(page, author);
  watch.announceStatus(500);
  await page.route("**/api/admin/change_outline", (route) => route.fulfill({ status: 500, json: "Internal" }));
  await dragByMouse(page, "a", "below", "b");
  await expect(live(page)).toContainText("Your change was not saved.");
  await expectOrder(page, [["One", ["a", "b", "c"]], ["Two", ["d", "e"]], ["Three", []]]);
  // Nobody else changed anything: the page must not say so.
  await expect(page.getByText("Someone else changed the outline", { exact: true })).toHaveCount(0);
  await page.unroute("**/api/admin/change_outline");
  await page.getByRole("button", { name: "Do it now" }).click();
  await saved(page);
  expect((await storedOrder(author, course.id))[0]).toEqual(["One", ["b", "a", "c"]]);
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
