import { type Page, buy, expect, hydrated, open, signIn, signUp, test, unique } from "./fixtures";
import { type Viewer, world } from "./sites";

/** What holds for every page, whatever it shows. */
async function holds(page: Page, name: string) {
  const facts = await page.evaluate(() => ({
    headings: [...document.querySelectorAll("h1")].map((heading) => heading.textContent?.trim()),
    title: document.title,
    lang: document.documentElement.lang,
    main: document.querySelectorAll("main#main").length,
    sheets: [...document.styleSheets].length,
    wider: [...document.querySelectorAll<HTMLElement>("body *")]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && box.right > document.documentElement.clientWidth + 1 && getComputedStyle(element).position !== "absolute";
      })
      .map((element) => element.outerHTML.slice(0, 80)),
    scroll: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    styled: [...document.querySelectorAll("#main [style]")].map((element) => element.outerHTML.slice(0, 80)),
    ids: [...document.querySelectorAll("[id]")].map((element) => element.id).filter((id, at, all) => all.indexOf(id) !== at),
  }));
  expect.soft(facts.headings, `${name}: one h1`).toHaveLength(1);
  expect.soft(facts.headings[0], `${name}: the h1 says something`).toBeTruthy();
  expect.soft(facts.title, `${name}: a title`).toMatch(/^\S.* · Lectern$/);
  expect.soft(facts.lang, `${name}: a language`).toBe("en");
  expect.soft(facts.main, `${name}: one main`).toBe(1);
  expect.soft(facts.sheets, `${name}: the style sheet`).toBeGreaterThan(0);
  expect.soft(facts.scroll, `${name}: no horizontal scroll (${facts.wider.slice(0, 3).join("; ")})`).toBeLessThanOrEqual(0);
  expect.soft(facts.ids, `${name}: no id twice`).toEqual([]);
}

for (const viewer of ["visitor", "learner", "author"] as Viewer[]) {
  test(`every page of a ${viewer} is whole, quiet and fits @both`, async ({ context, another, author, watch }) => {
    test.slow();
    const { sites, enter } = await world(author, await another());
    await enter(context, viewer);
    watch.announceStatus(404);
    watch.announceStatus(403);
    const page = await context.newPage();
    const titles = new Map<string, string>();
    for (const site of sites.filter((site) => site.viewer === viewer)) {
      const response = await page.goto(site.path);
      expect.soft(response?.status(), `${site.name}: status`).toBe(site.status ?? 200);
      const url = new URL(page.url());
      if (site.leadsTo) expect.soft(url.pathname + url.search, `${site.name}: leads to`).toMatch(site.leadsTo);
      else expect.soft(url.pathname + url.search, `${site.name}: stays`).toBe(site.path);
      // What the gate refuses is a page without script.
      if (site.status !== 403) await expect.soft(page.locator("html[data-hydrated]"), `${site.name}: hydrates`).toBeAttached();
      await holds(page, site.name);
      if (!site.status && !site.leadsTo) {
        const title = await page.title();
        const [kind] = site.name.split(",");
        expect.soft(titles.get(title) ?? kind, `${site.name}: a title of its own (“${title}”)`).toBe(kind);
        titles.set(title, kind!);
      }
    }
  });
}

test("the way through the site leaves no console message, and from lesson to lesson the document stays", async ({ page, context, author }) => {
  const title = unique("Walk");
  const course = await author.course(title, { One: [{ name: "First", status: "preview" }, "Second"] });
  const product = await author.product(title, [course.id]);
  await signUp(context);
  await buy(context, product);
  await open(page, "/");
  await page.getByRole("link", { name: title, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await page.getByRole("link", { name: "Go to the course" }).click();
  await page.getByRole("link", { name: "First" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "First" })).toBeVisible();
  await expect(page).toHaveTitle(`First · ${title} · Lectern`);
  await hydrated(page);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await page.getByRole("link", { name: "Next Second" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Second" })).toBeVisible();
  await expect(page).toHaveTitle(`Second · ${title} · Lectern`);
  await expect(page).toHaveURL(new RegExp(`/lessons/${course.lessons.Second}$`));
  await expect(page.locator("#outline [aria-current=page]")).toHaveText(/Second/);
  // A page read from below its start is read from its start.
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  await expect(page.locator("main")).toBeFocused();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "First" })).toBeVisible();
  await expect(page).toHaveTitle(`First · ${title} · Lectern`);
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1, name: "Second" })).toBeVisible();
  await page.locator("#outline").getByRole("link", { name: "First" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "First" })).toBeVisible();
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
  // A link pressed with the control key is the browser's.
  const [other] = await Promise.all([
    context.waitForEvent("page"),
    page.getByRole("link", { name: "Next Second" }).click({ modifiers: ["Control"] }),
  ]);
  await expect(other.getByRole("heading", { level: 1, name: "Second" })).toBeVisible();
  await other.close();
  await page.getByRole("link", { name: "My courses" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "My courses" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "First" })).toBeVisible();
});

