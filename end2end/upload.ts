// Uploads by an independent client of the tus protocol.
import { Upload } from "tus-js-client";
import type { APIRequestContext, Author } from "./fixtures";

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
