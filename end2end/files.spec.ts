// Files of a lesson: uploaded by the author, played and read by the learner.
import { Upload } from "tus-js-client";
import { type BrowserContext, type Page, buy, expect, fillText, open, signIn, signUp, test, unique } from "./fixtures";
import { CAPTIONS, CLIP, cookieOf, uploadFile, uploadedFilm } from "./upload";

const video = <T>(page: Page, ask: (video: HTMLVideoElement) => T) => page.locator(".stage video").evaluate(ask as (video: SVGElement | HTMLElement) => T);
const ready = (page: Page) => expect.poll(() => video(page, (video) => video.readyState)).toBeGreaterThanOrEqual(2);

test("a client of the protocol breaks off, asks, and goes on", async ({ author, baseURL }) => {
  const course = await author.course(unique("Tus"), { One: ["Here"] });
  const cookie = await cookieOf(author.request);
  const content = Buffer.alloc(3_000_000, 7);
  const options = { endpoint: `${baseURL}/uploads`, chunkSize: 500_000, headers: { cookie, origin: baseURL! }, metadata: { lesson: course.lessons.Here!, filename: "big.bin" } };
  let address = "";
  await new Promise<void>((resolve, reject) => {
    const first = new Upload(content, {
      ...options,
      onError: reject,
      onChunkComplete: (_, sent) => {
        if (sent >= 1_000_000) void first.abort().then(() => ((address = first.url!), resolve()));
      },
    });
    first.start();
  });
  const asked: string[] = [];
  await new Promise<void>((resolve, reject) => {
    new Upload(content, { ...options, uploadUrl: address, onError: reject, onSuccess: () => resolve(), onBeforeRequest: (request) => void asked.push(`${request.getMethod()} ${request.getHeader("Upload-Offset") ?? ""}`) }).start();
  });
  expect(asked[0]).toMatch(/^HEAD/);
  expect(asked[1]).toMatch(/^PATCH (1000000|1500000)$/);
  const page = await author.request.get(`/lessons/${course.lessons.Here}/files/big.bin`);
  expect((await page.body()).equals(content)).toBe(true);
});

test("an author uploads beside a text that is not saved yet, through a broken connection", async ({ page, context, author, watch }) => {
  const course = await author.course(unique("Form"), { One: ["Here"] });
  await signIn(context, "author");
  await open(page, `/admin/lessons/${course.lessons.Here}/edit`);
  await fillText(page, "Not saved yet.");
  const content = Buffer.alloc(3_500_000, 1);
  let pieces = 0;
  watch.announce(/PATCH \S+\/uploads\//, /^console error: Failed to load resource/);
  await page.route("**/uploads/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    pieces += 1;
    return pieces === 2 ? route.abort("connectionreset") : route.continue();
  });
  await page.locator("#upload-file").setInputFiles([{ name: "notes (draft).bin", mimeType: "application/octet-stream", buffer: content }, { name: "clip.webm", mimeType: "video/webm", buffer: CLIP }]);
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByText("no connection, trying again")).toBeVisible();
  const list = page.locator(".file-list li");
  await expect(list).toHaveCount(2);
  await expect(list.filter({ hasText: "clip.webm" })).toContainText("Video");
  await expect(list.filter({ hasText: "notes (draft).bin" })).toContainText("3.5 MB");
  expect(pieces).toBe(6);
  const stored = await author.request.get(`/lessons/${course.lessons.Here}/files/${encodeURIComponent("notes (draft).bin")}`);
  expect((await stored.body()).equals(content)).toBe(true);

  // Captions that are broken are refused with their line; the text is still there.
  watch.announceStatus(415);
  await page.locator("#upload-file").setInputFiles({ name: "a.srt", mimeType: "text/plain", buffer: Buffer.from("1\n00:00:09,000 --> 00:00:01,000\nBack\n") });
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByRole("alert").getByText("a.srt: Line 2: ")).toBeVisible();
  await page.getByLabel("Language of captions").selectOption("de");
  await page.locator("#upload-file").setInputFiles({ name: "a.vtt", mimeType: "text/plain", buffer: Buffer.from(CAPTIONS) });
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(list.filter({ hasText: "Deutsch" })).toContainText("Captions");
  await page.getByRole("button", { name: "Delete clip.webm" }).click();
  await expect(list).toHaveCount(2);
  await expect(page.locator("#markdown")).toHaveValue("Not saved yet.");
});

