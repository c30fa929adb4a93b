// Signing in by a passkey, in a browser whose device is made up (Chromium's virtual authenticator).
import { mkdirSync } from "node:fs";
import { expectAccessible } from "./axe";
import { type BrowserContext, type Page, Watch, expect, hydrated, listenForViolations, open, signUp, test } from "./fixtures";
import { tabTo } from "./keyboard";
import { NO_SERVER, Server } from "./server";

/** A device beside a page: whether its person is there, and how many keys it has. */
interface Device {
  ask(present: boolean): Promise<void>;
  keys(): Promise<number>;
}

async function device(page: Page): Promise<Device> {
  const client = await page.context().newCDPSession(page);
  await client.send("WebAuthn.enable");
  const { authenticatorId } = await client.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  });
  return {
    // Whoever is not there cancels.
    ask: async (present) => {
      await client.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: present });
    },
    keys: async () => (await client.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
  };
}

/** A server whose host has a name, and a browser that is watched: for an address of numbers no device makes a key. */
async function site(
  { browser, contextOptions, ...options }: { browser: { newContext(options: object): Promise<BrowserContext> }; contextOptions: object; [name: string]: unknown },
  use: (page: Page, watch: Watch) => Promise<void>,
) {
  let named = "";
  const server = await Server.create(async (origin) => {
    named = origin.replace("127.0.0.1", "localhost");
    return { LECTERN_PUBLIC_URL: named };
  });
  const context = await browser.newContext({ ...contextOptions, ...options, baseURL: named });
  const watch = new Watch(named);
  watch.over(context, options.javaScriptEnabled !== false);
  await listenForViolations(context);
  try {
    await use(await context.newPage(), watch);
    expect(watch.problems, "what no page should do").toEqual([]);
  } finally {
    await context.close();
    await server.end();
  }
}

const region = (page: Page) => page.getByRole("region", { name: "Passkeys" });

async function press(page: Page, name: string | RegExp) {
  await tabTo(page, page.getByRole("button", { name }));
  await page.keyboard.press("Enter");
}

/** A picture of a page to look at, in both themes, where SHOTS names a folder. */
async function shoot(page: Page, name: string) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const width = page.viewportSize()!.width;
    await page.screenshot({ path: `${process.env.SHOTS}/${name}-${width}-${colorScheme}.png`, fullPage: true });
  }
}

test.beforeEach(() => {
  test.skip(!!NO_SERVER, NO_SERVER);
  test.slow();
});

test("one adds a passkey, signs in by it and removes it, by keyboard alone @both", async ({ browser, contextOptions, viewport, isMobile, hasTouch }) => {
  await site({ browser, contextOptions, viewport, isMobile, hasTouch }, async (page, watch) => {
    const { name } = await signUp(page.context());
    const beside = await device(page);
    await open(page, "/account");
    const list = region(page).getByRole("listitem");
    await expect(list).toHaveCount(0);
    const called = region(page).getByLabel("What to call a new one");
    await expect(called).toHaveValue(/^Chrome on /);
    await tabTo(page, called);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("My own device");
    await page.keyboard.press("Enter");
    await expect(list).toHaveCount(1);
    await expect(list).toContainText("My own device");
    await expect(list).toContainText("not used yet");
    expect(await beside.keys()).toBe(1);
    await hydrated(page);

    // The same device once more: it says so by itself.
    await press(page, "Add a passkey");
    await expect(region(page).getByRole("status").filter({ hasText: "has a passkey for your account already" })).toBeVisible();
    expect(await beside.keys()).toBe(1);
    await expectAccessible(page, "the account with passkeys");
    await shoot(page, "account");

    await page.context().clearCookies();
    await open(page, "/sign-in?next=%2Fpurchases");
    await expectAccessible(page, "signing in by a passkey");
    await press(page, "Sign in with a passkey");
    await page.waitForURL(/\/purchases$/);
    await expect(page.locator("summary").filter({ hasText: name })).toBeAttached();

    await open(page, "/account");
    await expect(list).toContainText("last used");
    await press(page, "Remove My own device");
    await expect(list).toHaveCount(0);
    // The device still has its key, and this site knows it no more.
    await page.context().clearCookies();
    await open(page, "/sign-in");
    watch.announceStatus(400);
    await press(page, "Sign in with a passkey");
    await expect(page.getByRole("status").filter({ hasText: "belongs to no account here" })).toBeVisible();
    await expectAccessible(page, "a passkey that is not known");
    await shoot(page, "sign-in");
  });
});

