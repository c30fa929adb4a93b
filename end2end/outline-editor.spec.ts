// What the outline editor does with many lessons at once, with what was done, and with other authors.
import { type Author, type Page, buy, expect, hydrated, open, signIn, signUp, storedOrder, test, unique } from "./fixtures";
import { expectAccessible } from "./axe";
import { chooseInMenu, dragByMouse, expectOrder, handle, live, menu, pick, row, saved, section } from "./editor";

test.beforeEach(async ({ context }) => signIn(context, "author"));

const FIRST: [string, string[]][] = [["One", ["a", "b", "c"]], ["Two", ["d", "e"]], ["Three", []]];

async function editor(page: Page, author: Author) {
  const course = await author.course(unique("Outline"), { One: ["a", "b", "c"], Two: ["d", "e"], Three: [] });
  await open(page, `/admin/courses/${course.id}/edit`);
  await expectOrder(page, FIRST);
  return course;
}

const selection = (page: Page) => page.getByRole("group", { name: "Selected lessons" });
const undo = (page: Page) => page.getByRole("button", { name: /^Undo/ });
const redo = (page: Page) => page.getByRole("button", { name: /^Redo/ });

test("several lessons are selected by mouse, and moved, set and deleted together; each can be undone", async ({ page, author }) => {
  const course = await editor(page, author);
  await expect(undo(page)).toBeDisabled();
  await pick(page, "a").click();
  await pick(page, "d").click({ modifiers: ["Shift"] });
  await expect(selection(page).getByRole("status")).toHaveText("4 lessons selected");
  await pick(page, "b").click();
  await expect(selection(page).getByRole("status")).toHaveText("3 lessons selected");

  await selection(page).getByLabel("Move the selected lessons to").selectOption("Three");
  const moved: typeof FIRST = [["One", ["b"]], ["Two", ["e"]], ["Three", ["a", "c", "d"]]];
  await expectOrder(page, moved);
  await expect(live(page)).toHaveText("3 lessons are in “Three”.");
  await saved(page);
  expect(await storedOrder(author, course.id)).toEqual(moved);

  await selection(page).getByLabel("Set the status of the selected lessons").selectOption("Preview");
  await expect(section(page, "Three").getByText("Preview", { exact: true })).toHaveCount(3);
  await selection(page).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("dialog", { name: "Delete 3 lessons?" })).toContainText("3 lessons");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expectOrder(page, [["One", ["b"]], ["Two", ["e"]], ["Three", []]]);
  await expect(selection(page)).toBeHidden();
  await saved(page);

  // Back, by the button and by keys; what is undone is what the server has.
  await undo(page).click();
  await expectOrder(page, moved);
  await expect(section(page, "Three").getByText("Preview", { exact: true })).toHaveCount(3);
  await page.keyboard.press("Control+z");
  await expect(section(page, "Three").getByText("Preview", { exact: true })).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expectOrder(page, FIRST);
  await saved(page);
  await expect.poll(() => storedOrder(author, course.id)).toEqual(FIRST);
  await expect(undo(page)).toBeDisabled();
  for (let step = 0; step < 3; step += 1) await redo(page).click();
  await expectOrder(page, [["One", ["b"]], ["Two", ["e"]], ["Three", []]]);
  await expect(redo(page)).toBeDisabled();
  await page.keyboard.press("Control+z");
  await saved(page);
  await page.reload();
  await hydrated(page);
  await expectOrder(page, moved);
});

test("a selection is dragged as one, and lands where the marker says", async ({ page, author }) => {
  const course = await editor(page, author);
  await pick(page, "a").check();
  await pick(page, "c").check();
  await dragByMouse(page, "c", "above", "e");
  const moved: typeof FIRST = [["One", ["b"]], ["Two", ["d", "a", "c", "e"]], ["Three", []]];
  await expectOrder(page, moved);
  await expect(live(page)).toHaveText("2 lessons are in “Two”.");
  await expect(handle(page, "c")).toBeFocused();
  // One that is not selected goes alone.
  await dragByMouse(page, "e", "below", "b");
  await expectOrder(page, [["One", ["b", "e"]], ["Two", ["d", "a", "c"]], ["Three", []]]);
  await saved(page);
  expect(await storedOrder(author, course.id)).toEqual([["One", ["b", "e"]], ["Two", ["d", "a", "c"]], ["Three", []]]);
});

