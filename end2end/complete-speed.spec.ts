// What "Mark as complete" costs beside the outline of a long course, by the browser's own event timing (W3C Event
// Timing): printed, for times on a busy machine prove nothing.
import { BIG_COURSE, NO_BIG_COURSE, bigCourse, buy, expect, open, signUp, test, unique } from "./fixtures";

const PRESSES = 40;

interface Timed {
  /** Milliseconds of script between the press's arrival and its end. */
  script: number;
  /** Milliseconds from the press to the next paint, in steps of 8. */
  paint: number;
}

test("completing beside 562 lessons @bench", async ({ page, context, author }) => {
  test.skip(!BIG_COURSE, NO_BIG_COURSE);
  test.slow();
  const { id, lessons } = await bigCourse(author);
  const product = await author.product(unique("Long"), [id], { price: "0" });
  await signUp(context);
  await buy(context, product);
  const first = (await author.outline(id))[5]!.lessons[1]!.id;
  await page.addInitScript(() => {
    const timed: { script: number; paint: number }[] = [];
    Object.assign(window, { __timed: timed });
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as PerformanceEventTiming[]) {
        if (entry.name === "click") timed.push({ script: entry.processingEnd - entry.processingStart, paint: entry.duration });
      }
    });
    // 16 ms is the least that a browser reports.
    observer.observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  });
  await open(page, `/courses/${id}/lessons/${first}`);
  const button = page.locator(".lesson-bar button");
  for (let press = 0; press < PRESSES; press += 1) {
    await button.click();
    await expect(button).toHaveText(press % 2 === 0 ? "Undo" : "Mark as complete");
    await page.waitForTimeout(60);
  }
  const timed = await page.evaluate(() => (window as unknown as { __timed: Timed[] }).__timed);
  const sorted = (what: keyof Timed) => timed.map((one) => one[what]).sort((a, b) => a - b);
  const [script, paint] = [sorted("script"), sorted("paint")];
  const say = (times: number[]) => (times.length ? `median ${times[times.length >> 1]!.toFixed(1)}, most ${times.at(-1)!.toFixed(1)} ms` : "none");
  console.log(`complete beside ${lessons} lessons, ${PRESSES} presses: ${PRESSES - timed.length} painted within 16 ms; of the others, script ${say(script)}; to the next paint ${say(paint)}`);
});
