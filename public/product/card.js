// The product's card, by the same components as in the storefront, while its form is filled in.
import { headers, part } from "./dom.js";

/** Milliseconds that what is typed rests until it is shown. */
const REST = 350;

/**
 * Shows what is typed as the card.
 * @param {HTMLFormElement} form
 */
export function follow(form) {
  const card = part("card-sketch", HTMLElement);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  // Only the answer to the last question is shown.
  let asked = 0;

  async function show() {
    asked += 1;
    const number = asked;
    const fields = [...new FormData(form)].flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
    try {
      const answer = await fetch("/admin/products/card", { method: "POST", headers: headers(), body: new URLSearchParams(fields) });
      const html = await answer.text();
      if (answer.ok && number === asked) card.innerHTML = html;
    } catch {
      // What is there stays; the next key asks again.
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(resting);
    resting = setTimeout(() => void show(), REST);
  });
}