test("by keyboard alone: select a range, move it, rename, add one after the other, undo", async ({ page, author }) => {
  const course = await editor(page, author);
  const press = (key: string) => page.keyboard.press(key);
  await pick(page, "b").focus();
  await press("Space");
  await press("Shift+ArrowDown");
  await press("Shift+ArrowDown");
  await expect(pick(page, "d")).toBeFocused();
  await expect(selection(page).getByRole("status")).toHaveText("3 lessons selected");
  await handle(page, "b").focus();
  await press("Space");
  await expect(live(page)).toContainText("3 of them is lifted");
  await press("ArrowUp");
  await press("Space");
  const moved: typeof FIRST = [["One", ["b", "c", "d", "a"]], ["Two", ["e"]], ["Three", []]];
  await expectOrder(page, moved);
  await pick(page, "b").focus();
  await press("Escape");
  await expect(selection(page)).toBeHidden();
  await press("Control+a");
  await expect(selection(page).getByRole("status")).toHaveText("5 lessons selected");
  await press("Escape");

  await press("F2");
  await expect(page.getByLabel("New name of “b”")).toBeFocused();
  await page.keyboard.insertText("Beginning");
  await press("Enter");
  await expect(handle(page, "Beginning")).toHaveCount(1);
  await expect(page.getByRole("link", { name: "Beginning" })).toBeFocused();
  await press("F2");
  await page.keyboard.insertText("Never mind");
  await press("Escape");
  await expectOrder(page, [["One", ["Beginning", "c", "d", "a"]], ["Two", ["e"]], ["Three", []]]);

  await chooseInMenu(page, "c", "Add lesson below");
  await expect(page.getByLabel("Name of the new lesson below “c”")).toBeFocused();
  for (const name of ["c2", "c3"]) {
    await page.keyboard.insertText(name);
    await press("Enter");
  }
  await press("Escape");
  const last: typeof FIRST = [["One", ["Beginning", "c", "c2", "c3", "d", "a"]], ["Two", ["e"]], ["Three", []]];
  await expectOrder(page, last);
  await expect(row(page, "c3").getByText("Private", { exact: true })).toBeVisible();
  await saved(page);
  expect(await storedOrder(author, course.id)).toEqual(last);
  for (let step = 0; step < 4; step += 1) await press("Control+z");
  await expectOrder(page, FIRST);
  await saved(page);
  await expect.poll(() => storedOrder(author, course.id)).toEqual(FIRST);
});

test("a status is chosen where it stands, and a section published with its drafts", async ({ page, author }) => {
  const course = await author.course(unique("Drafts"), {
    One: [{ name: "a", status: "private" }, { name: "b", status: "preview" }, { name: "c", status: "private" }],
  });
  await open(page, `/admin/courses/${course.id}/edit`);
  await row(page, "a").getByRole("button", { name: "Private" }).click();
  const choice = page.getByRole("menu", { name: "Status" });
  await expect(choice.getByRole("menuitem").first()).toBeFocused();
  await choice.getByRole("menuitem", { name: /^Preview/ }).click();
  await expect(choice).toBeHidden();
  await expect(row(page, "a").getByRole("button", { name: "Preview" })).toBeFocused();
  await chooseInMenu(page, "One", "Publish with all lessons");
  await expect(row(page, "c").getByRole("button", { name: "Public" })).toBeVisible();
  await expect(row(page, "b").getByRole("button", { name: "Preview" })).toBeVisible();
  await saved(page);
  await page.reload();
  await hydrated(page);
  await expect(row(page, "c").getByRole("button", { name: "Public" })).toBeVisible();
  await expect(row(page, "a").getByRole("button", { name: "Preview" })).toBeVisible();
});

