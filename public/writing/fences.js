// Blocks of code between fences, and the language that each is in.
/** @import { Edit, Writing } from "./edit.js" */
import { edit, insertBlock, lineEnd, wholeLines } from "./edit.js";

/**
 * A block of code: where its lines begin and end with those of its fences, where its own text is, and what the opening
 * fence says.
 * @typedef {{ from: number, to: number, body: number, bodyEnd: number, info: string, infoFrom: number }} Fence
 */

const OPENING = /^((?:[ \t]*> ?)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}|~{3,})([^\n]*)$/;

/**
 * The block of code that a selection lies in, its fences included.
 * @param {Writing} writing
 * @returns {Fence | undefined}
 */
export function fenceAt({ text, from, to }) {
  /** @type {(Fence & { fence: string }) | undefined} */
  let open;
  for (let start = 0; start <= text.length && (open || start <= from); ) {
    const end = lineEnd(text, start);
    const line = text.slice(start, end);
    if (!open) {
      const [, lead = "", fence = "", info = ""] = OPENING.exec(line) ?? [];
      const infoFrom = start + lead.length + fence.length;
      if (fence && !(fence[0] === "`" && info.includes("`"))) {
        const body = Math.min(end + 1, text.length);
        open = { from: start, to: text.length, body, bodyEnd: text.length, info: info.trim(), infoFrom, fence };
      }
    } else if (closes(line, open.fence)) {
      open.to = end;
      open.bodyEnd = Math.max(open.body, start - 1);
      if (open.from <= from && to <= open.to) return open;
      open = undefined;
    }
    start = end + 1;
  }
  return open && open.from <= from && to <= open.to ? open : undefined;
}

/**
 * @param {string} line
 * @param {string} fence
 */
function closes(line, fence) {
  const bare = line.replace(/^(?:[ \t]*> ?)*/, "").trim();
  return bare.length >= fence.length && bare === fence.charAt(0).repeat(bare.length);
}

/**
 * The language of the block of code that a selection lies in; nothing where it lies in none.
 * @param {Writing} writing
 */
export const languageAt = (writing) => fenceAt(writing)?.info.split(/\s/)[0];

/**
 * Makes a block of code of the selected lines, or an empty one; or says another language where one is already.
 * @param {Writing} writing
 * @param {string} [language]
 * @returns {Edit}
 */
export function codeBlock(writing, language = "") {
  const { text } = writing;
  const info = language.replaceAll(/[`\s]+/g, "");
  const fence = fenceAt(writing);
  if (fence) {
    const end = lineEnd(text, fence.infoFrom);
    // What stands behind the language is kept.
    const more = /\s.*$/.exec(fence.info)?.[0] ?? "";
    return edit(writing, [{ from: fence.infoFrom, to: end, insert: info + more }]);
  }
  const range = wholeLines(writing);
  const lines = text.slice(range.from, range.to);
  const ticks = fenceFor(lines);
  if (!lines.trim()) {
    const start = ticks.length + info.length + 1;
    return insertBlock({ text, from: range.to, to: range.to }, `${ticks}${info}\n\n${ticks}`, [start, start]);
  }
  const indent = /^[ \t]*/.exec(lines)?.[0] ?? "";
  const changes = [
    { from: range.from, to: range.from, insert: `${indent}${ticks}${info}\n` },
    { from: range.to, to: range.to, insert: `\n${indent}${ticks}` },
  ];
  const shift = indent.length + ticks.length + info.length + 1;
  const select = /** @type {[number, number]} */ ([writing.from + shift, Math.min(writing.to, range.to) + shift]);
  return edit(writing, changes, select);
}

/**
 * A fence that nothing in the text ends.
 * @param {string} text
 */
function fenceFor(text) {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(Math.max(3, longest + 1));
}

/**
 * Takes the fences of the block of code away that a selection lies in.
 * @param {Writing} writing
 * @returns {Edit}
 */
export function withoutFence(writing) {
  const { text, from, to } = writing;
  const fence = fenceAt(writing);
  if (!fence) return { from, to: from, insert: "", select: [from, to] };
  const body = text.slice(fence.body, fence.bodyEnd);
  const place = (/** @type {number} */ at) => fence.from + Math.min(Math.max(at - fence.body, 0), body.length);
  return { from: fence.from, to: fence.to, insert: body, select: [place(from), place(to)] };
}
