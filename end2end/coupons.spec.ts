// A coupon from its author's form to its buyer's receipt, typed and by link; and the letters that go with it.
import { expectAccessible } from "./axe";
import { expect, hydrated, open, signIn, signUp, test, unique } from "./fixtures";

test("an author makes a coupon, a buyer comes with its link and pays what it leaves @both", async ({ page, context, author, another, watch }) => {
  watch.announceStatus(400);
  const name = unique("Bundle");
  const course = await author.course(unique("Course"), { One: ["a"] });
  const product = await author.product(name, [course.id], { price: "49" });
  const code = unique("LAUNCH").replace(/[^A-Za-z0-9]/g, "-");
  await signIn(context, "author");
  await open(page, "/admin/products");
  await page.getByRole("link", { name: "Coupons" }).click();
  await page.getByRole("link", { name: "New coupon" }).click();
  await hydrated(page);
  await page.getByLabel("Code").fill("two words");
  await page.getByLabel("Takes off").fill("20%");
  await page.getByLabel("For").selectOption(name);
  await page.getByLabel("How often").fill("1");
  await page.getByRole("button", { name: "Create coupon" }).click();
  await expect(page.getByText("letters, digits, - and _.", { exact: false }).nth(1)).toBeVisible();
  await expectAccessible(page, "a coupon that was refused");
  await page.getByLabel("Code").fill(code);
  await page.getByRole("button", { name: "Create coupon" }).click();
  const row = page.getByRole("row").filter({ hasText: code });
  await expect(row).toContainText("0 of 1");
  await expectAccessible(page, "coupons");

  const visit = await another();
  const shop = await visit.newPage();
  await open(shop, `/products/${product}?coupon=${code.toLowerCase()}`);
  await expect(shop.getByText(`With ${code}: 20 % off`)).toBeVisible();
  await expectAccessible(shop, "a product with a coupon");
  await signUp(visit);
  await open(shop, `/products/${product}?coupon=${code}`);
  await shop.getByRole("link", { name: "Buy for $39.20" }).click();
  await expect(shop.getByText("−$9.80")).toBeVisible();
  await expectAccessible(shop, "a purchase with a coupon");
  await hydrated(shop);
  await shop.getByRole("button", { name: "Pay $39.20" }).click();
  await expect(shop.getByRole("heading", { level: 1, name: "This is a demo payment page" })).toBeVisible();
  await shop.getByRole("button", { name: "Pay $39.20" }).click();
  await expect(shop.getByRole("heading", { level: 1, name: "Receipt" })).toBeVisible();
  await expect(shop.getByText("$39.20").first()).toBeVisible();

  // It was good once.
  const late = await another();
  await signUp(late);
  const next = await late.newPage();
  await open(next, `/products/${product}/purchase`);
  await next.getByText("I have a coupon").click();
  await next.getByLabel("Coupon code").fill(code);
  await next.getByRole("button", { name: "Apply" }).click();
  await expect(next.getByRole("alert").filter({ hasText: "used as often as it may be" })).toBeVisible();
  await expectAccessible(next, "a coupon that was used up");
  await open(page, "/admin/coupons");
  await expect(page.getByRole("row").filter({ hasText: code })).toContainText("Used up");
});

test("the author sees each letter, and that no mail server sends it @both", async ({ page, context, author, another }) => {
  const name = unique("Bundle");
  const course = await author.course(unique("Course"), { One: ["a"] });
  const product = await author.product(name, [course.id], { price: "0" });
  const visit = await another();
  const buyer = await signUp(visit);
  const shop = await visit.newPage();
  await open(shop, `/products/${product}/purchase`);
  await hydrated(shop);
  await shop.getByRole("button", { name: "Get it free" }).click();
  await expect(shop.getByRole("heading", { level: 1, name: "Receipt" })).toBeVisible();

  await signIn(context, "author");
  await open(page, "/admin/mail");
  await expect(page.getByText("No mail server is set up, so nothing is sent")).toBeVisible();
  const letter = page.getByRole("listitem").filter({ hasText: buyer.email });
  await expect(letter).toContainText(`Your receipt: ${name}`);
  await letter.getByText("Read it").click();
  await expect(letter.getByText(`${name} is yours.`)).toBeVisible();
  await expectAccessible(page, "letters");
  await letter.getByRole("link", { name: "Purchase" }).click();
  await expect(page.getByText(`“Your receipt: ${name}” written to ${buyer.email}, and not sent yet`)).toBeVisible();
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("a coupon is typed, used and left again", async ({ page, context, author }) => {
    const course = await author.course(unique("Course"), { One: ["a"] });
    const product = await author.product(unique("Bundle"), [course.id], { price: "10" });
    const code = unique("ALL").replace(/[^A-Za-z0-9]/g, "-");
    const made = await author.request.post("/api/admin/create_coupon", {
      form: { "form[code]": code, "form[discount]": "10", "form[active]": "on" },
    });
    expect(made.ok(), await made.text()).toBe(true);
    await signUp(context);
    await page.goto(`/products/${product}/purchase`);
    await page.getByText("I have a coupon").click();
    await page.getByLabel("Coupon code").fill(code);
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("link", { name: "Buy without this coupon" }).click();
    await expect(page.getByRole("button", { name: "Pay $10" })).toBeVisible();
    await page.goto(`/products/${product}/purchase?coupon=${code}`);
    await page.getByRole("button", { name: "Get it free" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Receipt" })).toBeVisible();
  });
});
