// The tools of the writing surface: what each does, by button and by key.
/** @import { EditorView, KeyBinding } from "/vendor/codemirror.js" */
/** @import { Edit, Writing } from "./edit.js" */
/** @import { Labels } from "./labels.js" */
/** @import { Tool } from "./toolbar.js" */
import { redo, undo } from "/vendor/codemirror.js";
import { element, field } from "./dom.js";
import { codeBlock, languageAt, withoutFence } from "./fences.js";
import { code, emphasis, link, strong } from "./inline.js";
import { bulletedList, heading, numberedList, quote } from "./lines.js";
import { marksAt } from "./marks.js";
import { MOST_COLUMNS, MOST_ROWS, otherCell, table } from "./table.js";

/** Languages that the server colours, to choose from; any other may be written. */
const LANGUAGES =
  "bash c cpp cs css diff go haskell html java javascript json lua makefile markdown php python r ruby rust scala sql toml xml yaml".split(" ");

/** @typedef {(writing: Writing) => Edit | undefined} Command */

/**
 * What is selected of a view, as commands take it.
 * @param {EditorView} view
 * @returns {Writing}
 */
export function writingOf({ state }) {
  const { from, to } = state.selection.main;
  return { text: state.doc.toString(), from, to };
}

/**
 * Does what a command says; answers whether it said anything.
 * @param {EditorView} view
 * @param {Command} command
 */
export function run(view, command) {
  if (view.state.readOnly) return false;
  const edit = command(writingOf(view));
  if (!edit) return false;
  const { from, to, insert, select } = edit;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: select[0], head: select[1] },
    scrollIntoView: true,
    userEvent: "input",
  });
  return true;
}

/**
 * @param {object} given
 * @param {() => EditorView} given.view
 * @param {Labels} given.labels
 * @param {string} given.id to name elements by
 * @param {ReturnType<import("./popover.js").popovers>} given.popover
 * @param {(words: string) => void} given.say tells those who do not see it
 * @param {(() => void) | undefined} given.files asks for files
 * @returns {Tool[][]}
 */
export function tools({ view, labels, id, popover, say, files }) {
  /** @param {Command} command */
  const write = (command) => () => {
    run(view(), command);
    view().focus();
  };

  /**
   * @param {string} name
   * @param {string} icon
   * @param {string} label
   * @param {string | undefined} keys
   * @param {Command} command
   * @returns {Tool}
   */
  const toggle = (name, icon, label, keys, command) => ({ name, icon, label, keys, toggles: true, run: write(command) });

  function nextHeading() {
    write(heading)();
    say(labels.headingLevel(marksAt(view().state).level));
  }

  /** @param {HTMLButtonElement} tool */
  function askLanguage(tool) {
    if (popover.isOpen(tool)) return popover.cancel();
    const known = languageAt(writingOf(view()));
    const input = field({ class: "input input--small", list: `${id}-languages`, value: known ?? "", spellcheck: "false", autocapitalize: "off" });
    const list = element("datalist", { id: `${id}-languages` }, ...LANGUAGES.map((language) => element("option", { value: language })));
    const hint = element("span", { class: "field-hint" }, labels.languageHint);
    const put = write((writing) => codeBlock(writing, input.value));
    popover.ask(tool, {
      label: labels.codeBlock,
      fields: [element("label", { class: "field-label" }, labels.language, input, hint), list],
      actions: known === undefined ? [[labels.insert, put]] : [[labels.change, put], [labels.plain, write(withoutFence)]],
    });
  }

  /** @param {HTMLButtonElement} tool */
  function askTable(tool) {
    if (popover.isOpen(tool)) return popover.cancel();
    const count = (/** @type {number} */ max) =>
      field({ class: "input input--small", type: "number", inputmode: "numeric", min: 1, max, value: 3 });
    const [rows, columns] = [count(MOST_ROWS), count(MOST_COLUMNS)];
    const labelled = (/** @type {string} */ label, /** @type {HTMLElement} */ input) => element("label", { class: "field-label" }, label, input);
    const both = element("div", { class: "writing-popover-pair" }, labelled(labels.rows, rows), labelled(labels.columns, columns));
    const put = write((writing) => table(writing, rows.valueAsNumber, columns.valueAsNumber, labels.tableHeading));
    popover.ask(tool, {
      label: labels.table,
      fields: [both, element("p", { class: "field-hint" }, labels.tableKeys)],
      actions: [[labels.insert, put]],
    });
  }

  return [
    [{ name: "heading", icon: "heading", label: labels.heading, keys: "Mod-Shift-h", toggles: true, run: nextHeading }],
    [
      toggle("strong", "bold", labels.strong, "Mod-b", strong),
      toggle("emphasis", "italic", labels.emphasis, "Mod-i", emphasis),
      toggle("link", "link", labels.link, "Mod-k", link),
      toggle("code", "code", labels.code, "Mod-e", code),
    ],
    [
      toggle("bulletedList", "list", labels.bulletedList, "Mod-Shift-8", bulletedList),
      toggle("numberedList", "list-numbered", labels.numberedList, "Mod-Shift-7", numberedList),
      toggle("quote", "quote", labels.quote, "Mod-Shift-.", quote),
    ],
    [
      { name: "codeBlock", icon: "code-block", label: labels.codeBlock, keys: "Mod-Shift-k", toggles: true, asks: true, run: askLanguage },
      { name: "table", icon: "table", label: labels.table, asks: true, run: askTable },
      ...(files ? [{ name: "files", icon: "picture", label: labels.files, run: files }] : []),
    ],
    [
      { name: "undo", icon: "undo", label: labels.undo, keys: "Mod-z", run: () => undo(view()) },
      { name: "redo", icon: "redo", label: labels.redo, keys: "Mod-Shift-z", run: () => redo(view()) },
    ],
  ];
}

/** From cell to cell of a table. @type {KeyBinding[]} */
export const CELL_KEYS = [
  { key: "Mod-Enter", run: (view) => run(view, (writing) => otherCell(writing, 1)) },
  { key: "Shift-Mod-Enter", run: (view) => run(view, (writing) => otherCell(writing, -1)) },
];
