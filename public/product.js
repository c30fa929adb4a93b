// A product's form in its author's hands: the card follows what is typed, many courses are searched, and a picture is
// cut to the card's shape. The form is the server's and works without any of it.
import { follow } from "/product/card.js";
import { pick } from "/product/courses.js";
import { cutPictures } from "/product/picture.js";

const desk = document.querySelector(".product-desk");
const form = desk?.querySelector("form");
if (desk instanceof HTMLElement && form) {
  follow(form);
  pick(form);
  cutPictures();
  desk.dataset.ready = "";
}
