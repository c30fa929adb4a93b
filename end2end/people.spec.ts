// The people of a site: found, ordered, taken along; what they are given, and how far they get.
import { expectAccessible } from "./axe";
import { buy, expect, open, signIn, signUp, somebody, test, unique, uniqueEmail } from "./fixtures";
import { tabTo } from "./keyboard";

test("the author finds a learner of a course, and sees why they have access and how far they are @both", async ({ page, context, author, another }) => {
  const title = unique("Roster");
  const course = await author.course(title, { One: ["First", "Second", "Third"] });
  const name = unique("Bundle");
  const product = await author.product(name, [course.id]);
  const visit = await another();
  const lee = await signUp(visit);
  await buy(visit, product);
  await visit.request.post("/api/complete_lesson", { form: { course: course.id, lesson: course.lessons.First!, done: "true" } });
  await author.grantByEmail(uniqueEmail(), course.id, "A gift");

  await signIn(context, "author");
  await open(page, `/admin/courses/${course.id}/edit`);
  await page.locator("#main").getByRole("link", { name: "People" }).click();
  await expect(page.getByText(`With access to “${title}”.`)).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "1 person" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: "Waiting for their people" })).toBeVisible();
  const row = page.getByRole("row").filter({ hasText: lee.email });
  await expect(row).toContainText(`Bought “${name}”`);
  await expect(row).toContainText("33 %");

  // The form is an address, and keeps what was asked.
  await page.getByLabel("Name or e-mail").fill(lee.email.toUpperCase());
  await page.getByLabel("Order").selectOption("Progress, most first");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page).toHaveURL(/sort=furthest/);
  await expect(page.getByLabel("Name or e-mail")).toHaveValue(lee.email.toUpperCase());
  await expect(page.getByLabel("Course", { exact: true })).toHaveValue(course.id);
  await row.getByRole("link", { name: lee.name }).click();
  await expect(page.getByRole("heading", { level: 1, name: lee.name })).toBeVisible();
  await expect(page.getByText("1 of 3 lessons")).toBeVisible();
  await expect(page.getByRole("link", { name, exact: true })).toHaveAttribute("href", /\/admin\/sales\/[0-9a-f-]{36}$/);
  await expectAccessible(page, "a person");
});

test("a course is given by hand and taken back, and what was bought stays", async ({ page, context, author, another }) => {
  const [bought, given] = [await author.course(unique("Bought"), { One: ["a"] }), await author.course(unique("Given"), { One: ["b"] })];
  const product = await author.product(unique("Bundle"), [bought.id]);
  const visit = await another();
  const lee = await signUp(visit);
  await buy(visit, product);
  const { id } = (await author.people({ q: lee.email })).rows[0]!;
  await signIn(context, "author");
  await open(page, `/admin/people/${id}`);
  const give = async (title: string, note: string) => {
    const form = page.getByRole("region", { name: "Give a course" });
    await form.getByLabel("Course").selectOption(title);
    await form.getByLabel("Note, for yourself").fill(note);
    await form.getByRole("button", { name: "Give course" }).click();
    await expect(page.getByText(note, { exact: true })).toBeVisible();
  };
  await give(given.title, "For the talk");
  await give(bought.title, "Thanks");
  const panel = (title: string) => page.getByRole("article").filter({ has: page.getByRole("heading", { name: title }) });
  await expect(panel(given.title)).toContainText("nothing else gives this course");
  await expect(panel(bought.title)).toContainText("access stays, by the other source.");
  await panel(bought.title).getByRole("button", { name: /^Revoke/ }).click();
  await expect(panel(bought.title)).toContainText("Taken back");
  await expect(panel(bought.title)).toContainText("Has access");
  await panel(given.title).getByRole("button", { name: /^Revoke/ }).click();
  await expect(panel(given.title)).toContainText("No access");
  const courses = await (await visit.request.post("/api/list_my_courses", { form: {} })).json();
  expect(courses.map((course: { id: string }) => course.id)).toEqual([bought.id]);
});

