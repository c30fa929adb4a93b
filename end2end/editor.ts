// The hands of the outline editor's tests: what a mouse, a finger and a keyboard do.

import { type Locator, type Page, expect, shownOrder } from "./fixtures";

export const handle = (page: Page, name: string) => page.getByRole("button", { name: `Reorder “${name}”` });

/** A lesson's row, by its name. */
export const row = (page: Page, name: string) => page.locator(".editor-lessons > li").filter({ has: handle(page, name) });

/** A section with its lessons, by its name. */
export const section = (page: Page, name: string) =>
  page.locator(".editor-section").filter({ has: page.getByRole("heading", { level: 3, name, exact: true }) });

export const live = (page: Page) => page.locator("#live");

interface Point {
  x: number;
  y: number;
}

async function middle(locator: Locator): Promise<Point> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("it has no place on the page");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** A point in the upper or lower part of a row: a lesson's, or a section's head, or (`whole`) all of a section. */
async function beside(page: Page, name: string, side: "above" | "below", whole = false): Promise<Point> {
  const target = whole ? section(page, name) : page.locator(".editor-row").filter({ has: handle(page, name) });
  const box = await target.boundingBox();
  if (!box) throw new Error(`${name} has no place on the page`);
  return { x: box.x + box.width / 2, y: box.y + box.height * (side === "above" ? 0.25 : 0.75) };
}

/** Brings both ends of a drag into the window, so that none scrolls it. */
async function intoView(page: Page, names: string[]) {
  await handle(page, names[0]!).evaluate((element) => element.scrollIntoView({ block: "center" }));
  for (const name of names) await expect(handle(page, name)).toBeInViewport();
}

/** Sections are dropped beside sections, whole ones; lessons beside lessons or on a section's head. */
const isSection = async (page: Page, name: string) => (await section(page, name).count()) === 1;

export async function dragByMouse(page: Page, name: string, side: "above" | "below", target: string, steps = 12) {
  await intoView(page, [name, target]);
  const from = await middle(handle(page, name));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  const to = await beside(page, target, side, await isSection(page, name));
  await page.mouse.move(to.x, to.y, { steps });
  await page.mouse.up();
}

type Touch = (type: "touchStart" | "touchMove" | "touchEnd", point?: Point) => Promise<unknown>;

async function byTouch(page: Page, gesture: (touch: Touch) => Promise<void>) {
  const session = await page.context().newCDPSession(page);
  await gesture((type, point) => session.send("Input.dispatchTouchEvent", { type, touchPoints: point ? [point] : [] }));
  await session.detach();
}

/** A finger's drag, by the events that a touch screen gives. */
export async function dragByTouch(page: Page, name: string, side: "above" | "below", target: string, steps = 12) {
  await intoView(page, [name, target]);
  const from = await middle(handle(page, name));
  const to = await beside(page, target, side, await isSection(page, name));
  await byTouch(page, async (touch) => {
    await touch("touchStart", from);
    for (let step = 1; step <= steps; step += 1) {
      const part = step / steps;
      await touch("touchMove", { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });
    }
    await touch("touchEnd");
  });
}

/** What scrolls a page: a finger that goes up beside the handles. */
export async function swipeUp(page: Page) {
  await byTouch(page, async (touch) => {
    await touch("touchStart", { x: 180, y: 600 });
    for (let y = 580; y >= 300; y -= 20) await touch("touchMove", { x: 180, y });
    await touch("touchEnd");
  });
}

/** Waits until the last move is stored. */
export async function saved(page: Page) {
  await expect(page.locator(".save-state").getByText("Saved", { exact: true })).toBeVisible();
}

export async function expectOrder(page: Page, order: [string, string[]][]) {
  // The page may be on its way still.
  await expect.poll(() => shownOrder(page).catch(() => [])).toEqual(order);
}

/** What can be done with a row, open or closed. */
export const menu = (page: Page, name: string) => page.locator("details.menu").filter({ has: page.getByLabel(`Actions for “${name}”`) });

export async function chooseInMenu(page: Page, name: string, item: string) {
  await page.getByLabel(`Actions for “${name}”`).click();
  await menu(page, name).getByRole("button", { name: item, exact: true }).click();
}

/** Keeps a page from being told what others change: it acts on what it saw. */
export async function deafen(page: Page) {
  // The answer by which an event stream ends and is not asked for again.
  await page.route("**/changes", (route) => route.fulfill({ status: 204 }));
}

/** The box that selects a lesson. */
export const pick = (page: Page, name: string) => page.getByRole("checkbox", { name: `Select “${name}”` });
