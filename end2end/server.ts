// A server of a test's own, which can be killed and started again over the same database.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The program and a database's address, as scripts/test-browser says them.
const { LECTERN_BIN, DATABASE_URL } = process.env;

/** Why a test that needs one is skipped, where it is. */
export const NO_SERVER = LECTERN_BIN && DATABASE_URL ? undefined : "skipped: LECTERN_BIN and DATABASE_URL name no server that may be killed";

export class Server {
  private child?: ChildProcess;
  private constructor(
    readonly origin: string,
    private readonly database: string,
    private readonly folder: string,
    private readonly settings: Record<string, string>,
  ) {}

  /** With further settings, which may depend on where it is. */
  static async create(settings: (origin: string) => Promise<Record<string, string>> = async () => ({})): Promise<Server> {
    const port = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, "127.0.0.1", () => {
        const { port } = probe.address() as { port: number };
        probe.close(() => resolve(port));
      });
    });
    const name = `lectern_killed_${Date.now()}`;
    execFileSync("psql", ["-q", DATABASE_URL!, "-c", `create database ${name}`]);
    const origin = `http://127.0.0.1:${port}`;
    const database = DATABASE_URL!.replace(/\/[^/]*$/, `/${name}`);
    const server = new Server(origin, database, mkdtempSync(join(tmpdir(), "lectern-killed-")), await settings(origin));
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
        ...this.settings,
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
    // Who died of a signal has no exit code.
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
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
