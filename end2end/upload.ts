// Uploads by an independent client of the tus protocol.
import { readFileSync } from "node:fs";
import { Upload } from "tus-js-client";
import { type APIRequestContext, type Author, unique } from "./fixtures";

export const CLIP = readFileSync(new URL("./media/clip.webm", import.meta.url));
/** In one language: three lines. */
export const CAPTIONS = `WEBVTT

00:00.000 --> 00:02.000
Good evening.

00:02.000 --> 00:12.000
This is <b>one</b> clip & its captions.

00:12.000 --> 00:23.000
And here it ends.
`;

export async function cookieOf(request: APIRequestContext): Promise<string> {
  const state = await request.storageState();
  return state.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** Uploads a file to a lesson, as its author. */
export async function uploadFile(author: Author, baseURL: string, lesson: string, filename: string, content: Buffer, language = "en", chunkSize = 20_000) {
  const cookie = await cookieOf(author.request);
  return new Promise<void>((resolve, reject) => {
    new Upload(content, {
      endpoint: `${baseURL}/uploads`,
      chunkSize,
      headers: { cookie, origin: baseURL },
      metadata: { lesson, filename, language },
      onError: reject,
      onSuccess: () => resolve(),
    }).start();
  });
}

/** A course whose first lesson is an uploaded film with captions in English and German, sold for nothing. */
export async function uploadedFilm(author: Author, baseURL: string) {
  const title = unique("Upload");
  const course = await author.course(title, { Reel: [{ name: "Film", markdown: "About it." }, "After"] });
  const product = await author.product(title, [course.id], { price: "0" });
  await uploadFile(author, baseURL, course.lessons.Film!, "clip.webm", CLIP);
  await uploadFile(author, baseURL, course.lessons.Film!, "clip.vtt", Buffer.from(CAPTIONS));
  await uploadFile(author, baseURL, course.lessons.Film!, "clip.srt", Buffer.from("1\n00:00:00,000 --> 00:00:09,000\nGuten Abend.\n"), "de");
  return { course, product, path: `/courses/${course.id}/lessons/${course.lessons.Film}` };
}
