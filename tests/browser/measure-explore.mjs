// How long an exploration takes in the browser, beside the native command line on one core: `node tests/browser/measure-explore.mjs`.
// Once as a reader has it, who looks at the run before he asks for its orders, so that a worker is ready for them, and once by a worker
// that nothing prepared: none of its code has run before. Ends with 1 if a reader waits more than three times as long. Both take the
// time by their own clocks, from when they have the program until they have answered; the browser's also writes what is shown. Where
// /proc says how long a thread was on a processor, that stands beside it: on a machine that does something else the clocks say little.
// It needs the built site and `cargo build --release --bin interleave`.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../.tools/serve.mjs";
import { isReady, launch } from "./chromium.mjs";
import { stage } from "./stage.mjs";

const MOST = 3;
const ROUNDS = 5;
// How long a reader looks at the run, ms: at least so long, and until the worker is ready, but not longer than that.
const LOOK = [2000, 10_000];
// It is ready when it was on no processor for so long, ms.
const QUIET = 250;

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
    const least = { native: {}, ready: {}, unprepared: {} };
    const note = (where, times) => {
      for (const [what, time] of Object.entries(times)) where[what] = Math.min(where[what] ?? Infinity, time);
    };
    for (let round = 0; round < ROUNDS; round++) {
      const { orders, ...times } = native(text);
      note(least.native, times);
      note(least.ready, await inBrowser(text, orders, true));
      note(least.unprepared, await inBrowser(text, orders, false));
    }
    if (least.ready.clock > MOST * least.native.clock) failed = true;
    console.log(`(${threads},${rounds}), at most ${MOST} times native:`);
    for (const [name, { clock, processor, shown, ready }] of Object.entries(least)) {
      const times = (time, of) => `${time.toFixed(3)} s, ratio ${(time / of).toFixed(1)}`;
      const parts = [`${name.padStart(12)}: ${times(clock, least.native.clock)}`];
      if (processor) parts.push(`on a processor ${times(processor, least.native.processor)}`);
      if (shown) parts.push(`${shown.toFixed(3)} s from the click to the sheet`);
      if (ready) parts.push(`ready after ${ready.toFixed(1)} s`);
      console.log(parts.join("; "));
    }
  }
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true });
}
process.exitCode = failed ? 1 : 0;

/** Seconds that the exploration took by the program's own word, and on a processor as a whole; how many orders there are. */
function native(text) {
  const file = join(folder, "program.py");
  writeFileSync(file, text);
  const command = `TIMEFORMAT=%U; time target/release/interleave explore ${file} --jobs 1 --json`;
  // It ends with 5: there are findings.
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8", maxBuffer: 1 << 30 });
  const { seconds, interleavings } = JSON.parse(stdout);
  return { clock: seconds, processor: Number(stderr), orders: interleavings };
}

/** Seconds in the worker, by its clock and on a processor, and from the click to what the page shows. */
async function inBrowser(text, orders, prepared) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60_000);
  if (!prepared) await page.addInitScript(neverPrepare);
  await page.goto(`${server.address}#scenario=lost_deposit&runtime=free-threaded`);
  await isReady(page);
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.fill(text);
  await on.source.press("Control+Enter");
  await isReady(page);
  const ready = await look(page);
  const worker = page.workers().find((it) => it.url().includes("explorer"));
  await worker.evaluate(noteTimes);
  const before = processorTime();
  const start = performance.now();
  await on.button("Explore all orders").click();
  await page.getByText(`${Number(orders).toLocaleString("en")} orders`, { exact: true }).waitFor();
  const shown = (performance.now() - start) / 1000;
  const processor = processorTime() - before;
  const clock = (await worker.evaluate(() => self.took)) / 1000;
  await page.close();
  return { clock, processor, shown, ready };
}

/** Looks at the run; after how many seconds the worker was ready. */
async function look(page) {
  const [least, most] = LOOK;
  const start = performance.now();
  let [seen, since] = [processorTime(), start];
  for (let now = start; now < start + least || (now < since + QUIET && now < start + most); now = performance.now()) {
    await page.waitForTimeout(50);
    const used = processorTime();
    if (used > seen + 0.002) [seen, since] = [used, performance.now()];
  }
  return (since - start) / 1000;
}

/** In the page: no worker is told to get ready (9). */
function neverPrepare() {
  window.Worker = class extends window.Worker {
    postMessage(data, ...more) {
      if (data[1] !== 9) super.postMessage(data, ...more);
    }
  };
}

/** In the worker: how long it takes from when it hears a request until it has answered. */
function noteTimes() {
  const answer = self.onmessage;
  self.onmessage = (event) => {
    const start = performance.now();
    answer(event);
    self.took = performance.now() - start;
  };
}

/** Seconds that all workers together were on a processor; 0 where the system does not say. */
function processorTime() {
  let sum = 0;
  for (const process of read(() => readdirSync("/proc"), [])) {
    if (!/^\d+$/.test(process)) continue;
    for (const thread of read(() => readdirSync(`/proc/${process}/task`), [])) {
      const about = (what) => read(() => readFileSync(`/proc/${process}/task/${thread}/${what}`, "utf8"), "");
      if (about("comm").startsWith("DedicatedWorker")) sum += parseInt(about("schedstat")) || 0;
    }
  }
  return sum / 1e9;
}

/** What `look` finds; `otherwise` if it is gone meanwhile, or never was there. */
function read(look, otherwise) {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
