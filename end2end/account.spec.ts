// One's own account, and the letters that let one in.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectAccessible } from "./axe";
import { type Page, expect, hydrated, listenForViolations, open, signIn, signUp, somebody, test } from "./fixtures";
import { tabTo } from "./keyboard";
import { NO_SERVER, Server } from "./server";

test("a learner renames themselves, signs another browser out and changes the password, by keyboard alone @both", async ({ page, context, another, watch }) => {
  const lee = await signUp(context);
  const elsewhere = await another();
  const form = { "form[email]": lee.email, "form[password]": lee.password };
  expect((await elsewhere.request.post("/api/sign_in", { form, headers: { accept: "application/json" }, maxRedirects: 0 })).ok()).toBe(true);
  const isIn = async () => (await elsewhere.request.post("/api/get_account", { form: {}, headers: { accept: "application/json" } })).ok();
  expect(await isIn()).toBe(true);

  await open(page, "/account");
  await expect(page.getByText("This site cannot send letters")).toBeVisible();
  await expectAccessible(page, "the account");
  await tabTo(page, page.getByRole("textbox", { name: "Name" }));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("Lee the Second");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Name" }).getByRole("status")).toHaveText("Saved");

  const sessions = page.getByRole("region", { name: "Where you are signed in" });
  await expect(sessions.getByRole("listitem")).toHaveCount(2);
  await expect(sessions.getByText("This browser")).toHaveCount(1);
  await tabTo(page, sessions.getByRole("button", { name: /^Sign out (?!all)/ }));
  await page.keyboard.press("Enter");
  await expect(sessions.getByRole("listitem")).toHaveCount(1);
  expect(await isIn()).toBe(false);

  await hydrated(page);
  watch.announceStatus(400);
  const password = page.getByRole("region", { name: "Password" });
  await password.getByLabel("Current password").fill("not the password");
  await password.getByLabel("New password").fill("another one it is");
  await page.keyboard.press("Enter");
  await expect(password.getByRole("alert")).toContainText("This is not your password.");
  await password.getByLabel("Current password").fill(lee.password);
  await page.keyboard.press("Enter");
  await expect(password.getByLabel("New password")).toHaveValue("");
  await hydrated(page);
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Lee the Second");
  const fresh = { "form[email]": lee.email, "form[password]": "another one it is" };
  expect((await elsewhere.request.post("/api/sign_in", { form: fresh, headers: { accept: "application/json" }, maxRedirects: 0 })).ok()).toBe(true);
});

test("an account is deleted once its person shows that they mean it", async ({ page, context, watch }) => {
  const lee = await signUp(context);
  await open(page, "/account");
  await page.getByRole("link", { name: "Delete account…" }).click();
  await hydrated(page);
  await expect(page.getByText("This stays:")).toBeVisible();
  await expectAccessible(page, "the account's deletion");
  watch.announceStatus(400);
  await page.getByLabel("Your password").fill("not the password");
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page.getByRole("alert")).toContainText("This is not your password.");
  await page.getByLabel("Your password").fill(lee.password);
  await page.getByRole("button", { name: "Delete my account" }).click();
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("link", { name: "Sign up" })).toBeVisible();
});

test("an admin suspends a person, lets them in again, and finds both in the log", async ({ page, context, author, another }) => {
  const visit = await another();
  const lee = await signUp(visit);
  const { id } = (await author.people({ q: lee.email })).rows[0]!;
  const isIn = async () => (await visit.request.post("/api/get_account", { form: {}, headers: { accept: "application/json" } })).ok();
  await signIn(context, "author");
  await open(page, `/admin/people/${id}`);
  await page.getByRole("button", { name: "Suspend" }).click();
  await expect(page.getByText("Suspended", { exact: true })).toBeVisible();
  expect(await isIn()).toBe(false);
  await hydrated(page);
  await page.getByRole("button", { name: "Let in again" }).click();
  await expect(page.getByText("Suspended", { exact: true })).toHaveCount(0);
  await open(page, "/admin/people");
  await page.getByRole("link", { name: "Log" }).click();
  await page.getByLabel("Who or what").fill(lee.email);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page.getByRole("row")).toHaveCount(3);
  await expect(page.getByRole("row").nth(1)).toContainText(`let in again ${lee.name}`);
  await expect(page.getByRole("row").nth(2)).toContainText(`suspended ${lee.name}`);
  await expectAccessible(page, "the log");
});

