// How long an exploration takes in the browser, beside the native command line on one core: `node tests/browser/measure-explore.mjs`.
// Ends with 1 if it takes more than three times as long. It needs the built site and `cargo build --release --bin interleave`.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../.tools/serve.mjs";
import { isReady, launch } from "./chromium.mjs";
import { stage } from "./stage.mjs";

const MOST = 3;
const ROUNDS = 3;

const counter = (threads, rounds) => `# /// interleave
# runtime = "free-threaded"
# ///
import threading
counter = 0
def work():
    global counter
    for _ in range(${rounds}):
        tmp = counter
        counter = tmp + 1
threads = [threading.Thread(target=work) for _ in range(${threads})]
for t in threads: t.start()
for t in threads: t.join()
print(counter)
`;

const folder = mkdtempSync(join(tmpdir(), "interleave-"));
const server = await serve();
const browser = await launch();
let failed = false;
try {
  for (const [threads, rounds] of [[2, 10], [4, 3]]) {
    const here = [];
    const there = [];
    for (let round = 0; round < ROUNDS; round++) {
      there.push(native(counter(threads, rounds)));
      here.push(await inBrowser(counter(threads, rounds)));
    }
    const [a, b] = [Math.min(...here), Math.min(...there)];
    if (a > MOST * b) failed = true;
    console.log(`(${threads},${rounds}): ${a.toFixed(3)} s in the browser, ${b.toFixed(3)} s native, ratio ${(a / b).toFixed(1)} (at most ${MOST})`);
  }
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true });
}
process.exitCode = failed ? 1 : 0;

/** Seconds, the start of the program and the loading of nothing else included: what the page's worker does as well. */
function native(text) {
  const file = join(folder, "program.py");
  writeFileSync(file, text);
  const start = performance.now();
  try {
    execFileSync("target/release/interleave", ["explore", file, "--jobs", "1"], { stdio: "ignore" });
  } catch {
    // It ends with 5: there are findings.
  }
  return (performance.now() - start) / 1000;
}

/** Seconds from the click to what the page shows. */
async function inBrowser(text) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.goto(server.address);
  await isReady(page);
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.fill(text);
  await on.source.press("Control+Enter");
  const button = on.button("Explore all orders");
  await button.waitFor();
  const start = performance.now();
  await button.click();
  await page.getByText(/^[\d,]+ orders$/).waitFor();
  const seconds = (performance.now() - start) / 1000;
  await page.close();
  return seconds;
}
