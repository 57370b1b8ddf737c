// The person decides who goes on, and changes a choice of a run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isReady, open, SIZES, until } from "./browser.mjs";
import { stage } from "./stage.mjs";

const hash = (page) => decodeURIComponent(new URL(page.url()).hash);
const title = (page, number) => page.getByRole("heading", { name: new RegExp(`^Choice ${number}: who goes on`) });
const bars = (on) => on.region("State").getByRole("button", { name: /( of [\d,]+|no longer)$/ });

for (const size of [SIZES.desktop, SIZES.phone]) {
  test(`a person is the scheduler, by the keys alone: ${size}`, async (t) => {
    const page = await open(t, { size });
    const on = stage(page);
    if (size === SIZES.phone) await on.tab("State").press("Enter");
    await on.button("You are the scheduler").press("Enter");
    await title(page, 1).waitFor();
    assert.match(await page.getByRole("status").filter({ hasText: "Choice 1" }).textContent(), /1: A reads counter, line 11\..*2: B reads counter, line 11\./s);
    assert.deepEqual(await bars(on).allInnerTexts(), ["2\n32 of 70", "3\n32 of 70", "4\n6 of 70"]);
    await page.keyboard.press("1");
    await title(page, 2).waitFor();
    await page.keyboard.press("2");
    await title(page, 3).waitFor();
    assert.deepEqual(await bars(on).allInnerTexts(), ["2\n14 of 20", "3\n6 of 20", "4\nno longer"]);
    await until(page, () => on.said().then((said) => /^B /.test(said)), true);
    // Where one is stands in the address, and a reload finds it.
    await until(page, async () => hash(page).includes(">?"), true);
    const [, last] = await on.position();
    await page.reload();
    await isReady(page);
    if (size === SIZES.phone) await on.tab("State").click();
    await title(page, 3).waitFor();
    assert.deepEqual(await on.position(), [last, last]);
    await page.keyboard.press("u");
    await title(page, 2).waitFor();
    await page.keyboard.press("u");
    await title(page, 1).waitFor();
    assert.deepEqual((await bars(on).allInnerTexts())[2], "4\n6 of 70");
    // One after the other: nothing is lost.
    for (let number = 2; number <= 4; number++) {
      await page.keyboard.press("2");
      await title(page, number).waitFor();
    }
    await page.keyboard.press("2");
    await until(page, async () => /schedule=/.test(hash(page)) && !hash(page).includes("?"), true);
    await until(page, () => on.said().then((said) => /has ended/.test(said)), true);
    if (size === SIZES.phone) await on.tab("Output").click();
    assert.match(await on.region("Output").innerText(), /4/);
  });
}

