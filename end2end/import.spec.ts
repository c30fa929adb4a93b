// Courses and lessons that come as files: looked at, then made; with script and without.
import { expectAccessible } from "./axe";
import { type Author, type Page, expect, open, signIn, storedOrder, test, unique } from "./fixtures";
import { tabTo } from "./keyboard";
import { CLIP } from "./upload";
import { packed } from "./zip";

const book = (title: string) =>
  packed({
    "book.toml": `[book]\ntitle = "${title}"\n`,
    "src/SUMMARY.md": "# Summary\n\n- [Dough](one.md)\n  - [Water](two.md)\n",
    "src/one.md": "# Dough\n\nFlour.\n",
    "src/two.md": "# Water\n\n[data](data.csv) ![gone](gone.png)\n",
    "src/data.csv": "a,b\n",
  });

async function send(page: Page, name: string, buffer: Buffer) {
  await page.getByLabel("Zip file").setInputFiles({ name, mimeType: "application/zip", buffer });
  await page.getByRole("button", { name: "Send and look at it" }).click();
}

async function made(author: Author, title: string) {
  const course = (await author.courses()).find((course) => course.title === title);
  expect(course, `${title} is listed`).toBeDefined();
  return course!.id;
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a zip file is looked at and imported", async ({ page, context, author }) => {
      const title = unique("Bread");
      await signIn(context, "author");
      await page.goto("/admin/courses");
      await page.getByRole("link", { name: "Import" }).click();
      await send(page, "bread.zip", book(title));
      await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
      await expect(page.getByText("1 section, 2 lessons, 1 file (4 B)")).toBeVisible();
      await expect(page.getByRole("list").getByText("data.csv (4 B)")).toBeVisible();
      await page.getByText("Show what was left out or changed").click();
      await expect(page.getByText("src/two.md, line 3")).toBeVisible();
      expect((await author.courses()).some((course) => course.title === title)).toBe(false);
      await page.getByRole("button", { name: "Import", exact: true }).click();
      await expect(page).toHaveURL(/\/admin\/courses\/[0-9a-f-]+\/edit$/);
      await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
      expect(await storedOrder(author, await made(author, title))).toEqual([["Dough", ["Dough", "Water"]]]);
    });

    test("what was sent is given up", async ({ page, context, author, watch }) => {
      const title = unique("Given up");
      await signIn(context, "author");
      await page.goto("/admin/courses/import");
      await send(page, "bread.zip", book(title));
      const address = page.url();
      await page.getByRole("button", { name: "Give it up" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Courses" })).toBeVisible();
      expect((await author.courses()).some((course) => course.title === title)).toBe(false);
      watch.announceStatus(404);
      await page.goto(address);
      await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
    });

    test("what cannot be imported is said on the form", async ({ page, context, watch }) => {
      watch.announceStatus(400);
      await signIn(context, "author");
      await page.goto("/admin/courses/import");
      await send(page, "evil.zip", packed({ "../SUMMARY.md": "- [A](a.md)\n" }));
      await expect(page.getByRole("alert")).toContainText("leads out of the folder");
      await send(page, "text.zip", Buffer.from("# A course"));
      await expect(page.getByRole("alert")).toContainText("This is no zip file");
    });

    test("many files become drafts, and what cannot is named", async ({ page, context, author }) => {
      const course = await author.course(unique("Bulk"), { Dough: ["First"] });
      await signIn(context, "author");
      await page.goto(`/admin/sections/${course.sections.Dough}/edit`);
      await page.getByRole("link", { name: "Lessons from files" }).click();
      await page.getByLabel("Files", { exact: true }).setInputFiles([
        { name: "10-end.md", mimeType: "text/markdown", buffer: Buffer.from("The end.") },
        { name: "2 kneading.webm", mimeType: "video/webm", buffer: CLIP },
        { name: "1.md", mimeType: "text/markdown", buffer: Buffer.from("# Flour & water\n\nText.\n") },
        { name: "notes.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4") },
      ]);
      await page.getByRole("button", { name: "Make lessons" }).click();
      await expect(page.getByRole("alert")).toContainText("notes.pdf: Only Markdown (.md) and films");
      await expect(page.getByText("3 drafts were made")).toBeVisible();
      expect(await storedOrder(author, course.id)).toEqual([["Dough", ["First", "Flour & water", "2 kneading", "10 end"]]]);
      await page.getByRole("link", { name: "Flour & water" }).click();
      await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Flour & water");
      await expect(page.getByRole("radio", { name: /^Private/ })).toBeChecked();
      // Come back to, and loaded again, the report makes nothing again.
      await page.goBack();
      await expect(page.getByText("3 drafts were made")).toBeVisible();
      await page.reload();
      await expect(page.getByText("3 drafts were made")).toBeVisible();
      expect(await storedOrder(author, course.id)).toEqual([["Dough", ["First", "Flour & water", "2 kneading", "10 end"]]]);
    });

    test("a zip file with another course's lectern.toml is a new course unless its author says otherwise", async ({ page, context, author }) => {
      const [title, cakes] = [unique("Bread"), unique("Cakes")];
      const course = await author.course(title, { Dough: ["Flour", "Water"] });
      await signIn(context, "author");
      await page.goto("/admin/courses/import");
      const manifest = `[course]\nverbatim = true\ntitle = "${cakes}"\nid = "${course.id}"\n`;
      await send(page, "cakes.zip", packed({ "lectern.toml": manifest, "src/SUMMARY.md": "# Summary\n\n- [Eggs](eggs.md)\n", "src/eggs.md": "Eggs.\n" }));
      await expect(page.getByRole("radio", { name: "A new course" })).toBeChecked();
      await expect(page.getByText(`Choose this only if “${title}” is to become what is shown above.`)).toBeVisible();
      await page.getByRole("button", { name: "Import", exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: cakes })).toBeVisible();
      expect(await storedOrder(author, course.id)).toEqual([["Dough", ["Flour", "Water"]]]);
    });

    test("whoever was signed out meanwhile comes back to the page that they sent files from", async ({ page, context, author }) => {
      const course = await author.course(unique("Away"), { Dough: [] });
      await signIn(context, "author");
      const path = `/admin/sections/${course.sections.Dough}/lessons/bulk`;
      await page.goto(path);
      await context.clearCookies();
      await page.getByLabel("Files", { exact: true }).setInputFiles({ name: "a.md", mimeType: "text/markdown", buffer: Buffer.from("# A") });
      await page.getByRole("button", { name: "Make lessons" }).click();
      await page.getByRole("button", { name: "Sign in as the author" }).click();
      await expect(page).toHaveURL(path);
      await expect(page.getByRole("heading", { level: 1, name: "Lessons from files" })).toBeVisible();
      expect(await storedOrder(author, course.id)).toEqual([["Dough", []]]);
    });
  });
}

