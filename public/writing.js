// The writing surface: a text field of a form as an editor of Markdown, by CodeMirror. The field stays what is sent: it is
// kept in step, out of sight. Where this cannot be loaded, the field is what it was.
/** @import { Labels } from "./writing/labels.js" */
import {
  Compartment,
  EditorState,
  EditorView,
  LanguageSupport,
  Prec,
  closeSearchPanel,
  defaultKeymap,
  deleteMarkupBackward,
  dropCursor,
  findNext,
  findPrevious,
  history,
  historyKeymap,
  indentUnit,
  insertNewlineContinueMarkupCommand,
  keymap,
  markdownLanguage,
  openSearchPanel,
  panels,
  placeholder,
  redoDepth,
  search,
  syntaxHighlighting,
  undoDepth,
} from "/vendor/codemirror.js";
import { element } from "./writing/dom.js";
import { chooseFiles, pasting, places, takeDrops } from "./writing/files.js";
import { findPanel } from "./writing/find.js";
import { LABELS } from "./writing/labels.js";
import { endBlock } from "./writing/lines.js";
import { highlighter, marksAt } from "./writing/marks.js";
import { popovers } from "./writing/popover.js";
import { toolbar } from "./writing/toolbar.js";
import { CELL_KEYS, run, tools } from "./writing/tools.js";

/** Milliseconds without a key until words are counted. */
const COUNT_AFTER = 300;

/**
 * What a page wants of the surface.
 * @typedef {object} Options
 * @property {Partial<Labels>} [labels] other words than the English ones
 * @property {(text: string) => void} [onChange] is told of every change, whoever made it; the field holds it already, and
 *   its `input` event was fired
 * @property {(files: File[], insert: (markdown: string) => void) => void} [onFiles] is given files that were chosen, pasted or
 *   dropped; `insert` may be called later and more than once, and puts its text where they were, one behind the other.
 *   Without it, files are not taken
 */

/**
 * A surface over a field.
 * @typedef {object} Surface
 * @property {() => string} text
 * @property {(text: string) => void} set replaces all of it, which can be undone
 * @property {() => void} focus
 * @property {(text: string) => void} insert in place of what is selected
 * @property {() => void} destroy leaves the field as it was, with what was written
 */

/**
 * Puts a surface over a field.
 * @param {HTMLTextAreaElement} textarea
 * @param {Options} [options]
 * @returns {Surface}
 */
