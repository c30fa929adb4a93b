// The server is killed while what was completed is sent to it: nothing is lost, nothing is stored twice.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Author, type BrowserContext, buy, expect, hydrated, listenForViolations, outlineOf, signUp, test } from "./fixtures";

// The program and a database's address, as scripts/test-browser says them.
const { LECTERN_BIN, DATABASE_URL } = process.env;

/** A server of this test's own, which can be killed and started again over the same database. */
class Server {
  private child?: ChildProcess;
  private constructor(
    readonly origin: string,
    private readonly database: string,
    private readonly folder: string,
  ) {}

  static async create(): Promise<Server> {
    const port = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, "127.0.0.1", () => {
        const { port } = probe.address() as { port: number };
        probe.close(() => resolve(port));
      });
    });
    const name = `lectern_killed_${Date.now()}`;
    execFileSync("psql", ["-q", DATABASE_URL!, "-c", `create database ${name}`]);
    const server = new Server(`http://127.0.0.1:${port}`, DATABASE_URL!.replace(/\/[^/]*$/, `/${name}`), mkdtempSync(join(tmpdir(), "lectern-killed-")));
    await server.start();
    return server;
  }

  async start() {
    const child = spawn(LECTERN_BIN!, {
      cwd: "..",
      env: {
        ...process.env,
        DATABASE_URL: this.database,
        LECTERN_MODE: "demo",
        LECTERN_DATA_DIR: this.folder,
        LECTERN_LOG: "error",
        LEPTOS_SITE_ADDR: this.origin.slice("http://".length),
        LECTERN_PUBLIC_URL: this.origin,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout!.on("data", (line: Buffer) => line.includes("is ready") && resolve());
      child.once("exit", () => reject(new Error("the server ended before it was ready")));
    });
  }

  /** As a machine dies: no request under way is answered, nothing is tidied up. */
  async kill() {
    const child = this.child;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  async end() {
    await this.kill();
    rmSync(this.folder, { recursive: true });
    execFileSync("psql", ["-q", DATABASE_URL!, "-c", `drop database ${new URL(this.database).pathname.slice(1)} with (force)`]);
  }
}

async function completed(context: BrowserContext, course: string): Promise<string[]> {
  const response = await context.request.post("/api/get_outline", { form: { course }, headers: { accept: "application/json" } });
  const lessons = outlineOf(await response.json()).flatMap((section) => section.lessons);
  return lessons.filter((lesson) => lesson.completed).map((lesson) => lesson.name);
}

test("a server that is killed before it stores, and again before it answers, leaves the learner's last word", async ({ browser, playwright }) => {
  test.skip(!LECTERN_BIN || !DATABASE_URL, "skipped: LECTERN_BIN and DATABASE_URL name no server that may be killed");
  test.slow();
  const server = await Server.create();
  const baseURL = server.origin;
  // Not watched: that its requests fail is what this page is here for.
  const context = await browser.newContext({ baseURL });
  const request = await playwright.request.newContext({ baseURL });
  try {
    await listenForViolations(context);
    await request.post("/api/sign_in_demo", { form: { as: "author" } });
    const author = new Author(request);
    const course = await author.course("Killed", { All: ["One", "Two", "Three", "Four"] });
    const product = await author.product("Killed", [course.id], { price: "0" });
    await signUp(context);
    await buy(context, product);
    const page = await context.newPage();
    await page.goto(`/courses/${course.id}/lessons/${course.lessons.One}`);
    await hydrated(page);

    const to = async (key: "n" | "p", name: string) => {
      await page.keyboard.press(key);
      await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    };
    for (const name of ["Two", "Three", "Four"]) await to("n", name);

    // Three completed and one of them taken back, while nothing can be sent.
    const press = page.locator(".lesson-bar button");
    await context.setOffline(true);
    await press.click();
    await to("p", "Three");
    await press.click();
    await to("p", "Two");
    await press.click();
    await press.click();
    await expect(page.locator(".lesson-bar")).toContainText("Kept on this device.");

    let sent = 0;
    await page.route("**/api/complete_lesson", async (route) => {
      sent += 1;
      if (sent === 1) {
        // On its way, and it never came.
        await server.kill();
        await route.abort("connectionreset");
      } else if (sent === 2) {
        // Stored, and nobody heard of it.
        await route.fetch();
        await server.kill();
        await route.abort("connectionreset");
      } else {
        await route.continue();
      }
    });
    await context.setOffline(false);
    await expect.poll(() => sent).toBe(1);
    await server.start();
    await expect.poll(() => sent, { timeout: 20_000 }).toBe(2);
    await server.start();
    expect(await completed(context, course.id)).toEqual(["Four"]);
    const waiting = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("completions-")));
    await expect.poll(waiting, { timeout: 30_000 }).toEqual([]);
    expect(await completed(context, course.id)).toEqual(["Three", "Four"]);
    await expect(page.locator(".lesson-bar")).not.toContainText("Kept on this device.");
  } finally {
    await context.close();
    await request.dispose();
    await server.end();
  }
});
