// How long an exploration takes in the browser, beside the native command line on one core: `node tests/browser/measure-explore.mjs`.
// Ends with 1 if it takes more than three times as long. It needs the built site and `cargo build --release --bin interleave`.

import { spawnSync } from "node:child_process";
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
  for (const [threads, rounds] of [[2, 5], [2, 10], [4, 3]]) {
    const text = counter(threads, rounds);
    let [here, there, shown] = [Infinity, Infinity, Infinity];
    for (let round = 0; round < ROUNDS; round++) {
      const [alone, orders] = native(text);
      const [worker, page] = await inBrowser(text, orders);
      [here, there, shown] = [Math.min(here, worker), Math.min(there, alone), Math.min(shown, page)];
    }
    if (here > MOST * there) failed = true;
    const seconds = [here, there, shown].map((it) => it.toFixed(3));
    console.log(
      `(${threads},${rounds}): ${seconds[0]} s in the worker, ${seconds[1]} s native, ratio ${(here / there).toFixed(1)} ` +
        `(at most ${MOST}); ${seconds[2]} s from the click to the sheet`,
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

/** Seconds in the worker, from when it takes requests to when it has answered, and from the click to what the page shows. */
async function inBrowser(text, orders) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.addInitScript(noteMessages);
  await page.goto(`${server.address}#scenario=lost_deposit&runtime=free-threaded`);
  await isReady(page);
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.fill(text);
  await on.source.press("Control+Enter");
  await isReady(page);
  const button = on.button("Explore all orders");
  const start = performance.now();
  await button.click();
  await page.getByText(`${Number(orders).toLocaleString("en")} orders`, { exact: true }).waitFor();
  const shown = (performance.now() - start) / 1000;
  const { ready, answered } = await page.evaluate(() => window.noted.at(-1));
  await page.close();
  return [(answered - ready) / 1000, shown];
}

/** In the page: when each of its workers is ready, and when it last sent what is no mere progress (6). */
function noteMessages() {
  window.noted = [];
  window.Worker = class extends window.Worker {
    constructor(...parameters) {
      super(...parameters);
      const times = {};
      window.noted.push(times);
      this.addEventListener("message", ({ data }) => {
        if (data[1] === 0) times.ready = performance.now();
        else if (data[1] !== 6) times.answered = performance.now();
      });
    }
  };
}
