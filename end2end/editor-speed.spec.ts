// With 500 lessons on the page a step of a drag costs what it costs with 10: no request, no node touched but the dragged
// row and the marker, and by the browser's own trace no layout at all, for what moves is transformed.
import { type Author, BIG_COURSE, type Browser, type Page, bigCourse, expect, open, signIn, test, unique } from "./fixtures";

const STEPS = 40;

interface Cost {
  lessons: number;
  /** Nodes that one step touched. */
  nodes: string[];
  records: number;
  requests: string[];
  traced: Traced;
}

/** What Chromium's trace says. */
interface Traced {
  layouts: number;
  /** The most elements whose style was worked out at once. */
  styled: number;
}

async function traced(browser: Browser, page: Page, what: () => Promise<void>): Promise<Traced> {
  await browser.startTracing(page, { categories: ["devtools.timeline"] });
  await what();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: { name: string; args: { elementCount?: number } }[] };
  const named = (name: string) => trace.traceEvents.filter((event) => event.name === name);
  return { layouts: named("Layout").length, styled: Math.max(0, ...named("UpdateLayoutTree").map(({ args }) => args.elementCount ?? 0)) };
}

/** What 40 pointer moves between two rows cost, measured in the page and by the browser. */
async function costOfDrag(browser: Browser, page: Page, course: string): Promise<Cost> {
  await open(page, `/admin/courses/${course}/edit`);
  const rows = page.locator(".editor-lessons > li");
  const lessons = await rows.count();
  const at = Math.floor(lessons / 2);
  const list = page.locator(".editor-lessons").filter({ has: page.locator("li:nth-of-type(4)") }).first();
  const [from, to] = [list.locator("> li").nth(0), list.locator("> li").nth(3)];
  await from.evaluate((row) => row.scrollIntoView({ block: "center" }));
  expect(at).toBeGreaterThan(0);
  await page.waitForLoadState("networkidle");
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));

  const start = (await from.locator(".handle").boundingBox())!;
  const end = (await to.boundingBox())!;
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  // The first steps make a press a drag; what follows is measured.
  await page.mouse.move(start.x + 20, start.y + 30, { steps: 3 });
  await expect(page.locator("[data-dragging]")).toHaveCount(1);
  await page.evaluate(() => {
    const touched = new Map<Node, string>();
    let records = 0;
    const observer = new MutationObserver((changes) => {
      records += changes.length;
      for (const change of changes) {
        const target = change.target as Element;
        touched.set(target, target.hasAttribute?.("data-dragging") ? "row" : target.classList?.contains("drop-marker") ? "marker" : (target.outerHTML ?? target.nodeName).slice(0, 120));
      }
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    Object.assign(window, {
      costOfDrag: () => {
        records += observer.takeRecords().length;
        observer.disconnect();
        return { nodes: [...touched.values()].sort(), records };
      },
    });
  });
  const trace = await traced(browser, page, () => page.mouse.move(end.x + 60, end.y + end.height * 0.75, { steps: STEPS }));
  const cost = await page.evaluate(() => (window as unknown as { costOfDrag: () => { nodes: string[]; records: number } }).costOfDrag());
  const during = [...requests];
  await page.keyboard.press("Escape");
  await page.mouse.up();
  return { lessons, ...cost, requests: during, traced: trace };
}

async function longCourse(author: Author): Promise<string> {
  if (BIG_COURSE) return (await bigCourse(author)).id;
  const course = await author.course(unique("Long"));
  for (let at = 0; at < 20; at += 1) {
    const section = await author.section(course.id, `Section ${at}`);
    for (let lesson = 0; lesson < 25; lesson += 1) {
      await author.lesson(course.id, section, { name: `Lesson ${at}.${lesson}` });
    }
  }
  return course.id;
}

/** Costs of a drag in a short course and in a long one. */
async function costs(browser: Browser, page: Page, author: Author): Promise<[Cost, Cost]> {
  const short = await author.course(unique("Short"), {
    One: ["a", "b", "c", "d", "e"],
    Two: ["f", "g", "h", "i", "j"],
  });
  return [await costOfDrag(browser, page, short.id), await costOfDrag(browser, page, await longCourse(author))];
}

/** Makes a row higher, and waits until that is shown. */
async function grow(row: HTMLElement | SVGElement) {
  row.scrollIntoView({ block: "center" });
  row.style.paddingTop = "40px";
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}

test("a drag step costs the same with 10 lessons and with 500, and no request", async ({ browser, page, context, author }) => {
  test.slow();
  await signIn(context, "author");
  const [small, large] = await costs(browser, page, author);
  expect(small.lessons).toBe(10);
  expect(large.lessons).toBeGreaterThanOrEqual(500);
  for (const cost of [small, large]) {
    expect(cost.requests).toEqual([]);
    expect(cost.nodes).toEqual(["marker", "row"]);
    // At most: the row's translate, the marker's two, and its hidden, a step.
    expect(cost.records).toBeLessThanOrEqual(STEPS * 4);
    expect(cost.traced.layouts).toBe(0);
    expect(cost.traced.styled).toBeLessThanOrEqual(4);
  }
  // A trace that could see none would prove nothing.
  const grown = await traced(browser, page, () => page.locator(".editor-lessons > li").first().evaluate(grow));
  expect(grown.layouts).toBeGreaterThan(0);
});

test("layouts of a drag beside 562 lessons @bench", async ({ browser, page, context, author }) => {
  test.slow();
  await signIn(context, "author");
  for (const { lessons, traced } of await costs(browser, page, author)) {
    console.log(`drag beside ${lessons} lessons, ${STEPS} steps: ${traced.layouts} layouts, the style of ${traced.styled} elements at most at once`);
  }
});
