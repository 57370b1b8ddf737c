// What the first view costs: every file that is sent until the page is ready, in brotli at quality 11.
// Fails above the budget.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { isReady, launch } from "../tests/browser/chromium.mjs";
import { serve } from "./serve.mjs";

// The worker's was set by measurement; it is set again when the language or the library grows.
const BUDGET = { page: 110_000, worker: 565_000 };

const sizes = new Map();
const server = await serve({
  onFile(path) {
    const packed = brotliCompressSync(readFileSync(path), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    sizes.set(basename(path), packed.length);
  },
});
const browser = await launch();
try {
  const page = await browser.newPage();
  await page.goto(server.address);
  await isReady(page);
} finally {
  await browser.close();
  await server.stop();
}

const total = { page: 0, worker: 0 };
for (const [name, size] of sizes) {
  const part = name.startsWith("worker") ? "worker" : "page";
  total[part] += size;
  console.log(`${bytes(size)}  ${part.padEnd(6)}  ${name}`);
}
for (const part of ["page", "worker"]) {
  const over = total[part] > BUDGET[part];
  console.log(`${bytes(total[part])}  ${part.padEnd(6)}  of ${bytes(BUDGET[part]).trim()}${over ? ": OVER BUDGET" : ""}`);
  if (over) process.exitCode = 1;
}
if (!total.worker) {
  console.log("the worker was not asked for before the page was ready");
  process.exitCode = 1;
}

function bytes(count) {
  return `${count.toLocaleString("en")} B`.padStart(11);
}