test("a course that somebody was given already is not given twice, and one press takes it back", async ({ page, context, author, another, watch }) => {
  watch.announceStatus(400);
  const course = await author.course(unique("Once"), { One: ["a"] });
  const lee = await signUp(await another());
  const { id } = (await author.people({ q: lee.email })).rows[0]!;
  await signIn(context, "author");
  await open(page, `/admin/people/${id}`);
  const give = async () => {
    const form = page.getByRole("region", { name: "Give a course" });
    await form.getByLabel("Course").selectOption(course.title);
    await form.getByRole("button", { name: "Give course" }).click();
  };
  await give();
  await expect(page.getByText("Has access")).toBeVisible();
  await give();
  await expect(page.getByText("This person was given this course already, and still has it.").first()).toBeVisible();
  await expectAccessible(page, "a course given twice");
  await open(page, `/admin/people/${id}`);
  await expect(page.getByRole("button", { name: /^Revoke/ })).toHaveCount(1);
  await page.getByRole("button", { name: /^Revoke/ }).click();
  await expect(page.getByText("No access")).toBeVisible();
});

test("a course given by e-mail before sign-up opens once the author confirms the address, by keyboard alone", async ({ page, context, author, another }) => {
  const course = await author.course(unique("Gift"), { One: ["Inside"] });
  const lee = somebody();
  await signIn(context, "author");
  await open(page, `/admin/people?course=${course.id}`);
  const form = page.getByRole("region", { name: "Give a course by e-mail" });
  await tabTo(page, form.getByLabel("E-mail"));
  await page.keyboard.type(lee.email);
  // Of the course whose people these are.
  await expect(form.getByLabel("Course to give")).toHaveValue(course.id);
  await tabTo(page, form.getByRole("button", { name: "Give course" }));
  await page.keyboard.press("Enter");
  const waiting = page.getByRole("region", { name: "Waiting for their people" });
  await expect(waiting).toContainText(lee.email);

  const visit = await another();
  await signUp(visit, lee);
  const mine = async () => (await (await visit.request.post("/api/list_my_courses", { form: {} })).json()) as { id: string }[];
  expect(await mine()).toEqual([]);
  await page.reload();
  const account = waiting.getByRole("link", { name: `${lee.name} says to have this address` });
  await tabTo(page, account);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Not confirmed")).toBeVisible();
  await expect(page.getByText(`Waiting for it: “${course.title}”.`)).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "I know that this is theirs" }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("Has access")).toBeVisible();
  await expect(page.getByText("Confirmed", { exact: true })).toBeVisible();
  expect((await mine()).map(({ id }) => id)).toEqual([course.id]);
  await open(page, `/admin/people?course=${course.id}`);
  await expect(waiting).toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: lee.email })).toContainText("Granted by");
});

test("what is wrong in a grant is said at its field @both", async ({ page, context, watch }) => {
  watch.announceStatus(400);
  await signIn(context, "author");
  await open(page, "/admin/people");
  const form = page.getByRole("region", { name: "Give a course by e-mail" });
  await form.getByLabel("E-mail").fill("nobody@nowhere..");
  await form.locator("form").evaluate((form) => ((form as HTMLFormElement).noValidate = true));
  await form.getByRole("button", { name: "Give course" }).click();
  await expect(page.getByText("Choose a course.").first()).toBeVisible();
  await expect(form.getByLabel("E-mail")).toHaveAttribute("aria-invalid", "true");
  await expect(form.getByLabel("E-mail")).toHaveValue("nobody@nowhere..");
  await expectAccessible(page, "a refused grant");
});

