// A lesson while it is written: drafts that outlive what happens to a tab, a browser and a server; the preview; two who
// write at once; pictures put into the text.
import { expectAccessible } from "./axe";
import { Author, type BrowserContext, type Page, expect, hydrated, listenForViolations, open, signIn, test, unique } from "./fixtures";
import { NO_SERVER, Server } from "./server";

const text = (page: Page) => page.getByRole("textbox", { name: /^Text/ });
/** What the form would send. */
const sent = (page: Page) => page.locator("#markdown");
const kept = (page: Page, words: string) => page.locator(".draft-state").getByText(words, { exact: true });

async function lesson(author: Author, markdown = "Flour.\n\nWater.\n\nSalt.") {
  const course = await author.course(unique("Baking"), { Dough: [{ name: "Bread", markdown }] });
  return `/admin/lessons/${course.lessons.Bread}/edit`;
}

/** Opens a lesson's form, with what it is written in. */
async function write(page: Page, path: string) {
  await open(page, path);
  await expect(page.locator(".cm-content")).toBeVisible();
}

/** Puts words at the text's end, key by key. */
async function type(page: Page, words: string) {
  await text(page).focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(words);
}

test.describe("as the author", () => {
  test.beforeEach(async ({ context }) => signIn(context, "author"));

  test("what is typed is kept, found again, compared, discarded and saved", async ({ page, author, watch }) => {
    watch.leaving = true;
    const path = await lesson(author);
    await write(page, path);
    await type(page, "\n\nYeast.");
    await expect(kept(page, "Draft kept")).toBeVisible();
    await page.reload();
    await hydrated(page);
    await expect(sent(page)).toHaveValue("Flour.\n\nWater.\n\nSalt.\n\nYeast.");
    await expect(page.getByText(/^Your draft of .* UTC$/)).toBeVisible();
    await expectAccessible(page, "a lesson's form with a draft");
    await page.getByRole("link", { name: "Compare" }).click();
    await expect(page.getByRole("list", { name: "Lines from what is saved to your draft" }).getByRole("insertion").last()).toHaveText("Yeast.");
    await expectAccessible(page, "a draft compared");
    await page.getByRole("link", { name: "Go on writing" }).click();
    await expect(page.locator(".cm-content")).toContainText("Yeast.");
    await page.getByRole("button", { name: "Save lesson" }).click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
    await expect(page.locator(".draft-state")).toBeEmpty();

    // Given up where it is seen: above the form, and beside what is saved.
    for (const where of ["form", "comparison"]) {
      await type(page, "\n\nToo much.");
      await expect(kept(page, "Draft kept")).toBeVisible();
      await page.reload();
      if (where === "comparison") await page.getByRole("link", { name: "Compare" }).click();
      await page.getByRole("button", { name: "Discard draft" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Edit lesson" })).toBeVisible();
      await expect(sent(page)).toHaveValue("Flour.\n\nWater.\n\nSalt.\n\nYeast.");
      await hydrated(page);
      await expect(page.getByText(/^(Your draft of|Restored your draft)/)).toHaveCount(0);
      await expect(page.locator(".cm-content")).toBeVisible();
    }
  });

  test("a draft that came back to what is saved is given up, once", async ({ page, author }) => {
    await write(page, await lesson(author));
    await type(page, "!");
    await expect(kept(page, "Draft kept")).toBeVisible();
    const given = page.waitForResponse("**/api/admin/discard_draft");
    let asked = 0;
    page.on("request", (request) => void (asked += Number(request.url().endsWith("_draft"))));
    await page.keyboard.press("Backspace");
    await given;
    await expect(page.locator(".draft-state")).toBeEmpty();
    // Two more looks at what could be sent.
    await page.waitForTimeout(7_000);
    expect(asked).toBe(1);
  });

  test("leaving an unsaved text warns, leaving a saved one does not", async ({ page, author, watch }) => {
    const path = await lesson(author);
    await write(page, path);
    await type(page, " More.");
    watch.announce(/^dialog: /);
    const asked = page.waitForEvent("dialog");
    await page.getByRole("link", { name: "Versions" }).click({ noWaitAfter: true });
    expect((await asked).type()).toBe("beforeunload");
    await expect(page).toHaveURL(new RegExp(path));
    await page.getByRole("button", { name: "Save lesson" }).click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
    await page.getByRole("link", { name: "Versions" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Versions" })).toBeVisible();
  });

  test("a tab that crashes while the server hears nothing costs a second at most", async ({ page, context, author, watch }) => {
    watch.announce(/save_draft/, /^console error: Failed to load resource/);
    const path = await lesson(author);
    await page.route("**/api/admin/save_draft", (route) => route.abort());
    await write(page, path);
    await type(page, "\n\nYeast.");
    await expect(kept(page, "Draft kept on this device")).toBeVisible();
    const crashed = page.waitForEvent("crash");
    await page.goto("chrome://crash").catch(() => {});
    await crashed;
    const next = await context.newPage();
    await write(next, path);
    await expect(sent(next)).toHaveValue("Flour.\n\nWater.\n\nSalt.\n\nYeast.");
    await expect(next.locator(".cm-content")).toContainText("Yeast.");
    await expect(next.getByText(/^Restored your draft from \d\d:\d\d$/)).toBeVisible();
    await expectAccessible(next, "a restored draft");
    // When the server hears again it keeps the draft, too; another device has it then.
    await type(next, " A little.");
    await expect(kept(next, "Draft kept")).toBeVisible();
  });

  test("of two tabs of one author neither overwrites the other's draft @both", async ({ page, context, author, watch }) => {
    watch.announceStatus(409);
    watch.leaving = true;
    const path = await lesson(author);
    await write(page, path);
    const second = await context.newPage();
    await write(second, path);
    await type(page, "\n\nYeast.");
    await expect(kept(page, "Draft kept")).toBeVisible();
    await second.bringToFront();
    await second.locator("#markdown").evaluate((field: HTMLTextAreaElement) => {
      field.value = `Rye.\n\n${field.value}`;
      for (const name of ["input", "lectern-text"]) field.dispatchEvent(new Event(name));
    });
    const told = second.getByText("You wrote this in another tab or on another device, too");
    await expect(told).toBeVisible();
    await expect(kept(second, "Draft kept on this device")).toBeVisible();
    await expectAccessible(second, "a draft of two tabs");
    // What the second holds outlives it, and is on offer again.
    await second.reload();
    await hydrated(second);
    await expect(sent(second)).toHaveValue("Rye.\n\nFlour.\n\nWater.\n\nSalt.");
    await second.getByRole("button", { name: "Merge the other into this" }).click();
    await expect(sent(second)).toHaveValue("Rye.\n\nFlour.\n\nWater.\n\nSalt.\n\nYeast.\n");
    await expect(second.getByText(/^What you wrote there, kept .* is in your text now/)).toBeVisible();
    await expect(kept(second, "Draft kept")).toBeVisible();
    // Now the first is told, and keeps its own.
    await page.bringToFront();
    await type(page, " Old dough.");
    await expect(page.getByText("You wrote this in another tab or on another device, too")).toBeVisible();
    await page.getByRole("button", { name: "Keep only this one" }).click();
    await expect(kept(page, "Draft kept")).toBeVisible();
    await page.reload();
    await hydrated(page);
    await expect(sent(page)).toHaveValue("Flour.\n\nWater.\n\nSalt.\n\nYeast. Old dough.");
    await page.getByRole("button", { name: "Save lesson" }).click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
    await page.reload();
    await hydrated(page);
    await expect(page.getByText(/^(Your draft of|Restored your draft)/)).toHaveCount(0);
  });

  test("the preview is what learners see, while it is typed", async ({ page, author }) => {
    const path = await lesson(author);
    await write(page, path);
    const preview = page.getByRole("region", { name: "Preview" });
    await expect(preview.getByText("Water.")).toBeVisible();
    await type(page, "\n\n## Kneading\n\n```rust\nfn main() {}");
    await expect(preview.getByRole("heading", { name: "Kneading" })).toBeVisible();
    await expect(preview.locator("pre code [class*=hl-]").first()).toBeVisible();
    await page.getByRole("toolbar", { name: "Formatting" }).getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByRole("button", { name: "Save lesson" }).click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
    await expectAccessible(page, "a lesson's editor");
  });

  test("a picture put into the text is uploaded, shown and overwrites none of its name", async ({ page, author }) => {
    const path = await lesson(author, "Look:");
    await write(page, path);
    const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const paste = () =>
      text(page).evaluate((editor, pixel) => {
        const bytes = Uint8Array.from(atob(pixel), (char) => char.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], "image.png", { type: "image/png" }));
        editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
      }, pixel);
    await text(page).focus();
    await page.keyboard.press("Control+End");
    await paste();
    await expect(sent(page)).toHaveValue(/!\[image\.png\]\(image\.png\)/);
    await expect(page.getByRole("region", { name: "Preview" }).getByRole("img")).toHaveCount(1);
    await expect(page.getByRole("region", { name: "Files" }).getByText("image.png", { exact: true })).toBeVisible();
    await paste();
    await expect(sent(page)).toHaveValue(/!\[image-2\.png\]\(image-2\.png\)/);
    await expect(page.getByRole("region", { name: "Files" }).getByText("image-2.png", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Save lesson" }).click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  });

  test("of two who write at once the second sees it, and merges or keeps a copy", async ({ page, author, another, watch }) => {
    watch.announceStatus(409);
    const path = await lesson(author);
    const other = await another();
    await signIn(other, "author");
    await write(page, path);
    const second = await other.newPage();
    await write(second, path);
    await text(page).focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("More ");
    await page.getByRole("button", { name: "Save lesson" }).click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();

    await type(second, "\n\nYeast.");
    await expect(kept(second, "Draft kept")).toBeVisible();
    await second.getByRole("button", { name: "Save lesson" }).click();
    await expect(second.getByText("Two of you wrote this lesson")).toBeVisible();
    await expectAccessible(second, "an overtaken text");
    await second.getByRole("button", { name: "Merge their changes into mine" }).click();
    await expect(sent(second)).toHaveValue("More Flour.\n\nWater.\n\nSalt.\n\nYeast.\n");
    await expect(second.locator(".cm-content")).toContainText("More Flour.");
    await second.getByRole("button", { name: "Save lesson" }).click();
    await expect(second.getByText("Saved", { exact: true })).toBeVisible();

    // Overtaken once more, the first keeps a copy; nothing of either is lost.
    await type(page, "\n\nHoney.");
    await page.getByRole("button", { name: "Save lesson" }).click();
    await page.getByRole("button", { name: "Keep mine as a copy" }).click();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("My version of Bread");
    await expect(sent(page)).toHaveValue("More Flour.\n\nWater.\n\nSalt.\n\nHoney.");
    await open(second, path);
    await expect(sent(second)).toHaveValue("More Flour.\n\nWater.\n\nSalt.\n\nYeast.\n");
  });
});

test("a draft is in the form without script, too", async ({ page, context, author, another, watch }) => {
  watch.leaving = true;
  await signIn(context, "author");
  const path = await lesson(author);
  await write(page, path);
  await type(page, "\n\nYeast.");
  await expect(kept(page, "Draft kept")).toBeVisible();
  const plain = await another({ javaScriptEnabled: false });
  await signIn(plain, "author");
  const bare = await plain.newPage();
  await bare.goto(path);
  await expect(bare.getByRole("textbox", { name: /^Text/ })).toHaveValue("Flour.\n\nWater.\n\nSalt.\n\nYeast.");
  await bare.getByRole("button", { name: "Discard draft" }).click();
  await expect(bare.getByRole("textbox", { name: /^Text/ })).toHaveValue("Flour.\n\nWater.\n\nSalt.");
});

async function signInAt(context: BrowserContext, origin: string) {
  const response = await context.request.post(`${origin}/api/sign_in_demo`, { form: { as: "author" }, headers: { accept: "application/json" } });
  expect(response.ok()).toBe(true);
}

test("a server that is killed while somebody types loses nothing of it, in the text or the outline", async ({ browser, playwright }) => {
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
    const course = await new Author(request).course("Killed", { Dough: [{ name: "Bread", markdown: "Flour." }, "Rolls"] });
    await signInAt(context, baseURL);
    const page = await context.newPage();
    await page.goto(`/admin/lessons/${course.lessons.Bread}/edit`);
    await hydrated(page);
    await type(page, " Water.");
    await expect(kept(page, "Draft kept")).toBeVisible();
    await type(page, " Salt");
    await server.kill();
    await page.keyboard.type(" and yeast.");
    await expect(kept(page, "Draft kept on this device")).toBeVisible();
    await server.start();
    await expect(kept(page, "Draft kept")).toBeVisible({ timeout: 20_000 });
    await page.getByRole("button", { name: "Save lesson" }).click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
    await page.reload();
    await expect(sent(page)).toHaveValue("Flour. Water. Salt and yeast.");

    await page.goto(`/admin/courses/${course.id}/edit`);
    await hydrated(page);
    await server.kill();
    await page.getByLabel("Actions for “Rolls”").click();
    await page.locator("details.menu[open]").getByRole("button", { name: "Move up", exact: true }).click();
    await expect(page.getByText("No answer. Trying again…")).toBeVisible();
    await server.start();
    await expect(page.locator(".save-state").getByText("Saved", { exact: true })).toBeVisible({ timeout: 20_000 });
    await page.reload();
    await expect(page.locator(".editor-lessons .editor-name")).toHaveText(["Rolls", "Bread"]);
  } finally {
    await context.close();
    await request.dispose();
    await server.end();
  }
});
