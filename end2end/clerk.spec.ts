// Signing in by Clerk, as far as its stand-in goes: the page, its policy, and what becomes of the person.
import { FakeClerk, NO_CLERK } from "./fake-clerk";
import { type BrowserContext, type Page, Watch, expect, listenForViolations, signUp, test, uniqueEmail } from "./fixtures";
import { NO_SERVER, Server } from "./server";

const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1" />';

/** A server whose people sign in by a stand-in of its own, and a browser that is watched. */
async function clerk(browser: { newContext(options: object): Promise<BrowserContext> }, use: (page: Page, stand: FakeClerk, server: Server, watch: Watch) => Promise<void>) {
  let stand: FakeClerk | undefined;
  const server = await Server.create(async (origin) => {
    stand = await FakeClerk.start(origin);
    return stand.settings;
  });
  const context = await browser.newContext({ baseURL: server.origin });
  const watch = new Watch(server.origin);
  watch.over(context);
  await listenForViolations(context);
  // The other hosts that are meant to be asked: Clerk, and where it keeps people's pictures.
  watch.announce(new RegExp(`^other host: ${stand!.origin}/`), /^other host: https:\/\/img\.clerk\.com\//);
  await context.route("https://img.clerk.com/**", (route) => route.fulfill({ contentType: "image/svg+xml", body: PICTURE }));
  try {
    await use(await context.newPage(), stand!, server, watch);
    expect(watch.problems, "what no page should do").toEqual([]);
  } finally {
    await context.close();
    await server.end();
    stand!.end();
  }
}

/** By the form of the stand-in's script. */
async function signIn(page: Page, email: string, name: string) {
  await page.getByLabel("Your e-mail").fill(email);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Continue with the stand-in" }).click();
}

async function signOut(page: Page, name: string) {
  await page.locator("summary").filter({ hasText: name }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
}

const viewer = async (page: Page) => ((await (await page.request.post("/api/current_viewer", { form: {} })).json()) as { user: { id: string; name: string } | null }).user;

test.beforeEach(() => {
  test.skip(!!NO_SERVER, NO_SERVER);
  test.skip(!!NO_CLERK, NO_CLERK);
  test.slow();
});

test("one signs in by Clerk, has an account by that, signs out of both, and comes back to the same", async ({ browser }) => {
  await clerk(browser, async (page, stand) => {
    const email = uniqueEmail();
    // Where one was going, one goes on to.
    await page.goto("/purchases");
    await page.waitForURL(/\/sign-in\?next=/);
    await signIn(page, email, "Ada Lovelace");
    await page.waitForURL(/\/purchases$/);
    await expect(page.locator("summary").filter({ hasText: "Ada Lovelace" })).toBeVisible();
    const first = await viewer(page);
    expect(first?.name).toBe("Ada Lovelace");

    await signOut(page, "Ada Lovelace");
    expect(await viewer(page)).toBeNull();
    await page.waitForURL(/\/sign-in$/);
    // Signed out at Clerk as well: whoever comes next is asked who they are.
    await page.goto("/sign-in");
    await expect(page.getByLabel("Your e-mail")).toBeVisible();
    await expect(page.getByRole("button", { name: /Continue as/ })).toBeHidden();

    await signIn(page, email, "");
    await page.waitForURL(/\/courses$/);
    expect((await viewer(page))?.id).toBe(first!.id);
    const kinds = (await stand.events()).map((event) => event.type);
    expect(kinds).toEqual(["user.created", "session.created", "session.removed", "session.created"]);
  });
});

test("whoever is signed in at Clerk and not here is asked before they are signed in", async ({ browser }) => {
  await clerk(browser, async (page, _, server) => {
    await page.goto("/sign-up?next=%2Fpurchases");
    await signIn(page, uniqueEmail(), "Bea");
    await page.waitForURL(/\/purchases$/);
    await page.context().clearCookies();
    await page.goto("/sign-in?next=%2Fpurchases");
    await expect(page.getByRole("button", { name: "Continue as Bea" })).toBeVisible();
    expect(await viewer(page)).toBeNull();
    await page.getByRole("button", { name: "Continue as Bea" }).click();
    await page.waitForURL(`${server.origin}/purchases`);
    expect((await viewer(page))?.name).toBe("Bea");
    await page.context().clearCookies();
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Use another account" }).click();
    await signIn(page, uniqueEmail(), "Carl");
    await page.waitForURL(/\/courses$/);
    expect((await viewer(page))?.name).toBe("Carl");
  });
});

test("whom Clerk deletes is refused at the next request, and so is whose session ends there", async ({ browser }) => {
  await clerk(browser, async (page, stand) => {
    await page.goto("/sign-in");
    await signIn(page, uniqueEmail(), "Ada");
    await page.waitForURL(/\/courses$/);
    const session = (await stand.events()).findLast((event) => event.type === "session.created")!.data.id;
    await stand.act({ end_session: { session, how: "revoked" } });
    await expect.poll(() => viewer(page)).toBeNull();
    await page.goto("/sign-in");
    const email = uniqueEmail();
    await signIn(page, email, "Bea");
    await page.waitForURL(/\/courses$/);
    const user = (await stand.events()).findLast((event) => event.type === "user.created")!.data.id;
    await stand.act({ delete: { user } });
    await expect.poll(() => viewer(page)).toBeNull();
    await page.goto("/courses");
    await page.waitForURL(/\/sign-in\?next=/);
  });
});

test("Clerk is added to an account, although it told of its person before they came", async ({ browser }) => {
  await clerk(browser, async (page) => {
    await signUp(page.context());
    await page.goto("/account");
    const own = await viewer(page);
    await page.getByRole("link", { name: "Add Clerk" }).click();
    await signIn(page, uniqueEmail(), "Ada at Clerk");
    await page.waitForURL(/\/account$/);
    await expect(page.getByRole("button", { name: "Remove Clerk" })).toBeVisible();
    await page.context().clearCookies({ name: "lectern" });
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Continue as Ada at Clerk" }).click();
    await page.waitForURL(/\/courses$/);
    expect(await viewer(page)).toEqual(own);
    await page.goto("/account");
    await page.getByRole("button", { name: "Remove Clerk" }).click();
    await expect(page.getByRole("link", { name: "Add Clerk" })).toBeVisible();
  });
});

test("what goes wrong on the way is said in words", async ({ browser }) => {
  await clerk(browser, async (page, stand, _, watch) => {
    const said = page.getByRole("region", { name: "Other ways in" }).getByRole("status");
    // The exchange does not answer, then refuses.
    watch.announce(/^failed request: POST \S+\/auth\/clerk/, /^console error: Failed to load resource: net::/);
    await page.route("**/auth/clerk", (route) => route.abort());
    await page.goto("/sign-in");
    await signIn(page, uniqueEmail(), "Ada");
    await expect(said).toHaveText("No answer just now. Try again in a moment.");
    await page.unroute("**/auth/clerk");
    watch.announceStatus(401);
    await page.route("**/auth/clerk", (route) => route.fulfill({ status: 401, json: { error: "Sign in to go on." } }));
    await page.getByRole("button", { name: "Continue as Ada" }).click();
    await expect(said).toHaveText("This sign-in was not accepted here. Try again.");
    await page.unroute("**/auth/clerk");
    await page.getByRole("button", { name: "Continue as Ada" }).click();
    await page.waitForURL(/\/courses$/);
    // Clerk's script cannot be had.
    await page.context().clearCookies();
    watch.announce(/^failed request: GET \S+\/clerk\.browser\.js/);
    await page.route(`${stand.origin}/npm/**`, (route) => route.abort());
    await page.goto("/sign-in");
    await expect(said).toContainText("could not be loaded");
    await expect(page.getByLabel("E-mail", { exact: true })).toBeVisible();
  });
});

test("only where one signs in does a page's policy name Clerk", async ({ browser }) => {
  await clerk(browser, async (page, stand) => {
    const policy = async (path: string) => (await page.request.get(path)).headers()["content-security-policy"]!;
    for (const path of ["/sign-in", "/sign-up"]) {
      expect(await policy(path)).toContain(`connect-src 'self' ${stand.origin};`);
    }
    for (const path of ["/", "/no/such/page", "/courses/00000000-0000-4000-8000-000000000000"]) {
      expect(await policy(path)).not.toContain(stand.origin);
      expect(await policy(path)).not.toContain("unsafe-inline");
    }
  });
});

test("without JavaScript the page says that this way in needs it, and the other one works", async ({ browser }) => {
  await clerk(
    { newContext: (options) => browser.newContext({ ...options, javaScriptEnabled: false }) },
    async (page, _, __, watch) => {
      // As the watched context does where script is off.
      watch.announce(/^failed request: GET \S+\/(?:pkg\/\S+|clerk)\.js csp$/, /^console warning: The resource \S+ was preloaded/);
      await page.goto("/sign-in");
      await expect(page.getByText("This way in needs JavaScript.")).toBeVisible();
      await expect(page.getByLabel("E-mail", { exact: true })).toBeVisible();
    },
  );
});