test("home and product say what they are to machines", async ({ page, author, request, baseURL }) => {
  const name = unique("Wood & <Nails>");
  const course = await author.course(unique("Wood"), { One: ["Saw"] });
  const product = await author.product(name, [course.id], { price: "1200", description: "**Cut** it. </script><b>Join</b> it." });
  await open(page, `/products/${product}`);
  await expect(page).toHaveTitle(`${name} · Lectern`);
  await expect(page.locator("link[rel=canonical]")).toHaveCount(1);
  const canonical = await page.locator("link[rel=canonical]").getAttribute("href");
  expect(canonical).toMatch(new RegExp(`^https?://.+/products/${product}$`));
  await expect(page.locator("meta[name=description]")).toHaveAttribute("content", /Cut it/);
  await expect(page.locator("meta[property='og:title']")).toHaveAttribute("content", name);
  await expect(page.locator("meta[property='og:description']")).toHaveAttribute("content", /Cut it/);
  await expect(page.locator("meta[property='og:type']")).toHaveCount(1);
  await expect(page.locator("meta[property='og:url']")).toHaveAttribute("content", canonical!);
  const data = JSON.parse((await page.locator("script[type='application/ld+json']").textContent())!);
  expect(data).toMatchObject({ "@type": "Course", name, offers: { price: "1200.00", priceCurrency: "USD" } });

  await open(page, "/");
  await expect(page.locator("link[rel=canonical]")).toHaveAttribute("href", /^https?:\/\/[^/]+\/?$/);
  await expect(page.locator("meta[name=description]")).toHaveCount(1);
  await expect(page.locator("meta[property='og:title']")).toHaveCount(1);

  const sitemap = await (await request.get("/sitemap.xml")).text();
  expect(sitemap).toContain(`/products/${product}<`);
  expect(await (await request.get("/robots.txt")).text()).toContain("Sitemap: ");
  expect((await request.get("/healthz")).status()).toBe(200);
  expect((await request.get("/readyz")).status()).toBe(200);
  expect(baseURL).toBeTruthy();
});

test("a private product and its course are nowhere for others", async ({ page, author, watch, request }) => {
  const name = unique("Secret");
  const course = await author.course(name, { One: [{ name: "Hidden", status: "preview" }] });
  const product = await author.product(name, [course.id], { status: "private" });
  watch.announceStatus(404);
  for (const path of [`/products/${product}`, `/courses/${course.id}`, `/courses/${course.id}/lessons/${course.lessons.Hidden}`]) {
    const response = await open(page, path);
    expect.soft(response?.status(), path).toBe(404);
    await expect.soft(page.getByRole("heading", { level: 1, name: "There is nothing here" }), path).toBeVisible();
    expect.soft(await page.content(), path).not.toContain("Hidden");
  }
  await open(page, "/");
  await expect(page.getByText(name)).toHaveCount(0);
  expect(await (await request.get("/sitemap.xml")).text()).not.toContain(product);
});

test("Continue leads to the first lesson that is not completed, after the last one that is", async ({ page, context, author }) => {
  const title = unique("Next");
  const course = await author.course(title, { One: ["a", { name: "draft", status: "private" }, "b"], Two: ["c", "d"] });
  const product = await author.product(title, [course.id]);
  await signUp(context);
  await buy(context, product);
  const complete = async (name: string, done = "true") => {
    const response = await context.request.post("/api/complete_lesson", { form: { course: course.id, lesson: course.lessons[name]!, done } });
    expect(response.ok()).toBe(true);
  };
  const leads = async (button: string, lesson: string) => {
    for (const path of ["/courses", `/courses/${course.id}`]) {
      await open(page, path);
      await page.getByRole("link", { name: button }).click();
      await expect(page.getByRole("heading", { level: 1, name: lesson, exact: true })).toBeVisible();
    }
  };
  await leads("Start", "a");
  await complete("a");
  await leads("Continue", "b");
  await complete("b");
  await leads("Continue", "c");
  await complete("c");
  await complete("d");
  await leads("Open again", "a");
});

test("the outline of a phone is a drawer: Escape, a press outside and a link close it @phone", async ({ page, context, author }) => {
  const course = await author.course(unique("Drawer"), { One: ["Top", "Bottom"] });
  await author.product(unique("Drawer"), [course.id]);
  await signIn(context, "author");
  await open(page, `/courses/${course.id}/lessons/${course.lessons.Top}`);
  const outline = page.getByRole("complementary", { name: "Course outline" });
  const button = page.getByRole("button", { name: "Outline", exact: true });
  await expect(outline).toBeHidden();
  await button.tap();
  await expect(outline).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(outline).toBeHidden();
  await expect(button).toBeFocused();
  await button.tap();
  await expect(outline).toBeVisible();
  await page.touchscreen.tap(350, 600);
  await expect(outline).toBeHidden();
  await button.tap();
  await outline.getByRole("link", { name: "Bottom" }).tap();
  await expect(page.getByRole("heading", { level: 1, name: "Bottom" })).toBeVisible();
  await expect(outline).toBeHidden();

  const site = page.getByRole("navigation", { name: "Site" });
  await page.getByRole("button", { name: "Menu" }).tap();
  await expect(site).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(site).toBeHidden();
  await page.getByRole("button", { name: "Menu" }).tap();
  await site.getByRole("link", { name: "My courses" }).tap();
  await expect(page.getByRole("heading", { level: 1, name: "My courses" })).toBeVisible();
  await expect(site).toBeHidden();
});

