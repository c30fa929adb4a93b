// Commands inside of lines: strong and emphasised words, code, links.
/** @import { Change, Edit, Writing } from "./edit.js" */
/** @import { Span } from "./spans.js" */
import { block, edit, lineEnd, parts } from "./edit.js";
import { codeBlock, fenceAt, withoutFence } from "./fences.js";
import { WORD, codeSpans, emphasised, hasLink, linkAt } from "./spans.js";

const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/;

/** Where no address is known yet. */
const START_OF_ADDRESS = "https://";

/**
 * Makes strong, or takes that away where it is.
 * @param {Writing} writing
 */
export const strong = (writing) => emphasise(writing, 2);

/**
 * Emphasises, or takes that away where it is.
 * @param {Writing} writing
 */
export const emphasis = (writing) => emphasise(writing, 1);

/**
 * @param {Writing} writing
 * @param {1 | 2} size
 * @returns {Edit}
 */
function emphasise(writing, size) {
  const range = block(writing);
  const spans = emphasised(writing.text.slice(range.from, range.to))
    .filter((span) => span.size === size)
    .map((span) => ({ ...span, open: span.open + range.from, close: span.close + range.from }));
  return toggle(writing, spans, () => "*".repeat(size));
}

/**
 * Makes code: of whole lines a block, of a part of a line a span; or plain text again.
 * @param {Writing} writing
 * @returns {Edit}
 */
