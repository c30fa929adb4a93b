// What stands in for Stripe, and what the server asks of it, held against Stripe's own library.
import { createServer } from "node:http";
import Stripe from "stripe";
import { Author, buy, expect, signUp, test } from "./fixtures";
import { FakeStripe, NO_STRIPE } from "./fake-stripe";
import { NO_SERVER, Server } from "./server";

const KEY = "sk_test_fake";
const SECRET = "whsec_fake";

type Call = { method: string; path: string; form: [string, string][]; query: [string, string][]; version: string; key: string | null; content_type: string | null; authorization: string };

const library = (stripe: FakeStripe) => {
  const { hostname, port } = new URL(stripe.origin);
  return new Stripe(KEY, { host: hostname, port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
};

const calls = async (stripe: FakeStripe) => (await fetch(`${stripe.origin}/fake/calls`)).json() as Promise<Call[]>;

/** The latest call of a kind. */
const latest = async (stripe: FakeStripe, method: string, path: RegExp) => {
  const call = (await calls(stripe)).findLast((call) => call.method === method && path.test(call.path));
  expect(call, `${method} ${path}`).toBeDefined();
  return call!;
};

const names = (pairs: [string, string][]) => pairs.map(([name]) => name).sort();

/** A checkout as the server opens them, in the library's own types. */
const checkout = (id: string): Stripe.Checkout.SessionCreateParams => ({
  mode: "payment",
  client_reference_id: id,
  customer_email: "lee@example.org",
  success_url: "http://127.0.0.1/done",
  cancel_url: "http://127.0.0.1/not",
  expires_at: Math.floor(Date.now() / 1000) + 3600,
  line_items: [{ quantity: 1, price_data: { currency: "usd", unit_amount: 4900, product_data: { name: "A deck of cards" } } }],
  payment_intent_data: { metadata: { checkout: id } },
  allow_promotion_codes: true,
  automatic_tax: { enabled: true },
});

test("Stripe's library drives the stand-in, and believes its webhooks", async () => {
  test.skip(!!NO_STRIPE, NO_STRIPE);
  const received: { body: Buffer; signature: string }[] = [];
  const hook = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      received.push({ body: Buffer.concat(parts), signature: request.headers["stripe-signature"] as string });
      response.end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  const { port } = hook.address() as { port: number };
  const stand = await FakeStripe.start(`http://127.0.0.1:${port}`);
  try {
    const stripe = library(stand);
    const session = await stripe.checkout.sessions.create(checkout("one"), { idempotencyKey: "one" });
    expect(session).toMatchObject({ object: "checkout.session", status: "open", payment_status: "unpaid", amount_total: 4900, currency: "usd", livemode: false });
    expect(session.url).toContain(session.id);
    expect(session.lastResponse.apiVersion).toBe("2026-10-28.endive");
    // The same key again is the same session; with other parameters it is refused.
    const again = await stripe.checkout.sessions.create({ ...checkout("one"), expires_at: session.expires_at }, { idempotencyKey: "one" });
    expect(again.id).toBe(session.id);
    await expect(stripe.checkout.sessions.create(checkout("two"), { idempotencyKey: "one" })).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    await expect(stripe.checkout.sessions.retrieve("cs_test_none")).rejects.toMatchObject({ code: "resource_missing", statusCode: 404 });
    await expect(new Stripe("sk_test_other", { host: "127.0.0.1", port: new URL(stand.origin).port, protocol: "http", maxNetworkRetries: 0 }).checkout.sessions.retrieve(session.id)).rejects.toBeInstanceOf(Stripe.errors.StripeAuthenticationError);

    await stand.act({ pay: { session: session.id } });
    const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent.latest_charge"] });
    const intent = paid.payment_intent as Stripe.PaymentIntent;
    const charge = intent.latest_charge as Stripe.Charge;
    expect([paid.status, paid.payment_status, intent.status, charge.amount_refunded, charge.disputed]).toEqual(["complete", "paid", "succeeded", 0, false]);
    expect((await stripe.checkout.sessions.list({ payment_intent: intent.id, limit: 1 })).data.map((found) => found.id)).toEqual([session.id]);

    const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 1250, reason: "duplicate", metadata: { lectern_refund: "x" } }, { idempotencyKey: "r" });
    expect(refund).toMatchObject({ object: "refund", amount: 1250, status: "succeeded", reason: "duplicate", metadata: { lectern_refund: "x" } });
    expect((await stripe.refunds.list({ payment_intent: intent.id, limit: 100 })).data).toHaveLength(1);
    await expect(stripe.refunds.create({ payment_intent: intent.id, amount: 9000 })).rejects.toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    await stand.act({ dispute: { payment_intent: intent.id } });
    expect((await stripe.disputes.list({ payment_intent: intent.id, limit: 100 })).data[0]).toMatchObject({ object: "dispute", status: "needs_response", amount: 4900 });
    const other = await stripe.checkout.sessions.create(checkout("three"));
    expect((await stripe.checkout.sessions.expire(other.id)).status).toBe("expired");

    await expect.poll(() => received.length).toBe(5);
    const kinds = received.map(({ body, signature }) => stripe.webhooks.constructEvent(body, signature, SECRET).type).sort();
    expect(kinds).toEqual(["charge.dispute.created", "charge.refunded", "checkout.session.completed", "checkout.session.expired", "refund.created"]);
    const { body, signature } = received[0]!;
    expect(() => stripe.webhooks.constructEvent(body, signature, "whsec_other")).toThrow(Stripe.errors.StripeSignatureVerificationError);
    expect(() => stripe.webhooks.constructEvent(Buffer.concat([body, Buffer.from(" ")]), signature, SECRET)).toThrow(Stripe.errors.StripeSignatureVerificationError);
    console.log(`stripe ${Stripe.PACKAGE_VERSION}: ${(await calls(stand)).length} calls answered, ${received.length} webhooks believed`);
  } finally {
    stand.end();
    hook.close();
  }
});

