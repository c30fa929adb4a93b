// A row of tools, one stop of the Tab key: arrows go from tool to tool (the pattern of a toolbar).
import { announcedKeys, button, element, icon, shownKeys } from "./dom.js";

/**
 * One button of the row.
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} icon a symbol of icons.svg
 * @property {string} label
 * @property {string} [keys] as CodeMirror writes them
 * @property {boolean} [toggles] whether what it makes can be here already, and is then taken away
 * @property {boolean} [asks] whether it opens a popover
 * @property {(tool: HTMLButtonElement) => void} run
 */

/**
 * What tools show: those that are on, and those that can do nothing now.
 * @typedef {{ on: Set<string>, idle: Set<string>, level: number }} Shown
 */

/**
 * @param {string} label
 * @param {Tool[][]} groups
 */
export function toolbar(label, groups) {
  /** @type {Map<string, HTMLButtonElement>} */
  const tools = new Map();
  const bar = element("div", { class: "writing-tools", role: "toolbar", "aria-label": label });
  for (const group of groups) {
    const box = element("div", { class: "writing-group" });
    for (const tool of group) {
      const made = drawn(tool);
      tools.set(tool.name, made);
      box.append(made);
    }
    bar.append(box);
  }
  const all = [...tools.values()];
  const stop = (/** @type {HTMLButtonElement | undefined} */ tool) => all.forEach((other) => (other.tabIndex = other === tool ? 0 : -1));
  stop(all[0]);

  bar.addEventListener("focusin", (event) => stop(all.find((tool) => tool === event.target)));
  // A press takes no focus from the text, so that what is selected stays so, and a phone keeps its keyboard.
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.addEventListener("keydown", (event) => {
    const here = all.findIndex((tool) => tool === event.target);
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (here < 0 || next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    all[next % all.length]?.focus();
  });

  return {
    bar,
    /** @param {string} name */
    tool: (name) => tools.get(name),
    /** @param {Shown} shown */
    show({ on, idle, level }) {
      for (const [name, tool] of tools) {
        if (tool.hasAttribute("aria-pressed")) set(tool, "aria-pressed", String(on.has(name)));
        // Not `disabled`: the focus would be lost with the last step that is undone.
        set(tool, "aria-disabled", idle.has(name) ? "true" : undefined);
      }
      const heading = tools.get("heading");
      if (heading) set(heading, "data-level", level ? String(level) : undefined);
    },
  };
}

/**
 * @param {Tool} tool
 */
function drawn({ name, icon: symbol, label, keys, toggles, asks, run }) {
  const made = button(
    {
      class: "writing-tool",
      "data-tool": name,
      "aria-label": label,
      title: keys ? `${label} (${shownKeys(keys)})` : label,
      "aria-keyshortcuts": keys && announcedKeys(keys),
      "aria-pressed": toggles && "false",
      "aria-haspopup": asks && "dialog",
      "aria-expanded": asks && "false",
    },
    icon(symbol),
  );
  made.addEventListener("click", () => made.getAttribute("aria-disabled") !== "true" && run(made));
  return made;
}

/**
 * Sets an attribute where it differs: what is set again is drawn again.
 * @param {Element} element
 * @param {string} name
 * @param {string | undefined} value
 */
function set(element, name, value) {
  if (value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
