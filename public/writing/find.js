// The panel that finds and replaces, in the place of CodeMirror's own.
/** @import { EditorView, ViewUpdate } from "/vendor/codemirror.js" */
/** @import { Labels } from "./labels.js" */
import {
  SearchQuery,
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  replaceAll,
  replaceNext,
  runScopeHandlers,
  setSearchQuery,
} from "/vendor/codemirror.js";
import { button, element, field, icon } from "./dom.js";

/** More than that are not counted. */
const MOST_MATCHES = 1_000;

/**
 * Makes the panel of a view, as CodeMirror's search asks for it.
 * @param {Labels} labels
 */
export const findPanel = (labels) => (/** @type {EditorView} */ view) => {
  const find = field({ class: "input input--small", "aria-label": labels.find, placeholder: labels.find, "main-field": true });
  const replace = field({ class: "input input--small", "aria-label": labels.replaceBy, placeholder: labels.replaceBy });
  const cases = field({ type: "checkbox" });
  const count = element("span", { class: "writing-matches", role: "status" });

  /**
   * @param {string} label
   * @param {(view: EditorView) => unknown} run
   * @param {string} [symbol]
   */
  function action(label, run, symbol) {
    const made = symbol
      ? button({ class: "button button--small button--quiet button--icon", "aria-label": label, title: label }, icon(symbol))
      : button({ class: "button button--small" }, label);
    made.addEventListener("click", () => run(view));
    return made;
  }

  function replaceEach() {
    const matches = counted(view).all;
    replaceAll(view);
    count.textContent = labels.replaced(matches);
  }

  const dom = element(
    "div",
    { class: "writing-find", role: "search", "aria-label": labels.find },
    element("div", {}, find, count, action(labels.previous, findPrevious, "arrow-up"), action(labels.next, findNext, "arrow-down")),
    element("div", {}, replace, action(labels.replace, replaceNext), action(labels.replaceAll, replaceEach)),
    element("label", {}, cases, labels.matchCase),
    action(labels.close, closeSearchPanel, "close"),
  );

  function ask() {
    const query = new SearchQuery({ search: find.value, replace: replace.value, caseSensitive: cases.checked, literal: true });
    if (!query.eq(getSearchQuery(view.state))) view.dispatch({ effects: setSearchQuery.of(query) });
  }

  /** @param {SearchQuery} query */
  function fill(query) {
    if (find.value !== query.search) find.value = query.search;
    if (replace.value !== query.replace) replace.value = query.replace;
    cases.checked = query.caseSensitive;
  }

  function tell() {
    const { at, all, more } = counted(view);
    count.textContent = !getSearchQuery(view.state).search ? "" : all === 0 ? labels.noMatch : labels.matches(at, all, more);
  }

  dom.addEventListener("input", ask);
  dom.addEventListener("keydown", (event) => {
    // Keys of the page around are not for what is typed here.
    if (event.key === "Enter" && event.target === find) (event.shiftKey ? findPrevious : findNext)(view);
    else if (event.key === "Enter" && event.target === replace) replaceNext(view);
    else if (!runScopeHandlers(view, event, "search-panel")) return;
    event.preventDefault();
  });
  fill(getSearchQuery(view.state));

  return {
    dom,
    top: true,
    mount() {
      tell();
      find.select();
    },
    /** @param {ViewUpdate} update */
    update(update) {
      const asked = update.transactions.some((transaction) => transaction.effects.some((effect) => effect.is(setSearchQuery)));
      if (asked) fill(getSearchQuery(update.state));
      if (asked || update.docChanged || update.selectionSet) tell();
    },
  };
};

/**
 * How many places are found, and which of them is selected (from 1; 0 is none).
 * @param {EditorView} view
 */
function counted(view) {
  const query = getSearchQuery(view.state);
  const { main } = view.state.selection;
  let [at, all] = [0, 0];
  if (!query.valid) return { at, all, more: false };
  const cursor = query.getCursor(view.state);
  for (let match = cursor.next(); !match.done; match = cursor.next()) {
    all += 1;
    if (match.value.from === main.from && match.value.to === main.to) at = all;
    if (all === MOST_MATCHES) return { at, all, more: true };
  }
  return { at, all, more: false };
}