test("pages of the roster follow each other, and all of it comes as a file", async ({ page, context, author, another }) => {
  test.slow();
  const course = await author.course(unique("Many"), { One: ["a", "b"] });
  const product = await author.product(unique("Many"), [course.id], { price: "0" });
  const visit = await another();
  for (let n = 0; n < 52; n += 1) {
    await visit.clearCookies();
    await signUp(visit, { ...somebody(), name: `Learner ${String(n).padStart(2, "0")}` });
    await buy(visit, product);
  }
  await signIn(context, "author");
  await open(page, `/admin/people?course=${course.id}`);
  const names = page.getByRole("row").getByRole("link", { name: /^Learner \d\d$/ });
  await expect(names).toHaveCount(50);
  await expect(page.getByText("52 people")).toBeVisible();
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(names).toHaveText(["Learner 50", "Learner 51"]);
  await expect(page.getByRole("link", { name: "Next page" })).toHaveCount(0);
  // By its address: a browser reports a page that became a file as a request that failed.
  const href = await page.getByRole("link", { name: "Export CSV" }).getAttribute("href");
  const file = await context.request.get(href!);
  expect(file.headers()["content-disposition"]).toContain("people.csv");
  const lines = (await file.body()).toString("utf8").trimEnd().split("\r\n");
  expect(lines[0]).toMatch(/^\uFEFFName,E-mail,/);
  expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(Array.from({ length: 52 }, (_, n) => `Learner ${String(n).padStart(2, "0")}`));
  await page.getByRole("link", { name: "Back to the start" }).click();
  await expect(names.first()).toHaveText("Learner 00");
});

test("the overview's charts show a range, each with its figures as a table @both", async ({ page, context, author, another }) => {
  const course = await author.course(unique("Chart"), { One: ["a"] });
  const product = await author.product(unique("Chart"), [course.id], { price: "20" });
  const visit = await another();
  await signUp(visit);
  await buy(visit, product);
  await signIn(context, "author");
  await open(page, "/admin");
  const charts = page.getByRole("figure");
  await expect(charts).toHaveCount(4);
  await expect(page.getByRole("img", { name: /^Net sales by day over 30 days: \$[\d,.]+ in all, most in / })).toBeVisible();
  await page.getByRole("list", { name: "Range" }).getByRole("link", { name: "12 months" }).click();
  await expect(page.getByRole("link", { name: "12 months" })).toHaveAttribute("aria-current", "true");
  const customers = charts.filter({ has: page.getByRole("heading", { name: "New customers" }) });
  await customers.getByText("Figures").click();
  await expect(customers.getByRole("row")).toHaveCount(13);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  // A chart is drawn to the room that there is, and its words stay as large as all others.
  const plot = (await customers.getByRole("img").boundingBox())!;
  expect(plot.height).toBeGreaterThan(100);
  await expectAccessible(page, "the overview with open figures");
});

test("how far the learners of a course get stands at each of its lessons @both", async ({ page, context, author, another }) => {
  const course = await author.course(unique("Far"), { One: ["First", "Second"], Two: ["Third"] });
  const product = await author.product(unique("Far"), [course.id], { price: "0" });
  const visit = await another();
  for (const lessons of [["First"], ["First", "Second"]]) {
    await visit.clearCookies();
    await signUp(visit);
    await buy(visit, product);
    for (const lesson of lessons) {
      await visit.request.post("/api/complete_lesson", { form: { course: course.id, lesson: course.lessons[lesson]!, done: "true" } });
    }
  }
  await signIn(context, "author");
  await open(page, `/admin/people?course=${course.id}`);
  await page.getByRole("link", { name: "How far they get" }).click();
  const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
  await expect(row("First")).toContainText("100 %");
  await expect(row("Second")).toContainText("50 %");
  await expect(row("Third")).toContainText("0 %");
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("the roster is searched, a course is given and taken back", async ({ page, context, author, another }) => {
    const course = await author.course(unique("Plain"), { One: ["a"] });
    const lee = await signUp(await another());
    await signIn(context, "author");
    await page.goto("/admin");
    await page.getByRole("navigation", { name: "Admin" }).getByRole("link", { name: "People" }).click();
    await page.getByLabel("Name or e-mail").fill(lee.email);
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page.getByRole("link", { name: lee.name, exact: true }).click();
    const form = page.getByRole("region", { name: "Give a course" });
    await form.getByLabel("Course").selectOption(course.title);
    await form.getByRole("button", { name: "Give course" }).click();
    await expect(page.getByText("Has access")).toBeVisible();
    await page.getByRole("button", { name: /^Revoke/ }).click();
    await expect(page.getByText("No access")).toBeVisible();
    await page.getByRole("button", { name: "I know that this is theirs" }).click();
    await expect(page.getByText("Confirmed", { exact: true })).toBeVisible();
  });
});