export function code(writing) {
  const { text, from, to } = writing;
  if (fenceAt(writing)) return withoutFence(writing);
  const selected = text.slice(from, to).replace(/\n$/, "");
  const range = block(writing);
  const whole = selected.trim() !== "" && from <= range.from && from + selected.length >= range.to;
  if (whole || selected.includes("\n")) return codeBlock(writing);
  return toggle(writing, codeSpans(text, range), (piece) => {
    const runs = [...piece.matchAll(/`+/g)].map(([run]) => run.length);
    let ticks = 1;
    while (runs.includes(ticks)) ticks += 1;
    const space = /^`|`$/.test(piece) ? " " : "";
    return "`".repeat(ticks) + space;
  });
}

/**
 * Makes a link of what is selected, with its address to be written next; or text of the link that it is in.
 * @param {Writing} writing
 * @returns {Edit}
 */
export function link(writing) {
  const { text, from, to } = writing;
  const found = linkAt(writing);
  if (found) {
    const { index, words } = found;
    const whole = text.slice(index, found.end);
    const changes = [
      { from: index, to: index + 1, insert: "" },
      { from: index + 1 + words.length, to: index + whole.length, insert: "" },
    ];
    return edit(writing, changes, [index, index + words.length]);
  }
  const all = from === to ? wordAt(text, from) : trimmed(text, from, to);
  const [start, end] = isOneBlock(text.slice(...all)) ? all : (pieces(writing)[0] ?? all);
  const words = text.slice(start, end);
  if (ADDRESS.test(words)) {
    return { from: start, to: end, insert: `[](${bracketed(words)})`, select: [start + 1, start + 1] };
  }
  const insert = `[${escaped(words)}](${START_OF_ADDRESS})`;
  const address = start + insert.length - 1;
  return { from: start, to: end, insert, select: words ? [address - START_OF_ADDRESS.length, address] : [start + 1, start + 1] };
}

/**
 * A link out of the selected words and an address that is pasted over them; nothing where it is no address, or the words
 * are none that can be a link: then it takes their place.
 * @param {Writing} writing
 * @param {string} pasted
 * @returns {Edit | undefined}
 */
export function linked(writing, pasted) {
  const { text, from, to } = writing;
  const address = pasted.trim();
  const [start, end] = trimmed(text, from, to);
  const words = text.slice(start, end);
  if (!ADDRESS.test(address) || !words || !isOneBlock(words) || ADDRESS.test(words) || words === START_OF_ADDRESS) return;
  const inCode = codeSpans(text, block(writing)).some((span) => span.open < end && start < span.close + span.size);
  if (inCode || fenceAt(writing) || linkAt(writing) || hasLink(words)) return;
  const insert = `[${escaped(words)}](${bracketed(address)})`;
  return { from: start, to: end, insert, select: [start + insert.length, start + insert.length] };
}

/**
 * Puts marks around what is selected, line by line, or takes away those that it stands in.
 * @param {Writing} writing
 * @param {Span[]} spans what is between such marks already
 * @param {(piece: string) => string} mark the opening one for a text; the closing one is it from back to front
 * @returns {Edit}
 */
function toggle(writing, spans, mark) {
  const { text, from, to } = writing;
  if (from === to) {
    const inside = spans.find((span) => span.open < from && from < span.close + span.size);
    // At the end of what is marked the next word is to be none of it.
    if (inside && from === inside.close) return { from, to, insert: "", select: [inside.close + inside.size, inside.close + inside.size] };
    if (inside) return edit(writing, without(text, inside));
    const empty = mark("");
    if (text.slice(0, from).endsWith(empty) && text.startsWith(empty, from) && text[from - empty.length - 1] !== empty[0]) {
      return { from: from - empty.length, to: from + empty.length, insert: "", select: [from - empty.length, from - empty.length] };
    }
    const [start, end] = wordAt(text, from);
    if (start === end) return { from, to, insert: empty + empty, select: [from + empty.length, from + empty.length] };
    return edit(writing, around(text, start, end, mark));
  }
  const inside = spans.find((span) => span.open <= from && to <= span.close + span.size);
  if (inside) return edit(writing, without(text, inside));
  const found = pieces(writing);
  if (found.length === 0) return edit(writing, [{ from, to, insert: text.slice(from, to) }], [from, to]);
  const spanOf = (/** @type {[number, number]} */ [start, end]) => spans.find((span) => span.open <= start && end <= span.close + span.size);
  const changes = found.every(spanOf)
    ? found.flatMap((piece) => without(text, /** @type {Span} */ (spanOf(piece))))
    : found.filter((piece) => !spanOf(piece)).flatMap(([start, end]) => {
        const within = spans.filter((span) => start <= span.open && span.close + span.size <= end);
        const [opening, closing] = around(text, start, end, mark);
        return [opening, ...within.flatMap((span) => without(text, span)), closing];
      });
  return edit(writing, changes.filter((change) => change !== undefined));
}

/**
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @param {(piece: string) => string} mark
 * @returns {[Change, Change]}
 */
function around(text, start, end, mark) {
  const opening = mark(text.slice(start, end));
  const closing = [...opening].reverse().join("");
  return [
    { from: start, to: start, insert: opening },
    { from: end, to: end, insert: closing },
  ];
}

/**
 * What takes a span's marks away, with the spaces that keep code apart from them.
 * @param {string} text
 * @param {Span} span
 * @returns {Change[]}
 */
function without(text, { open, close, size }) {
  const inner = text.slice(open + size, close);
  const space = text[open] === "`" && /^ .*\S.* $/s.test(inner) ? 1 : 0;
  return [
    { from: open, to: open + size + space, insert: "" },
    { from: close - space, to: close + size, insert: "" },
  ];
}

/**
 * What of each selected line can stand between marks: not what the line begins with, nor the spaces around.
 * @param {Writing} writing
 */
function pieces({ text, from, to }) {
  /** @type {[number, number][]} */
  const found = [];
  for (let start = from; start <= to; ) {
    const end = Math.min(to, lineEnd(text, start));
    const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, end);
    const { rest } = parts(line);
    const told = rest.replace(/^#{1,6}[ \t]+/, "");
    const piece = trimmed(text, Math.max(start, end - told.length), end);
    if (piece[0] < piece[1]) found.push(piece);
    start = end + 1;
  }
  return found;
}

/**
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {[number, number]}
 */
function trimmed(text, from, to) {
  const words = text.slice(from, to);
  const start = from + words.length - words.trimStart().length;
  return [Math.min(start, to), Math.max(Math.min(start, to), from + words.trimEnd().length)];
}

/**
 * Whether a link can go over it: no line below the first begins a block of its own.
 * @param {string} words
 */
const isOneBlock = (words) =>
  words
    .split("\n")
    .slice(1)
    .map(parts)
    .every(({ quote, marker, rest }) => !quote && !marker && rest.trim() && !/^#{1,6}\s/.test(rest));

/**
 * The word that a place is in the middle of; nothing at its ends, where the next word begins.
 * @param {string} text
 * @param {number} place
 * @returns {[number, number]}
 */
function wordAt(text, place) {
  let [start, end] = [place, place];
  while (start > 0 && WORD.test(text[start - 1] ?? "")) start -= 1;
  while (end < text.length && WORD.test(text[end] ?? "")) end += 1;
  return start < place && place < end ? [start, end] : [place, place];
}

/**
 * Brackets that would end a link's text early.
 * @param {string} words
 */
const escaped = (words) => (/^(?:[^[\]\\]|\\[^]|\[[^[\]]*\])*$/.test(words) ? words : words.replace(/(?<!\\)[[\]]/g, "\\$&"));

/**
 * An address whose parentheses would end the link early.
 * @param {string} address
 */
const bracketed = (address) => (/^[^()<>]*(?:\([^()<>]*\)[^()<>]*)*$/.test(address) ? address : `<${address.replace(/[<>]/g, encodeURIComponent)}>`);
