// Commands over whole lines: headings, lists, quotations.
/** @import { Edit, Line, Writing } from "./edit.js" */
import { lineEnd, lineStart, parts, wholeLines } from "./edit.js";
import { fenceAt } from "./fences.js";

/**
 * Puts other lines in place of those that are selected. The cursor keeps its distance to the end of its line, for lines
 * change at their beginning.
 * @param {Writing} writing
 * @param {(lines: string[]) => string[]} change gives as many lines as it takes
 * @returns {Edit}
 */
function overLines(writing, change) {
  const { text, from, to } = writing;
  const range = wholeLines(writing);
  const before = text.slice(range.from, range.to).split("\n");
  const after = change(before);
  /** @param {number} place */
  const moved = (place) => {
    let [old, now] = [range.from, range.from];
    for (const [at, line] of before.entries()) {
      const end = old + line.length;
      const length = after[at]?.length ?? 0;
      if (place <= end) return now + Math.max(0, length - (end - place));
      old = end + 1;
      now += length + 1;
    }
    // Behind the line end that the selection ends with.
    return now + (place - old);
  };
  const whole = from < to && from === range.from;
  return { ...range, insert: after.join("\n"), select: [whole ? range.from : moved(from), moved(to)] };
}

/**
 * The lines that say something, or the only one.
 * @template {{ rest: string }} T
 * @param {T[]} rows
 */
const telling = (rows) => (rows.length === 1 ? rows : rows.filter((row) => row.rest.trim()));

const HEADING = /^(#{1,6})(?:[ \t]+|$)/;

/** @param {string} rest */
const levelOf = (rest) => HEADING.exec(rest)?.[1]?.length ?? 0;

/** What a heading becomes with the next press: the page has its own first heading. @type {Record<number, number>} */
const NEXT = { 0: 2, 1: 2, 2: 3, 3: 4 };

/**
 * Makes headings of one level up, of the next one, and text again.
 * @param {Writing} writing
 * @returns {Edit}
 */
export function heading(writing) {
  return overLines(writing, (lines) => {
    const rows = lines.map(parts);
    const level = NEXT[levelOf(telling(rows)[0]?.rest ?? "")] ?? 0;
    const mark = level ? `${"#".repeat(level)} ` : "";
    const meant = new Set(telling(rows));
    return rows.map((row, at) => {
      const { quote, indent, marker, task, rest } = row;
      if (!meant.has(row)) return lines[at] ?? "";
      return `${quote}${indent}${marker && `${marker} `}${task}${mark}${rest.replace(HEADING, "")}`;
    });
  });
}

/**
 * Makes a bulleted list of the selected lines, out of a numbered one as well, or plain lines again.
 * @param {Writing} writing
 */
export const bulletedList = (writing) => list(writing, false);

/**
 * Makes a numbered list, or plain lines again; it goes on counting where it follows on an item.
 * @param {Writing} writing
 */
export const numberedList = (writing) => list(writing, true);

/**
 * @param {Writing} writing
 * @param {boolean} numbered
 * @returns {Edit}
 */
function list(writing, numbered) {
  const before = lineBefore(writing);
  return overLines(writing, (lines) => {
    const rows = lines.map(parts);
    const meant = new Set(telling(rows));
    const is = (/** @type {Line} */ row) => row.marker !== "" && /\d/.test(row.marker) === numbered;
    if ([...meant].every(is)) {
      return rows.map((row, at) => (meant.has(row) ? row.quote + row.rest : (lines[at] ?? "")));
    }
    const first = before && numbered && is(before) ? Number.parseInt(before.marker, 10) : 0;
    const place = nesting(first);
    return rows.map((row, at) => {
      if (!meant.has(row)) return lines[at] ?? "";
      const { column, number } = place(row.indent.length, numbered);
      return `${row.quote}${" ".repeat(column)}${numbered ? `${number}.` : "-"} ${row.task}${row.rest}`;
    });
  });
}

/**
 * The line above the selection.
 * @param {Writing} writing
 */
function lineBefore(writing) {
  const { from } = wholeLines(writing);
  return from === 0 ? undefined : parts(writing.text.slice(lineStart(writing.text, from - 1), from - 1));
}

/**
 * Where each item of a list goes, one after the other: an item below another stands under that one's text, for marks of
 * lists are not all as wide.
 * @param {number} counted how far the first level is counted already
 */
function nesting(counted) {
  /** @type {{ indent: number, column: number, number: number, content: number }[]} */
  const levels = [];
  return (/** @type {number} */ indent, /** @type {boolean} */ numbered) => {
    while (levels.length > 1 && indent < (levels.at(-1)?.indent ?? 0)) levels.pop();
    let level = levels.at(-1);
    if (!level || indent > level.indent + 1) {
      level = { indent, column: level ? level.content : indent, number: level ? 0 : counted, content: 0 };
      levels.push(level);
    }
    level.number += 1;
    level.content = level.column + (numbered ? String(level.number).length + 2 : 2);
    return level;
  };
}

/**
 * Makes one quotation of the selected lines, or takes its marks away.
 * @param {Writing} writing
 * @returns {Edit}
 */
export function quote(writing) {
  return overLines(writing, (lines) => {
    const meant = lines.length === 1 ? lines : lines.filter((line) => line.trim());
    if (meant.every((line) => parts(line).quote)) return lines.map((line) => line.replace(/^ {0,3}> ?/, ""));
    return lines.map((line) => (line.trim() || lines.length === 1 ? `> ${line}` : ">"));
  });
}

/** A quotation's mark or an item's, of the outermost level, and nothing behind it. */
const EMPTY = /^(?:>|(?:[-*+]|\d{1,9}[.)])(?: \[[ xX]\])?)[ \t]*$/;

/**
 * Ends a list or a quotation at its last line, where that is empty. A blank line stays below it: without one, what is
 * written next would still belong to it.
 * @param {Writing} writing
 * @returns {Edit | undefined} nothing elsewhere
 */
export function endBlock(writing) {
  const { text, from, to } = writing;
  const [start, end] = [lineStart(text, from), lineEnd(text, from)];
  if (from !== to || from !== end || !EMPTY.test(text.slice(start, end)) || fenceAt(writing)) return;
  const above = text.slice(0, start);
  const insert = above.trim() && !/\n[ \t]*\n$/.test(above) ? "\n" : "";
  return { from: start, to: end, insert, select: [start + insert.length, start + insert.length] };
}
