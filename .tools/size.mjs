// What the first view costs: every file that is sent until the page is ready, in brotli at quality 11; and beside it what
// those load who explore. Fails above the budget.

import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { isReady, launch } from "../tests/browser/chromium.mjs";
import { serve } from "./serve.mjs";

// The workers' were set by measurement; they are set again when the language or the library grows.
const BUDGET = { page: 110_000, worker: 515_000, explorer: 685_000 };
const DIST = fileURLToPath(new URL("../dist", import.meta.url));

const sizes = new Map();
const server = await serve({ onFile: (path) => sizes.set(basename(path), packed(path)) });
const browser = await launch();
try {
  const page = await browser.newPage();
  await page.goto(server.address);
  await isReady(page);
} finally {
  await browser.close();
  await server.stop();
}

// Fetched when a run was shown for a while, or later.
for (const name of readdirSync(DIST)) {
  if (name.startsWith("explorer")) sizes.set(name, packed(join(DIST, name)));
}

const total = { page: 0, worker: 0, explorer: 0 };
for (const [name, size] of sizes) {
  const part = ["worker", "explorer"].find((worker) => name.startsWith(worker)) ?? "page";
  total[part] += size;
  console.log(`${bytes(size)}  ${part.padEnd(8)}  ${name}`);
}
for (const [part, budget] of Object.entries(BUDGET)) {
  const over = total[part] > budget;
  console.log(`${bytes(total[part])}  ${part.padEnd(8)}  of ${bytes(budget).trim()}${over ? ": OVER BUDGET" : ""}`);
  if (over) process.exitCode = 1;
}
if (!total.worker) {
  console.log("the worker was not asked for before the page was ready");
  process.exitCode = 1;
}

function packed(path) {
  return brotliCompressSync(readFileSync(path), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

function bytes(count) {
  return `${count.toLocaleString("en")} B`.padStart(11);
}
