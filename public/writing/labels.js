// What the writing surface says; `mount` takes other words for any of it.
import { shownKeys } from "./dom.js";

export const LABELS = {
  toolbar: "Formatting",
  heading: "Heading",
  strong: "Bold",
  emphasis: "Italic",
  link: "Link",
  quote: "Quotation",
  bulletedList: "Bulleted list",
  numberedList: "Numbered list",
  code: "Code",
  codeBlock: "Code block",
  table: "Table",
  files: "Picture or file",
  undo: "Undo",
  redo: "Redo",
  language: "Language",
  languageHint: "Colours the code; may stay empty.",
  insert: "Insert",
  change: "Change",
  plain: "Plain text",
  rows: "Rows",
  columns: "Columns",
  tableHeading: "Heading",
  cancel: "Cancel",
  find: "Find",
  replaceBy: "Replace by",
  previous: "Previous",
  next: "Next",
  replace: "Replace",
  replaceAll: "Replace all",
  matchCase: "Match case",
  close: "Close",
  noMatch: "Not found",
  drop: "Drop to add to the lesson",
  placeholder: "",
  /** @param {number} level 0 is text */
  headingLevel: (level) => (level ? `Heading, level ${level}` : "Text"),
  /** @param {number} at @param {number} all @param {boolean} more whether there are more than were counted */
  matches: (at, all, more) => `${at || "–"} of ${all}${more ? "+" : ""}`,
  /** @param {number} replaced */
  replaced: (replaced) => `${replaced} replaced`,
  /** @param {number} excess */
  tooLong: (excess) => `This is ${excess} ${excess === 1 ? "character" : "characters"} too long.`,
  /** @param {number} count */
  words: (count) => `${count.toLocaleString()} ${count === 1 ? "word" : "words"}`,
  keys: `Tab leaves the text. ${shownKeys("Mod-]")} indents, ${shownKeys("Mod-[")} takes that back, ${shownKeys("Mod-f")} finds.`,
  tableKeys: `${shownKeys("Mod-Enter")} goes to the next cell.`,
};

/** @typedef {typeof LABELS} Labels */
