// What the text is where it is selected, by CodeMirror's own reading of it; and in which colours it shows.
/** @import { EditorState } from "/vendor/codemirror.js" */
import { syntaxTree, tagHighlighter, tags } from "/vendor/codemirror.js";

/** Tools by the parts of Markdown that they make. @type {Record<string, string>} */
const INLINE = { StrongEmphasis: "strong", Emphasis: "emphasis", InlineCode: "code", Link: "link" };
/** @type {Record<string, string>} */
const BLOCKS = { Blockquote: "quote", BulletList: "bulletedList", OrderedList: "numberedList", FencedCode: "codeBlock" };

/**
 * The tools whose work the selection lies in, and the level of its heading (0 is none).
 * @param {EditorState} state
 */
export function marksAt(state) {
  const { from, to } = state.selection.main;
  /** @type {Set<string>} */
  const on = new Set();
  let level = 0;
  for (const side of /** @type {const} */ ([-1, 1])) {
    for (let node = /** @type {ReturnType<ReturnType<typeof syntaxTree>["resolveInner"]> | null} */ (syntaxTree(state).resolveInner(from, side)); node; node = node.parent) {
      if (node.to < to) continue;
      const inline = INLINE[node.name];
      const block = BLOCKS[node.name];
      // Beside its marks the cursor is not in a word.
      if (inline && (from < to || (node.from < from && from < node.to))) on.add(inline);
      const sameLine = node.to >= state.doc.lineAt(from).from && node.from <= from;
      if (block && sameLine) on.add(block);
      if (sameLine && state.doc.lineAt(from).from === node.from) level ||= Number(/^ATXHeading(\d)$/.exec(node.name)?.[1] ?? 0);
    }
  }
  if (level) on.add("heading");
  return { on, level };
}

/** Classes, for the style sheet has the colours. */
export const highlighter = tagHighlighter([
  { tag: tags.heading, class: "md-heading" },
  { tag: tags.strong, class: "md-strong" },
  { tag: tags.emphasis, class: "md-emphasis" },
  { tag: tags.strikethrough, class: "md-struck" },
  { tag: tags.monospace, class: "md-code" },
  { tag: tags.quote, class: "md-quote" },
  { tag: [tags.link, tags.labelName], class: "md-link" },
  { tag: [tags.url, tags.string], class: "md-address" },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.atom, tags.angleBracket], class: "md-mark" },
  { tag: [tags.comment, tags.escape, tags.character], class: "md-faint" },
]);
