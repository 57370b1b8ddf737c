// All orders of a program.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isReady, open, until } from "./browser.mjs";
import { stage } from "./stage.mjs";

test("all orders are explored, and each outcome opens as a run", async (t) => {
  const page = await open(t);
  const on = stage(page);
  await on.button("Explore all orders").press("Enter");
  await page.getByText("70 orders", { exact: true }).waitFor();
  assert.ok(await on.button("Hide").evaluate((button) => button === document.activeElement), "the focus stays");
  const bars = on.region("State").getByRole("button", { name: /of 70/ });
  assert.deepEqual(await bars.allInnerTexts(), ["2\n32 of 70", "3\n32 of 70", "4\n6 of 70"]);
  await bars.first().press("Enter");
  await until(page, () => bars.first().getAttribute("aria-pressed"), "true");
  assert.ok(await bars.first().evaluate((bar) => bar === document.activeElement), "the focus stays on the bar");
  assert.match(await on.sentence.innerText(), /lost/);
  await until(page, async () => page.url().includes("schedule=2"), true); // the address follows a little later
  await on.button("Last step").click();
  await until(page, async () => (await on.region("Output").innerText()).includes("2"), true);
  await bars.last().click();
  await until(page, async () => (await on.region("Output").innerText()).includes("4"), true);
  await on.button("Back to the usual order").click();
  await until(page, () => bars.last().getAttribute("aria-pressed"), "false");
  assert.equal(await on.button("Back to the usual order").count(), 0);
});

test("an outcome that the scenario does not expect comes first, as a bad one", async (t) => {
  const page = await open(t);
  const on = stage(page);
  await on.scenario.selectOption("A barrier that opens once");
  await on.button("Explore all orders").press("Enter");
  await page.getByText("156 orders", { exact: true }).waitFor();
  const bars = on.region("State").getByRole("button", { name: /of 156/ });
  assert.deepEqual(await bars.allInnerTexts(), ["1 2 1 2\n12 of 156", "1 1 2 2\n144 of 156"]);
});

test("an exploration is cancelled, while the run goes on", async (t) => {
  const page = await open(t);
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.fill(`import threading
n = 0
def add():
    global n
    for _ in range(9):
        n = f(n)
def f(x):
    return x + 1
for _ in range(6):
    threading.Thread(target=add).start()
`);
  await on.source.press("Control+Enter");
  await on.button("Explore all orders").click();
  await page.getByText(/[1-9].* states so far/).waitFor();
  await on.button("First step").click();
  assert.equal(await on.step(), 1);
  await on.button("Cancel").click();
  await on.button("Explore all orders").waitFor();
  await on.scenario.selectOption("Two locks in opposite order");
  await on.button("Explore all orders").click();
  await on.region("State").getByRole("button", { name: /deadlock/ }).first().waitFor();
});

for (const [where, hash, atOnce] of [["an embed", "#embed&scenario=lost_deposit", 0], ["the page", "#scenario=lost_deposit", 1]]) {
  test(`the explorer is fetched ${atOnce ? "when a run was shown" : "only when it is asked"}: ${where}`, async (t) => {
    const page = await open(t, { hash });
    await page.clock.install();
    await page.addInitScript(() => {
      window.workers = [];
      window.Worker = class extends window.Worker {
        constructor(address, ...options) {
          super(address, ...options);
          window.workers.push(address);
        }
      };
    });
    await page.reload();
    await isReady(page);
    const explorers = () => page.evaluate(() => window.workers.filter((it) => it.includes("explorer")).length);
    assert.equal(await page.evaluate(() => window.workers.length), 1);
    await page.clock.fastForward(60_000);
    assert.equal(await explorers(), atOnce);
    const on = stage(page);
    if (await on.tab("State").count()) await on.tab("State").click();
    await on.button("Explore all orders").click();
    await page.getByText("70 orders", { exact: true }).waitFor();
    assert.equal(await explorers(), 1);
  });
}
