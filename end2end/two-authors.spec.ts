import { type BrowserContext, type Page, expect, fillText, open, signIn, storedOrder, test, unique } from "./fixtures";
import { deafen, dragByMouse, expectOrder, handle, live, menu, saved } from "./editor";

async function authorsPage(context: BrowserContext, path: string): Promise<Page> {
  await signIn(context, "author");
  const page = await context.newPage();
  await deafen(page);
  await open(page, path);
  return page;
}

test("of two authors who move at once the second is told and sees the current order", async ({ context, another, author, watch }) => {
  const course = await author.course(unique("Two"), { One: ["a", "b", "c"], Two: ["d"] });
  const path = `/admin/courses/${course.id}/edit`;
  const [first, second] = [await authorsPage(context, path), await authorsPage(await another(), path)];
  await dragByMouse(first, "c", "above", "a");
  await saved(first);

  watch.announceStatus(409);
  await dragByMouse(second, "a", "below", "b");
  await expect(second.getByText("Someone else changed the outline", { exact: true })).toBeVisible();
  await expect(live(second)).toContainText("not saved");
  await expectOrder(second, [["One", ["c", "a", "b"]], ["Two", ["d"]]]);
  expect(await storedOrder(author, course.id)).toEqual([["One", ["c", "a", "b"]], ["Two", ["d"]]]);

  // What the second sees now can be moved; the notice goes with the next move.
  await dragByMouse(second, "a", "below", "b");
  await saved(second);
  await expect(second.getByText("Someone else changed the outline", { exact: true })).toHaveCount(0);
  expect(await storedOrder(author, course.id)).toEqual([["One", ["c", "b", "a"]], ["Two", ["d"]]]);
});

test("a section moved by one is not moved over by the other, nor a lesson into what changed", async ({ context, another, author, watch }) => {
  const course = await author.course(unique("Two"), { One: ["a"], Two: ["b", "c"], Three: [] });
  const path = `/admin/courses/${course.id}/edit`;
  const [first, second] = [await authorsPage(context, path), await authorsPage(await another(), path)];
  watch.announceStatus(409);
  await handle(first, "Three").focus();
  for (const key of ["Space", "ArrowUp", "Space"]) await first.keyboard.press(key);
  await saved(first);
  await handle(second, "One").focus();
  for (const key of ["Space", "ArrowDown", "Space"]) await second.keyboard.press(key);
  await expect(second.getByText("Someone else changed the outline", { exact: true })).toBeVisible();
  await expectOrder(second, [["One", ["a"]], ["Three", []], ["Two", ["b", "c"]]]);

  // A lesson goes into Three; the other, who sees it empty, puts one there too.
  await handle(second, "c").focus();
  for (const key of ["Space", "ArrowUp", "ArrowUp", "Space"]) await second.keyboard.press(key);
  await expect(live(second)).toContainText("in “Three”");
  await saved(second);
  await expectOrder(second, [["One", ["a"]], ["Three", ["c"]], ["Two", ["b"]]]);
  await handle(first, "a").focus();
  for (const key of ["Space", "ArrowDown", "Space"]) await first.keyboard.press(key);
  await expect(first.getByText("Someone else changed the outline", { exact: true })).toBeVisible();
  const last: [string, string[]][] = [["One", ["a"]], ["Three", ["c"]], ["Two", ["b"]]];
  await expectOrder(first, last);
  expect(await storedOrder(author, course.id)).toEqual(last);
});

test("without script the second is told too", async ({ context, another, author, watch }) => {
  watch.announceStatus(409);
  const course = await author.course(unique("Two"), { One: ["a", "b", "c"] });
  const path = `/admin/courses/${course.id}/edit`;
  const plain = await another({ javaScriptEnabled: false });
  await signIn(plain, "author");
  const second = await plain.newPage();
  await second.goto(path);
  const first = await authorsPage(context, path);
  await dragByMouse(first, "c", "above", "a");
  await saved(first);
  await second.getByLabel("Actions for “a”").click();
  await menu(second, "a").getByRole("button", { name: "Move down", exact: true }).click();
  // b is still below a: moving a past b is what was meant, and right. Moving b up past a is not any more.
  await expectOrder(second, [["One", ["c", "b", "a"]]]);
  await first.reload();
  await dragByMouse(first, "a", "above", "c");
  await saved(first);
  await second.getByLabel("Actions for “a”").click();
  await menu(second, "a").getByRole("button", { name: "Move up", exact: true }).click();
  await expect(second.getByText("Someone else changed the outline", { exact: true }).first()).toBeVisible();
  await expectOrder(second, [["One", ["a", "c", "b"]]]);
});

test("a lesson saved by one is not overwritten by the other, whose text stays in the form", async ({ context, another, author, watch }) => {
  const course = await author.course(unique("Two"), { One: ["Same"] });
  const path = `/admin/lessons/${course.lessons.Same}/edit`;
  const [first, second] = [await authorsPage(context, path), await authorsPage(await another(), path)];
  await fillText(first, "The first author's text.");
  await first.getByRole("button", { name: "Save lesson" }).click();
  await expect(first.getByText("Saved", { exact: true })).toBeVisible();

  watch.announceStatus(409);
  await fillText(second, "The second author's text.");
  await second.getByRole("button", { name: "Save lesson" }).click();
  await expect(second.getByRole("alert")).toContainText("Someone else saved this while you were editing.");
  await expect(second.locator("#markdown")).toHaveValue("The second author's text.");
  // Pressing again must not overwrite it after all.
  const again = second.waitForResponse("**/api/admin/update_lesson");
  await second.getByRole("button", { name: "Save lesson" }).click();
  expect((await again).status()).toBe(409);
  await expect(second.getByRole("alert")).toContainText("Someone else saved this");
  await open(first, `/courses/${course.id}/lessons/${course.lessons.Same}`);
  await expect(first.locator(".lesson .prose")).toHaveText("The first author's text.");
});

test("nor without script, where the text stays, too", async ({ another, context, author, watch }) => {
  watch.announceStatus(409);
  const course = await author.course(unique("Two"), { One: ["Same"] });
  const path = `/admin/lessons/${course.lessons.Same}/edit`;
  const plain = await another({ javaScriptEnabled: false });
  await signIn(plain, "author");
  const second = await plain.newPage();
  await second.goto(path);
  const first = await authorsPage(context, path);
  await fillText(first, "The first author's text.");
  await first.getByRole("button", { name: "Save lesson" }).click();
  await expect(first.getByText("Saved", { exact: true })).toBeVisible();
  await second.getByRole("textbox", { name: /^Text/ }).fill("The second author's text.");
  await second.getByRole("button", { name: "Save lesson" }).click();
  await expect(second.getByRole("alert")).toContainText("Someone else saved this while you were editing.");
  await expect(second.locator("#markdown")).toHaveValue("The second author's text.");
});