test("what is cancelled, comes too late or finds nobody is said in words, and can be tried again", async ({ browser, contextOptions }) => {
  await site({ browser, contextOptions }, async (page, watch) => {
    await signUp(page.context());
    const beside = await device(page);
    await open(page, "/account");
    const said = page.locator("form[data-passkeys]").getByRole("status");
    await beside.ask(false);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await expect(said).toHaveText(/cancelled, or took too long\. Try again/);
    await beside.ask(true);
    // Nobody answers.
    await page.route("**/auth/passkeys/add", (route) => route.abort());
    watch.announce(/^failed request: POST \S+\/auth\/passkeys\/add /, /^console error: Failed to load resource/);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await expect(said).toHaveText("No answer just now. Try again in a moment.");
    await page.unroute("**/auth/passkeys/add");

    // Somebody signed out in another tab.
    const cookies = await page.context().cookies();
    await page.context().clearCookies();
    watch.announceStatus(401);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await expect(said).toHaveText(/^You are signed out/);
    await page.context().addCookies(cookies);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await expect(region(page).getByRole("listitem")).toHaveCount(1);

    await page.context().clearCookies();
    await open(page, "/sign-in");
    await beside.ask(false);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await expect(said).toHaveText(/cancelled, or took too long\. Try again/);
    await beside.ask(true);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.waitForURL(/\/courses$/);
  });
});

test("a browser that reads and writes no JSON of passkeys signs in by them all the same", async ({ browser, contextOptions }) => {
  await site({ browser, contextOptions }, async (page) => {
    await page.addInitScript(() => {
      const without = PublicKeyCredential as unknown as Record<string, unknown>;
      delete without.parseCreationOptionsFromJSON;
      delete without.parseRequestOptionsFromJSON;
      delete (PublicKeyCredential.prototype as unknown as Record<string, unknown>).toJSON;
    });
    await signUp(page.context());
    await device(page);
    await open(page, "/account");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await expect(region(page).getByRole("listitem")).toHaveCount(1);
    // It is told which keys there are.
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await expect(page.locator("form[data-passkeys]").getByRole("status")).toHaveText(/already/);
    await page.context().clearCookies();
    await open(page, "/sign-in");
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.waitForURL(/\/courses$/);
  });
});

test("a browser without passkeys shows no button that does nothing", async ({ browser, contextOptions }) => {
  await site({ browser, contextOptions }, async (page) => {
    await page.addInitScript(() => {
      delete (globalThis as { PublicKeyCredential?: unknown }).PublicKeyCredential;
    });
    await signUp(page.context());
    await open(page, "/account");
    await expect(page.getByText("To add one takes JavaScript")).toBeVisible();
    await expect(page.getByRole("button", { name: "Add a passkey" })).toBeHidden();
    await page.context().clearCookies();
    await open(page, "/sign-in");
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: "Sign in with a passkey" })).toBeHidden();
  });
});

test("without script there is no button that does nothing, and a passkey is removed by a plain form", async ({ browser, contextOptions }) => {
  await site({ browser, contextOptions }, async (page, watch) => {
    await signUp(page.context());
    await device(page);
    await open(page, "/account");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await expect(region(page).getByRole("listitem")).toHaveCount(1);
    const plain = await browser.newContext({ baseURL: new URL(page.url()).origin, javaScriptEnabled: false, storageState: await page.context().storageState() });
    watch.over(plain, false);
    watch.announce(/^failed request: GET \S+\/passkeys\.js csp$/);
    const still = await plain.newPage();
    await still.goto("/account");
    await expect(still.getByText("To add one takes JavaScript")).toBeVisible();
    await expect(still.getByRole("button", { name: "Add a passkey" })).toBeHidden();
    await still.getByRole("button", { name: /^Remove / }).click();
    await still.waitForURL(/\/account$/);
    await expect(region(still).getByRole("listitem")).toHaveCount(0);
    await plain.clearCookies();
    await still.goto("/sign-in");
    await expect(still.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    await expect(still.getByRole("button", { name: "Sign in with a passkey" })).toBeHidden();
    await plain.close();
  });
});
