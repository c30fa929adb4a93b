import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type APIRequestContext,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
  test as base,
  expect,
} from "@playwright/test";

export { expect };
export type { APIRequestContext, Browser, BrowserContext, Locator, Page };

/** Fails the test on whatever no page should do: speak on the console, throw, open a dialog, fail a request. */
export class Watch {
  readonly problems: string[] = [];
  private readonly announced: { what: RegExp; seen: boolean }[] = [];

  constructor(private readonly origin: string) {}

  over(context: BrowserContext, script = true) {
    // Without script the browser refuses the page's module, wonders at what was preloaded for it, and drops that.
    if (!script) {
      this.announce(
        /^failed request: GET \S+\/(?:pkg\/\S+|product)\.js csp$/,
        /^console warning: The resource \S+ was preloaded/,
      );
    }
    // What the browser says only to those who ask for all it has to say is no message of the page.
    // Nor is its word that it dropped what a page's sign-out asked it to drop.
    context.on("console", (message) => {
      const own = (message.type() as string) === "verbose" || /^Clear-Site-Data header on .*: Cleared data types: "cache"\.$/.test(message.text());
      if (!own) this.report(`console ${message.type()}: ${message.text()}`);
    });
    context.on("weberror", (error) => this.report(`page error: ${error.error().message}`));
    context.on("dialog", (dialog) => {
      if (dialog.type() === "beforeunload" && this.leaving) {
        void dialog.accept();
        return;
      }
      this.report(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText;
      // A page that is left drops the files that it was still loading.
      // The last word on where a lesson was left goes out as the page does, and nobody waits for the answer.
      const dropped = why === "net::ERR_ABORTED" && /^(?:GET|POST) \S+\/((?:favicon|icons)\.svg|stream\.js|writing\S*|lesson-writing\.js|product\.js|product\/\S+\.js|vendor\/\S+|pkg\/\S+|fonts\/\S+|clip-\S+\.webm|api\/save_position|api\/admin\/(?:preview_lesson|save_draft|discard_draft)|captions\/\S+|covers\/\S+|admin\/courses\/\S+\/(?:changes|edit)|admin\/products\/card|media\/\S+|lessons\/\S+)$/.test(`${request.method()} ${request.url()}`);
      if (!dropped) this.report(`failed request: ${request.method()} ${request.url()} ${why}`);
    });
    context.on("response", (response) => {
      if (response.status() >= 400) this.report(`answer ${response.status()}: ${response.url()}`);
    });
    context.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(`${this.origin}/`) && !/^(data|blob|about):/.test(url)) this.report(`other host: ${url}`);
    });
  }

  /** Whether a browser that asks before an unsaved page is left is answered: leave. */
  leaving = false;

  /** Says before it happens what will be reported and is meant to be. */
  announce(...what: RegExp[]) {
    this.announced.push(...what.map((what) => ({ what, seen: false })));
  }

  /** An answer of this status, and the browser's own line about it. */
  announceStatus(status: number) {
    this.announce(new RegExp(`^answer ${status}:`), new RegExp(`^console error: Failed to load.* ${status} `));
  }

  private report(problem: string) {
    const known = this.announced.find(({ what }) => what.test(problem));
    if (known) known.seen = true;
    else this.problems.push(problem);
  }
}

/** A page that answers to script: everything before is only the server's HTML. */
export async function hydrated(page: Page) {
  await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
}

export async function open(page: Page, path: string) {
  const response = await page.goto(path);
  await hydrated(page);
  return response;
}

/** Writes a lesson's text, once what it is written in is there: before, it is a field that is about to give its place. */
export async function fillText(page: Page, markdown: string) {
  await expect(page.locator(".cm-content")).toBeVisible();
  await page.getByRole("textbox", { name: /^Text/ }).fill(markdown);
}

let counter = 0;
/** A name that no other test has, in this run or one before. */
export function unique(name: string) {
  counter += 1;
  return `${name} ${Date.now().toString(36)}${process.env.TEST_PARALLEL_INDEX ?? "0"}${counter.toString(36)}`;
}

export function uniqueEmail() {
  return `${unique("person").replaceAll(" ", "-")}@example.org`;
}

/** What a form without script would send; answers the response. */
async function post(request: APIRequestContext, path: string, form: Record<string, string>) {
  const response = await request.post(`/api/${path}`, {
    form,
    headers: { accept: "application/json" },
    maxRedirects: 0,
  });
  expect(response.status(), `POST ${path}: ${await response.text()}`).toBe(200);
  return response;
}

