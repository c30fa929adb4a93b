// What every Markdown command takes and gives: text with a selection, and one change to it. Nothing here or in the files
// of the commands knows of a page.

/**
 * A text and what of it is selected, counted in UTF-16 units; nothing is where both ends are the same.
 * @typedef {{ text: string, from: number, to: number }} Writing
 */

/**
 * A part of a text and what takes its place.
 * @typedef {{ from: number, to: number, insert: string }} Change
 */

/**
 * One change, and what is selected after it.
 * @typedef {Change & { select: [number, number] }} Edit
 */

/**
 * Several changes as one edit. What was selected stays so: what is inserted at its ends is left out of it.
 * @param {Writing} writing
 * @param {Change[]} changes in their order, none over another; one at least
 * @param {[number, number]} [select] what is selected afterwards, where that is something else
 * @returns {Edit}
 */
export function edit({ text, from, to }, changes, select) {
  const start = Math.min(...changes.map((change) => change.from));
  const end = Math.max(...changes.map((change) => change.to));
  let insert = "";
  let at = start;
  for (const change of changes) {
    insert += text.slice(at, change.from) + change.insert;
    at = change.to;
  }
  select ??= from === to ? [moved(changes, from, true), moved(changes, from, true)] : [moved(changes, from, true), moved(changes, to, false)];
  return { from: start, to: end, insert, select };
}

/**
 * Where a place of a text is after changes to it.
 * @param {Change[]} changes
 * @param {number} place
 * @param {boolean} after whether it is behind what is inserted right there
 */
function moved(changes, place, after) {
  let shift = 0;
  for (const change of changes) {
    if (change.from > place || (change.from === place && change.to === place && !after)) break;
    if (change.to > place) return change.from + shift + change.insert.length;
    shift += change.insert.length - (change.to - change.from);
  }
  return place + shift;
}

/**
 * The text after an edit.
 * @param {string} text
 * @param {Edit} edit
 */
export const edited = (text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to);

/**
 * Where the line of a place begins.
 * @param {string} text
 * @param {number} place
 */
export const lineStart = (text, place) => (place === 0 ? 0 : text.lastIndexOf("\n", place - 1) + 1);

/**
 * Where the line of a place ends, before its line end.
 * @param {string} text
 * @param {number} place
 */
export function lineEnd(text, place) {
  const end = text.indexOf("\n", place);
  return end < 0 ? text.length : end;
}

/**
 * The whole lines that a selection touches. A line that it only ends before is not touched.
 * @param {Writing} writing
 * @returns {{ from: number, to: number }}
 */
export function wholeLines({ text, from, to }) {
  const last = to > from && text[to - 1] === "\n" ? to - 1 : to;
  return { from: lineStart(text, from), to: lineEnd(text, last) };
}

/**
 * The block that a selection touches: as far as the next blank lines.
 * @param {Writing} writing
 * @returns {{ from: number, to: number }}
 */
export function block(writing) {
  const { text } = writing;
  let { from, to } = wholeLines(writing);
  while (from > 0 && text.slice(lineStart(text, from - 1), from - 1).trim()) from = lineStart(text, from - 1);
  while (to < text.length && text.slice(to + 1, lineEnd(text, to + 1)).trim()) to = lineEnd(text, to + 1);
  return { from, to };
}

/**
 * Puts something between blank lines of its own, where the selection ends: into its line if that is blank, else below.
 * @param {Writing} writing
 * @param {string} lines without a line end at their end
 * @param {[number, number]} [select] what of them is selected then
 * @returns {Edit}
 */
export function insertBlock({ text, to }, lines, select = [lines.length, lines.length]) {
  const start = lineStart(text, to);
  const end = lineEnd(text, to);
  const blank = !text.slice(start, end).trim();
  const from = blank ? start : end;
  const above = text.slice(0, from).trimEnd() ? text.slice(0, from) : "";
  const lead = !above ? "" : blank ? (/\n[ \t]*\n$/.test(above) ? "" : "\n") : "\n\n";
  const below = text.slice(end);
  const tail = !below.trim() ? "" : /^\n[ \t]*(?:\n|$)/.test(below) ? "" : "\n";
  const at = from + lead.length;
  return { from, to: end, insert: lead + lines + tail, select: [at + select[0], at + select[1]] };
}

/**
 * What a line of Markdown is made of: its quotation marks, its indent, the mark of its list with the box of a task, and
 * the rest.
 * @typedef {{ quote: string, indent: string, marker: string, task: string, rest: string }} Line
 */

const LINE = /^((?: {0,3}> ?)*)([ \t]*)(?:([-*+]|\d{1,9}[.)])[ \t]+(\[[ xX]\][ \t]+)?)?(.*)$/s;

/**
 * @param {string} line
 * @returns {Line}
 */
export function parts(line) {
  const [, quote = "", indent = "", marker = "", task = "", rest = ""] = LINE.exec(line) ?? [];
  return { quote, indent, marker, task, rest };
}
