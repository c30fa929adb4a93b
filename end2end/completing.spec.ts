// Completions that cannot be stored at once: kept on the device, shown, and stored later, for whose they are.
import { type BrowserContext, buy, expect, open, outlineIcon, outlineOf, signUp, test, unique } from "./fixtures";

/** What the server holds: the names of the lessons that are completed, in their order. */
async function progress(context: BrowserContext, course: string): Promise<{ done: string[] }> {
  const response = await context.request.post("/api/get_outline", { form: { course } });
  return { done: outlineOf(await response.json()).flatMap((section) => section.lessons.filter((lesson) => lesson.completed).map((lesson) => lesson.name)) };
}

for (const [what, answer] of [
  ["the network is away", "abort"],
  ["the server says it is unavailable", "unavailable"],
  ["something in between answers 502", "gateway"],
] as const) {
  test(`what is completed while ${what} is kept, said to be pending, and stored by itself later`, async ({ page, context, author, watch }) => {
    const course = await author.course(unique("Rope"), { Knots: ["Bowline", "Reef"] });
    const product = await author.product(unique("Rope"), [course.id]);
    await signUp(context);
    await buy(context, product);
    const path = `/courses/${course.id}/lessons/${course.lessons.Bowline}`;
    await open(page, path);

    watch.announce(/complete_lesson/, /^console error: Failed to load resource/);
    await page.route("**/api/complete_lesson", async (route) => {
      if (answer === "abort") await route.abort("internetdisconnected");
      else if (answer === "unavailable") {
        await route.fulfill({ status: 503, contentType: "application/json", headers: { serverfnerror: "edge" }, body: '"Unavailable"' });
      } else await route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" });
    });
    await page.getByRole("button", { name: "Mark as complete" }).click();
    await expect(page.getByText("Kept on this device. It is saved as soon as the connection is back.")).toBeVisible();
    await expect(outlineIcon(page, "Bowline", "Completed")).toBeVisible();
    await expect(page.locator("#outline").getByText("1 of 2 lessons")).toBeVisible();
    await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
    expect((await progress(context, course.id)).done).toEqual([]);

    await page.unroute("**/api/complete_lesson");
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await expect(page.getByText("Kept on this device.")).toHaveCount(0);
    expect((await progress(context, course.id)).done).toEqual(["Bowline"]);
    await open(page, path);
    await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  });
}

test("what the server refuses is taken back and said, and Retry works", async ({ page, context, author, watch }) => {
  const course = await author.course(unique("Ink"), { Only: ["Blots"] });
  const product = await author.product(unique("Ink"), [course.id]);
  await signUp(context);
  await buy(context, product);
  await open(page, `/courses/${course.id}/lessons/${course.lessons.Blots}`);
  watch.announce(/complete_lesson/, /^console error: Failed to load resource/);
  const refuse = () =>
    page.route("**/api/complete_lesson", (route) =>
      route.fulfill({ status: 404, contentType: "application/json", headers: { serverfnerror: "edge" }, body: '"NotFound"' }),
    );
  await refuse();
  await page.getByRole("button", { name: "Mark as complete" }).click();
  await expect(page.getByRole("alert")).toContainText("This was not saved.");
  await expect(outlineIcon(page, "Blots", "Not completed")).toBeVisible();
  await expect(page.locator("#outline").getByText("0 of 1 lessons")).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
  await page.unroute("**/api/complete_lesson");
  await Promise.all([page.waitForResponse("**/api/complete_lesson"), page.getByRole("button", { name: "Retry" }).click()]);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(outlineIcon(page, "Blots", "Completed")).toBeVisible();
  expect((await progress(context, course.id)).done).toEqual(["Blots"]);

  await refuse();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("alert")).toContainText("This was not saved.");
  await expect(outlineIcon(page, "Blots", "Completed")).toBeVisible();
  await page.unroute("**/api/complete_lesson");
  await page.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("button", { name: "Mark as complete" })).toBeVisible();
});

