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
import { chooseFiles, pasting, places, takeDrops } from "./writing/files.js";
import { findPanel } from "./writing/find.js";
import { attributes, frame, takePlace } from "./writing/frame.js";
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
  const written = EditorView.updateListener.of(({ docChanged, transactions }) => {
    if (docChanged) changed();
    if (transactions.length > 0) show();
  });
  const hint = labels.placeholder || textarea.placeholder;
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
      hint ? placeholder(hint) : [],
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
  const restore = takePlace(textarea, parts, view);
  show();
  count();

  textarea.form?.addEventListener("reset", () => queueMicrotask(() => set(textarea.defaultValue)), { signal });
  const observer = new MutationObserver(() => view.dispatch({ effects: locked.reconfigure(lock()) }));
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
      gone.abort();
      clearTimeout(counting);
      observer.disconnect();
      popover.destroy();
      restore();
      view.destroy();
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