test("a course that was downloaded and sent back is updated as shown, by keyboard alone", async ({ page, context, author }) => {
  const title = unique("Round trip");
  const course = await author.course(title, { Dough: ["Flour", "Water"] });
  const zip = await (await author.request.get(`/admin/courses/${course.id}/export.zip`)).body();
  const lesson = course.lessons.Flour!;
  const edit: { version: string } = await (await author.request.post("/api/admin/get_lesson_edit", { form: { id: lesson } })).json();
  const save = await author.request.post("/api/admin/update_lesson", {
    form: { id: lesson, version: edit.version, "form[name]": "Rye", "form[status]": "public", "form[video_url]": "", "form[markdown]": "Other words." },
    headers: { accept: "application/json" },
  });
  expect(save.ok()).toBe(true);
  await signIn(context, "author");
  await open(page, "/admin/courses/import");
  await page.getByLabel("Zip file").setInputFiles({ name: "round-trip.zip", mimeType: "application/zip", buffer: zip });
  await tabTo(page, page.getByRole("button", { name: "Send and look at it" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: `What an update of “${title}” changes` })).toBeVisible();
  await expect(page.getByText("lesson · was “Rye”; text +1 −1 lines")).toBeVisible();
  await expect(page.getByRole("radio", { name: `Update “${title}”` })).toBeChecked();
  await expectAccessible(page, "import preview");
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
  await tabTo(page, page.getByRole("button", { name: "Import", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/admin/courses/${course.id}/edit`);
  expect(await storedOrder(author, course.id)).toEqual([["Dough", ["Flour", "Water"]]]);
});

test("the report of many files is accessible and fits a phone @phone", async ({ page, context, author }) => {
  const course = await author.course(unique("Report"), { Dough: [] });
  await signIn(context, "author");
  await open(page, `/admin/sections/${course.sections.Dough}/lessons/bulk`);
  await page.getByLabel("Files", { exact: true }).setInputFiles([
    { name: `${"a-long-name-without-an-end-".repeat(5)}.md`, mimeType: "text/markdown", buffer: Buffer.from("Text.") },
    { name: `${"another-".repeat(15)}.pdf`, mimeType: "application/pdf", buffer: Buffer.from("%PDF") },
  ]);
  await page.getByRole("button", { name: "Make lessons" }).click();
  await expect(page.getByText("1 draft was made")).toBeVisible();
  await expectAccessible(page, "report");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});