async function created(request: APIRequestContext, path: string, form: Record<string, string>): Promise<string> {
  return (await post(request, path, form)).json();
}

export async function signIn(context: BrowserContext, as: "author" | "learner") {
  await post(context.request, "sign_in_demo", { as });
}

export interface Person {
  name: string;
  email: string;
  password: string;
}

/** A person who is nobody yet. */
export function somebody(): Person {
  return { name: unique("Ada"), email: uniqueEmail(), password: "correct horse battery" };
}

/** Makes an account and signs it in, by the form's own request. */
export async function signUp(context: BrowserContext, person = somebody()): Promise<Person> {
  const { name, email, password } = person;
  await post(context.request, "sign_up", { "form[name]": name, "form[email]": email, "form[password]": password });
  return person;
}

export interface MadeCourse {
  id: string;
  title: string;
  /** By name. */
  sections: Record<string, string>;
  lessons: Record<string, string>;
}

export interface LessonSpec {
  name: string;
  status?: "public" | "preview" | "private";
  markdown?: string;
  video?: string;
}

export interface OutlineLesson {
  id: string;
  name: string;
  completed: boolean;
}

/** An outline's sections, out of the tuples that outlines travel as. */
export function outlineOf(outline: unknown[]): { name: string; lessons: OutlineLesson[] }[] {
  const sections = outline.at(-1) as [string, string, string, [string, string, string, string, boolean, boolean, boolean][]][];
  return sections.map(([, name, , lessons]) => ({
    name,
    lessons: lessons.map(([id, name, , , , completed]) => ({ id, name, completed })),
  }));
}

export interface Roster {
  total: number;
  rows: { id: string; name: string; email: string; progress: { completed: number; total: number } }[];
  next: string | null;
}

export interface SalesList {
  totals: { sales: number; paid: number; refunded: number };
  rows: { purchase: { id: string }; buyer_email: string }[];
  next: string | null;
}

/** The author's hands, quick: each call is the request that a form sends. */
export class Author {
  constructor(readonly request: APIRequestContext) {}

  async course(title: string, sections: Record<string, (string | LessonSpec)[]> = {}): Promise<MadeCourse> {
    const response = await post(this.request, "admin/create_course", {
      "form[title]": title,
      "form[description]": `What ${title} is about.`,
    });
    const id = /courses\/([0-9a-f-]+)\/edit/.exec(response.headers().location ?? "")?.[1] ?? "";
    const made: MadeCourse = { id, title, sections: {}, lessons: {} };
    for (const [name, lessons] of Object.entries(sections)) {
      made.sections[name] = await this.section(id, name);
      for (const lesson of lessons) {
        const spec = typeof lesson === "string" ? { name: lesson } : lesson;
        made.lessons[spec.name] = await this.lesson(id, made.sections[name]!, spec);
      }
    }
    return made;
  }

  section(course: string, name: string, status = "public"): Promise<string> {
    return created(this.request, "admin/create_section", { course, "form[name]": name, "form[status]": status });
  }

  lesson(course: string, section: string, lesson: LessonSpec): Promise<string> {
    return created(this.request, "admin/create_lesson", {
      course,
      section,
      stay: "true",
      "form[name]": lesson.name,
      "form[status]": lesson.status ?? "public",
      "form[video_url]": lesson.video ?? "",
      "form[markdown]": lesson.markdown ?? `This is **${lesson.name}**.`,
    });
  }

  /** Puts a course's sections into another order, as its editor does. */
  async reorderSections(course: string, seen: string[], wanted: string[]) {
    const places = (sections: string[]) => ({ sections, lessons: [] });
    const change = { Arrange: { seen: places(seen), wanted: places(wanted) } };
    const data = { course, tab: "00000000-0000-0000-0000-000000000000", change };
    expect((await this.request.post("/api/admin/change_outline", { data })).ok()).toBe(true);
  }

  async product(
    name: string,
    courses: string[],
    { price = "49", description = `All of ${name}.`, image = "", status = "public" } = {},
  ): Promise<string> {
    const form: Record<string, string> = {
      "form[name]": name,
      "form[description]": description,
      "form[image_url]": image,
      "form[price_dollars]": price,
      "form[status]": status,
    };
    courses.forEach((course, at) => (form[`courses[${at}]`] = course));
    await post(this.request, "admin/create_product", form);
    const found = (await this.products()).find((product) => product.name === name);
    expect(found, `the product ${name} is listed`).toBeDefined();
    return found!.id;
  }

  async products(): Promise<{ id: string; name: string }[]> {
    return (await post(this.request, "admin/list_products", {})).json();
  }

