// What stands in for Clerk, and what the server believes of Clerk, held against Clerk's own library and Svix's.
import { createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createClerkClient, verifyToken } from "@clerk/backend";
import { verifyWebhook } from "@clerk/backend/webhooks";
import { Webhook } from "svix";
import { CLERK_KEY, CLERK_SECRET, FakeClerk, NO_CLERK } from "./fake-clerk";
import { expect, test } from "./fixtures";
import { NO_SERVER, Server } from "./server";

const ORIGIN = "http://127.0.0.1:3000";

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("Clerk's library believes the stand-in's tokens and webhooks, and reads its people", async () => {
  test.skip(!!NO_CLERK, NO_CLERK);
  const received: { body: string; headers: Record<string, string> }[] = [];
  const hook = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      received.push({ body: Buffer.concat(parts).toString(), headers: request.headers as Record<string, string> });
      response.end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  const { port } = hook.address() as { port: number };
  const stand = await FakeClerk.start(`http://127.0.0.1:${port}`);
  try {
    const user = await stand.act({ create: { email: "ada@example.org", name: "Ada Lovelace" } });
    const session = await stand.act({ sign_in: { user } });
    const token = await stand.token(session, ORIGIN);
    const jwtKey = await stand.pem();
    const authorizedParties = [ORIGIN];
    expect(await verifyToken(token, { jwtKey, authorizedParties })).toMatchObject({ sub: user, sid: session, azp: ORIGIN, iss: stand.origin });
    // By the list of keys, too.
    expect(await verifyToken(token, { secretKey: CLERK_KEY, apiUrl: stand.origin, authorizedParties })).toMatchObject({ sub: user });
    const [header, payload, signature] = token.split(".") as [string, string, string];
    const said = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
    for (const tampered of [
      [header, base64url({ ...said, sub: "user_other" }), signature].join("."),
      [base64url({ alg: "none", typ: "JWT", kid: "ins_fake_1" }), payload, ""].join("."),
      token.slice(0, -8),
    ]) {
      await expect(verifyToken(tampered, { jwtKey, authorizedParties })).rejects.toThrow();
    }
    await expect(verifyToken(token, { jwtKey, authorizedParties: ["https://learn.example.org"] })).rejects.toThrow();

    const clerk = createClerkClient({ secretKey: CLERK_KEY, apiUrl: stand.origin });
    const ada = await clerk.users.getUser(user);
    expect([ada.id, ada.fullName, ada.primaryEmailAddress?.emailAddress, ada.primaryEmailAddress?.verification?.status]).toEqual([user, "Ada Lovelace", "ada@example.org", "verified"]);
    await expect(clerk.users.getUser("user_nobody")).rejects.toMatchObject({ status: 404 });
    await expect(createClerkClient({ secretKey: "sk_test_other", apiUrl: stand.origin }).users.getUser(user)).rejects.toMatchObject({ status: 401 });

    await stand.act({ update: { user, name: "Ada L." } });
    await stand.act({ delete: { user } });
    await expect.poll(() => received.length).toBe(5);
    const request = ({ body, headers }: (typeof received)[number]) => new Request("http://127.0.0.1/", { method: "POST", body, headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith("svix-"))) });
    const events = await Promise.all(received.map((sent) => verifyWebhook(request(sent), { signingSecret: CLERK_SECRET })));
    expect(events.map((event) => event.type).sort()).toEqual(["session.created", "session.removed", "user.created", "user.deleted", "user.updated"]);
    const svix = new Webhook(CLERK_SECRET);
    for (const { body, headers } of received) {
      expect(() => svix.verify(body, headers)).not.toThrow();
      expect(() => svix.verify(`${body} `, headers)).toThrow();
      expect(() => new Webhook("whsec_b3RoZXI=").verify(body, headers)).toThrow();
    }
    await expect(verifyWebhook(request(received[0]!), { signingSecret: "whsec_b3RoZXI=" })).rejects.toThrow();
    console.log(`@clerk/backend and svix: 2 tokens, ${received.length} webhooks and a person believed`);
  } finally {
    stand.end();
    hook.close();
  }
});