test("somebody who is invited signs up and becomes an admin, once", async ({ page, context, another, watch }) => {
  await signIn(context, "author");
  await open(page, "/admin/people/invite");
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByLabel("Link").inputValue();
  const visit = await another();
  const friend = await visit.newPage();
  await open(friend, link);
  await expect(friend.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await friend.getByRole("link", { name: "Make an account" }).click();
  await hydrated(friend);
  const person = somebody();
  await friend.getByLabel("Name", { exact: true }).fill(person.name);
  await friend.getByLabel("E-mail").fill(person.email);
  await friend.getByLabel("Password").fill(person.password);
  await friend.getByRole("button", { name: "Make an account" }).click();
  await friend.getByRole("button", { name: "Become an admin" }).click();
  await expect(friend).toHaveURL("/admin");
  const late = await (await another()).newPage();
  await signUp(late.context());
  await open(late, link);
  watch.announceStatus(409);
  await late.getByRole("button", { name: "Become an admin" }).click();
  await expect(late.getByRole("alert")).toContainText("This link has been used");
});

/** A real mail server on loopback, and the letters that it took. */
class Mailbox {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async open(): Promise<Mailbox> {
    const port = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, "127.0.0.1", () => {
        const { port } = probe.address() as { port: number };
        probe.close(() => resolve(port));
      });
    });
    const folder = mkdtempSync(join(tmpdir(), "lectern-mailbox-"));
    const child = spawn(process.env.AIOSMTPD!, ["../src/tests/support/smtp.py", String(port), folder], { stdio: "ignore" });
    return new Mailbox(child, folder, port);
  }

  /** The link in the latest letter that leads there. */
  async link(path: string): Promise<string> {
    let found: string | undefined;
    await expect
      .poll(() => {
        const files = readdirSync(this.folder).filter((name) => name.endsWith(".eml")).sort();
        const texts = files.map((name) => readFileSync(join(this.folder, name), "utf8").replaceAll(/=\r?\n/g, "").replaceAll("=3D", "="));
        found = texts.reverse().map((text) => text.match(new RegExp(`${path}#[0-9a-f]{64}`))?.[0]).find(Boolean);
        return found;
      }, { timeout: 30_000 })
      .toBeTruthy();
    return found!;
  }

  close() {
    this.child.kill();
    rmSync(this.folder, { recursive: true });
  }
}

test("letters confirm an address, let in without a password, and give another one", async ({ browser }) => {
  test.skip(!!NO_SERVER, NO_SERVER);
  test.skip(!process.env.AIOSMTPD, "skipped: AIOSMTPD names no Python with aiosmtpd");
  test.slow();
  const mailbox = await Mailbox.open();
  const server = await Server.create(async () => ({
    LECTERN_SMTP_URL: `smtp://ada:secret@127.0.0.1:${mailbox.port}`,
    LECTERN_MAIL_FROM: "ada@example.org",
  }));
  const context = await browser.newContext({ baseURL: server.origin });
  try {
    await listenForViolations(context);
    const lee = await signUp(context);
    const page = await context.newPage();
    await open(page, "/account");
    await expect(page.getByText("Not confirmed")).toBeVisible();
    await open(page, await mailbox.link("/account/confirm"));
    await expect(page.locator("#main").getByText(lee.email)).toBeVisible();
    await page.getByRole("button", { name: "Yes, it is mine" }).click();
    await expect(page).toHaveURL("/account");
    await expect(page.getByText("Confirmed", { exact: true })).toBeVisible();

    const signOut = async (page: Page) => {
      await page.locator("summary").filter({ hasText: lee.name }).click();
      await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
      await expect(page.getByRole("link", { name: "Sign up" })).toBeVisible();
    };
    const ask = async (press: string) => {
      await open(page, "/sign-in");
      await page.getByRole("link", { name: "Get in by e-mail" }).click();
      await hydrated(page);
      await page.getByLabel("E-mail").fill(lee.email);
      await page.getByRole("button", { name: press }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Look into your mailbox" })).toBeVisible();
    };
    await signOut(page);
    await ask("Send me a link to sign in");
    const link = await mailbox.link("/sign-in/link");
    await open(page, link);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL("/courses");
    await signOut(page);
    await open(page, link);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("This link has been used");

    // The secret is in no address that is sent or shown, and without script one copies it.
    await ask("Let me choose another password");
    const [path, code] = (await mailbox.link("/sign-in/reset")).split("#");
    await open(page, `${path}#${code}`);
    await expect(page).toHaveURL(path!);
    await expect(page.getByLabel("Code of the link")).toBeHidden();
    await expect(page.getByLabel("Code of the link")).toHaveValue(code!);
    await page.getByLabel("New password").fill("password123");
    await page.getByRole("button", { name: "Change password and sign in" }).click();
    await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/This is among the first that somebody would guess/);
    const plain = await browser.newContext({ baseURL: server.origin, javaScriptEnabled: false });
    const still = await plain.newPage();
    await still.goto(`${path}#${code}`);
    for (const wrong of ["", "0"]) {
      await still.getByLabel("Code of the link").fill(`${wrong}0`);
      await still.getByLabel("New password").fill("another one it is");
      await Promise.all([still.waitForEvent("load"), still.getByRole("button", { name: "Change password and sign in" }).click()]);
      await expect(still.getByRole("alert")).toContainText("This link has been used");
      await expect(still.getByLabel("Code of the link")).toHaveValue(`${wrong}0`);
    }
    await still.getByLabel("Code of the link").fill(code!);
    await still.getByLabel("New password").fill("another one it is");
    await still.getByRole("button", { name: "Change password and sign in" }).click();
    await expect(still).toHaveURL("/courses");
    await plain.close();

    await open(page, "/sign-in");
    await page.getByLabel("E-mail").fill(lee.email);
    await page.getByLabel("Password").fill("another one it is");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL("/courses");
  } finally {
    await context.close();
    await server.end();
    mailbox.close();
  }
});
