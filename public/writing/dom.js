// The few elements that the writing surface is made of.

/**
 * An element with attributes and what is in it. Attributes that are `undefined` or `false` are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | undefined>} [attributes]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/**
 * A symbol of icons.svg, as `IconView` draws it.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/**
 * A field of a helper. It stands in the page's form and is no part of it: it is not sent, and Enter in it sends nothing.
 * @param {Record<string, string | number | boolean | undefined>} attributes
 */
export const field = (attributes) => element("input", { form: "", autocomplete: "off", ...attributes });

/**
 * A button that submits nothing.
 * @param {Record<string, string | number | boolean | undefined>} attributes
 * @param {(Node | string)[]} children
 */
export const button = (attributes, ...children) => element("button", { type: "button", ...attributes }, ...children);

export const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/**
 * Keys as people know them: `Mod-Shift-7` is Ctrl+Shift+7, or ⇧⌘7.
 * @param {string} keys
 */
export function shownKeys(keys) {
  const names = keys.split("-").map((key) => (key.length === 1 ? key.toUpperCase() : key));
  if (!MAC) return names.map((key) => (key === "Mod" ? "Ctrl" : key)).join("+");
  const marks = /** @type {Record<string, string>} */ ({ Shift: "⇧", Alt: "⌥", Mod: "⌘", Enter: "↩" });
  return names.sort((a, b) => Number(a === "Mod") - Number(b === "Mod") || Number(b in marks) - Number(a in marks)).map((key) => marks[key] ?? key).join("");
}

/**
 * The same as assistive technology takes them.
 * @param {string} keys
 */
export const announcedKeys = (keys) =>
  keys.split("-").map((key) => (key === "Mod" ? (MAC ? "Meta" : "Control") : key.length === 1 ? key.toUpperCase() : key)).join("+");
