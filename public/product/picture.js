// Cuts a picture that an author chose to the shape of a product's card, and puts its address into the product's form.
// The picture is drawn anew, so what a camera wrote into it (the place, too) stays with the author.
import { headers, part } from "./dom.js";

/** What is sent: as wide as a card is on a dense screen, and JPEG, which every browser writes. */
const WIDTH = 1280;
const QUALITY = 0.86;
/** How much closer than the whole width the picture can come. */
const CLOSEST = 4;

/** Takes pictures from a button and by dropping them on the card. */
export function cutPictures() {
  const field = part("image_url", HTMLInputElement);
  const choose = part("choose-picture", HTMLButtonElement);
  const none = part("no-picture", HTMLButtonElement);
  const state = part("picture-state", HTMLElement);
  const dialog = part("cut", HTMLDialogElement);
  const frame = part("cut-frame", HTMLCanvasElement);
  const use = part("cut-use", HTMLButtonElement);
  const trouble = part("cut-error", HTMLElement);
  const [zoom, across, down] = [part("cut-zoom", HTMLInputElement), part("cut-x", HTMLInputElement), part("cut-y", HTMLInputElement)];
  const ratio = frame.width / frame.height;

  /** @type {ImageBitmap | undefined} */
  let picture;

  /** The part of the picture that is shown, in its own pixels. */
  function shownPart() {
    const { width, height } = /** @type {ImageBitmap} */ (picture);
    const closer = 1 + (zoom.valueAsNumber / 100) * (CLOSEST - 1);
    const shown = Math.min(width, height * ratio) / closer;
    return {
      x: ((width - shown) * across.valueAsNumber) / 100,
      y: ((height - shown / ratio) * down.valueAsNumber) / 100,
      width: shown,
      height: shown / ratio,
    };
  }

  /** @param {HTMLCanvasElement} canvas */
  function draw(canvas) {
    const context = canvas.getContext("2d");
    if (!context || !picture) return;
    const { x, y, width, height } = shownPart();
    // What is clear in a picture would be black in a JPEG.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, x, y, width, height, 0, 0, canvas.width, canvas.height);
  }

  /** @param {File} file */
  async function open(file) {
    state.textContent = "";
    trouble.textContent = "";
    try {
      picture = await createImageBitmap(file);
    } catch {
      state.textContent = "This browser cannot read that picture: choose a PNG, JPEG, WebP, AVIF or GIF.";
      return;
    }
    zoom.value = "0";
    across.value = down.value = "50";
    draw(frame);
    dialog.showModal();
  }

  /** Lets somebody choose a file. The field for it is this page's no longer than that. */
  function ask() {
    const files = document.createElement("input");
    files.type = "file";
    files.accept = choose.dataset.kinds ?? "image/*";
    files.addEventListener("change", () => files.files?.[0] && void open(files.files[0]));
    files.click();
  }

  /** @param {string} address */
  function put(address) {
    field.value = address;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function send() {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(Math.min(WIDTH, shownPart().width));
    canvas.height = Math.round(canvas.width / ratio);
    draw(canvas);
    /** @type {Blob | null} */
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob) throw new Error();
    const answer = await fetch("/admin/covers", { method: "POST", headers: headers(), body: blob });
    const address = answer.headers.get("location");
    // A browser counts an answer that is not read to its end as broken off.
    await answer.text();
    if (!answer.ok || !address) throw new Error(answer.status === 401 || answer.status === 403 ? "Sign in again in another tab, then try once more." : "");
    return address;
  }

  use.addEventListener("click", async () => {
    if (use.ariaDisabled === "true") return;
    use.ariaDisabled = "true";
    trouble.textContent = "";
    try {
      put(await send());
      dialog.close();
      state.textContent = "The picture is in the form.";
    } catch (error) {
      const why = error instanceof Error && !(error instanceof TypeError) ? error.message : "";
      trouble.textContent = why || "The picture could not be sent. Try again.";
    } finally {
      use.ariaDisabled = null;
    }
  });
  part("cut-cancel", HTMLButtonElement).addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    picture?.close();
    picture = undefined;
    choose.focus();
  });
  for (const slider of [zoom, across, down]) slider.addEventListener("input", () => draw(frame));

  /**
   * Moves the picture by so many pixels of the screen.
   * @param {number} dx
   * @param {number} dy
   */
  function drag(dx, dy) {
    if (!picture) return;
    const shown = shownPart();
    const scale = shown.width / frame.clientWidth;
    const room = { x: picture.width - shown.width, y: picture.height - shown.height };
    if (room.x > 0) across.valueAsNumber -= (dx * scale * 100) / room.x;
    if (room.y > 0) down.valueAsNumber -= (dy * scale * 100) / room.y;
    draw(frame);
  }

  frame.addEventListener("pointerdown", (event) => frame.setPointerCapture(event.pointerId));
  frame.addEventListener("pointermove", (event) => {
    if (frame.hasPointerCapture(event.pointerId)) drag(event.movementX, event.movementY);
  });

  choose.addEventListener("click", ask);
  none.addEventListener("click", () => {
    put("");
    state.textContent = "";
    choose.focus();
  });
  const offerNone = () => (none.hidden = field.value === "");
  field.addEventListener("input", offerNone);
  offerNone();

  // A picture dropped on the card is that card's.
  const card = document.getElementById("card-sketch");
  card?.addEventListener("dragover", (event) => event.preventDefault());
  card?.addEventListener("drop", (event) => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) void open(file);
  });
}