test("three completed and one undone without a network are stored after a reload", async ({ page, context, author, watch }) => {
  const course = await author.course(unique("Sea"), { Deck: ["Bow", "Mast", "Stern"] });
  const product = await author.product(unique("Sea"), [course.id]);
  await signUp(context);
  await buy(context, product);
  const heading = (name: string) => expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  const beside = (name: string) => page.getByRole("navigation", { name: "Lessons before and after" }).getByRole("link", { name }).click();
  await open(page, `/courses/${course.id}/lessons/${course.lessons.Bow}`);
  for (const name of ["Mast", "Stern"]) {
    await beside(`Next ${name}`);
    await heading(name);
  }
  watch.announce(/^failed request: \S+ \S+\/(api|courses)\//, /^console error: Failed to load resource/);
  await context.setOffline(true);
  const mark = page.getByRole("button", { name: "Mark as complete" });
  await mark.click();
  await beside("Previous Mast");
  await heading("Mast");
  await mark.click();
  await beside("Previous Bow");
  await heading("Bow");
  await mark.click();
  await beside("Next Mast");
  await heading("Mast");
  await expect(page.getByText("Kept on this device.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator("#outline").getByText("2 of 3 lessons")).toBeVisible();
  expect((await progress(context, course.id)).done).toEqual([]);
  // On whatever page one comes back to, all of it is sent.
  await context.setOffline(false);
  await open(page, "/courses");
  await expect.poll(async () => (await progress(context, course.id)).done).toEqual(["Bow", "Stern"]);
  await open(page, `/courses/${course.id}/lessons/${course.lessons.Mast}`);
  await expect(page.locator("#outline").getByText("2 of 3 lessons")).toBeVisible();
  await expect(mark).toBeVisible();
});

test("what waits is shown as the learner left it before it is stored, and to nobody else", async ({ page, context, author, watch }) => {
  const course = await author.course(unique("Tide"), { Only: ["Ebb", "Flow"] });
  const product = await author.product(unique("Tide"), [course.id]);
  const person = await signUp(context);
  await buy(context, product);
  const path = `/courses/${course.id}/lessons/${course.lessons.Ebb}`;
  await open(page, path);
  watch.announce(/complete_lesson/, /^console error: Failed to load resource/);
  await page.route("**/api/complete_lesson", (route) => route.abort());
  await page.getByRole("button", { name: "Mark as complete" }).click();
  await expect(page.getByText("Kept on this device.")).toBeVisible();
  await open(page, path);
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await expect(page.locator("#outline").getByText("1 of 2 lessons")).toBeVisible();
  // Somebody else in the same browser sends nothing of it.
  await page.unroute("**/api/complete_lesson");
  await signUp(context);
  await buy(context, product);
  await open(page, path);
  await expect(page.getByRole("button", { name: "Mark as complete" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect((await progress(context, course.id)).done).toEqual([]);
  await context.request.post("/api/sign_in", { form: { "form[email]": person.email, "form[password]": person.password }, headers: { accept: "application/json" } });
  await open(page, "/");
  await expect.poll(async () => (await progress(context, course.id)).done).toEqual(["Ebb"]);
});

test("a tab that was left open writes nothing into the account that another one signed in to", async ({ page, context, author, watch }) => {
  const title = unique("Tabs");
  const course = await author.course(title, { One: ["First", "Second"] });
  const product = await author.product(title, [course.id], { price: "0" });
  const first = await signUp(context);
  await buy(context, product);
  await open(page, `/courses/${course.id}/lessons/${course.lessons.First}`);
  // Another tab: somebody else signs in, and has the course too.
  await signUp(context);
  await buy(context, product);
  watch.announceStatus(401);
  await page.getByRole("button", { name: "Mark as complete" }).click();
  await expect(page.getByText("Kept on this device. Sign in again, and it is saved.")).toBeVisible();
  const completed = async () => (await progress(context, course.id)).done;
  expect(await completed()).toEqual([]);
  // The next lesson is the other person's: the browser loads it as theirs.
  await page.evaluate(() => Object.assign(window, { __same: true }));
  await page.keyboard.press("n");
  await expect(page.getByRole("heading", { level: 1, name: "Second" })).toBeVisible();
  await expect.poll(() => page.evaluate(() => "__same" in window)).toBe(false);
  expect(await completed()).toEqual([]);
  // Whose it was finds it when they come back.
  await context.clearCookies();
  await context.request.post("/api/sign_in", { form: { "form[email]": first.email, "form[password]": first.password }, headers: { accept: "application/json" } });
  await open(page, "/courses");
  await expect.poll(completed).toEqual(["First"]);
});
