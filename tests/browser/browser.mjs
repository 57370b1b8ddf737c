// The built site in a real browser, served under a path and a strict policy.
//
//   test("...", async (t) => {
//     const page = await open(t, { size: [390, 844], theme: "dark", hash: "#..." });
//     await page.getByRole("button", { name: "Step forward" }).click();
//   });
//
// A page that logs an error, throws, or asks for what it cannot get fails its test at the end, whatever
// else was checked. Nothing sleeps: wait for what a person would wait for, with a locator's `waitFor` or with `until`.

import assert from "node:assert/strict";
import { after } from "node:test";
import { serve } from "../../.tools/serve.mjs";
import { isReady, launch } from "./chromium.mjs";

export { isReady };

export const SIZES = { desktop: [1440, 900], tablet: [1024, 768], phone: [390, 844] };

// One browser and one server for each file of tests, started when first used.
let shared;
function site() {
  shared ??= Promise.all([launch(), serve({ base: "/some/path/" })]);
  return shared;
}
after(async () => {
  if (!shared) return;
  const [browser, server] = await shared;
  await browser.close();
  await server.stop();
});

/**
 * Opens the site for the test `t` and waits until it can be used (`ready: false` does not wait).
 * The page has its own storage; `page.reload()` and more pages of `page.context()` share it.
 */
export async function open(t, { size = SIZES.desktop, theme = "light", hash = "", ready = true, ...options } = {}) {
  const [browser, server] = await site();
  const [width, height] = size;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, ...options });
  context.setDefaultTimeout(10_000);
  const problems = watch(context, server.address);
  t.after(async () => {
    const found = [...problems]; // closing cuts off requests, which is no problem
    await context.close();
    assert.deepEqual(found, [], "the browser's console stays clean");
  });
  const page = await context.newPage();
  await page.goto(server.address + hash);
  if (ready) await isReady(page);
  return page;
}

/** Asks `read` again, frame by frame, until it gives `expected`; then, or after `timeout` ms, compares. */
export async function until(page, read, expected, timeout = 5_000) {
  const end = performance.now() + timeout;
  let value = await read();
  while (!same(value, expected) && performance.now() < end) {
    await page.evaluate(() => new Promise(requestAnimationFrame));
    value = await read();
  }
  assert.deepEqual(value, expected);
}

function same(a, b) {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
}

/** Everything that goes wrong, as text. A test that provokes a problem checks and empties the list: `page.problems`. */
function watch(context, address) {
  const problems = [];
  context.on("page", (page) => (page.problems = problems));
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  context.on("weberror", (error) => problems.push(`error: ${error.error()}`));
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(data|blob):/.test(url)) problems.push(`asks for ${url}`);
  });
  context.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // Leaving a page, or ending a worker, while it still loads.
    if (reason !== "net::ERR_ABORTED") problems.push(`failed: ${request.url()} ${reason}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  return problems;
}
