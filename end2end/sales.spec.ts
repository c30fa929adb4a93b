// What was sold: found, narrowed, summed up, and taken along.
import { expectAccessible } from "./axe";
import { type Author, type BrowserContext, type Page, buy, expect, open, signIn, signUp, test, unique } from "./fixtures";

/** A product that one person bought and has, and another was refunded. */
async function twoSales(author: Author, another: () => Promise<BrowserContext>) {
  const course = await author.course(unique("Sold"), { One: ["a"] });
  const name = unique("Bundle");
  const product = await author.product(name, [course.id], { price: "20" });
  const visit = await another();
  const kept = await signUp(visit);
  await buy(visit, product);
  await visit.clearCookies();
  const returned = await signUp(visit);
  await buy(visit, product);
  const { purchase } = (await author.sales({ q: returned.email })).rows[0]!;
  const refund = await author.request.post("/api/admin/refund_purchase", { form: { id: purchase.id } });
  expect(refund.ok(), await refund.text()).toBe(true);
  return { name, product, kept, returned };
}

/** A total by its name. */
const total = (page: Page, name: string) => page.locator(".sales-totals > div").filter({ has: page.getByText(name, { exact: true }) });

const show = (page: Page) => page.getByRole("button", { name: "Show", exact: true }).click();

test("the author finds sales, sees what they come to, and takes them along @both", async ({ page, context, author, another }) => {
  const { name, product, kept, returned } = await twoSales(author, another);
  await signIn(context, "author");
  await open(page, "/admin/sales");
  await expectAccessible(page, "sales");

  // A part of the product's name, in other letters.
  await page.getByLabel("Buyer, product or number").fill(name.toUpperCase());
  await show(page);
  await expect(page).toHaveURL(/[?&]q=BUNDLE/);
  await expect(page.getByLabel("Buyer, product or number")).toHaveValue(name.toUpperCase());
  await expect(page.getByRole("status").filter({ hasText: "2 sales" })).toBeVisible();
  await expect(total(page, "Paid")).toContainText("$40");
  await expect(total(page, "Refunded")).toContainText("$20");
  await expect(total(page, "Refunded")).toContainText("of these purchases, whenever it went back");
  await expect(total(page, "Net")).toContainText("$20");
  const row = (text: string) => page.getByRole("row").filter({ hasText: text });
  await expect(row(kept.email)).toContainText("Paid");
  await expect(row(returned.email)).toContainText("Refunded");
  await expectAccessible(page, "sales that were searched");
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);

  // By its address: a browser reports a page that became a file as a request that failed.
  const href = await page.getByRole("link", { name: "Export CSV" }).getAttribute("href");
  const file = await context.request.get(href!);
  expect(file.headers()["content-disposition"]).toContain("sales.csv");
  const lines = (await file.body()).toString("utf8").trimEnd().split("\r\n");
  expect(lines[0]).toMatch(/^\uFEFFPurchase,Date \(UTC\),Product,/);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain(`,${returned.email},Refunded,20.00,20.00,0.00,`);
  expect(lines[2]).toContain(`,${kept.email},Paid,20.00,0.00,20.00,`);

  // A product, a state and today.
  await page.getByLabel("Buyer, product or number").fill("");
  await page.getByLabel("Product", { exact: true }).selectOption(product);
  await page.getByLabel("State").selectOption("Refunded");
  await page.getByLabel("From (UTC)").fill(new Date(Date.now() - 86_400_000).toISOString().slice(0, 10));
  await show(page);
  await expect(page.getByRole("status").filter({ hasText: "1 sale" })).toBeVisible();
  await expect(page.getByLabel("Product", { exact: true })).toHaveValue(product);
  await expect(page.getByLabel("State")).toHaveValue("refunded");
  await expect(row(returned.email)).toBeVisible();
  await expect(row(kept.email)).toHaveCount(0);
  await row(returned.email).getByRole("link", { name: /^Details/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("where nothing is found there is a way back to all @both", async ({ page, context, author, another }) => {
  await twoSales(author, another);
  await signIn(context, "author");
  await open(page, "/admin/sales?from=2001-02-02&to=2001-02-01");
  await expect(page.getByText("The first day comes after the last one.")).toBeVisible();
  await expect(page.getByLabel("From (UTC)")).toHaveValue("2001-02-02");
  await expectAccessible(page, "sales, nothing found");
  await page.getByRole("link", { name: "Show all sales" }).click();
  await expect(page).toHaveURL("/admin/sales");
  await expect(page.getByRole("status").filter({ hasText: /\d sales$/ })).toBeVisible();
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("sales are searched and narrowed by a plain form", async ({ page, context, author, another }) => {
    const { name, kept, returned } = await twoSales(author, another);
    await signIn(context, "author");
    await page.goto("/admin");
    await page.getByRole("navigation", { name: "Admin" }).getByRole("link", { name: "Sales" }).click();
    await page.getByLabel("Buyer, product or number").fill(name);
    await page.getByLabel("State").selectOption("Paid");
    await show(page);
    await expect(page.getByRole("status").filter({ hasText: "1 sale" })).toBeVisible();
    await expect(page.getByRole("row").filter({ hasText: kept.email })).toBeVisible();
    await expect(page.getByRole("row").filter({ hasText: returned.email })).toHaveCount(0);
    await expect(total(page, "Net")).toContainText("$20");
  });
});
