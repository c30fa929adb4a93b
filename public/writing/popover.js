// A small dialog below a tool: a few fields, and what to do with them.
import { button, element } from "./dom.js";

/**
 * What a popover asks and offers.
 * @typedef {object} Question
 * @property {string} label
 * @property {HTMLElement[]} fields the first gets the focus
 * @property {[string, () => void][]} actions the first is the one that Enter stands for
 */

/**
 * Popovers in a part of the page that is positioned.
 * @param {HTMLElement} host
 * @param {{ cancel: string }} labels
 * @param {() => void} leave takes the focus when one closes
 */
export function popovers(host, labels, leave) {
  /** @type {{ dialog: HTMLElement, opener: HTMLElement } | undefined} */
  let open;

  function close() {
    open?.dialog.remove();
    open?.opener.setAttribute("aria-expanded", "false");
    open = undefined;
  }

  function cancel() {
    close();
    leave();
  }

  const outside = (/** @type {Event} */ event) => {
    const target = /** @type {Node} */ (event.target);
    if (open && !open.dialog.contains(target) && !open.opener.contains(target)) close();
  };
  document.addEventListener("pointerdown", outside);
  document.addEventListener("focusin", outside);

  return {
    cancel,
    /** @param {HTMLElement} opener */
    isOpen: (opener) => open?.opener === opener,
    /**
     * Opens one below its tool, in place of the one that is open.
     * @param {HTMLElement} opener
     * @param {Question} question
     */
    ask(opener, { label, fields, actions }) {
      close();
      const offered = actions.map(([name, run], at) => {
        const offer = button({ class: `button button--small ${at === 0 ? "button--primary" : ""}` }, name);
        offer.addEventListener("click", () => {
          close();
          run();
        });
        return offer;
      });
      const never = button({ class: "button button--small button--quiet" }, labels.cancel);
      never.addEventListener("click", cancel);
      const dialog = element("div", { class: "writing-popover", role: "dialog", "aria-label": label });
      dialog.append(...fields, element("div", { class: "writing-popover-actions" }, ...offered, never));
      dialog.addEventListener("keydown", (event) => {
        if (event.key === "Escape") cancel();
        else if (event.key === "Enter" && event.target instanceof HTMLInputElement) offered[0]?.click();
        else return;
        event.preventDefault();
        event.stopPropagation();
      });
      dialog.style.setProperty("--at", `${opener.getBoundingClientRect().left - host.getBoundingClientRect().left}px`);
      open = { dialog, opener };
      opener.setAttribute("aria-expanded", "true");
      host.append(dialog);
      dialog.querySelector("input")?.select();
      dialog.querySelector("input")?.focus();
    },
    destroy() {
      close();
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    },
  };
}