test("the focus stays on a choice, and lanes can be clicked", async (t) => {
  const page = await open(t);
  const on = stage(page);
  await on.button("You are the scheduler").click();
  await title(page, 1).waitFor();
  const first = page.getByRole("button", { name: /^1\s*A/ });
  await first.focus();
  await page.keyboard.press("Enter");
  await title(page, 2).waitFor();
  assert.ok(await first.evaluate((button) => button === document.activeElement));
  await until(page, () => page.locator("main").getAttribute("aria-busy"), "false");
  // The name of B's lane is the second one.
  const box = await on.region("Timeline").getByRole("img").boundingBox();
  for (let y = 150; y < box.height && !(await title(page, 3).count()); y += 12) {
    await page.mouse.click(box.x + 20, box.y + y);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await title(page, 3).waitFor();
  await on.button("Back to the usual order").click();
  await until(page, async () => hash(page).includes("schedule"), false);
});

test("one choice of a run is changed, and both futures stand above each other", async (t) => {
  const page = await open(t);
  const on = stage(page);
  await on.button("Explore all orders").click();
  await bars(on).first().click();
  await until(page, () => bars(on).first().getAttribute("aria-pressed"), "true");
  const instead = page.getByRole("button", { name: /instead: / });
  await instead.press("Enter");
  const other = page.getByRole("img", { name: "The same run with one choice changed" });
  await other.waitFor();
  await page.getByText(/It ends with \d instead of 2\./).waitFor();
  const [above, below] = [await on.region("Timeline").getByRole("img").first().boundingBox(), await other.boundingBox()];
  assert.ok(below.y >= above.y + above.height - 1 && below.width === above.width);
  await on.button("Close it").click();
  await other.waitFor({ state: "detached" });
  await instead.click();
  await on.button("Keep the one below").click();
  await other.waitFor({ state: "detached" });
  await on.button("Last step").click();
  await until(page, async () => (await on.region("Output").innerText()).trim().endsWith("2"), false);
});

test("a link opens both futures, and the usual run has others as well", async (t) => {
  const page = await open(t);
  const on = stage(page);
  await on.button("Explore all orders").click();
  await page.getByText("70 orders", { exact: true }).waitFor();
  await until(page, async () => hash(page).includes("schedule"), false);
  await page.getByRole("button", { name: /instead: / }).first().click();
  const other = page.getByRole("img", { name: "The same run with one choice changed" });
  await other.waitFor();
  await until(page, async () => /schedule=2.*\/\d+>\d+\?/.test(hash(page)), true);
  const said = await page.getByText(/It ends with/).innerText();
  const position = await on.position();
  await page.reload();
  await isReady(page);
  await other.waitFor();
  assert.equal(await page.getByText(/It ends with/).innerText(), said);
  assert.deepEqual(await on.position(), position);
  await on.button("Close it").click();
  await other.waitFor({ state: "detached" });
  await until(page, async () => /schedule=2/.test(hash(page)) && !hash(page).includes("?"), true);
});

test("an event loop's timers are chosen, and one is changed afterwards", async (t) => {
  const page = await open(t, { hash: "#scenario=accept_then_cancel" });
  const on = stage(page);
  await on.button("You are the scheduler").click();
  await title(page, 1).waitFor();
  await page.getByRole("button", { name: /takes timer 2/ }).waitFor();
  const ways = await bars(on).count();
  assert.ok(ways > 1);
  await page.keyboard.press("2");
  await title(page, 2).waitFor();
  await page.getByText(/ of .* from here/).waitFor();
  // The address follows the run.
  await until(page, async () => hash(page).includes(">t1"), true);
  const there = await on.position();
  await page.reload();
  await isReady(page);
  await title(page, 2).waitFor();
  assert.deepEqual(await on.position(), there);
  await page.keyboard.press("u");
  await title(page, 1).waitFor();
  await on.button("Let it run on").click();
  await page.getByRole("button", { name: /instead: leaves the rest for later/ }).first().click();
  await page.getByRole("img", { name: "The same run with one choice changed" }).waitFor();
});

test("counting is cancelled, and all orders stay", async (t) => {
  const page = await open(t, { hash: "#scenario=lost_deposit&runtime=free-threaded" });
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.fill(`import threading
n = 0
def add():
    global n
    for _ in range(12):
        old = n
        n = old + 1
threads = [threading.Thread(target=add) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(n)
`);
  await on.source.press("Control+Enter");
  await on.button("Explore all orders").click();
  const orders = page.getByText(/^[\d,]{14,} orders$/);
  await orders.waitFor({ timeout: 60_000 });
  await bars(on).first().click();
  await on.button("How often does this happen?").first().click();
  await on.button("Cancel").click();
  await on.button("Hide").waitFor();
  assert.ok(await orders.isVisible(), "the exploration stays");
  assert.equal(await page.getByText(/were tried at random/).count(), 0);
  await bars(on).nth(1).click();
  await until(page, () => bars(on).nth(1).getAttribute("aria-pressed"), "true");
});

test("a finding says how often it happens, and the lock stands beside", async (t) => {
  const page = await open(t);
  const on = stage(page);
  const often = on.button("How often does this happen?");
  await often.press("Enter");
  await page.getByText("In 64 of 70 orders.").waitFor();
  assert.ok(await often.evaluate((button) => button === document.activeElement), "the focus stays");
  await on.button("Beside it: the same, mended").click();
  await page.getByRole("heading", { name: "The lost deposit, with a lock" }).waitFor();
  await page.getByText("4\n6 of 6").or(page.getByText("6 of 6", { exact: true })).first().waitFor();
});

test("where nothing is to be chosen, that is said", async (t) => {
  const page = await open(t, { hash: "#scenario=gather" });
  const on = stage(page);
  await on.button("You are the scheduler").click();
  await page.getByText("1 order", { exact: false }).first().waitFor();
  await page.getByText("There is nothing to choose").waitFor();
});
