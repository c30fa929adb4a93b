// What is around the text, and how the surface takes its field's place.
/** @import { EditorView } from "/vendor/codemirror.js" */
/** @import { Labels } from "./labels.js" */
import { element } from "./dom.js";

/** @typedef {ReturnType<typeof frame>} Frame */

/**
 * The surface's elements, and the field's own label.
 * @param {HTMLTextAreaElement} textarea
 * @param {Labels} labels
 */
export function frame(textarea, labels) {
  const label = textarea.labels[0];
  if (label && !label.id) label.id = `${textarea.id}-label`;
  const panels = element("div", { class: "writing-panels" });
  const head = element("div", { class: "writing-head" }, panels);
  const text = element("div", { class: "writing-text", "data-drop": labels.drop });
  const hint = element("span", { id: `${textarea.id}-keys` }, labels.keys);
  const count = element("span", { class: "num" });
  const status = element("span", { class: "visually-hidden", role: "status" });
  const foot = element("div", { class: "writing-foot" }, hint, count, status);
  const surface = element("div", { class: "writing" }, head, text, foot);
  return { label, head, panels, text, hint, count, status, surface };
}

/**
 * What the text is to assistive technology: what the field was.
 * @param {HTMLTextAreaElement} textarea
 * @param {Frame} frame
 * @returns {Record<string, string>}
 */
export function attributes(textarea, { label, hint }) {
  /** @type {Record<string, string>} */
  const set = {
    spellcheck: "true",
    autocorrect: "on",
    autocapitalize: "sentences",
    translate: "no",
    "aria-describedby": [textarea.getAttribute("aria-describedby"), hint.id].filter(Boolean).join(" "),
  };
  if (label) set["aria-labelledby"] = label.id;
  if (textarea.required) set["aria-required"] = "true";
  const invalid = textarea.getAttribute("aria-invalid");
  if (invalid) set["aria-invalid"] = invalid;
  return set;
}

/**
 * Puts the surface where the field is, which goes out of sight. What was selected in it is selected in the text.
 * @param {HTMLTextAreaElement} textarea
 * @param {Frame} frame
 * @param {EditorView} view
 * @returns {() => void} what takes that back, before the view is destroyed
 */
export function takePlace(textarea, { surface, label }, view) {
  const had = document.activeElement === textarea;
  const { selectionStart, selectionEnd } = textarea;
  const before = ["tabindex", "aria-hidden"].map((name) => /** @type {const} */ ([name, textarea.getAttribute(name)]));
  textarea.after(surface);
  textarea.classList.add("writing-field");
  textarea.tabIndex = -1;
  textarea.ariaHidden = "true";
  if (had) {
    view.dispatch({ selection: { anchor: selectionStart, head: selectionEnd }, scrollIntoView: true });
    view.focus();
  }

  const gone = new AbortController();
  const { signal } = gone;
  // Whoever leads to the field, a link to what is wrong in it or the browser's own check, leads to the text.
  const focus = () => view.focus();
  textarea.addEventListener("focus", focus, { signal });
  label?.addEventListener("click", focus, { signal });
  view.contentDOM.addEventListener("blur", () => textarea.dispatchEvent(new Event("change", { bubbles: true })), { signal });
  // The field's own events speak for the text. Those of the surface would come before the field has it, or are its helpers'.
  for (const name of ["input", "change"]) surface.addEventListener(name, (event) => event.stopPropagation());

  return () => {
    const focused = view.hasFocus;
    const { from, to } = view.state.selection.main;
    gone.abort();
    surface.remove();
    textarea.classList.remove("writing-field");
    for (const [name, value] of before) {
      if (value === null) textarea.removeAttribute(name);
      else textarea.setAttribute(name, value);
    }
    textarea.setSelectionRange(from, to);
    if (focused) textarea.focus();
  };
}
