// The server is killed while what was completed is sent to it: nothing is lost, nothing is stored twice.
import { NO_SERVER, Server } from "./server";
import { Author, type BrowserContext, buy, expect, hydrated, listenForViolations, outlineOf, signUp, test } from "./fixtures";

async function completed(context: BrowserContext, course: string): Promise<string[]> {
  const response = await context.request.post("/api/get_outline", { form: { course }, headers: { accept: "application/json" } });
  const lessons = outlineOf(await response.json()).flatMap((section) => section.lessons);
  return lessons.filter((lesson) => lesson.completed).map((lesson) => lesson.name);
}

test("a server that is killed before it stores, and again before it answers, leaves the learner's last word", async ({ browser, playwright }) => {
  test.skip(!!NO_SERVER, NO_SERVER);
  test.slow();
  const server = await Server.create();
  const baseURL = server.origin;
  // Not watched: that its requests fail is what this page is here for.
  const context = await browser.newContext({ baseURL });
  const request = await playwright.request.newContext({ baseURL });
  try {
    await listenForViolations(context);
    await request.post("/api/sign_in_demo", { form: { as: "author" } });
    const author = new Author(request);
    const course = await author.course("Killed", { All: ["One", "Two", "Three", "Four"] });
    const product = await author.product("Killed", [course.id], { price: "0" });
    await signUp(context);
    await buy(context, product);
    const page = await context.newPage();
    await page.goto(`/courses/${course.id}/lessons/${course.lessons.One}`);
    await hydrated(page);

    const to = async (key: "n" | "p", name: string) => {
      await page.keyboard.press(key);
      await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    };
    for (const name of ["Two", "Three", "Four"]) await to("n", name);

    // Three completed and one of them taken back, while nothing can be sent.
    const press = page.locator(".lesson-bar button");
    await context.setOffline(true);
    await press.click();
    await to("p", "Three");
    await press.click();
    await to("p", "Two");
    await press.click();
    await press.click();
    await expect(page.locator(".lesson-bar")).toContainText("Kept on this device.");

    let sent = 0;
    let killed = 0;
    await page.route("**/api/complete_lesson", async (route) => {
      sent += 1;
      if (sent === 1) {
        // On its way, and it never came.
        await server.kill();
        killed = 1;
        await route.abort("connectionreset");
      } else if (sent === 2) {
        // Stored, and nobody heard of it.
        await route.fetch();
        await server.kill();
        killed = 2;
        await route.abort("connectionreset");
      } else {
        await route.continue();
      }
    });
    await context.setOffline(false);
    // Not before it is dead: else it is the one that was started just now that is killed.
    await expect.poll(() => killed).toBe(1);
    await server.start();
    await expect.poll(() => killed, { timeout: 20_000 }).toBe(2);
    await server.start();
    expect(await completed(context, course.id)).toEqual(["Four"]);
    const waiting = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("completions-")));
    await expect.poll(waiting, { timeout: 30_000 }).toEqual([]);
    expect(await completed(context, course.id)).toEqual(["Three", "Four"]);
    await expect(page.locator(".lesson-bar")).not.toContainText("Kept on this device.");
  } finally {
    await context.close();
    await request.dispose();
    await server.end();
  }
});
