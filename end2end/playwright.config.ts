import { existsSync } from "node:fs";
import { defineConfig, devices, type LaunchOptions } from "@playwright/test";

// scripts/test-browser starts a server of its own and says where it is; by hand, BASE_URL says it. The tests fill a
// database with what they make, so there is no default.
const baseURL = process.env.BASE_URL;
if (!baseURL) throw new Error("BASE_URL is missing: the address of a Lectern in demo mode that may be filled with test data");

const chromium = process.env.CHROMIUM ?? (existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : undefined);

const launchOptions: LaunchOptions = {
  executablePath: chromium,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "test-results",
  fullyParallel: true,
  workers: Number(process.env.E2E_WORKERS ?? 2),
  // A test that passes the second time is a defect, of the test or of Lectern.
  retries: 0,
  forbidOnly: true,
  reporter: [["list"]],
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL,
    launchOptions,
    trace: "off",
    video: "off",
    screenshot: "only-on-failure",
    locale: "en-GB",
    timezoneId: "UTC",
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
  },
  // Each test runs where it says something: on the wide screen, on the phone (@phone), or on both (@both). The
  // README's pictures are taken by hand: SHOTS=folder npx playwright test --project shots. What prints figures and
  // asserts none is for scripts/bench: BENCH=1 npx playwright test --project bench
  projects: [
    {
      name: "wide",
      grepInvert: /@phone|@shots|@bench/,
      use: { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 900 } },
    },
    {
      name: "phone",
      grep: /@phone|@both/,
      use: { browserName: "chromium", viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    },
    ...(process.env.BENCH ? [{ name: "bench", grep: /@bench/, use: { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 900 } } }] : []),
    ...(process.env.SHOTS ? [{ name: "shots", grep: /@shots/, use: { browserName: "chromium" as const } }] : []),
  ],
});