test("the server asks as Stripe's library does, and believes what that signs", async ({ browser, playwright }) => {
  test.skip(!!NO_SERVER, NO_SERVER);
  test.skip(!!NO_STRIPE, NO_STRIPE);
  test.slow();
  let stand: FakeStripe | undefined;
  const server = await Server.create(async (origin) => {
    // Nothing is told by itself.
    stand = await FakeStripe.start(origin, "--lose", "100");
    return { ...stand.settings, STRIPE_PROMOTION_CODES: "true", STRIPE_AUTOMATIC_TAX: "true" };
  });
  const baseURL = server.origin;
  const request = await playwright.request.newContext({ baseURL });
  const context = await browser.newContext({ baseURL });
  try {
    const stripe = library(stand!);
    await request.post("/api/sign_in_demo", { form: { as: "author" } });
    const author = new Author(request);
    const course = await author.course("Signed", { All: ["One"] });
    const product = await author.product("A deck of cards", [course.id], { price: "49" });
    await signUp(context);
    await buy(context, product);
    const ours = await latest(stand!, "POST", /sessions$/);
    const session = await stripe.checkout.sessions.create(checkout("x"), { idempotencyKey: "x" });
    const theirs = await latest(stand!, "POST", /sessions$/);
    expect(names(ours.form)).toEqual(names(theirs.form));
    const same = ({ method, path, version, content_type, authorization }: Call) => ({ method, path, version, content_type, authorization });
    expect(same(ours)).toEqual(same(theirs));
    const id = ours.form.find(([name]) => name === "client_reference_id")![1];
    expect(ours.key).toBe(id);

    // Paid, and told by an event that the library signs.
    const opened = (await stripe.checkout.sessions.list({ payment_intent: "none" })).data;
    expect(opened).toEqual([]);
    const page = await context.newPage();
    await page.goto(`/checkouts/${id}/return`);
    await expect(page.getByRole("heading", { name: "Nothing was paid yet" })).toBeVisible();
    const asked = await latest(stand!, "GET", /sessions\/cs_test_/);
    await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent.latest_charge"] });
    expect((await latest(stand!, "GET", /sessions\/cs_test_/)).query.map(([, value]) => value)).toEqual(asked.query.map(([, value]) => value));
    const paid = asked.path.split("/").pop()!;
    await stand!.act({ pay: { session: paid } });
    const payload = JSON.stringify((await stand!.events()).findLast((event) => event.type === "checkout.session.completed"));
    const send = (signature: string) => request.post("/webhooks/stripe", { data: Buffer.from(payload), headers: { "stripe-signature": signature, "content-type": "application/json" } });
    const signature = stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET });
    expect((await send(stripe.webhooks.generateTestHeaderString({ payload, secret: "whsec_other" }))).status()).toBe(400);
    const old = Math.floor(Date.now() / 1000) - 400;
    expect((await send(stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp: old }))).status()).toBe(400);
    expect((await send(signature)).status()).toBe(200);
    await page.goto("/courses");
    await expect(page.getByRole("heading", { name: "Signed" })).toBeVisible();

    // A refund.
    await page.goto("/purchases");
    const href = await page.getByRole("link", { name: "A deck of cards" }).getAttribute("href");
    const refunded = await request.post("/api/admin/refund_purchase", { form: { id: href!.split("/").pop()!, "form[amount]": "5", "form[reason]": "duplicate" }, headers: { accept: "application/json" } });
    expect(refunded.ok(), await refunded.text()).toBe(true);
    const back = await latest(stand!, "POST", /refunds$/);
    await stripe.refunds.create({ payment_intent: back.form.find(([name]) => name === "payment_intent")![1], amount: 500, reason: "duplicate", metadata: { lectern_refund: "x" } }, { idempotencyKey: "y" });
    const like = await latest(stand!, "POST", /refunds$/);
    expect(names(back.form)).toEqual(names(like.form));
    expect(same(back)).toEqual(same(like));
    console.log(`stripe ${Stripe.PACKAGE_VERSION}: ${names(ours.form).length} parameters of a checkout and ${names(back.form).length} of a refund are the library's own`);
  } finally {
    await context.close();
    await request.dispose();
    await server.end();
    stand?.end();
  }
});
