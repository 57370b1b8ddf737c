// The browser itself, for the tests and for what measures the site.

import { chromium } from "playwright-core";

/** The browser: a fresh profile each time, and no requests of its own. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Waits until the page can be used. */
export async function isReady(page) {
  await page.locator('html[data-ready="true"]').waitFor({ state: "attached" });
}
