// Every page of Lectern, by the kinds of viewer who see it: what the route table in src/app.rs lists.
import { packed } from "./zip";
import { type Author, type BrowserContext, buy, expect, signIn, signUp, unique, uniqueEmail } from "./fixtures";

export type Viewer = "visitor" | "learner" | "author";

export interface Site {
  name: string;
  path: string;
  viewer: Viewer;
  status?: number;
  /** Where it leads, if it is not a page of its own. */
  leadsTo?: RegExp;
}

export interface World {
  sites: Site[];
  course: string;
  product: string;
  /** Makes a context one of the viewers. */
  enter(context: BrowserContext, viewer: Viewer): Promise<void>;
}

const NOBODY = "00000000-0000-4000-8000-000000000000";

/** A course with everything in it, sold, bought and half learnt; and the addresses of all that shows it. */
export async function world(author: Author, buyer: BrowserContext): Promise<World> {
  const title = unique("Everything");
  const markdown = [
    "Some *words*, a [link](https://example.org/) and `code`.",
    "## A heading\n\n### One below",
    "- [x] done\n- [ ] to do\n\n1. one\n2. two",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "> [!NOTE]\n> An alert.\n\n> A quotation.",
    "```rust\n// A comment\nfn main() { println!(\"{}\", 1 + 1); }\n```",
    "A footnote.[^1]\n\n[^1]: Here.",
    "<details><summary>More</summary>\n\nHidden.\n\n</details>",
  ].join("\n\n");
  const course = await author.course(title, {
    Open: [
      { name: "A preview", status: "preview", markdown },
      { name: "A text", markdown },
      { name: "A video", video: "/pictures/nothing.mp4", status: "private" },
    ],
    Later: ["Another", { name: "A draft", status: "private" }],
    Empty: [],
  });
  const product = await author.product(unique("All"), [course.id], { description: "All **of** it.\n\n- one\n- two" });
  const free = await author.product(unique("Free"), [course.id], { price: "0", status: "public" });
  const lone = await author.product(unique("Alone"), [], { status: "private" });
  const person = await signUp(buyer);
  await buy(buyer, product);
  const complete = await buyer.request.post("/api/complete_lesson", {
    form: { course: course.id, lesson: course.lessons["A preview"]!, done: "true" },
  });
  expect(complete.ok()).toBe(true);
  const purchases = await (await buyer.request.post("/api/list_purchases", { form: {} })).json();
  const start = await buyer.request.post("/api/start_checkout", { form: { product: free }, maxRedirects: 0 });
  expect(start.ok()).toBe(true);
  const paid = await author.product(unique("Unpaid"), [course.id], { price: "7" });
  const unpaid = await buyer.request.post("/api/start_checkout", { form: { product: paid }, headers: { accept: "application/json" }, maxRedirects: 0 });
  const checkout = unpaid.headers().location!;
  const book = { "src/SUMMARY.md": "- [A](a.md)\n- [Gone](gone.md)\n", "src/a.md": "# A\n" };
  const file = { name: "a-book.zip", mimeType: "application/zip", buffer: packed(book) };
  const sent = await author.request.post("/admin/courses/import/upload", { multipart: { file }, maxRedirects: 0 });
  expect(sent.status(), await sent.text()).toBe(303);
  const files = { name: "a-lesson.md", mimeType: "text/markdown", buffer: Buffer.from("# A lesson from a file\n") };
  const bulk = await author.request.post(`/admin/sections/${course.sections.Later}/lessons/bulk/files`, { multipart: { files }, maxRedirects: 0 });
  expect(bulk.status(), await bulk.text()).toBe(303);
  const state = await buyer.storageState();
  // Somebody waits for each course that is looked at, so that the list of those is looked at, too.
  await author.grantByEmail(uniqueEmail(), course.id, "A gift");
  const lee = (await author.people({ course: course.id, q: person.email })).rows[0];
  const lesson = (name: string) => `/courses/${course.id}/lessons/${course.lessons[name]}`;

  const sites: Site[] = [
    { name: "storefront", path: "/", viewer: "visitor" },
    { name: "sign in", path: "/sign-in", viewer: "visitor" },
    { name: "sign up", path: "/sign-up", viewer: "visitor" },
    { name: "letter, asked for", path: "/sign-in/letter", viewer: "visitor" },
    { name: "letter, on its way", path: "/sign-in/sent", viewer: "visitor" },
    { name: "letter, to sign in", path: "/sign-in/link", viewer: "visitor" },
    { name: "letter, another password", path: "/sign-in/reset", viewer: "visitor" },
    { name: "account, asks who", path: "/account", viewer: "visitor", leadsTo: /^\/sign-in\?next=/ },
    { name: "account", path: "/account", viewer: "learner" },
    { name: "account, Clerk", path: "/account/clerk", viewer: "learner", status: 404 },
    { name: "account, address", path: "/account/confirm", viewer: "learner" },
    { name: "account, deletion", path: "/account/delete", viewer: "learner" },
    { name: "account, invited", path: "/account/join", viewer: "learner" },
    { name: "invitation", path: "/admin/people/invite", viewer: "author" },
    { name: "log", path: "/admin/audit", viewer: "author" },
    { name: "log, nothing found", path: "/admin/audit?q=nothing-has-these-words", viewer: "author" },
    { name: "account, first admin", path: "/account/admin", viewer: "learner" },
    { name: "product", path: `/products/${product}`, viewer: "visitor" },
    { name: "course", path: `/courses/${course.id}`, viewer: "visitor" },
    { name: "preview", path: lesson("A preview"), viewer: "visitor" },
    { name: "unknown address", path: "/no/such/page", viewer: "visitor", status: 404 },
    { name: "unknown product", path: `/products/${NOBODY}`, viewer: "visitor", status: 404 },
    { name: "purchase, asks who", path: `/products/${product}/purchase`, viewer: "visitor", leadsTo: /^\/sign-in\?next=/ },
    { name: "courses, asks who", path: "/courses", viewer: "visitor", leadsTo: /^\/sign-in\?next=/ },
    { name: "storefront, owned", path: "/", viewer: "learner" },
    { name: "product, owned", path: `/products/${product}`, viewer: "learner" },
    { name: "purchase", path: `/products/${paid}/purchase`, viewer: "learner" },
    { name: "demo payment", path: checkout, viewer: "learner" },
    { name: "back from paying", path: `${checkout}/return`, viewer: "learner" },
    { name: "purchases", path: "/purchases", viewer: "learner" },
    { name: "receipt", path: `/purchases/${purchases[0].id}`, viewer: "learner" },
    { name: "my courses", path: "/courses", viewer: "learner" },
    { name: "course, begun", path: `/courses/${course.id}`, viewer: "learner" },
    { name: "lesson, completed", path: lesson("A preview"), viewer: "learner" },
    { name: "lesson, open", path: lesson("A text"), viewer: "learner" },
    { name: "hidden lesson", path: lesson("A draft"), viewer: "learner", status: 404 },
    { name: "unknown receipt", path: `/purchases/${NOBODY}`, viewer: "learner", status: 404 },
    { name: "admin, refused", path: "/admin", viewer: "learner", status: 403 },
    { name: "overview", path: "/admin", viewer: "author" },
    { name: "courses", path: "/admin/courses", viewer: "author" },
    { name: "new course", path: "/admin/courses/new", viewer: "author" },
    { name: "import", path: "/admin/courses/import", viewer: "author" },
    { name: "import preview", path: sent.headers().location!, viewer: "author" },
    { name: "unknown import", path: `/admin/courses/import/${NOBODY}`, viewer: "author", status: 404 },
    { name: "course editor", path: `/admin/courses/${course.id}/edit`, viewer: "author" },
    { name: "course deletion, forbidden", path: `/admin/courses/${course.id}/delete`, viewer: "author" },
    { name: "section", path: `/admin/sections/${course.sections.Open}/edit`, viewer: "author" },
    { name: "section deletion", path: `/admin/sections/${course.sections.Open}/delete`, viewer: "author" },
    { name: "new lesson", path: `/admin/sections/${course.sections.Open}/lessons/new`, viewer: "author" },
    { name: "lessons from files", path: `/admin/sections/${course.sections.Open}/lessons/bulk`, viewer: "author" },
    { name: "lessons from files, report", path: bulk.headers().location!, viewer: "author" },
    { name: "lesson editor", path: `/admin/lessons/${course.lessons["A text"]}/edit`, viewer: "author" },
    { name: "lesson, move", path: `/admin/lessons/${course.lessons["A text"]}/move`, viewer: "author" },
    { name: "lesson deletion", path: `/admin/lessons/${course.lessons["A text"]}/delete`, viewer: "author" },
    { name: "lesson, versions", path: `/admin/lessons/${course.lessons["A text"]}/versions`, viewer: "author" },
    { name: "products", path: "/admin/products", viewer: "author" },
    { name: "new product", path: "/admin/products/new", viewer: "author" },
    { name: "product editor", path: `/admin/products/${product}/edit`, viewer: "author" },
    { name: "product deletion, forbidden", path: `/admin/products/${product}/delete`, viewer: "author" },
    { name: "product deletion", path: `/admin/products/${lone}/delete`, viewer: "author" },
    { name: "sales", path: "/admin/sales", viewer: "author" },
    { name: "coupons", path: "/admin/coupons", viewer: "author" },
    { name: "new coupon", path: "/admin/coupons/new", viewer: "author" },
    { name: "mail", path: "/admin/mail", viewer: "author" },
    { name: "sales, searched", path: `/admin/sales?q=${encodeURIComponent(person.email)}&product=${product}&state=paid`, viewer: "author" },
    { name: "sales, nothing found", path: "/admin/sales?from=2001-01-02&to=2001-01-01", viewer: "author" },
    { name: "sales, no such day", path: "/admin/sales?from=2001-02-30", viewer: "author", status: 404 },
    { name: "sale", path: `/admin/sales/${purchases[0].id}`, viewer: "author" },
    { name: "unknown sale", path: `/admin/sales/${NOBODY}`, viewer: "author", status: 404 },
    { name: "people", path: "/admin/people", viewer: "author" },
    { name: "person", path: `/admin/people/${lee!.id}`, viewer: "author" },
    { name: "course, how far they get", path: `/admin/courses/${course.id}/progress`, viewer: "author" },
    { name: "draft, as the author sees it", path: lesson("A draft"), viewer: "author" },
    { name: "private product, as the author sees it", path: `/products/${lone}`, viewer: "author" },
    { name: "unknown course", path: `/admin/courses/${NOBODY}/edit`, viewer: "author", status: 404 },
  ];
  expect(person.email).toBeTruthy();
  return {
    sites,
    course: course.id,
    product,
    async enter(context, viewer) {
      if (viewer === "learner") await context.addCookies(state.cookies);
      if (viewer === "author") await signIn(context, "author");
    },
  };
}
