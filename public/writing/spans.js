// What is between marks inside of a block: emphasised words, code, links.
/** @import { Writing } from "./edit.js" */
import { block } from "./edit.js";

/**
 * Something between marks: where the opening one begins, where the closing one begins, and how long each is.
 * @typedef {{ open: number, close: number, size: number }} Span
 */

const CODE = /(?<![`\\])(`+)(?!`)((?:(?!\n[ \t]*\n)[^])*?)(?<!`)\1(?!`)/g;
const LINK = /(?<![!\\])\[((?:[^[\]\\]|\\[^]|\[[^\]]*\])*)\]\(\s*(?:<[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/g;
/** A character of a word. */
export const WORD = /[\p{L}\p{N}\p{M}_'’]/u;

/**
 * The spans of code in a block.
 * @param {string} text
 * @param {{ from: number, to: number }} range
 * @returns {Span[]}
 */
export function codeSpans(text, range) {
  return [...text.slice(range.from, range.to).matchAll(CODE)].map(({ index, 0: whole, 1: ticks = "" }) => ({
    open: range.from + index,
    close: range.from + index + whole.length - ticks.length,
    size: ticks.length,
  }));
}

/**
 * The link that a selection lies in: where it begins and ends, and its words.
 * @param {Writing} writing
 */
export function linkAt(writing) {
  const range = block(writing);
  for (const { index, 0: whole, 1: words = "" } of writing.text.slice(range.from, range.to).matchAll(LINK)) {
    const found = { index: range.from + index, end: range.from + index + whole.length, words };
    if (found.index <= writing.from && writing.to <= found.end && (writing.from < writing.to || found.index < writing.from)) return found;
  }
}

/** @param {string} words */
export const hasLink = (words) => words.search(LINK) >= 0;

/**
 * What is emphasised in a block, by runs of asterisks and underscores as CommonMark pairs them.
 * @param {string} source
 * @returns {Span[]}
 */
export function emphasised(source) {
  // Marks in code, and those that a backslash precedes, are none.
  const text = source.replace(CODE, (code) => "x".repeat(code.length)).replace(/\\[*_]/g, "xx");
  /** @type {Span[]} */
  const found = [];
  /** @type {{ mark: string, at: number, left: number }[]} */
  const open = [];
  for (const { index, 0: run } of text.matchAll(/\*+|_+/g)) {
    const [mark = ""] = run;
    const before = text[index - 1] ?? " ";
    const after = text[index + run.length] ?? " ";
    const opens = /\S/.test(after) && (mark === "*" || !WORD.test(before));
    const closes = /\S/.test(before) && (mark === "*" || !WORD.test(after));
    let left = run.length;
    for (let last; closes && left > 0 && (last = open.findLast((run) => run.mark === mark)); ) {
      const size = left >= 2 && last.left >= 2 ? 2 : 1;
      last.left -= size;
      found.push({ open: last.at + last.left, close: index + run.length - left, size });
      left -= size;
      open.length = open.indexOf(last) + (last.left > 0 ? 1 : 0);
    }
    if (opens && left > 0) open.push({ mark, at: index + run.length - left, left });
  }
  return found;
}