test("the built files keep for a year under names of their own, and come as brotli", async ({ page, request }) => {
  const files: string[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.startsWith("/pkg/")) files.push(pathname);
  });
  await open(page, "/");
  await page.waitForLoadState("networkidle");
  for (const ending of [/\.css$/, /\.wasm$/, /\.js$/]) expect(files.some((file) => ending.test(file)), `${ending} is loaded`).toBe(true);
  for (const file of new Set(files)) {
    const response = await request.get(file, { headers: { "accept-encoding": "br" } });
    expect.soft(response.headers()["cache-control"], file).toBe("public, max-age=31536000, immutable");
    expect.soft(response.headers()["content-encoding"], file).toBe("br");
    expect.soft(response.headers()["x-content-type-options"], file).toBe("nosniff");
  }
  for (const font of ["/fonts/figtree.woff2", "/fonts/source-serif-600.woff2"]) {
    expect.soft((await request.get(font)).headers()["cache-control"], font).toMatch(/max-age/);
  }
});

test("an open page that lost its session asks who one is", async ({ page, context, author, watch }) => {
  const course = await author.course(unique("Gone"), { One: ["Here"] });
  const product = await author.product(unique("Gone"), [course.id]);
  const person = await signUp(context);
  await buy(context, product);
  await open(page, `/courses/${course.id}/lessons/${course.lessons.Here}`);
  await context.clearCookies();
  watch.announceStatus(401);
  await page.getByRole("button", { name: "Mark as complete" }).click();
  await expect(page.getByText("Kept on this device. Sign in again, and it is saved.")).toBeVisible();
  await open(page, `/courses/${course.id}/lessons/${course.lessons.Here}`);
  await hydrated(page);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await context.request.post("/api/sign_in", { form: { "form[email]": person.email, "form[password]": person.password }, headers: { accept: "application/json" } });
  await Promise.all([page.waitForResponse("**/api/complete_lesson"), page.goto("/courses")]);
  await open(page, `/courses/${course.id}`);
  await expect(page.getByText("100 % complete")).toBeVisible();
});

test("names of 200 characters without a space fit a phone @phone", async ({ context, another, author }) => {
  test.slow();
  const long = (start: string) => unique(start).replaceAll(" ", "").padEnd(200, "m");
  const course = await author.course(long("c"), { [long("s")]: [long("l"), long("k")] });
  const product = await author.product(long("p"), [course.id]);
  const buyer = await another();
  const named = await signUp(buyer, { name: long("n"), email: `${unique("e").replaceAll(" ", "").padEnd(60, "m")}@${"example.".repeat(20)}org`, password: "correct horse battery" });
  await buy(buyer, product);
  const [purchase] = await (await buyer.request.post("/api/list_purchases", { form: {} })).json();
  const lesson = Object.values(course.lessons)[0];
  const section = Object.values(course.sections)[0];
  const learner = await buyer.newPage();
  for (const path of ["/", `/products/${product}`, `/products/${product}/purchase`, "/courses", `/courses/${course.id}`, `/courses/${course.id}/lessons/${lesson}`, "/purchases", `/purchases/${purchase.id}`]) {
    await open(learner, path);
    await holds(learner, path);
  }
  await signIn(context, "author");
  const page = await context.newPage();
  const { id } = (await author.people({ q: named.email })).rows[0]!;
  await author.grantByEmail(`${unique("w").replaceAll(" ", "").padEnd(60, "m")}@example.org`, course.id, long("w"));
  for (const path of [
    `/admin/people/${id}`,
    `/admin/people?course=${course.id}`,
    `/admin/courses/${course.id}/progress`,
    "/admin/courses",
    `/admin/courses/${course.id}/edit`,
    `/admin/courses/${course.id}/delete`,
    `/admin/sections/${section}/edit`,
    `/admin/sections/${section}/delete`,
    `/admin/sections/${section}/lessons/new`,
    `/admin/lessons/${lesson}/edit`,
    `/admin/lessons/${lesson}/move`,
    "/admin/products",
    `/admin/products/${product}/edit`,
    "/admin/sales",
  ]) {
    await open(page, path);
    await holds(page, path);
  }
  // The storefront, which other tests and pictures show, is rid of it.
  await author.request.post("/api/admin/update_product", {
    form: { id: product, "form[name]": unique("Long"), "form[price_dollars]": "1", "form[status]": "private", "courses[0]": course.id },
  });
});
