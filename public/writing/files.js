// Files that are pasted or dropped into the text, or chosen; and addresses that are pasted over words.
/** @import { EditorView } from "/vendor/codemirror.js" */
/** @import { Edit, Writing } from "./edit.js" */
import { EditorView as View } from "/vendor/codemirror.js";
import { field } from "./dom.js";
import { linked } from "./inline.js";

/**
 * Where something is to be put later: it moves with what is written before it meanwhile.
 * @typedef {{ at: number }} Place
 */

/** Keeps places where they belong while the text changes. */
export function places() {
  /** @type {Set<Place>} */
  const kept = new Set();
  return {
    /** @param {number} at */
    keep(at) {
      const place = { at };
      kept.add(place);
      return place;
    },
    follow: View.updateListener.of(({ changes, docChanged }) => {
      // Behind what is put there: the second of two files follows the first.
      if (docChanged) for (const place of kept) place.at = changes.mapPos(place.at, 1);
    }),
  };
}

/**
 * Takes what is pasted: files as they are, and an address over words as a link.
 * @param {((files: File[], at: number) => void) | undefined} take
 * @param {(view: EditorView, command: (writing: Writing) => Edit | undefined) => boolean} run
 */
export const pasting = (take, run) =>
  View.domEventHandlers({
    paste(event, view) {
      const data = event.clipboardData;
      if (!data || view.state.readOnly) return false;
      const text = data.getData("text/plain");
      // Office programs put a picture of the text beside it.
      if (take && data.files.length > 0 && !text) {
        event.preventDefault();
        take([...data.files], view.state.selection.main.to);
        return true;
      }
      return run(view, (writing) => linked(writing, text));
    },
  });

/**
 * Takes files that are dropped anywhere on the surface, where the pointer is in its text. While they are over it, it has
 * `data-dropping`.
 * @param {HTMLElement} surface
 * @param {EditorView} view
 * @param {(files: File[], at: number) => void} take
 */
export function takeDrops(surface, view, take) {
  const dropping = (/** @type {boolean} */ is) => surface.toggleAttribute("data-dropping", is);
  const listen = (/** @type {"dragover" | "dragleave" | "drop"} */ name, /** @type {(event: DragEvent) => void} */ run) => {
    const files = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") && !view.state.readOnly && run(event);
    // Before the view sees them, which leaves alone what is taken, and would read the files into the text.
    surface.addEventListener(name, files, { capture: true });
  };
  listen("dragover", (event) => {
    event.preventDefault();
    dropping(true);
  });
  listen("dragleave", (event) => {
    if (!surface.contains(/** @type {Node | null} */ (event.relatedTarget))) dropping(false);
  });
  listen("drop", (event) => {
    event.preventDefault();
    dropping(false);
    const at = view.posAtCoords({ x: event.clientX, y: event.clientY }, false);
    view.dispatch({ selection: { anchor: at } });
    view.focus();
    take([...(event.dataTransfer?.files ?? [])], at);
  });
}

/**
 * Asks for files, which are what is chosen; nothing happens where none are.
 * @param {(files: File[]) => void} chosen
 */
export function chooseFiles(chosen) {
  const picker = field({ type: "file", multiple: true });
  picker.addEventListener("change", () => picker.files && chosen([...picker.files]));
  picker.click();
}
