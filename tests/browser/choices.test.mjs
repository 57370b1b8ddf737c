// Scenarios and runtimes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, SIZES, until } from "./browser.mjs";
import { stage } from "./stage.mjs";

for (const size of [SIZES.desktop, SIZES.phone]) {
  test(`another scenario, another runtime: ${size}`, async (t) => {
    const page = await open(t, { size });
    const on = stage(page);
    await on.runtime("free-threaded").check();
    await until(page, () => on.runtime("free-threaded").isChecked(), true);
    await until(page, async () => new URL(page.url()).hash.includes("runtime=free-threaded"), true);
    const steps = await on.last();

    await on.scenario.selectOption("Two tasks at once with gather");
    await until(page, async () => (await on.region("Program").innerText()).includes("asyncio.gather"), true);
    assert.ok(await on.runtime("asyncio").isChecked());
    assert.notEqual(await on.last(), steps);
  });
}

test("every scenario runs under everything it is offered under", async (t) => {
  const page = await open(t);
  const on = stage(page);
  const titles = await on.scenario.locator("option").allInnerTexts();
  assert.ok(titles.length >= 15);
  for (const title of titles) {
    await on.scenario.selectOption(title);
    await until(page, () => page.locator("main").getAttribute("aria-busy"), "false");
    for (const radio of await on.runtimes.getByRole("radio", { disabled: false }).all()) {
      await radio.check();
      await until(page, () => page.locator("main").getAttribute("aria-busy"), "false");
      assert.ok((await on.last()) > 5, title);
      assert.equal(await on.alert.count(), 0, title);
    }
  }
});

test("what is commanded while a run is on its way is meant for it", async (t) => {
  const page = await open(t, { hash: "#step=5" });
  const on = stage(page);
  const last = await page.evaluate(() => {
    document.querySelector("input[type=radio]:not(:checked):enabled").click();
    document.querySelector("button[aria-label='Last step']").click();
    return document.querySelector("input[type=range]").value;
  });
  assert.equal(last, "5");
  await until(page, async () => {
    const [step, last] = await on.position();
    return step === last;
  }, true);
});
