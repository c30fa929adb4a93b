// Choosing among many courses: a search over the boxes to tick, and what is ticked as chips above them, since it may be
// out of sight. Where courses are few the server leaves both out.
import { part } from "./dom.js";

/** @param {HTMLFormElement} form */
export function pick(form) {
  const search = document.getElementById("find-course");
  if (!(search instanceof HTMLInputElement)) return;
  const found = part("found-courses", HTMLElement);
  const chips = part("chosen-courses", HTMLUListElement);
  const courses = [...part("course-list", HTMLElement).querySelectorAll("label")].flatMap((row) => {
    const box = row.querySelector("input");
    const title = row.textContent ?? "";
    return box ? [{ row, box, title, sought: title.toLocaleLowerCase() }] : [];
  });

  /** Leaves the courses that hold every word; those that are not shown keep their ticks. */
  function find() {
    const words = /** @type {HTMLInputElement} */ (search).value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const { row, sought } of courses) row.hidden = !words.every((word) => sought.includes(word));
    const shown = courses.filter(({ row }) => !row.hidden).length;
    found.textContent = words.length > 0 ? `${shown} of ${courses.length} courses` : "";
  }

  function showChosen() {
    chips.replaceChildren(
      ...courses.filter(({ box }) => box.checked).map(({ box, title }) => {
        const [item, chip] = [document.createElement("li"), document.createElement("button")];
        chip.type = "button";
        chip.className = "chip";
        chip.textContent = title;
        chip.ariaLabel = `Take out ${title}`;
        chip.addEventListener("click", () => takeOut(box, chip));
        item.append(chip);
        return item;
      }),
    );
  }

  /**
   * Unticks a course; the focus goes on to the next chip, or to the search.
   * @param {HTMLInputElement} box
   * @param {HTMLButtonElement} chip
   */
  function takeOut(box, chip) {
    const at = [...chips.querySelectorAll("button")].indexOf(chip);
    // As if it were pressed, so that whoever listens hears it.
    box.click();
    const left = chips.querySelectorAll("button");
    (left[Math.min(at, left.length - 1)] ?? /** @type {HTMLInputElement} */ (search)).focus();
  }

  search.addEventListener("input", (event) => {
    // It is no part of the product.
    event.stopPropagation();
    find();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    // Enter would send the form.
    event.preventDefault();
    courses.find(({ row }) => !row.hidden)?.box.focus();
  });
  form.addEventListener("input", showChosen);
  showChosen();
  // The browser may have kept what was typed before a reload.
  find();
}