export function mount(textarea, options = {}) {
  const labels = { ...LABELS, ...options.labels };
  const parts = frame(textarea, labels);
  const gone = new AbortController();
  const { signal } = gone;
  const { keep, follow } = places();
  const locked = new Compartment();
  const lock = () => [EditorState.readOnly.of(textarea.readOnly), EditorView.editable.of(!textarea.disabled)];

  /** @type {(files: File[], at: number) => void} */
  const take = (files, at) => {
    const place = keep(at);
    if (files.length > 0) options.onFiles?.(files, (markdown) => put(view, place.at, markdown));
  };
  const taken = options.onFiles && take;
  const popover = popovers(parts.head, labels, () => view.focus());
  const groups = tools({
    view: () => view,
    labels,
    id: textarea.id,
    popover,
    say: (words) => (parts.status.textContent = words),
    files: taken && (() => chooseFiles((files) => taken(files, view.state.selection.main.to))),
  });
  const bar = toolbar(labels.toolbar, groups);
  parts.head.prepend(bar.bar);

  function show() {
    const { on, level } = marksAt(view.state);
    const idle = new Set();
    if (undoDepth(view.state) === 0) idle.add("undo");
    if (redoDepth(view.state) === 0) idle.add("redo");
    bar.show({ on, level, idle });
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let counting;
  function count() {
    const words = textarea.value.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’_-]*/gu)?.length ?? 0;
    parts.count.textContent = labels.words(words);
  }

  function changed() {
    textarea.value = view.state.doc.toString();
    const excess = textarea.maxLength < 0 ? 0 : textarea.value.length - textarea.maxLength;
    textarea.setCustomValidity(excess > 0 ? labels.tooLong(excess) : "");
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
    options.onChange?.(textarea.value);
    clearTimeout(counting);
    counting = setTimeout(count, COUNT_AFTER);
  }

  const keys = groups.flat().flatMap(({ name, keys }) => (keys && name !== "undo" && name !== "redo" ? [{ key: keys, run: () => press(name) }] : []));
  const press = (/** @type {string} */ name) => {
    bar.tool(name)?.click();
    return true;
  };
  const written = EditorView.updateListener.of(({ docChanged, selectionSet, transactions }) => {
    if (docChanged) changed();
    if (docChanged || selectionSet || transactions.length > 0) show();
  });
  const state = EditorState.create({
    doc: textarea.value,
    extensions: [
      Prec.high(keymap.of([...keys, ...CELL_KEYS])),
      keymap.of([...MARKUP_KEYS, ...FIND_KEYS, ...historyKeymap, ...defaultKeymap]),
      new LanguageSupport(markdownLanguage),
      syntaxHighlighting(highlighter),
      history(),
      search({ top: true, createPanel: findPanel(labels) }),
      panels({ topContainer: parts.panels }),
      placeholder(labels.placeholder || textarea.placeholder),
      EditorView.lineWrapping,
      dropCursor(),
      EditorView.contentAttributes.of(() => attributes(textarea, parts)),
      // What is scrolled into view is not under the tools.
      EditorView.scrollMargins.of(() => ({ top: parts.head.offsetHeight })),
      EditorState.tabSize.of(4),
      indentUnit.of("    "),
      locked.of(lock()),
      pasting(taken, run),
      follow,
      written,
    ],
  });
  const view = new EditorView({ state, parent: parts.text });
  if (taken) takeDrops(parts.surface, view, taken);
  const had = document.activeElement === textarea ? [textarea.selectionStart, textarea.selectionEnd] : undefined;
  textarea.after(parts.surface);
  textarea.classList.add("writing-field");
  const [tabIndex, hidden] = [textarea.getAttribute("tabindex"), textarea.getAttribute("aria-hidden")];
  textarea.tabIndex = -1;
  textarea.ariaHidden = "true";
  if (had) {
    view.dispatch({ selection: { anchor: had[0] ?? 0, head: had[1] ?? 0 }, scrollIntoView: true });
    view.focus();
  }
  show();
  count();

  // Whoever leads to the field, a link to what is wrong in it or the browser's own check, leads here.
  textarea.addEventListener("focus", () => view.focus(), { signal });
  parts.label?.addEventListener("click", () => view.focus(), { signal });
  view.contentDOM.addEventListener("blur", () => textarea.dispatchEvent(new Event("change", { bubbles: true })), { signal });
  textarea.form?.addEventListener("reset", () => queueMicrotask(() => set(textarea.defaultValue)), { signal });
  const observer = new MutationObserver(() => view.dispatch({ effects: locked.reconfigure(lock()) }));
  // The field's own events speak for the text. Those of the surface would come before the field has it, or are its helpers'.
  for (const name of ["input", "change"]) parts.surface.addEventListener(name, (event) => event.stopPropagation());
  observer.observe(textarea, { attributeFilter: ["aria-invalid", "aria-describedby", "readonly", "disabled", "required"] });

  const set = (/** @type {string} */ text) => {
    if (text !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  };
  return {
    text: () => view.state.doc.toString(),
    set,
    focus: () => view.focus(),
    insert: (text) => view.dispatch(view.state.replaceSelection(text), { scrollIntoView: true, userEvent: "input" }),
    destroy() {
      const focused = view.hasFocus;
      const { anchor, head } = view.state.selection.main;
      gone.abort();
      clearTimeout(counting);
      observer.disconnect();
      popover.destroy();
      view.destroy();
      parts.surface.remove();
      textarea.classList.remove("writing-field");
      restore(textarea, "tabindex", tabIndex);
      restore(textarea, "aria-hidden", hidden);
      textarea.setSelectionRange(Math.min(anchor, head), Math.max(anchor, head));
      if (focused) textarea.focus();
    },
  };
}

/** Enter goes on with a list or a quotation, and ends it where its last item is empty. */
const MARKUP_KEYS = [
  { key: "Enter", run: (/** @type {EditorView} */ view) => run(view, endBlock) },
  { key: "Enter", run: insertNewlineContinueMarkupCommand({ nonTightLists: false }) },
  { key: "Backspace", run: deleteMarkupBackward },
];

/** Those of CodeMirror's that belong to the panel: its others open dialogs of their own, or select in many places. */
const FIND_KEYS = [
  { key: "Mod-f", run: openSearchPanel, scope: "editor search-panel" },
  { key: "F3", run: findNext, shift: findPrevious, scope: "editor search-panel", preventDefault: true },
  { key: "Mod-g", run: findNext, shift: findPrevious, scope: "editor search-panel", preventDefault: true },
  { key: "Escape", run: closeSearchPanel, scope: "editor search-panel" },
];

/**
 * The surface's elements, and the field's own words about it.
 * @param {HTMLTextAreaElement} textarea
 * @param {Labels} labels
 */
function frame(textarea, labels) {
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
 * @param {{ label: HTMLElement | undefined, hint: HTMLElement }} parts
 * @returns {Record<string, string>}
 */
function attributes(textarea, { label, hint }) {
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
 * Puts text at a place; the cursor goes along where it stands there.
 * @param {EditorView} view
 * @param {number} at
 * @param {string} insert
 */
function put(view, at, insert) {
  const { main } = view.state.selection;
  const selection = main.empty && main.head === at ? { anchor: at + insert.length } : undefined;
  view.dispatch({ changes: { from: at, insert }, selection, userEvent: "input" });
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | null} value
 */
function restore(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
