import { type Locator, type Page, expect } from "./fixtures";

/** Presses Tab until something has the focus, as someone without a mouse does. */
export async function tabTo(page: Page, target: Locator, limit = 80) {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < limit; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      // What has the focus shows it: itself, by what is drawn over it, or by what it stands in.
      const ring = await target.evaluate((element) => {
        const seen = (style: CSSStyleDeclaration) => (style.outlineStyle !== "none" && style.outlineWidth !== "0px") || style.boxShadow !== "none";
        const within = [element, element.parentElement, element.closest(".card, .choice, .input-group, .writing")].filter((part) => part !== null);
        return seen(getComputedStyle(element, "::after")) || within.some((part) => seen(getComputedStyle(part)));
      });
      expect(ring, `the focus on ${target} is seen`).toBe(true);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${target}`);
}