test("deleting asks with counts, and what is restored has its completions, without script too", async ({ page, author, another }) => {
  const course = await editor(page, author);
  const learner = await another();
  await signUp(learner);
  await buy(learner, await author.product(unique("Kept"), [course.id]));
  const lesson = { course: course.id, lesson: course.lessons.d!, done: "true" };
  expect((await learner.request.post("/api/complete_lesson", { form: lesson })).ok()).toBe(true);
  const progress = async () => (await (await learner.request.post("/api/list_my_courses", { form: {} })).json())[0].progress;
  expect(await progress()).toEqual({ completed: 1, total: 5 });

  await page.getByLabel("Actions for “Two”").click();
  await menu(page, "Two").getByRole("link", { name: "Delete section" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete “Two”?" });
  await expect(dialog.getByRole("listitem")).toHaveText(["2 lessons", "1 completion of a learner"]);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expectOrder(page, FIRST);
  await page.getByLabel("Actions for “Two”").click();
  await menu(page, "Two").getByRole("link", { name: "Delete section" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expectOrder(page, [["One", ["a", "b", "c"]], ["Three", []]]);
  await saved(page);
  expect(await progress()).toEqual({ completed: 0, total: 3 });
  const deleted = page.getByRole("region", { name: "Recently deleted" });
  await expect(deleted).toContainText("“Two” with 2 lessons");
  await undo(page).click();
  await expectOrder(page, FIRST);
  await saved(page);
  await expect(deleted).toBeHidden();
  expect(await progress()).toEqual({ completed: 1, total: 5 });

  const plain = await another({ javaScriptEnabled: false });
  await signIn(plain, "author");
  const bare = await plain.newPage();
  await bare.goto(`/admin/lessons/${course.lessons.d}/delete`);
  await expect(bare.getByText("1 completion of a learner")).toBeVisible();
  await bare.getByRole("button", { name: "Delete the lesson" }).click();
  await expectOrder(bare, [["One", ["a", "b", "c"]], ["Two", ["e"]], ["Three", []]]);
  await bare.getByRole("region", { name: "Recently deleted" }).getByRole("button", { name: "Restore" }).click();
  await expectOrder(bare, FIRST);
  expect(await progress()).toEqual({ completed: 1, total: 5 });
});

test("what another author changes appears without a reload, and what fits no more stays on offer", async ({ page, author, another, watch }) => {
  const course = await editor(page, author);
  const other = await another();
  await signIn(other, "author");
  const second = await other.newPage();
  await open(second, `/admin/courses/${course.id}/edit`);
  await expectOrder(second, FIRST);

  await dragByMouse(page, "a", "below", "c");
  await expect.poll(() => section(second, "One").locator(".editor-lessons .editor-name").allTextContents(), { timeout: 2000 }).toEqual(["b", "c", "a"]);
  await expect(second.getByText(/changed the outline\.$/).first()).toBeVisible();
  // What the second does is made on that; the first sees it in its turn, selection and folds as they were.
  await pick(page, "e").check();
  await section(page, "One").getByRole("button", { name: "Lessons of “One”" }).click();
  await expect(handle(page, "b")).toBeHidden();
  await chooseInMenu(second, "d", "Rename");
  await second.getByLabel("New name of “d”").fill("dee");
  await second.keyboard.press("Enter");
  await expect(handle(page, "dee")).toHaveCount(1);
  await expect(pick(page, "e")).toBeChecked();
  await expect(handle(page, "b")).toBeHidden();

  // The second's next change crosses one of the first's: it is refused, what is stored is shown, and it is offered.
  watch.announceStatus(409);
  let release = () => {};
  const held = new Promise<void>((resolve) => { release = resolve; });
  await second.route("**/api/admin/change_outline", async (route) => {
    await held;
    await route.continue();
  });
  await dragByMouse(second, "dee", "below", "e");
  await section(page, "Two").getByLabel("Actions for “Two”").click();
  await selection(page).getByLabel("Move the selected lessons to").selectOption("Three");
  await saved(page);
  release();
  await expect(second.getByText("Someone else changed the outline", { exact: true })).toBeVisible();
  await expectOrder(second, [["One", ["b", "c", "a"]], ["Two", ["dee"]], ["Three", ["e"]]]);
  await expect(second.getByRole("button", { name: "Leave it" })).toBeVisible();
  await second.getByRole("button", { name: "Leave it" }).click();
  await expect(second.getByText("Someone else changed the outline", { exact: true })).toHaveCount(0);
});

test("an offer does what was meant on what is there now", async ({ page, author, context, watch }) => {
  const course = await editor(page, author);
  watch.announceStatus(409);
  let changed = false;
  await page.route("**/api/admin/change_outline", async (route) => {
    // Somebody is quicker.
    if (!changed) {
      changed = true;
      const [one, two, three] = [course.sections.One!, course.sections.Two!, course.sections.Three!];
      await author.reorderSections(course.id, [one, two, three], [three, one, two]);
    }
    await route.continue();
  });
  await dragByMouse(page, "Two", "above", "One");
  await expect(page.getByText("Not saved: moving “Two”.")).toBeVisible();
  await expectOrder(page, [["Three", []], ["One", ["a", "b", "c"]], ["Two", ["d", "e"]]]);
  await page.getByRole("button", { name: "Do it now" }).click();
  await expectOrder(page, [["Three", []], ["Two", ["d", "e"]], ["One", ["a", "b", "c"]]]);
  await saved(page);
  await expect.poll(() => storedOrder(author, course.id)).toEqual([["Three", []], ["Two", ["d", "e"]], ["One", ["a", "b", "c"]]]);
  expect(context.pages().length).toBe(1);
});

test("the outline is searched and folded", async ({ page, author }) => {
  await editor(page, author);
  await page.getByLabel("Search the outline").fill("E");
  await expect(handle(page, "e")).toBeVisible();
  await expect(handle(page, "d")).toBeHidden();
  await expect(handle(page, "Two")).toBeVisible();
  // A section that is called so shows all of its lessons.
  await page.getByLabel("Search the outline").fill("one");
  await expect(handle(page, "a")).toBeVisible();
  await expect(handle(page, "Two")).toBeHidden();
  await page.getByLabel("Search the outline").fill("");
  await page.getByRole("button", { name: "Fold all", exact: true }).click();
  await expect(handle(page, "a")).toBeHidden();
  const fold = page.getByRole("button", { name: "Lessons of “One”" });
  await expect(fold).toHaveAttribute("aria-expanded", "false");
  await fold.press("Enter");
  await expect(handle(page, "a")).toBeVisible();
  await page.getByRole("button", { name: "Unfold all" }).click();
  await expect(handle(page, "d")).toBeVisible();
});

test("a finger that rests on a row takes it, one that moves scrolls @phone", async ({ page, author }) => {
  const course = await editor(page, author);
  const name = page.getByRole("link", { name: "a", exact: true });
  await name.scrollIntoViewIfNeeded();
  const from = (await name.boundingBox())!;
  const to = (await row(page, "c").boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", y?: number) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: y === undefined ? [] : [{ x: from.x + 4, y }] });
  const start = from.y + from.height / 2;
  await touch("touchStart", start);
  await expect(page.locator("[data-dragging]")).toHaveCount(1);
  const end = to.y + to.height * 0.75;
  for (let step = 1; step <= 8; step += 1) await touch("touchMove", start + ((end - start) * step) / 8);
  await touch("touchEnd");
  await expectOrder(page, [["One", ["b", "c", "a"]], ["Two", ["d", "e"]], ["Three", []]]);
  await expect(page).toHaveURL(new RegExp(`${course.id}/edit`));
  await saved(page);
  expect((await storedOrder(author, course.id))[0]).toEqual(["One", ["b", "c", "a"]]);
});

test("lessons, sections and courses are duplicated, and a lesson goes to another course", async ({ page, author }) => {
  const course = await editor(page, author);
  await chooseInMenu(page, "a", "Duplicate");
  await expectOrder(page, [["One", ["a", "a (copy)", "b", "c"]], ["Two", ["d", "e"]], ["Three", []]]);
  await expect(row(page, "a (copy)").getByText("Private", { exact: true })).toBeVisible();
  await hydrated(page);
  await chooseInMenu(page, "Two", "Duplicate");
  await expectOrder(page, [["One", ["a", "a (copy)", "b", "c"]], ["Two", ["d", "e"]], ["Two (copy)", ["d", "e"]], ["Three", []]]);
  const other = await author.course(unique("Elsewhere"), { There: ["x"] });
  await open(page, `/admin/lessons/${course.lessons.b}/move`);
  await page.getByLabel("Section").selectOption(other.sections.There!);
  await page.getByRole("button", { name: "Move lesson" }).click();
  await expectOrder(page, [["One", ["a", "a (copy)", "c"]], ["Two", ["d", "e"]], ["Two (copy)", ["d", "e"]], ["Three", []]]);
  expect(await storedOrder(author, other.id)).toEqual([["There", ["x", "b"]]]);
  await hydrated(page);
  await page.locator(".page-header").getByRole("button", { name: "Duplicate" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${course.title} (copy)` })).toBeVisible();
  await expectOrder(page, [["One", ["a", "a (copy)", "c"]], ["Two", ["d", "e"]], ["Two (copy)", ["d", "e"]], ["Three", []]]);
});

test("the author looks at a course as a visitor and as a buyer, and nothing is recorded @both", async ({ page, author }) => {
  const course = await author.course(unique("Seen"), { One: ["a", { name: "taste", status: "preview" }, { name: "draft", status: "private" }] });
  await author.product(unique("Seen"), [course.id]);
  await open(page, `/admin/courses/${course.id}/edit`);
  await page.getByText("View", { exact: true }).click();
  await page.getByRole("button", { name: "As a buyer" }).click();
  const banner = page.getByRole("complementary", { name: "Preview" });
  await expect(banner).toContainText("somebody who bought everything");
  await expect(page.getByRole("link", { name: "draft" })).toHaveCount(0);
  await open(page, `/courses/${course.id}/lessons/${course.lessons.a}`);
  await expect(page.getByText("This is a.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Mark as complete" })).toHaveCount(0);
  await expectAccessible(page, "a preview");
  await open(page, `/admin/courses/${course.id}/edit`);
  await expect(banner).toHaveCount(0);
  await page.getByText("View", { exact: true }).click();
  await page.getByRole("button", { name: "As a visitor" }).click();
  await expect(banner).toContainText("a visitor");
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await banner.getByRole("button", { name: "Stop" }).click();
  await expect(banner).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Sign in" })).toHaveCount(0);
});