  async courses(): Promise<{ id: string; title: string; lessons: number }[]> {
    return (await post(this.request, "admin/list_courses", {})).json();
  }

  /** A page of the roster, by what its address says. */
  async people(asked: Record<string, string> = {}): Promise<Roster> {
    return (await post(this.request, "admin/list_people", asked)).json();
  }

  /** A page of the sales, by what its address says. */
  async sales(asked: Record<string, string> = {}): Promise<SalesList> {
    return (await post(this.request, "admin/list_sales", asked)).json();
  }

  async grantByEmail(email: string, course: string, note = "") {
    await post(this.request, "admin/grant_by_email", { "form[email]": email, "form[course]": course, "form[note]": note });
  }

  async outline(course: string): Promise<{ name: string; lessons: { id: string; name: string }[] }[]> {
    return outlineOf(await (await post(this.request, "admin/get_course", { id: course })).json());
  }
}

/** What the server holds: the names of a course's sections and lessons, in their order. */
export async function storedOrder(author: Author, course: string): Promise<[string, string[]][]> {
  const outline = await author.outline(course);
  return outline.map((section) => [section.name, section.lessons.map((lesson) => lesson.name)]);
}

/** What an editor shows, as {@link storedOrder} says it. */
export async function shownOrder(page: Page): Promise<[string, string[]][]> {
  return page.locator(".editor-section").evaluateAll((sections) =>
    sections.map((section) => [
      section.querySelector(".editor-head h3")?.textContent ?? "",
      [...section.querySelectorAll(".editor-lessons > li .editor-name")].map((lesson) => lesson.textContent ?? ""),
    ]),
  );
}

/** Buys by the requests of the purchase and payment pages. */
export async function buy(context: BrowserContext, product: string) {
  const response = await post(context.request, "start_checkout", { product });
  const checkout = /checkouts\/([0-9a-f-]+)/.exec(response.headers().location ?? "")?.[1];
  if (checkout) await post(context.request, "pay_demo_checkout", { id: checkout });
}

const courses = process.env.LECTERN_COURSES ?? fileURLToPath(new URL("../../shared/courses", import.meta.url));

/** The big course, where its folder is there: 562 lessons. */
export const BIG_COURSE = existsSync(`${courses}/comprehensive-rust`);
export const NO_BIG_COURSE = `skipped: there is no comprehensive-rust in ${courses} (LECTERN_COURSES)`;

export async function bigCourse(author: Author): Promise<{ id: string; title: string; lessons: number }> {
  const found = (await author.courses()).find((course) => course.title.startsWith("Comprehensive Rust"));
  expect(found, "comprehensive-rust is imported into the database under test").toBeDefined();
  return found!;
}

/** Adds what page script must never do to what is watched: run a payload, or break the page's own policy. */
export async function listenForViolations(context: BrowserContext) {
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`),
    );
  });
}

interface Fixtures {
  watch: Watch;
  /** A context of somebody else; watched too, closed at the end. */
  another: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** The demo's author, by requests, in a context of its own. */
  author: Author;
}

export const test = base.extend<Fixtures>({
  watch: [
    async ({ baseURL }, use) => {
      const watch = new Watch(new URL(baseURL!).origin);
      await use(watch);
      expect(watch.problems, "what no page should do, and this test did not announce").toEqual([]);
    },
    { auto: true },
  ],
  context: async ({ context, watch, javaScriptEnabled }, use) => {
    watch.over(context, javaScriptEnabled);
    await listenForViolations(context);
    await use(context);
  },
  another: async ({ browser, contextOptions, watch, baseURL, viewport, hasTouch, isMobile, javaScriptEnabled }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await (browser as Browser).newContext({
        ...contextOptions,
        baseURL,
        viewport,
        hasTouch,
        isMobile,
        javaScriptEnabled,
        ...options,
      });
      watch.over(context, options.javaScriptEnabled ?? javaScriptEnabled);
      await listenForViolations(context);
      contexts.push(context);
      return context;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  author: async ({ playwright, baseURL }, use) => {
    const request = await playwright.request.newContext({ baseURL });
    await post(request, "sign_in_demo", { as: "author" });
    await use(new Author(request));
    await request.dispose();
  },
});

/** The mark of a lesson in the player's outline, by what it says. */
export function outlineIcon(page: Page, lesson: string, label: string) {
  return page.getByRole("navigation", { name: "Lessons", exact: true }).getByRole("link", { name: lesson }).getByRole("img", { name: label });
}
