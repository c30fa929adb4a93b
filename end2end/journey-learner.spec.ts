import { type Page, buy, expect, hydrated, open, outlineIcon, signIn, signUp, somebody, test, unique } from "./fixtures";

/** Presses a button and tells what the very frame of the press shows: both callbacks run before it is painted. */
async function pressAndLook(page: Page, button: string, lesson: string) {
  await hydrated(page);
  return page.evaluate(
    ([button, lesson]) =>
      new Promise<{ sameFrame: boolean; state: string | null; icon: string | null; button: string | null; bar: string }>(
        (resolve, reject) => {
          let pressed = 0;
          requestAnimationFrame((frame) => {
            const found = [...document.querySelectorAll<HTMLElement>(".lesson-bar button")].find(
              (candidate) => candidate.textContent?.trim() === button,
            );
            if (!found) return reject(new Error(`there is no button ${button}`));
            pressed = frame;
            found.click();
          });
          requestAnimationFrame((frame) => {
            const row = [...document.querySelectorAll(".outline-link")].find((row) => row.textContent?.includes(lesson!));
            resolve({
              sameFrame: frame === pressed,
              state: document.querySelector(".lesson-bar")?.getAttribute("data-state") ?? null,
              icon: row?.querySelector("svg")?.getAttribute("aria-label") ?? null,
              button: document.querySelector(".lesson-bar button")?.textContent?.trim() ?? null,
              bar: document.querySelector(".outline .progress")?.textContent ?? "",
            });
          });
        },
      ),
    [button, lesson] as const,
  );
}

