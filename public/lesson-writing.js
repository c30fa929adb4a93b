// Puts the writing surface over a lesson's text. It talks with the rest of the page by events of the field alone: what is
// typed comes as `input`; `lectern-files` asks for files to be uploaded, and `lectern-text` puts another text in.
import { mount } from "/writing.js";

const field = document.getElementById("markdown");
if (field instanceof HTMLTextAreaElement) {
  const surface = mount(field, {
    onFiles: (files, insert) => field.dispatchEvent(new CustomEvent("lectern-files", { detail: [files, insert] })),
  });
  field.addEventListener("lectern-text", () => surface.set(field.value));
}
