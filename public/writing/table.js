// Tables: a new one, and the way from cell to cell.
/** @import { Edit, Writing } from "./edit.js" */
import { insertBlock, lineEnd, lineStart } from "./edit.js";

/** As many as a table of a lesson can be read with. */
export const MOST_ROWS = 50;
export const MOST_COLUMNS = 12;

/** The shortest line of dashes that every reader of Markdown takes. */
const NARROWEST = 3;

/**
 * Puts a table below, with its first heading selected.
 * @param {Writing} writing
 * @param {number} rows without the one of headings
 * @param {number} columns
 * @param {string} [heading] what headings are called before they have a name
 * @returns {Edit}
 */
export function table(writing, rows, columns, heading = "Heading") {
  const across = Array.from({ length: within(columns, MOST_COLUMNS) });
  const headings = across.map((_, at) => `${heading} ${at + 1}`);
  const body = Array.from({ length: within(rows, MOST_ROWS) }, () => across.map(() => ""));
  const lines = written([headings, ...body], across.map(() => "---"));
  return insertBlock(writing, lines, [2, 2 + (headings[0] ?? "").length]);
}

/**
 * @param {number} count
 * @param {number} most
 */
const within = (count, most) => Math.min(most, Math.max(1, Math.trunc(count) || 1));

/**
 * Goes to the next cell of the table that the selection is in, or to the one before, and writes the table evenly. Behind
 * the last cell is a new row.
 * @param {Writing} writing
 * @param {1 | -1} step
 * @returns {Edit | undefined} nothing outside of a table
 */
export function otherCell(writing, step) {
  const found = tableAt(writing);
  if (!found) return;
  const { from, to, rows, rules } = found;
  const columns = rules.length;
  let cell = found.row * columns + found.column + step;
  if (cell < 0) cell = 0;
  if (cell >= rows.length * columns) rows.push(rules.map(() => ""));
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  const cells = rows[row] ?? [];
  const insert = written(rows, rules);
  // The rule stands below the headings.
  const line = row === 0 ? 0 : row + 1;
  const start = insert.split("\n").slice(0, line).join("\n").length + (line > 0 ? 1 : 0);
  const widths = widthsOf(rows, rules);
  const at = from + start + cells.slice(0, column).reduce((sum, cell, at) => sum + padded(cell, widths[at] ?? 0).length + 3, 2);
  return { from, to, insert, select: [at, at + (cells[column] ?? "").length] };
}

const RULE = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/**
 * The table around a place: its cells, without the rule below its headings, and which of them it is.
 * @param {Writing} writing
 */
function tableAt({ text, from: place }) {
  let [from, to] = [lineStart(text, place), lineEnd(text, place)];
  if (!text.slice(from, to).includes("|")) return;
  while (from > 0 && text.slice(lineStart(text, from - 1), from - 1).includes("|")) from = lineStart(text, from - 1);
  while (to < text.length && text.slice(to + 1, lineEnd(text, to + 1)).includes("|")) to = lineEnd(text, to + 1);
  const lines = text.slice(from, to).split("\n");
  const rules = cellsOf(lines[1] ?? "");
  if (!RULE.test(lines[1] ?? "") || cellsOf(lines[0] ?? "").length !== rules.length) return;
  const rows = lines.filter((_, at) => at !== 1).map((line) => {
    const cells = cellsOf(line);
    return rules.map((_, at) => cells[at] ?? "");
  });
  const before = text.slice(from, place).split("\n");
  const line = before.length - 1;
  const column = Math.max(0, cellsBefore(before.at(-1) ?? "") - 1);
  return { from, to, rows, rules, row: Math.max(0, line < 2 ? 0 : line - 1), column: Math.min(column, rules.length - 1) };
}

/** @param {string} line */
const cellsOf = (line) => line.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "").split(/(?<!\\)\|/).map((cell) => cell.trim());

/**
 * How many cells begin in a part of a line.
 * @param {string} part
 */
const cellsBefore = (part) => part.trimStart().replace(/^\|?/, "|").split(/(?<!\\)\|/).length - 1;

/**
 * @param {string[][]} rows
 * @param {string[]} rules
 */
const widthsOf = (rows, rules) => rules.map((_, at) => Math.max(NARROWEST, ...rows.map((row) => [...(row[at] ?? "")].length)));

/**
 * @param {string} cell
 * @param {number} width
 */
const padded = (cell, width) => cell + " ".repeat(Math.max(0, width - [...cell].length));

/**
 * Rows as lines of Markdown, each column as wide as its widest cell.
 * @param {string[][]} rows the headings first
 * @param {string[]} rules how each column is aligned, as the rule below the headings says it
 */
function written(rows, rules) {
  const widths = widthsOf(rows, rules);
  const line = (/** @type {string[]} */ cells) => `| ${cells.map((cell, at) => padded(cell, widths[at] ?? 0)).join(" | ")} |`;
  const rule = rules.map((rule, at) => {
    const [left, right] = [rule.startsWith(":") ? ":" : "", rule.endsWith(":") && rule.length > 1 ? ":" : ""];
    return left + "-".repeat((widths[at] ?? NARROWEST) - left.length - right.length) + right;
  });
  const [headings = [], ...body] = rows;
  return [line(headings), line(rule), ...body.map(line)].join("\n");
}
