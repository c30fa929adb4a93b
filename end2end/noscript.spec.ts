// Both journeys again with script off: every press is a plain form or link.
import { type Author, type Page, expect, signIn, signUp, somebody, storedOrder, test, unique } from "./fixtures";
import { expectOrder, menu, section } from "./editor";

test.use({ javaScriptEnabled: false });

test("a visitor signs up, buys, learns, completes and undoes, without script", async ({ page, author }) => {
  const [title, name] = [unique("Stone"), unique("Stone by stone")];
  const course = await author.course(title, {
    Quarry: [{ name: "Find it", status: "preview" }, "Lift it"],
    Wall: ["Set it", { name: "A draft", status: "private" }],
  });
  const product = await author.product(name, [course.id]);

  await page.goto("/");
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByText("A draft")).toHaveCount(0);
  await page.getByRole("link", { name: "Find it" }).click();
  await expect(page.getByText("This is Find it.")).toBeVisible();
  await page.goBack();
  await page.getByRole("link", { name: "Buy for $49" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await page.getByRole("link", { name: "Make an account" }).click();
  const person = somebody();
  await page.getByLabel("Name", { exact: true }).fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your purchase" })).toBeVisible();

  await page.getByRole("button", { name: "Pay $49" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "This is a demo payment page" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page).toHaveURL(`/products/${product}`);
  await page.getByRole("link", { name: "Buy for $49" }).click();
  await page.getByRole("button", { name: "Pay $49" }).click();
  await page.getByRole("button", { name: "Pay $49" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Receipt" })).toBeVisible();
  await page.getByRole("link", { name: "Go to my courses" }).click();
  await expect(page.getByText("0 of 3 lessons")).toBeVisible();
  await page.getByRole("link", { name: "Start" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Find it" })).toBeVisible();
  await page.getByRole("button", { name: "Mark as complete" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Find it" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await expect(page.locator("#outline").getByText("33 % complete")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Mark as complete" })).toBeVisible();
  await page.getByRole("button", { name: "Mark as complete" }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await page.getByRole("link", { name: "Next Lift it" }).click();
  await page.getByRole("link", { name: "Next Set it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Set it" })).toBeVisible();
  await page.getByRole("link", { name: "Previous Lift it" }).click();
  await page.getByRole("button", { name: "Mark as complete" }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await page.goto(`/courses/${course.id}`);
  await expect(page.getByText("66 % complete")).toBeVisible();
  await page.goto("/courses");
  await expect(page.getByText("66 % complete")).toBeVisible();
  await page.getByRole("link", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Set it" })).toBeVisible();
  await page.goto("/purchases");
  await page.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Receipt" })).toBeVisible();

  await page.locator("summary").filter({ hasText: person.name }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("link", { name: "Sign up" })).toBeVisible();
});

test("a free product is got without script", async ({ page, context, author }) => {
  const course = await author.course(unique("Sea"), { Waves: ["One"] });
  const product = await author.product(unique("Sea"), [course.id], { price: "0" });
  await signUp(context);
  await page.goto(`/products/${product}`);
  await page.getByRole("link", { name: "Get it free" }).click();
  await page.getByRole("button", { name: "Get it free" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Receipt" })).toBeVisible();
});

test("a bad sign-in is summed up, with a way to the field", async ({ page, watch }) => {
  watch.announceStatus(400);
  await page.goto("/sign-in?next=/purchases");
  await page.getByLabel("E-mail").fill("nobody@example.org");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const summary = page.getByRole("alert");
  await expect(summary).toContainText("This e-mail and password do not fit together.");
  await expect(page.getByLabel("E-mail")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("E-mail")).toHaveAccessibleDescription("This e-mail and password do not fit together.");
  await expect(summary.getByRole("link")).toHaveAttribute("href", "#email");

  // The way back is not lost over the mistake.
  const person = somebody();
  await page.getByRole("link", { name: "Make an account" }).click();
  await page.getByLabel("Name", { exact: true }).fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByRole("alert")).toContainText("10 characters");
  // What was typed is still there, the password aside.
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(person.name);
  await expect(page.getByLabel("E-mail")).toHaveValue(person.email);
  await expect(page.getByLabel("Password")).toHaveValue("");
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Purchases" })).toBeVisible();
});

test("the drawers of the phone open and close @phone", async ({ page, context, author }) => {
  const course = await author.course(unique("Tin"), { Can: ["Open it", "Close it"] });
  await author.product(unique("Tin"), [course.id]);
  await signIn(context, "author");
  await page.goto(`/courses/${course.id}/lessons/${course.lessons["Open it"]}`);
  const outline = page.getByRole("complementary", { name: "Course outline" });
  await expect(outline).toBeHidden();
  await page.getByRole("button", { name: "Outline", exact: true }).tap();
  await expect(outline).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(outline).toBeHidden();
  await page.getByRole("button", { name: "Outline", exact: true }).tap();
  await outline.getByRole("button", { name: "Close outline" }).tap();
  await expect(outline).toBeHidden();
  await page.getByRole("button", { name: "Outline", exact: true }).tap();
  await outline.getByRole("link", { name: "Close it" }).tap();
  await expect(page.getByRole("heading", { level: 1, name: "Close it" })).toBeVisible();
  await expect(outline).toBeHidden();

  const site = page.getByRole("navigation", { name: "Site" });
  await page.getByRole("button", { name: "Menu" }).tap();
  await site.getByRole("link", { name: "My courses" }).tap();
  await expect(page.getByRole("heading", { level: 1, name: "My courses" })).toBeVisible();
});

async function press(page: Page, name: string, button: string) {
  await page.getByLabel(`Actions for “${name}”`).click();
  await menu(page, name).getByRole("button", { name: button, exact: true }).click();
}

async function publish(page: Page, status: string, save: string) {
  await page.getByRole("radio", { name: new RegExp(`^${status}`) }).check();
  await page.getByRole("button", { name: save }).click();
}

async function made(author: Author, title: string) {
  return (await author.courses()).find((course) => course.title === title)!.id;
}

test("the author makes, reorders, publishes and sells a course without script", async ({ page, context, author, another }) => {
  await signIn(context, "author");
  const title = unique("Paper");
  await page.goto("/admin/courses/new");
  await page.getByLabel("Title").fill(title);
  await page.getByRole("button", { name: "Create course" }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  for (const name of ["Fold", "Cut"]) {
    await page.getByLabel("Name of the new section").fill(name);
    await page.getByRole("button", { name: "Add section" }).click();
    await expect(page.getByRole("heading", { level: 3, name })).toBeVisible();
  }
  for (const lesson of ["Crane", "Boat", "Hat"]) {
    await section(page, "Fold").getByText("Add lesson", { exact: true }).click();
    await page.getByLabel("Name of the new lesson in “Fold”").fill(lesson);
    await section(page, "Fold").getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByRole("link", { name: lesson, exact: true })).toBeVisible();
  }

  // Moves by buttons; the handles, which do nothing here, are not shown.
  await expect(page.getByRole("button", { name: /^Reorder/ })).toHaveCount(0);
  await press(page, "Hat", "Move up");
  await expectOrder(page, [["Fold", ["Crane", "Hat", "Boat"]], ["Cut", []]]);
  await press(page, "Crane", "Move down");
  await expectOrder(page, [["Fold", ["Hat", "Crane", "Boat"]], ["Cut", []]]);
  await press(page, "Cut", "Move up");
  await expectOrder(page, [["Cut", []], ["Fold", ["Hat", "Crane", "Boat"]]]);
  await page.getByLabel("Actions for “Crane”").click();
  await menu(page, "Crane").getByRole("link", { name: "Move to…" }).click();
  await page.getByLabel("Section").selectOption("Cut");
  await page.getByRole("button", { name: "Move lesson" }).click();
  const order: [string, string[]][] = [["Cut", ["Crane"]], ["Fold", ["Hat", "Boat"]]];
  await expectOrder(page, order);
  const id = await made(author, title);
  expect(await storedOrder(author, id)).toEqual(order);

  // Publishing, and a product of it.
  for (const name of ["Cut", "Fold"]) {
    await page.getByRole("link", { name: `Edit “${name}”` }).click();
    await publish(page, "Public", "Save section");
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  }
  for (const lesson of ["Crane", "Hat", "Boat"]) {
    await page.getByRole("link", { name: lesson, exact: true }).click();
    await page.getByRole("textbox", { name: /^Text/ }).fill(`Fold the **${lesson}**.`);
    await publish(page, "Public", "Save lesson");
    await expect(page.getByRole("heading", { level: 1, name: "Edit lesson" })).toBeVisible();
    await expect(page.locator("#markdown")).toHaveValue(`Fold the **${lesson}**.`);
    await page.goto(`/admin/courses/${id}/edit`);
  }
  const name = unique("Paper");
  await page.goto("/admin/products/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Price in dollars").fill("0");
  await page.getByRole("radio", { name: /^Public/ }).check();
  await page.getByLabel(title).check();
  await page.getByRole("button", { name: "Create product" }).click();
  await expect(page.getByRole("row").filter({ hasText: name })).toContainText("Free");

  const learner = await another();
  await signUp(learner);
  const shop = await learner.newPage();
  await shop.goto("/");
  await shop.getByRole("link", { name, exact: true }).click();
  await shop.getByRole("link", { name: "Get it free" }).click();
  await shop.getByRole("button", { name: "Get it free" }).click();
  await expect(shop.getByRole("heading", { level: 1, name: "Receipt" })).toBeVisible();
  await shop.goto(`/courses/${id}`);
  await expect(shop.locator(".outline-link > span")).toHaveText(["Crane", "Hat", "Boat"]);
});

test("what was typed into a form that is refused is not lost without script", async ({ page, context, author, watch }) => {
  watch.announceStatus(400);
  await signIn(context, "author");
  const course = await author.course(unique("Clay"), { Wheel: ["Centre"] });
  await page.goto(`/admin/lessons/${course.lessons.Centre}/edit`);
  await page.getByLabel(/^Video address/).fill("https://evil.example/video");
  await page.getByRole("textbox", { name: /^Text/ }).fill("A long text that took an hour.");
  await page.getByRole("button", { name: "Save lesson" }).click();
  await expect(page.getByRole("alert")).toContainText("YouTube or Vimeo");
  await expect(page.locator("#markdown")).toHaveValue("A long text that took an hour.");
  await expect(page.getByLabel(/^Video address/)).toHaveValue("https://evil.example/video");
});
