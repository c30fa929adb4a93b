import { BIG_COURSE, NO_BIG_COURSE, type Page, bigCourse, buy, expect, hydrated, open, signIn, signUp, somebody, storedOrder, test, unique } from "./fixtures";
import { deafen, handle, menu, pick, saved } from "./editor";
import { expectAccessible, findings } from "./axe";
import { tabTo } from "./keyboard";
import { type Viewer, world } from "./sites";

for (const viewer of ["visitor", "learner", "author"] as Viewer[]) {
  test(`axe finds nothing on any page of a ${viewer}, light and dark @both`, async ({ context, another, author, watch }) => {
    test.setTimeout(240_000);
    const { sites, enter } = await world(author, await another());
    await enter(context, viewer);
    watch.announceStatus(404);
    watch.announceStatus(403);
    const page = await context.newPage();
    for (const site of sites.filter((site) => site.viewer === viewer)) {
      await page.goto(site.path);
      // What the gate refuses is a page without script.
      if (site.status !== 403) await expect.soft(page.locator("html[data-hydrated]"), `${site.name}: hydrates`).toBeAttached();
      await expectAccessible(page, site.name);
    }
  });
}

test("axe finds nothing in the states between pages @both", async ({ page, context, author, watch, isMobile }) => {
  test.setTimeout(180_000);
  // Errors of forms.
  watch.announceStatus(400);
  await open(page, "/sign-in");
  await page.getByLabel("E-mail").fill("nobody@example.org");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "a refused sign-in");

  // A lesson that was not saved; an open menu; an open drawer.
  const course = await author.course(unique("States"), { One: ["a", "b"], Two: [] });
  const product = await author.product(unique("States"), [course.id]);
  await signUp(context);
  await buy(context, product);
  await open(page, `/courses/${course.id}/lessons/${course.lessons.a}`);
  watch.announce(/complete_lesson/, /^console error: Failed to load resource/);
  await page.route("**/api/complete_lesson", (route) => route.abort());
  await page.getByRole("button", { name: "Mark as complete" }).click();
  await expect(page.getByText("Kept on this device.")).toBeVisible();
  await expectAccessible(page, "a lesson that waits for the network");
  await page.unroute("**/api/complete_lesson");
  await page.route("**/api/complete_lesson", (route) =>
    route.fulfill({ status: 404, contentType: "application/json", headers: { serverfnerror: "edge" }, body: '"NotFound"' }),
  );
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Retry" })).toBeVisible();
  await expectAccessible(page, "a lesson that was not saved");
  await page.locator(".account summary").click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await expectAccessible(page, "the account menu");
  await page.keyboard.press("Escape");
  if (isMobile) {
    await page.getByRole("button", { name: "Outline", exact: true }).tap();
    await expect(page.locator("#outline")).toBeVisible();
    await expectAccessible(page, "the outline's drawer");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Menu" }).tap();
    await expectAccessible(page, "the site's drawer");
    await page.keyboard.press("Escape");
  }

  // The editor: a row's menu, a lifted row, a dragged one, a selection, a question, a stale notice.
  await signIn(context, "author");
  await deafen(page);
  await open(page, `/admin/courses/${course.id}/edit`);
  await page.getByLabel("Actions for “a”").click();
  await expect(menu(page, "a").getByRole("link", { name: "Move to…" })).toBeVisible();
  await expectAccessible(page, "a row's menu");
  await page.getByLabel("Actions for “a”").click();
  await handle(page, "a").focus();
  await page.keyboard.press("Space");
  await expect(page.locator("[data-lifted]")).toHaveCount(1);
  await expectAccessible(page, "a lifted row");
  await page.keyboard.press("Escape");
  const box = (await handle(page, "b").boundingBox())!;
  await page.mouse.move(box.x + 8, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + 30, box.y - 20, { steps: 4 });
  await expect(page.locator("[data-dragging]")).toHaveCount(1);
  await expectAccessible(page, "a dragged row");
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await pick(page, "a").check();
  await page.getByRole("button", { name: "Public" }).last().click();
  await expect(page.getByRole("menu", { name: "Status" })).toBeVisible();
  await expectAccessible(page, "the choice of a status");
  await page.keyboard.press("Escape");
  await page.getByRole("group", { name: "Selected lessons" }).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("dialog").getByText("completions of learners")).toBeVisible();
  await expectAccessible(page, "a question before deleting");
  await page.getByRole("dialog").getByRole("button", { name: "Keep" }).click();
  watch.announceStatus(409);
  await author.lesson(course.id, course.sections.One!, { name: "Meanwhile" });
  await handle(page, "a").focus();
  for (const key of ["Space", "ArrowDown", "Space"]) await page.keyboard.press(key);
  await expect(page.getByText("Someone else changed the outline", { exact: true })).toBeVisible();
  await expectAccessible(page, "a stale order");
});

