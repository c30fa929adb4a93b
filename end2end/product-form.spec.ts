// A product's form: its card follows what is typed, many courses are searched, a picture is cut, and who bought is
// offered what is added.
import { expectAccessible } from "./axe";
import { type Author, type Page, buy, expect, open, signIn, signUp, test, unique } from "./fixtures";

const card = (page: Page) => page.getByRole("region", { name: "In the storefront" });
const search = (page: Page) => page.getByRole("searchbox", { name: "Search courses" });
const chips = (page: Page) => page.getByRole("list", { name: "Chosen courses" });

/** More courses than are seen at a glance, each with a name that no other test has. */
async function courses(author: Author, count = 7): Promise<{ id: string; title: string }[]> {
  const made = [];
  for (let at = 0; at < count; at += 1) made.push(await author.course(unique(`Course ${at}`), { One: ["a", "b"] }));
  return made;
}

/** A square of four colours, as a PNG: red and green above, blue and white below. */
async function squares(page: Page): Promise<Buffer> {
  const data = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1600;
    const context = canvas.getContext("2d")!;
    for (const [at, colour] of ["#f00", "#0f0", "#00f", "#fff"].entries()) {
      context.fillStyle = colour;
      context.fillRect((at % 2) * 800, Math.floor(at / 2) * 800, 800, 800);
    }
    return canvas.toDataURL("image/png").split(",")[1]!;
  });
  return Buffer.from(data, "base64");
}

/** A stored picture's size, and which of the four colours stand in its corners. */
function look(page: Page, address: string) {
  return page.evaluate(async (address) => {
    const bitmap = await createImageBitmap(await (await fetch(address)).blob());
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    context.drawImage(bitmap, 0, 0);
    const at = (x: number, y: number) => {
      const [red, green, blue] = context.getImageData(x, y, 1, 1).data;
      return [red! > 128 ? "r" : "", green! > 128 ? "g" : "", blue! > 128 ? "b" : ""].join("");
    };
    const [right, bottom] = [bitmap.width - 5, bitmap.height - 5];
    return { width: bitmap.width, height: bitmap.height, corners: [at(4, 4), at(right, 4), at(4, bottom), at(right, bottom)] };
  }, address);
}

async function choose(page: Page, buffer: Buffer) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose a picture…" }).click();
  await (await chooser).setFiles({ name: "squares.png", mimeType: "image/png", buffer });
}

