// Signing in by OpenID Connect, against a certified provider: two of them, which sign by different keys.
import AxeBuilder from "@axe-core/playwright";
import { type BrowserContext, type Page, Watch, expect, listenForViolations, signUp, test, unique } from "./fixtures";
import { type Kind, OidcProvider, settingsFile } from "./oidc-provider";
import { NO_SERVER, Server } from "./server";

const SCHOOL: Kind = { slug: "school", name: "The School", alg: "RS256", method: "client_secret_basic" };
const CLUB: Kind = { slug: "club", name: "The Club", alg: "ES256", method: "client_secret_post" };

/** A server whose people sign in by two providers, and a browser that is watched. */
async function oidc(browser: { newContext(options: object): Promise<BrowserContext> }, use: (page: Page, watch: Watch) => Promise<void>) {
  const providers: OidcProvider[] = [];
  let file: ReturnType<typeof settingsFile> | undefined;
  const server = await Server.create(async (origin) => {
    for (const kind of [SCHOOL, CLUB]) providers.push(await OidcProvider.start(kind, origin));
    file = settingsFile(providers);
    return { LECTERN_OIDC_FILE: file.path };
  });
  const context = await browser.newContext({ baseURL: server.origin });
  const watch = new Watch(server.origin);
  watch.over(context);
  await listenForViolations(context);
  // The providers' own pages ask for a font of another host's, and for an icon that they do not have.
  watch.announce(/^other host: https:\/\/fonts\.googleapis\.com\//);
  await context.route("https://fonts.googleapis.com/**", (route) => route.fulfill({ contentType: "text/css", body: "" }));
  for (const { issuer } of providers) {
    watch.announce(new RegExp(`^other host: ${issuer}/`));
    await context.route(`${issuer}/favicon.ico`, (route) => route.fulfill({ status: 204 }));
  }
  try {
    await use(await context.newPage(), watch);
    expect(watch.problems, "what no page should do").toEqual([]);
  } finally {
    await context.close();
    await server.end();
    for (const provider of providers) provider.end();
    file?.remove();
  }
}

/** By the provider's own two pages: who one is, and whether this site may know. */
async function consent(page: Page, name: string) {
  await page.getByPlaceholder("Enter any login").fill(name);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

const viewer = async (page: Page) => ((await (await page.request.post("/api/current_viewer", { form: {} })).json()) as { user: { id: string; name: string; email: string } | null }).user;

test.beforeEach(() => {
  test.skip(!!NO_SERVER, NO_SERVER);
  test.slow();
});

test("one signs in by either provider, by keyboard, and comes back to the same account", async ({ browser }) => {
  await oidc(browser, async (page) => {
    await page.goto("/purchases");
    await page.waitForURL(/\/sign-in\?next=/);
    const violations = (await new AxeBuilder({ page }).analyze()).violations;
    expect(violations).toEqual([]);
    await page.getByRole("button", { name: "Continue with The School" }).press("Enter");
    await consent(page, "Ada");
    await page.waitForURL(/\/purchases$/);
    const ada = await viewer(page);
    expect(ada).toMatchObject({ name: "Ada of The School", email: "ada@example.org" });

    await page.context().clearCookies({ name: "lectern" });
    await page.goto("/sign-in");
    // The provider still knows this browser: one press, and nothing to type.
    await page.getByRole("button", { name: "Continue with The School" }).click();
    await page.waitForURL(/\/courses$/);
    expect((await viewer(page))?.id).toBe(ada!.id);

    // The same address at another provider is somebody else's.
    await page.context().clearCookies({ name: "lectern" });
    await page.goto("/sign-up");
    await page.getByRole("button", { name: "Continue with The Club" }).click();
    await consent(page, "Ada");
    await page.waitForURL(/\/courses$/);
    const other = await viewer(page);
    expect(other).toMatchObject({ name: "Ada of The Club", email: "ada@example.org" });
    expect(other!.id).not.toBe(ada!.id);
  });
});

test("a way in is added to an account, signs in to it, and is removed", async ({ browser }) => {
  await oidc(browser, async (page) => {
    await signUp(page.context());
    const bea = await viewer(page);
    await page.goto("/account");
    await page.getByRole("button", { name: "Add The Club" }).click();
    await consent(page, unique("Beatrice").replace(/\W/g, ""));
    await page.waitForURL(/\/account$/);
    await expect(page.getByRole("button", { name: "Remove The Club" })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.context().clearCookies({ name: "lectern" });
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Continue with The Club" }).click();
    await page.waitForURL(/\/courses$/);
    expect((await viewer(page))?.id).toBe(bea!.id);
    await page.goto("/account");
    await page.getByRole("button", { name: "Remove The Club" }).click();
    await expect(page.getByRole("button", { name: "Add The Club" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Remove The Club" })).toBeHidden();
  });
});

test("whoever changes their mind there is told, and can take another way", async ({ browser }) => {
  await oidc(browser, async (page) => {
    await page.goto("/sign-in?next=%2Fpurchases");
    await page.getByRole("button", { name: "Continue with The School" }).click();
    await page.getByRole("link", { name: "Cancel" }).click();
    await expect(page.getByRole("alert")).toContainText("You are not signed in");
    await page.getByRole("button", { name: "Continue with The School" }).click();
    await consent(page, "Carl");
    await page.waitForURL(/\/purchases$/);
  });
});

test("without JavaScript one signs in all the same", async ({ browser }) => {
  await oidc(
    { newContext: (options) => browser.newContext({ ...options, javaScriptEnabled: false }) },
    async (page, watch) => {
      // As the watched context does where script is off.
      watch.announce(/^failed request: GET \S+\/pkg\/\S+\.js csp$/, /^console warning: The resource \S+ was preloaded/);
      await page.goto("/sign-in");
      await page.getByRole("button", { name: "Continue with The Club" }).click();
      await consent(page, "Dora");
      await page.waitForURL(/\/courses$/);
      expect((await viewer(page))?.name).toBe("Dora of The Club");
    },
  );
});
