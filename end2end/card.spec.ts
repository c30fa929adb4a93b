// Bought by card, given back in parts, disputed: against what stands in for Stripe.
import { expectAccessible } from "./axe";
import { Author, type Browser, type BrowserContext, type Page, expect, hydrated, listenForViolations, open, signIn, signUp, test } from "./fixtures";
import { FakeStripe, NO_STRIPE } from "./fake-stripe";
import { NO_SERVER, Server } from "./server";

type Shop = { server: Server; stripe: FakeStripe; author: Author; course: { id: string; lessons: Record<string, string> }; product: string };

/** A shop of the test's own, with a course for $49. */
async function withShop(browser: Browser, playwright: { request: { newContext(options: object): Promise<import("@playwright/test").APIRequestContext> } }, run: (shop: Shop, visitor: (options?: object) => Promise<BrowserContext>) => Promise<void>) {
  test.skip(!!NO_SERVER, NO_SERVER);
  test.skip(!!NO_STRIPE, NO_STRIPE);
  test.slow();
  let stripe: FakeStripe | undefined;
  const server = await Server.create(async (origin) => (stripe = await FakeStripe.start(origin)).settings);
  const baseURL = server.origin;
  const request = await playwright.request.newContext({ baseURL });
  const contexts: BrowserContext[] = [];
  try {
    await request.post("/api/sign_in_demo", { form: { as: "author" } });
    const author = new Author(request);
    const course = await author.course("Cards", { All: ["One", "Two"] });
    const product = await author.product("A deck of cards", [course.id], { price: "49" });
    await run({ server, stripe: stripe!, author, course, product }, async (options = {}) => {
      const context = await browser.newContext({ baseURL, ...options });
      contexts.push(context);
      await listenForViolations(context);
      return context;
    });
  } finally {
    for (const context of contexts) await context.close();
    await request.dispose();
    await server.end();
    stripe?.end();
  }
}

/** From the press on Pay to the receipt; returns the payment at Stripe. */
async function pay(page: Page, shop: Shop): Promise<string> {
  await page.goto(`/products/${shop.product}/purchase`);
  await page.getByRole("button", { name: "Pay $49" }).click();
  await page.waitForURL(`${shop.stripe.origin}/pay/**`);
  await page.getByRole("button", { name: "Pay", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Receipt" })).toBeVisible();
  const done = (await shop.stripe.events()).findLast((event) => event.type === "checkout.session.completed");
  return done!.data.object.payment_intent!;
}

test("bought by card, given back in part, then whole: the buyer and the author see each step @both", async ({ browser, playwright, contextOptions }) => {
  await withShop(browser, playwright, async (shop, visitor) => {
    const buyers = await visitor(contextOptions);
    const buyer = await signUp(buyers);
    const page = await buyers.newPage();
    await pay(page, shop);
    await expect(page.getByText("Card", { exact: true })).toBeVisible();
    const receipt = page.url();
    await page.goto(`/courses/${shop.course.id}/lessons/${shop.course.lessons.One}`);
    await hydrated(page);
    await expect(page.getByRole("button", { name: "Mark as complete" })).toBeVisible();

    const office = await visitor(contextOptions);
    await signIn(office, "author");
    const sales = await office.newPage();
    await open(sales, "/admin/sales");
    await sales.getByRole("row").filter({ hasText: buyer.email }).getByRole("link", { name: /^Details/ }).click();
    await expect(sales.getByText("$49 paid")).toBeVisible();
    await expect(sales.getByText("checkout.session.completed")).toBeVisible();
    await expectAccessible(sales, "a sale");

    await sales.getByLabel("Amount").fill("50");
    await sales.getByRole("button", { name: "Refund" }).click();
    await expect(sales.getByText("At most $49 is left to give back.").first()).toBeVisible();
    await expectAccessible(sales, "a refund that was refused");
    await sales.getByLabel("Amount").fill("12.50");
    await sales.getByLabel("Reason").selectOption("It was paid twice");
    await sales.getByLabel("Note, for yourself").fill("Promised on the phone");
    await sales.getByRole("button", { name: "Refund" }).click();
    await expect(sales.getByText("−$12.50")).toBeVisible();
    await expect(sales.getByText("$36.50", { exact: true })).toBeVisible();
    await expect(sales.getByText("Promised on the phone")).toBeVisible();
    await page.goto(receipt);
    await expect(page.getByText("−$12.50")).toBeVisible();
    await page.goto("/courses");
    await expect(page.getByRole("heading", { name: "Cards" })).toBeVisible();

    await expect(sales.getByLabel("Amount")).toHaveValue("36.50");
    await hydrated(sales);
    await sales.getByRole("button", { name: "Refund" }).click();
    await expect(sales.getByText("Refunded", { exact: true })).toBeVisible();
    await expect(sales.getByText("Access to “Cards” ended")).toBeVisible();
    await expect(sales.getByRole("button", { name: "Refund" })).toHaveCount(0);
    await page.goto("/courses");
    await expect(page.getByRole("heading", { name: "Cards" })).toHaveCount(0);
  });
});

test("a refund at Stripe's dashboard and a lost dispute are told by the webhook", async ({ browser, playwright }) => {
  await withShop(browser, playwright, async (shop, visitor) => {
    const office = await visitor();
    await signIn(office, "author");
    const sales = await office.newPage();
    const buy = async () => {
      const context = await visitor();
      const { email } = await signUp(context);
      const payment = await pay(await context.newPage(), shop);
      return { email, payment };
    };
    const sale = async (email: string) => {
      await open(sales, "/admin/sales");
      await sales.getByRole("row").filter({ hasText: email }).getByRole("link", { name: /^Details/ }).click();
    };
    const told = async (text: string) =>
      expect(async () => {
        await sales.reload();
        await expect(sales.getByText(text)).toBeVisible({ timeout: 500 });
      }).toPass({ timeout: 15_000 });

    const refunded = await buy();
    await sale(refunded.email);
    await shop.stripe.act({ refund: { payment_intent: refunded.payment, amount: 1000 } });
    await told("Refund of $10 made at the payment provider");
    await expect(sales.getByLabel("Amount")).toHaveValue("39");

    const disputed = await buy();
    await sale(disputed.email);
    const dispute = await shop.stripe.act({ dispute: { payment_intent: disputed.payment } });
    await told("The buyer's bank disputes $49");
    await expect(sales.getByRole("button", { name: "Refund" })).toHaveCount(0);
    await shop.stripe.act({ close_dispute: { dispute, won: false } });
    await told("The buyer's bank disputed $49: lost, the money is gone");
    await expect(sales.getByText("Access to “Cards” ended")).toBeVisible();
  });
});

test("without script a card is charged, too, and who turns back or waits is told how things stand", async ({ browser, playwright }) => {
  await withShop(browser, playwright, async (shop, visitor) => {
    const buyers = await visitor({ javaScriptEnabled: false });
    await signUp(buyers);
    const page = await buyers.newPage();
    const start = async () => {
      await page.goto(`/products/${shop.product}/purchase`);
      await page.getByRole("button", { name: "Pay $49" }).click();
      await expect(page.getByText("This stands in for Stripe.")).toBeVisible();
    };
    await start();
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Your purchase" })).toBeVisible();
    await start();
    const session = page.url();
    await page.getByRole("button", { name: "Pay in a way that takes days" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Your payment is on its way" })).toBeVisible();
    await page.goto(session);
    await page.getByRole("button", { name: "The money arrives" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Receipt" })).toBeVisible();
    await page.goto("/courses");
    await expect(page.getByRole("heading", { name: "Cards" })).toBeVisible();
  });
});