test.describe("as the author", () => {
  test.beforeEach(async ({ context }) => signIn(context, "author"));

  test("the card follows what is typed, and many courses are searched by keyboard @both", async ({ page, author }) => {
    const [first, second] = await courses(author);
    const name = unique("Two in one");
    await open(page, "/admin/products/new");
    await expect(card(page)).toContainText("Name of the product");
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Description").fill("Learn **both**.\n\nAt once.");
    await expect(card(page)).toContainText(`${name}Learn both. At once.No price yet`);

    await search(page).focus();
    await page.keyboard.type(first!.title.toUpperCase());
    await expect(page.getByRole("group", { name: "Courses in this product" }).getByRole("status")).toHaveText(/^1 of \d+ courses$/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await expect(page.getByRole("checkbox", { name: first!.title })).toBeChecked();
    await search(page).fill(second!.title);
    // Enter leads to what was found, and sends nothing.
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    await expect(chips(page).getByRole("button")).toHaveText([first!.title, second!.title]);
    await expect(card(page)).toContainText("2 courses · 4 lessons");
    await expectAccessible(page, "a product's form with a search");
    await chips(page).getByRole("button", { name: `Take out ${first!.title}` }).press("Enter");
    await expect(chips(page).getByRole("button")).toHaveText([second!.title]);
    await expect(chips(page).getByRole("button")).toBeFocused();
    await expect(card(page)).toContainText("2 lessons");
    await expect(card(page)).not.toContainText("courses");
    await page.getByLabel("Price in dollars").fill("49");
    await expect(card(page)).toContainText("$49");
    await page.getByRole("button", { name: "Create product" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Products" })).toBeVisible();
    const row = page.getByRole("row").filter({ hasText: name });
    await expect(row.getByRole("cell")).toContainText(["Private", "$49", "1"]);
  });

  test("a picture is chosen, cut by keyboard and by pointer, and shown in the storefront", async ({ page, author }) => {
    const [course] = await courses(author, 1);
    const product = await author.product(unique("Squares"), [course!.id]);
    await open(page, `/admin/products/${product}/edit`);
    const picture = page.getByLabel("Picture (optional)");
    const buffer = await squares(page);
    const dialog = page.getByRole("dialog", { name: "What the card shows" });

    // As it comes: the middle, as wide as the picture is.
    await choose(page, buffer);
    await expectAccessible(page, "a picture that is cut");
    await dialog.getByRole("button", { name: "Use this picture" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("button", { name: "Choose a picture…" })).toBeFocused();
    await expect(picture).toHaveValue(/^\/covers\/[0-9a-f-]{36}$/);
    await expect(card(page).locator("img")).toHaveAttribute("src", await picture.inputValue());
    expect(await look(page, await picture.inputValue())).toEqual({ width: 1280, height: 720, corners: ["r", "g", "b", "rgb"] });

    // By keyboard: nearer, and to the upper right.
    await choose(page, buffer);
    await dialog.getByLabel("Closer").focus();
    await page.keyboard.press("End");
    await dialog.getByLabel("Left to right").press("End");
    await dialog.getByLabel("Top to bottom").press("Home");
    await dialog.getByRole("button", { name: "Use this picture" }).press("Enter");
    await expect(dialog).toBeHidden();
    expect(await look(page, await picture.inputValue())).toEqual({ width: 400, height: 225, corners: ["g", "g", "g", "g"] });

    // By pointer: what is drawn down shows what is above it.
    await choose(page, buffer);
    await dialog.getByLabel("Closer").press("End");
    const frame = (await dialog.getByRole("img").boundingBox())!;
    await page.mouse.move(frame.x + frame.width / 2, frame.y + 20);
    await page.mouse.down();
    await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height - 10, { steps: 5 });
    await page.mouse.up();
    await dialog.getByRole("button", { name: "Use this picture" }).click();
    await expect(dialog).toBeHidden();
    expect((await look(page, await picture.inputValue())).corners).toEqual(["r", "g", "r", "g"]);

    // What is broken off changes nothing; what is no picture is said.
    const kept = await picture.inputValue();
    await choose(page, buffer);
    await expect(dialog).toBeVisible();
    await page.keyboard.press("Escape");
    await choose(page, Buffer.from("no picture"));
    await expect(page.getByText("This browser cannot read that picture")).toBeVisible();
    await expect(picture).toHaveValue(kept);
    await page.getByRole("button", { name: "Save product" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Products" })).toBeVisible();
    await page.goto(`/products/${product}`);
    await expect(page.locator(".cover img")).toHaveJSProperty("naturalWidth", 400);

    await open(page, `/admin/products/${product}/edit`);
    await page.getByRole("button", { name: "Remove picture" }).click();
    await expect(card(page).locator("svg")).toBeVisible();
    await expect(page.getByRole("button", { name: "Remove picture" })).toBeHidden();
  });

  test("a picture that cannot be sent stays in the dialog, to be sent again", async ({ page, watch }) => {
    watch.announce(/POST \S+\/admin\/covers/, /^console error: Failed to load resource/);
    await open(page, "/admin/products/new");
    await page.route("**/admin/covers", (route) => route.abort("connectionreset"));
    await choose(page, await squares(page));
    await page.getByRole("button", { name: "Use this picture" }).click();
    await expect(page.getByRole("alert")).toContainText("The picture could not be sent. Try again.");
    await page.unroute("**/admin/covers");
    await page.getByRole("button", { name: "Use this picture" }).click();
    await expect(page.getByText("The picture is in the form.")).toBeVisible();
    await expect(page.getByLabel("Picture (optional)")).toHaveValue(/^\/covers\//);
  });
});

for (const script of [true, false]) {
  test(`who bought is offered what is added, ${script ? "with" : "without"} script`, async ({ author, another }) => {
    const [first, second] = await courses(author, 2);
    const product = await author.product(unique("Bought"), [first!.id]);
    const buyer = await another();
    await signUp(buyer);
    await buy(buyer, product);
    const context = await another({ javaScriptEnabled: script });
    await signIn(context, "author");
    const page = await context.newPage();
    await page.goto(`/admin/products/${product}/edit`);
    const offer = page.getByRole("checkbox", { name: "Also give the courses you add to the 1 person who bought this" });
    await expect(offer).toBeHidden();
    const added = page.getByRole("checkbox", { name: second!.title });
    await added.check();
    await expect(offer).toBeVisible();
    await added.uncheck();
    await expect(offer).toBeHidden();
    await added.check();
    await offer.check();
    await page.getByRole("button", { name: "Save product" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Products" })).toBeVisible();
    const theirs = await buyer.newPage();
    await theirs.goto("/courses");
    for (const { title } of [first!, second!]) await expect(theirs.getByRole("heading", { name: title })).toBeVisible();
  });
}

test("without script a picture is uploaded as it is, and what is none is refused", async ({ author, another, page, watch }) => {
  watch.announceStatus(400);
  const product = await author.product(unique("Plain"), []);
  const buffer = await squares(page);
  const context = await another({ javaScriptEnabled: false });
  await signIn(context, "author");
  const plain = await context.newPage();
  await plain.goto(`/admin/products/${product}/edit`);
  const file = plain.getByRole("button", { name: "Picture", exact: true });
  await file.setInputFiles({ name: "words.png", mimeType: "image/png", buffer: Buffer.from("words") });
  await plain.getByRole("button", { name: "Upload picture" }).click();
  await expect(plain.getByText("This is no picture that browsers show")).toBeVisible();
  await file.setInputFiles({ name: "squares.png", mimeType: "image/png", buffer });
  await plain.getByRole("button", { name: "Upload picture" }).click();
  await expect(plain.getByLabel("Picture (optional)")).toHaveValue(/^\/covers\//);
  await plain.goto(`/products/${product}`);
  await expect(plain.locator(".cover img")).toHaveAttribute("src", /^\/covers\//);
});