test("an uploaded film plays by ranges, with captions and a transcript that leads and follows", async ({ page, context, author, baseURL, watch }) => {
  const { course, product, path } = await uploadedFilm(author, baseURL!);
  await signUp(context);
  await buy(context, product);
  const ranges: number[] = [];
  page.on("response", (response) => response.url().includes("/media/") && ranges.push(response.status()));
  await open(page, path);
  await ready(page);
  expect(ranges.length).toBeGreaterThan(0);
  expect(ranges.every((status) => status === 206)).toBe(true);

  // Captions by key, in a chosen language, remembered.
  const showing = () => video(page, (video) => [...video.textTracks].filter((track) => track.mode === "showing").map((track) => track.language));
  expect(await showing()).toEqual([]);
  await page.keyboard.press("c");
  await expect.poll(showing).toEqual(["en"]);
  await expect(page.getByLabel("Captions")).toHaveValue("en");
  await page.getByLabel("Captions").selectOption({ label: "Deutsch" });
  await expect.poll(showing).toEqual(["de"]);
  await page.reload();
  await ready(page);
  await expect.poll(showing).toEqual(["de"]);
  await page.getByLabel("Captions").blur();
  await page.keyboard.press("c");
  await expect.poll(showing).toEqual([]);
  await page.keyboard.press("c");
  await expect.poll(showing).toEqual(["de"]);

  // The transcript: text of the page, leading to its second, marked as it is spoken.
  await page.getByLabel("Captions").selectOption({ label: "English" });
  const line = page.locator(".transcript ol:not([hidden]) button");
  await expect(line).toHaveCount(3);
  await expect(line.nth(1)).toHaveText("0:02 This is one clip & its captions.");
  await line.nth(2).click();
  await expect.poll(() => video(page, (video) => video.currentTime)).toBeGreaterThan(11.9);
  await expect(line.nth(2)).toHaveAttribute("aria-current", "true");
  await page.locator(".stage video").evaluate((video) => ((video as unknown as HTMLVideoElement).currentTime = 3));
  await expect(line.nth(1)).toHaveAttribute("aria-current", "true");
  await expect(line.nth(2)).not.toHaveAttribute("aria-current");

  // The address is theirs alone, and ends with access.
  const src = await video(page, (video) => video.src);
  expect((await context.request.get(src)).status()).toBe(200);
  expect((await author.request.get(src)).status()).toBe(403);
  const purchases: { id: string }[] = await (await context.request.post("/api/list_purchases", { form: {} })).json();
  await author.request.post("/api/admin/refund_purchase", { form: { id: purchases[0]!.id }, headers: { accept: "application/json" } });
  expect((await context.request.get(src)).status()).toBe(404);
  expect((await context.request.get(await page.locator("track").first().evaluate((track) => (track as HTMLTrackElement).src))).status()).toBe(404);
  await context.clearCookies();
  expect((await context.request.get(src)).status()).toBe(404);
  expect(course.id).toBeTruthy();
  void watch;
});

test("a form without script uploads and deletes", async ({ another, author, baseURL }) => {
  const course = await author.course(unique("Plain"), { One: ["Here"] });
  const plain: BrowserContext = await another({ javaScriptEnabled: false });
  await signIn(plain, "author");
  const page = await plain.newPage();
  await page.goto(`/admin/lessons/${course.lessons.Here}/edit`);
  await page.locator("#upload-file").setInputFiles({ name: "clip.webm", mimeType: "video/webm", buffer: CLIP });
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page).toHaveURL(new RegExp(`/admin/lessons/${course.lessons.Here}/edit#files$`));
  await expect(page.locator(".file-list li")).toContainText("clip.webm");
  await page.goto(`/courses/${course.id}/lessons/${course.lessons.Here}`);
  await expect(page.locator("video")).toHaveAttribute("src", /^\/media\//);
  await page.goto(`/admin/lessons/${course.lessons.Here}/edit`);
  await page.getByRole("button", { name: "Delete clip.webm" }).click();
  await expect(page.getByText("No files yet.")).toBeVisible();
  expect(baseURL).toBeTruthy();
});

test("the author's preview shows a draft's pictures, also while they look at the site as others do", async ({ page, context, author, baseURL }) => {
  const course = await author.course(unique("Dots"), { One: [{ name: "Here", status: "private", markdown: "![A dot](dot.gif)" }] });
  const dot = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
  await uploadFile(author, baseURL!, course.lessons.Here!, "dot.gif", dot);
  await signIn(context, "author");
  for (const preview of ["buyer", "visitor"]) {
    const started = await context.request.post("/api/admin/start_preview", { form: { preview, next: "/" }, headers: { accept: "application/json" }, maxRedirects: 0 });
    expect(started.ok()).toBe(true);
    await open(page, `/admin/lessons/${course.lessons.Here}/edit`);
    const picture = page.getByRole("region", { name: "Preview" }).getByRole("img", { name: "A dot" });
    await expect.poll(() => picture.evaluate((picture: HTMLImageElement) => picture.naturalWidth)).toBe(1);
  }
});