test("a visitor signs up, buys, learns, completes and undoes", async ({ page, author }) => {
  const [title, name] = [unique("Bread"), unique("Bread for everyone")];
  const course = await author.course(title, {
    Flour: [{ name: "Why flour", status: "preview" }, "Weigh it"],
    Water: ["Warm it", { name: "A draft", status: "private" }],
  });
  const product = await author.product(name, [course.id], { price: "49" });

  // The storefront and the product, as a visitor sees them.
  await open(page, "/");
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page).toHaveURL(`/products/${product}`);
  await expect(page.getByText("3 lessons", { exact: true })).toBeVisible();
  await expect(page.getByText("A draft")).toHaveCount(0);
  await expect(page.getByRole("img", { name: "Locked" })).toHaveCount(2);
  await page.getByRole("link", { name: "Why flour" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Why flour" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Mark as complete" })).toHaveCount(0);
  await page.getByRole("link", { name: "See the whole course" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

  // Buying asks who one is, and goes on where it was.
  await page.getByRole("link", { name: "Buy for $49" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await hydrated(page);
  await page.getByRole("link", { name: "Make an account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Make an account" })).toBeVisible();
  const person = somebody();
  await page.getByLabel("Name", { exact: true }).fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your purchase" })).toBeVisible();
  await expect(page.getByRole("main").getByText(person.email)).toBeVisible();

  // The demo's payment page: first Cancel, then Pay.
  await page.getByRole("button", { name: "Pay $49" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "This is a demo payment page" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page).toHaveURL(`/products/${product}`);
  await expect(page.getByRole("link", { name: "Buy for $49" })).toBeVisible();
  await expect(page.getByText("You own this")).toHaveCount(0);
  await page.getByRole("link", { name: "Buy for $49" }).click();
  await hydrated(page);
  await page.getByRole("button", { name: "Pay $49" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "This is a demo payment page" })).toBeVisible();
  await page.getByRole("button", { name: "Pay $49" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Receipt" })).toBeVisible();
  await expect(page.getByText("Demo payment, nothing was charged")).toBeVisible();

  // Home and product page know it at once; so does the history.
  await page.getByRole("link", { name: "Go to my courses" }).click();
  const card = page.getByRole("listitem").filter({ hasText: title });
  await expect(card.getByText("0 % complete")).toBeVisible();
  await expect(card.getByText("0 of 3 lessons")).toBeVisible();
  await card.getByRole("link", { name: "Start" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Why flour" })).toBeVisible();

  // Complete: shown in the frame of the press, while the answer is still away.
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/api/complete_lesson", async (route) => {
    await held;
    await route.continue();
  });
  const shown = await pressAndLook(page, "Mark as complete", "Why flour");
  expect(shown).toMatchObject({ sameFrame: true, state: "done", icon: "Completed", button: "Undo" });
  expect(shown.bar).toContain("33 % complete");
  expect(shown.bar).toContain("1 of 3 lessons");
  const stored = page.waitForResponse("**/api/complete_lesson");
  release();
  expect((await stored).status()).toBe(200);
  await page.unroute("**/api/complete_lesson");
  await expect(page.locator(".lesson-done")).toHaveText("Completed");

  // Next leads across sections; the outline follows.
  const lessons = page.getByRole("navigation", { name: "Lessons before and after" });
  await lessons.getByRole("link", { name: "Next Weigh it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Weigh it" })).toBeVisible();
  await expect(page).toHaveTitle(new RegExp(`^Weigh it · ${title}`));
  await lessons.getByRole("link", { name: "Next Warm it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Warm it" })).toBeVisible();
  const current = page.getByRole("navigation", { name: "Lessons", exact: true }).locator("[aria-current=page]");
  await expect(current).toHaveText(/Warm it/);
  await expect(current).toBeInViewport();
  await expect(lessons.getByRole("link", { name: /^Next/ })).toHaveCount(0);
  await lessons.getByRole("link", { name: "Previous Weigh it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Weigh it" })).toBeVisible();

  // The three places that tell progress agree, and Continue leads to where one is.
  await Promise.all([page.waitForResponse("**/api/complete_lesson"), page.getByRole("button", { name: "Mark as complete" }).click()]);
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await expect(page.locator("#outline").getByText("66 % complete")).toBeVisible();
  await expect(page.locator("#outline").getByText("Completed 2/2")).toBeVisible();
  await page.locator("#outline").getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByText("66 % complete")).toBeVisible();
  await expect(page.getByText("2 of 3 lessons")).toBeVisible();
  await page.getByRole("link", { name: "My courses" }).click();
  await expect(card.getByText("66 % complete")).toBeVisible();
  await expect(card.getByText("2 of 3 lessons")).toBeVisible();
  await card.getByRole("link", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Warm it" })).toBeVisible();

  // The last one finishes the course; undo takes that back, in the same frame too, and it is really stored.
  await Promise.all([page.waitForResponse("**/api/complete_lesson"), page.getByRole("button", { name: "Mark as complete" }).click()]);
  await expect(page.locator("#outline").getByText("100 % complete")).toBeVisible();
  await expect(page.getByText("You finished the course.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await open(page, "/courses");
  await expect(card.getByText("Completed", { exact: true })).toBeVisible();
  await card.getByRole("link", { name: "Open again" }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  const answered = page.waitForResponse("**/api/complete_lesson");
  const undone = await pressAndLook(page, "Undo", "Why flour");
  expect(undone).toMatchObject({ sameFrame: true, state: "open", icon: "Not completed", button: "Mark as complete" });
  expect((await answered).status()).toBe(200);
  await page.reload();
  await hydrated(page);
  await expect(page.getByRole("button", { name: "Mark as complete" })).toBeVisible();
  await expect(outlineIcon(page, "Why flour", "Not completed")).toBeVisible();

  // A finished course keeps its date.
  await open(page, `/courses/${course.id}`);
  await expect(page.getByText("66 % complete")).toBeVisible();
  await expect(page.locator(".course-head .badge")).toHaveText("Completed");
});

test("a free product is got without paying", async ({ page, context, author }) => {
  const title = unique("Chalk");
  const course = await author.course(title, { Board: ["White", "Yellow"] });
  const name = unique("Free chalk");
  const product = await author.product(name, [course.id], { price: "0" });
  await signUp(context);
  await open(page, `/products/${product}`);
  await expect(page.getByText("Free", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Get it free" }).click();
  await hydrated(page);
  await expect(page.getByText("It costs nothing.")).toBeVisible();
  await page.getByRole("button", { name: "Get it free" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Receipt" })).toBeVisible();
  await open(page, "/purchases");
  await page.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Receipt" })).toBeVisible();
  await open(page, `/products/${product}`);
  await expect(page.getByText("You own this")).toBeVisible();
  await page.getByRole("link", { name: "Go to the course" }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await page.getByRole("link", { name: "Start" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "White" })).toBeVisible();
});

test("one press signs in to the demo, one signs out", async ({ page }) => {
  await open(page, "/sign-in");
  await page.getByRole("button", { name: "Sign in as a learner" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "My courses" })).toBeVisible();
  await page.getByText("Lee Learner").first().click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("link", { name: "Sign up" })).toBeVisible();
  await expect(page.getByRole("link", { name: "My courses" })).toHaveCount(0);
  // Whoever sits down next goes back to no page of theirs.
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await open(page, "/sign-in");
  await page.getByRole("button", { name: "Sign in as the author" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
});

test("what does not fit is said beside its field and summed up", async ({ page, watch }) => {
  watch.announceStatus(400);
  await open(page, "/sign-in");
  await page.getByLabel("E-mail").fill("nobody@example.org");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const summary = page.getByRole("alert");
  await expect(summary).toContainText("This e-mail and password do not fit together.");
  await expect(page.getByLabel("E-mail")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("E-mail")).toHaveValue("nobody@example.org");
  await summary.getByRole("link").click();
  await expect(page.getByLabel("E-mail")).toBeFocused();

  await open(page, "/sign-up");
  await page.getByLabel("Name", { exact: true }).fill("Ada");
  await page.getByLabel("E-mail").fill("ada@example.org");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByRole("alert")).toContainText("10 characters");
  await expect(page.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
});

test("a refund closes the course on the next page", async ({ page, context, author, another, watch }) => {
  const title = unique("Glass");
  const course = await author.course(title, { Hot: ["Blow"] });
  const name = unique("Glass");
  const product = await author.product(name, [course.id]);
  const person = await signUp(context);
  await buy(context, product);
  await open(page, `/courses/${course.id}/lessons/${course.lessons.Blow}`);
  await expect(page.getByRole("button", { name: "Mark as complete" })).toBeVisible();

  const office = await another();
  await signIn(office, "author");
  const sales = await office.newPage();
  await open(sales, "/admin/sales");
  const sale = sales.getByRole("row").filter({ hasText: person.email });
  // The learner's open page may save where it stands at any moment from here on.
  watch.announceStatus(403);
  watch.announceStatus(404);
  await sale.getByRole("link", { name: /^Details/ }).click();
  await sales.getByRole("button", { name: "Refund" }).click();
  await expect(sales.getByText("Refunded", { exact: true })).toBeVisible();

  await Promise.all([page.waitForResponse("**/api/complete_lesson"), page.getByRole("button", { name: "Mark as complete" }).click()]);
  await expect(page.getByRole("alert")).toContainText("This was not saved.");
  await open(page, "/courses");
  await expect(page.getByRole("heading", { name: title })).toHaveCount(0);
  await open(page, "/purchases");
  await expect(page.getByRole("listitem").filter({ hasText: name }).getByText("Refunded")).toBeVisible();
});
