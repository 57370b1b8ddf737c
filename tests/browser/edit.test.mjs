// Editing: mistakes, mending, what survives.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isReady, open, SIZES, until } from "./browser.mjs";
import { stage } from "./stage.mjs";

for (const size of [SIZES.desktop, SIZES.phone]) {
  for (const theme of ["light", "dark"]) {
    test(`a mistake is told and mended: ${size}, ${theme}`, async (t) => {
      const page = await open(t, { size, theme, hash: "#step=7" });
      const on = stage(page);
      const [step, last] = await on.position();
      await on.button("Edit program").click();
      const original = await on.source.inputValue();
      assert.match(original, /import threading/);

      await on.source.fill("print('mine')\nx = (\n");
      await on.source.press("Control+Enter");
      await on.alert.waitFor();
      assert.match(await on.alert.innerText(), /line \d+, column \d+/);
      assert.match(await on.alert.innerText(), /\^/);
      assert.deepEqual(await on.position(), [step, last], "the last good run stays");

      await on.source.fill("print('mine')\nx = 1\nprint('ün' * 2, x)\n");
      await on.button("Run").click();
      await on.alert.waitFor({ state: "detached" });
      await until(page, async () => (await on.last()) !== last, true);
      await on.button("Last step").click();
      if (size === SIZES.phone) await on.tab("Output").click();
      assert.match(await on.region("Output").innerText(), /mine\nünün 1/);

      await page.reload();
      await isReady(page);
      if (size === SIZES.phone) await on.tab("Program").click();
      assert.match(await on.region("Program").innerText(), /edited/);
      assert.match(await on.region("Program").innerText(), /ün/);
      await on.button("Edit program").click();
      assert.match(await on.source.inputValue(), /ün/);
      await on.button("Restore the original").click();
      await until(page, () => on.source.inputValue(), original);
      await on.button("Done").click();
      assert.equal(await on.source.count(), 0);
    });
  }
}

test("a pause in typing runs the program", async (t) => {
  const page = await open(t);
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.fill("");
  await on.source.pressSequentially("print('typed')");
  await on.button("Last step").click(); // meant for the run to come
  await until(page, async () => (await on.region("Output").innerText()).includes("typed"), true);
});

test("keys belong to the editor while typing", async (t) => {
  const page = await open(t, { hash: "#step=5" });
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.press("End");
  for (const key of ["Space", "ArrowLeft", ".", "]", "?", "w"]) await on.source.press(key);
  assert.equal(await on.step(), 5);
  assert.equal(await page.getByRole("dialog").count(), 0);
});

test("a mistake is still there after a reload, with a run to look at", async (t) => {
  const page = await open(t);
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.fill("x = (");
  await on.source.press("Control+Enter");
  await on.alert.waitFor();
  await page.reload();
  await isReady(page);
  await on.alert.waitFor();
  await on.button("Edit program").click();
  assert.equal(await on.source.inputValue(), "x = (");
  assert.ok((await on.last()) > 20);
});

test("another visit finds the text of the scenario", async (t) => {
  const page = await open(t);
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.fill("print('kept')\n");
  await on.scenario.selectOption("Two tasks at once with gather");
  await until(page, async () => (await on.region("Program").innerText()).includes("gather"), true);
  await on.scenario.selectOption("The lost deposit");
  await until(page, async () => (await on.region("Program").innerText()).includes("kept"), true);
  const other = await page.context().newPage();
  await other.goto(page.url().split("#")[0]);
  await isReady(other);
  assert.match(await stage(other).region("Program").innerText(), /kept/);
});

test("an edit that does not fit the runtime switches it and says so", async (t) => {
  const page = await open(t);
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.fill("import asyncio\nasync def main():\n    await asyncio.sleep(1)\nasyncio.run(main())\n");
  await on.source.press("Control+Enter");
  await until(page, () => on.runtime("asyncio").isChecked(), true);
  await page.getByText("so it now runs under asyncio").waitFor();
});

test("an endless program does not stop the page", async (t) => {
  const page = await open(t);
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.fill("while True:\n    pass\n");
  await on.source.press("Control+Enter");
  await on.source.fill("print('after all')\n");
  await on.source.press("Control+Enter");
  await on.button("Last step").click();
  await until(page, async () => (await on.region("Output").innerText()).includes("after all"), true, 20_000);
});

test("a mistake of the page's own is told, and costs no text", async (t) => {
  const page = await open(t);
  const on = stage(page);
  await on.button("Edit program").click();
  await on.source.fill("print('kept')\n");
  await page.evaluate(() => {
    // The smallest module that traps when it starts.
    const trap = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11];
    setTimeout(() => new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(trap))));
  });
  await on.alert.getByRole("button", { name: "Load the page again" }).click();
  await until(page, async () => (await on.region("Output").innerText()).includes("kept"), true);
  assert.match(page.problems.splice(0).join(), /unreachable/);
});
