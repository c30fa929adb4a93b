// Lessons and sections put into order: by mouse, finger, keyboard and menu, and what the server makes of it.
import { type Page, buy, expect, hydrated, open, signIn, signUp, storedOrder, test, unique } from "./fixtures";
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
  // The page has to have heard that it is stored, too: before that it warns whoever leaves.
  await saved(page);
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
