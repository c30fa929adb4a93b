import AxeBuilder from "@axe-core/playwright";
import { type Page, expect } from "./fixtures";

/** What axe finds, a line each; in the dark only what depends on colours. */
export async function findings(page: Page, dark = false): Promise<string[]> {
  // Legacy: in the page itself, for there are no frames to look into; the other way opens a page a run.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).setLegacyMode();
  const { violations } = await (dark ? axe.withRules(["color-contrast", "link-in-text-block"]) : axe).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} – ${failureSummary?.split("\n")[1]?.trim()}`));
}

export async function expectAccessible(page: Page, name: string, themes: ("light" | "dark")[] = ["light", "dark"]) {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Colours that are still on their way from one theme to the other are nobody's.
    await page.evaluate(async () => {
      const ending = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
      const ended = Promise.all(ending.map((animation) => animation.finished.catch(() => undefined)));
      // None of ours takes a second: one that the browser no longer draws says nothing of its end.
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1_000))]);
    });
    expect.soft(await findings(page, colorScheme === "dark"), `${name}, ${colorScheme}`).toEqual([]);
  }
}