test("the server believes what node's crypto signs by Clerk's key and what Svix's library signs, and nothing else", async ({ playwright }) => {
  test.skip(!!NO_SERVER, NO_SERVER);
  test.skip(!!NO_CLERK, NO_CLERK);
  test.slow();
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" }) as string;
  let stand: FakeClerk | undefined;
  const server = await Server.create(async (origin) => {
    // Nothing is told by itself, and nobody is looked up.
    stand = await FakeClerk.start(origin, "--lose", "100");
    const { CLERK_SECRET_KEY: _, ...settings } = stand.settings;
    return { ...settings, CLERK_JWT_KEY: pem };
  });
  const request = await playwright.request.newContext({ baseURL: server.origin });
  try {
    const now = Math.floor(Date.now() / 1000);
    const user = "user_2abcdefghijklmnopqrstuvwxyz";
    const claims = { azp: server.origin, exp: now + 60, nbf: now - 10, iat: now, iss: stand!.origin, sid: "sess_1", sub: user, sts: "active", v: 2, email: "ada@example.org", email_verified: true, name: "Ada" };
    const signed = (said: object, key = privateKey, alg = "RS256") => {
      const text = `${base64url({ alg, kid: "any", typ: "JWT" })}.${base64url(said)}`;
      return `${text}.${createSign(`RSA-SHA${alg.slice(2)}`).update(text).sign(key, "base64url")}`;
    };
    const exchange = (token: string) => request.post("/auth/clerk", { data: { token, next: "/purchases" } });
    // What Clerk's library believes, the server does; what that refuses, it refuses.
    const good = signed(claims);
    const believed = (token: string) => verifyToken(token, { jwtKey: pem, authorizedParties: [server.origin] }).then(() => true, () => false);
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    for (const [token, fine] of [
      [good, true],
      [signed({ ...claims, exp: now - 60, nbf: now - 120 }), false],
      [signed({ ...claims, nbf: now + 60 }), false],
      [signed({ ...claims, azp: "https://evil.example" }), false],
      [signed(claims, other), false],
      [good.slice(0, -8), false],
    ] as const) {
      expect(await believed(token)).toBe(fine);
      expect((await exchange(token)).status()).toBe(fine ? 200 : 401);
    }
    // More strictly than the library by itself.
    for (const token of [signed({ ...claims, iss: "https://clerk.evil.example" }), signed({ ...claims, azp: undefined }), signed(claims, privateKey, "RS512")]) {
      expect((await exchange(token)).status()).toBe(401);
    }
    const viewer = async () => (await (await request.post("/api/current_viewer", { form: {} })).json()) as { user: { name: string } | null };
    expect((await viewer()).user?.name).toBe("Ada");

    const payload = JSON.stringify({ type: "user.deleted", object: "event", data: { id: user, deleted: true, object: "user" } });
    const send = (secret: string, date: Date) => {
      const id = `msg_${randomUUID()}`;
      const signature = new Webhook(secret).sign(id, date, payload);
      const headers = { "svix-id": id, "svix-timestamp": `${Math.floor(date.getTime() / 1000)}`, "svix-signature": signature, "content-type": "application/json" };
      return request.post("/webhooks/clerk", { data: Buffer.from(payload), headers });
    };
    expect((await send("whsec_b3RoZXI=", new Date())).status()).toBe(400);
    expect((await send(CLERK_SECRET, new Date(Date.now() - 400_000))).status()).toBe(400);
    expect((await viewer()).user?.name).toBe("Ada");
    expect((await send(CLERK_SECRET, new Date())).status()).toBe(200);
    expect((await viewer()).user).toBeNull();
    expect((await exchange(signed(claims))).status()).toBe(401);
  } finally {
    await request.dispose();
    await server.end();
    stand?.end();
  }
});
