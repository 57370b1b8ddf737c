// How long an exploration takes in the browser, beside the native command line on one core: `node tests/browser/measure-explore.mjs`.
// Once as a reader has it, who looks at the run before he asks for its orders, so that a worker is ready for them, and once by a worker
// that nothing prepared: none of its code has run before. Ends with 1 if a reader waits more than three times as long. It needs the
// built site and `cargo build --release --bin interleave`.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../.tools/serve.mjs";
import { isReady, launch } from "./chromium.mjs";
import { stage } from "./stage.mjs";

const MOST = 3;
const ROUNDS = 5;
// How long a reader looks at the run at least, ms.
const LOOK = 2000;

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
  for (const [threads, rounds] of [[2, 5], [2, 10], [4, 3]]) {
    const text = counter(threads, rounds);
    let [here, there, shown, fresh] = [Infinity, Infinity, Infinity, Infinity];
    for (let round = 0; round < ROUNDS; round++) {
      const [alone, orders] = native(text);
      const [worker, page] = await inBrowser(text, orders, true);
      const [cold] = await inBrowser(text, orders, false);
      [here, there, shown] = [Math.min(here, worker), Math.min(there, alone), Math.min(shown, page)];
      fresh = Math.min(fresh, cold);
    }
    if (here > MOST * there) failed = true;
    const ratio = (seconds) => (seconds / there).toFixed(1);
    const [worker, alone, page, cold] = [here, there, shown, fresh].map((it) => it.toFixed(3));
    console.log(
      `(${threads},${rounds}): ${worker} s in the worker, ${alone} s native, ratio ${ratio(here)} (at most ${MOST}); ` +
        `${page} s from the click to the sheet; ${cold} s in a worker that nothing prepared, ratio ${ratio(fresh)}`,
    );
  }
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true });
}
process.exitCode = failed ? 1 : 0;

/** Seconds that the exploration took by the program's own word; how many orders there are. */
function native(text) {
  const file = join(folder, "program.py");
  writeFileSync(file, text);
  const options = ["explore", file, "--jobs", "1", "--json"];
  // It ends with 5: there are findings.
  const { stdout } = spawnSync("target/release/interleave", options, { encoding: "utf8", maxBuffer: 1 << 30 });
  const { seconds, interleavings } = JSON.parse(stdout);
  return [seconds, interleavings];
}

/** Seconds in the worker, from when it has the request to when it has answered, and from the click to what the page shows. */
async function inBrowser(text, orders, prepared) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.addInitScript(noteMessages, prepared);
  await page.goto(`${server.address}#scenario=lost_deposit&runtime=free-threaded`);
  await isReady(page);
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.fill(text);
  await on.source.press("Control+Enter");
  await isReady(page);
  await page.waitForTimeout(LOOK);
  const button = on.button("Explore all orders");
  const start = performance.now();
  await button.click();
  await page.getByText(`${Number(orders).toLocaleString("en")} orders`, { exact: true }).waitFor();
  const shown = (performance.now() - start) / 1000;
  const asked = await page.evaluate(() => window.asked);
  await page.close();
  return [(asked.answered - asked.at) / 1000, shown];
}

/** In the page: when a worker is asked to explore (5) and when it sends its sheet (7). Without `prepared` none is told to get ready (9). */
function noteMessages(prepared) {
  window.asked = {};
  window.Worker = class extends window.Worker {
    constructor(...parameters) {
      super(...parameters);
      this.addEventListener("message", ({ data }) => {
        if (data[1] === 7) window.asked.answered = performance.now();
      });
    }
    postMessage(data, ...more) {
      if (data[1] === 5) window.asked.at = performance.now();
      if (data[1] !== 9 || prepared) super.postMessage(data, ...more);
    }
  };
}
