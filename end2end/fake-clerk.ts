// What stands in for Clerk, run by a test.
import { type ChildProcess, spawn } from "node:child_process";

// The program, as scripts/test-browser says it.
const { LECTERN_FAKE_CLERK } = process.env;

/** Why a test that needs it is skipped, where it is. */
export const NO_CLERK = LECTERN_FAKE_CLERK ? undefined : "skipped: LECTERN_FAKE_CLERK names no program";

export const CLERK_KEY = "sk_test_fake";
export const CLERK_SECRET = "whsec_ZmFrZQ==";

export type ClerkEvent = { type: string; data: { id: string } };

export class FakeClerk {
  private constructor(
    readonly origin: string,
    private readonly publishableKey: string,
    private readonly child: ChildProcess,
  ) {}

  /** Tells the webhook of a server; `switches` as its command line takes them. */
  static async start(server: string, ...switches: string[]): Promise<FakeClerk> {
    const webhook = `${server}/webhooks/clerk`;
    const child = spawn(LECTERN_FAKE_CLERK!, ["--port", "0", "--webhook", webhook, ...switches], { stdio: ["ignore", "pipe", "inherit"] });
    const [origin, key] = await new Promise<[string, string]>((resolve, reject) => {
      child.stdout!.on("data", (line: Buffer) => {
        const found = /is ready: (\S+) (\S+)/.exec(line.toString());
        if (found) resolve([found[1]!, found[2]!]);
      });
      child.once("exit", () => reject(new Error("lectern-fake-clerk ended before it was ready")));
    });
    return new FakeClerk(origin, key, child);
  }

  /** The settings of a server whose people sign in by it. */
  get settings(): Record<string, string> {
    return { CLERK_PUBLISHABLE_KEY: this.publishableKey, CLERK_SECRET_KEY: CLERK_KEY, CLERK_WEBHOOK_SECRET: CLERK_SECRET, CLERK_URL: this.origin };
  }

  private async post(path: string, body: object): Promise<Response> {
    const answer = await fetch(`${this.origin}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  /** Does what a person, or somebody at Clerk's dashboard would; answers the id of what came of it. */
  async act(act: object): Promise<string> {
    return ((await (await this.post("/fake/act", act)).json()) as { id: string }).id;
  }

  /** A token for pages of an origin, as Clerk's script has one. */
  async token(session: string, origin: string): Promise<string> {
    return (await this.post("/fake/token", { session, origin })).text();
  }

  /** The public key that its tokens are signed by. */
  async pem(): Promise<string> {
    return (await fetch(`${this.origin}/fake/key.pem`)).text();
  }

  async events(): Promise<ClerkEvent[]> {
    return (await fetch(`${this.origin}/fake/events`)).json() as Promise<ClerkEvent[]>;
  }

  end() {
    this.child.kill();
  }
}
