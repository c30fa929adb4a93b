// What the writing surface takes of CodeMirror; bundle.js makes public/vendor/codemirror.js of it. It stands here, beside
// the packages that it names.
//
// The Markdown parser comes without lang-markdown's `markdown()`, which brings parsers of HTML, CSS and JavaScript along:
// 60 kB of 170 (brotli -9) for what is seldom in a lesson outside of its code blocks.
import { StyleModule } from "style-mod";

export { deleteMarkupBackward, insertNewlineContinueMarkupCommand, markdownLanguage } from "@codemirror/lang-markdown";
export { defaultKeymap, history, historyKeymap, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
export { indentUnit, LanguageSupport, syntaxHighlighting, syntaxTree } from "@codemirror/language";
export {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  openSearchPanel,
  replaceAll,
  replaceNext,
  search,
  SearchQuery,
  setSearchQuery,
} from "@codemirror/search";
export { Compartment, EditorState, Prec } from "@codemirror/state";
export { dropCursor, EditorView, keymap, panels, placeholder, runScopeHandlers } from "@codemirror/view";
export { tagHighlighter, tags } from "@lezer/highlight";

/** @typedef {import("@codemirror/view").KeyBinding} KeyBinding */
/** @typedef {import("@codemirror/view").ViewUpdate} ViewUpdate */

/** @type {Set<StyleModule>} */
const mounted = new Set();
const sheet = new CSSStyleSheet();

// A document gets its rules as a <style> element, which the site's policy refuses; a sheet made by script is none. In the
// lowest layer that keeps them, so that the site's own style sheet has the last word.
StyleModule.mount = (_, modules) => {
  const before = mounted.size;
  for (const module of [modules].flat()) mounted.add(module);
  if (mounted.size > before) sheet.replaceSync(`@layer base { ${[...mounted].map((module) => module.getRules()).join("\n")} }`);
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
};
