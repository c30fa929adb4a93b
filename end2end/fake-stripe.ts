// What stands in for Stripe, run by a test.
import { type ChildProcess, spawn } from "node:child_process";

// The program, as scripts/test-browser says it.
const { LECTERN_FAKE_STRIPE } = process.env;

/** Why a test that needs it is skipped, where it is. */
export const NO_STRIPE = LECTERN_FAKE_STRIPE ? undefined : "skipped: LECTERN_FAKE_STRIPE names no program";

export type Event = { id: string; type: string; data: { object: { id: string; payment_intent?: string } } };

export class FakeStripe {
  private constructor(
    readonly origin: string,
    private readonly child: ChildProcess,
  ) {}

  /** Tells the webhook of a server; `switches` as its command line takes them. */
  static async start(server: string, ...switches: string[]): Promise<FakeStripe> {
    const webhook = `${server}/webhooks/stripe`;
    const child = spawn(LECTERN_FAKE_STRIPE!, ["--port", "0", "--webhook", webhook, ...switches], { stdio: ["ignore", "pipe", "inherit"] });
    const origin = await new Promise<string>((resolve, reject) => {
      child.stdout!.on("data", (line: Buffer) => {
        const found = /is ready: (\S+)/.exec(line.toString());
        if (found) resolve(found[1]!);
      });
      child.once("exit", () => reject(new Error("lectern-fake-stripe ended before it was ready")));
    });
    return new FakeStripe(origin, child);
  }

  /** The settings of a server that is paid through it. */
  get settings(): Record<string, string> {
    return { STRIPE_SECRET_KEY: "sk_test_fake", STRIPE_WEBHOOK_SECRET: "whsec_fake", STRIPE_URL: this.origin };
  }

  /** Does what a buyer, a bank or somebody at Stripe's dashboard would; answers the id of what came of it. */
  async act(act: object): Promise<string> {
    const answer = await fetch(`${this.origin}/fake/act`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(act),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return ((await answer.json()) as { id: string }).id;
  }

  async events(): Promise<Event[]> {
    return (await fetch(`${this.origin}/fake/events`)).json() as Promise<Event[]>;
  }

  end() {
    this.child.kill();
  }
}
