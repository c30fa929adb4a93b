// With 500 lessons on the page a step of a drag costs what it costs with 10: no request, and no node touched but the
// dragged row and the marker.
import { type Author, BIG_COURSE, type Page, bigCourse, expect, open, signIn, test, unique } from "./fixtures";

interface Cost {
  lessons: number;
  /** Nodes that one step touched. */
  nodes: string[];
  records: number;
  requests: string[];
}

/** What 40 pointer moves between two rows cost, measured in the page. */
async function costOfDrag(page: Page, course: string): Promise<Cost> {
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
  await page.mouse.move(end.x + 60, end.y + end.height * 0.75, { steps: 40 });
  const cost = await page.evaluate(() => (window as unknown as { costOfDrag: () => { nodes: string[]; records: number } }).costOfDrag());
  const during = [...requests];
  await page.keyboard.press("Escape");
  await page.mouse.up();
  return { lessons, ...cost, requests: during };
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

test("a drag step costs the same with 10 lessons and with 500, and no request", async ({ page, context, author }) => {
  test.slow();
  await signIn(context, "author");
  const short = await author.course(unique("Short"), {
    One: ["a", "b", "c", "d", "e"],
    Two: ["f", "g", "h", "i", "j"],
  });
  const small = await costOfDrag(page, short.id);
  const large = await costOfDrag(page, await longCourse(author));
  expect(small.lessons).toBe(10);
  expect(large.lessons).toBeGreaterThanOrEqual(500);
  for (const cost of [small, large]) {
    expect(cost.requests).toEqual([]);
    expect(cost.nodes).toEqual(["marker", "row"]);
    // At most: the row's translate, the marker's two, and its hidden, a step.
    expect(cost.records).toBeLessThanOrEqual(40 * 4);
  }
});