test("axe finds nothing in a course of 562 lessons", async ({ page, context, author }) => {
  test.skip(!BIG_COURSE, NO_BIG_COURSE);
  test.setTimeout(240_000);
  const { id } = await bigCourse(author);
  await signIn(context, "author");
  await open(page, `/courses/${id}`);
  expect.soft(await findings(page), "the course").toEqual([]);
  await page.locator(".outline-link").nth(40).click();
  await expect(page.locator(".lesson-head h1")).toBeVisible();
  expect.soft(await findings(page), "a lesson").toEqual([]);
});

async function typeInto(page: Page, label: string | RegExp, text: string) {
  await tabTo(page, page.getByLabel(label));
  await page.keyboard.type(text);
}

test("by keyboard alone: buy, learn, complete, undo", async ({ page, author }) => {
  test.slow();
  const [title, name] = [unique("Keys"), unique("Keys")];
  const course = await author.course(title, { One: ["First", "Second"] });
  await author.product(name, [course.id]);
  await open(page, "/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
  await tabTo(page, page.getByRole("link", { name, exact: true }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await tabTo(page, page.getByRole("link", { name: "Buy for $49" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await hydrated(page);
  await tabTo(page, page.getByRole("link", { name: "Make an account" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Make an account" })).toBeVisible();
  const person = somebody();
  await typeInto(page, /^Name$/, person.name);
  await typeInto(page, "E-mail", person.email);
  await typeInto(page, "Password", person.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Your purchase" })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Pay $49" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "This is a demo payment page" })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Pay $49" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("link", { name: "Go to my courses" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("link", { name: "Start" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "First" })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Mark as complete" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  // The press replaced the button: the focus must be on what stands in its place, not lost.
  await expect(page.locator(".lesson-bar :focus")).toHaveCount(1);
  await tabTo(page, page.getByRole("link", { name: "Next Second" }), 6);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Second" })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Mark as complete" }));
  await page.keyboard.press("Space");
  await tabTo(page, page.getByRole("button", { name: "Undo" }));
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Mark as complete" })).toBeVisible();
});

test("by keyboard alone: create, reorder, publish", async ({ page, context, author }) => {
  test.slow();
  await signIn(context, "author");
  const title = unique("Typing");
  await open(page, "/admin/courses");
  await tabTo(page, page.getByRole("link", { name: "New course" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "New course" })).toBeVisible();
  await typeInto(page, "Title", title);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await typeInto(page, "Name of the new section", "Home row");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 3, name: "Home row" })).toBeVisible();
  await tabTo(page, page.getByText("Add lesson", { exact: true }));
  await page.keyboard.press("Enter");
  for (const lesson of ["Left", "Right"]) {
    await typeInto(page, "Name of the new lesson in “Home row”", lesson);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("link", { name: lesson })).toBeVisible();
  }
  await tabTo(page, handle(page, "Right"));
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await saved(page);
  await expect(handle(page, "Right")).toBeFocused();
  await tabTo(page, page.getByLabel("Actions for “Left”"));
  await page.keyboard.press("Enter");
  await tabTo(page, menu(page, "Left").getByRole("button", { name: "Move up" }), 6);
  await page.keyboard.press("Enter");
  await expect(page.locator(".editor-lessons .editor-name")).toHaveText(["Left", "Right"]);
  // The menu is still under the hand: Escape closes it and gives its button back.
  await page.keyboard.press("Escape");
  await expect(page.getByLabel("Actions for “Left”")).toBeFocused();

  await tabTo(page, page.getByRole("link", { name: "Edit “Home row”" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Edit section" })).toBeVisible();
  await tabTo(page, page.getByRole("radio", { name: /^Private/ }));
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("radio", { name: /^Public/ })).toBeChecked();
  await tabTo(page, page.getByRole("button", { name: "Save section" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  const id = /courses\/([0-9a-f-]+)/.exec(page.url())![1]!;
  expect(await storedOrder(author, id)).toEqual([["Home row", ["Left", "Right"]]]);
});
