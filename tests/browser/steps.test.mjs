// Moving the instant: buttons, scrubber, keys, playing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, SIZES, until } from "./browser.mjs";
import { stage } from "./stage.mjs";

for (const [name, size] of Object.entries(SIZES)) {
  for (const theme of ["light", "dark"]) {
    test(`steps both ways, scrubs and plays: ${name}, ${theme}`, async (t) => {
      const page = await open(t, { size, theme, hash: "#scenario=lost_deposit&step=5" });
      const on = stage(page);
      const [, last] = await on.position();
      assert.ok(last > 20, `only ${last} steps`);
      assert.equal(await on.step(), 5);
      const said = await on.said();

      await on.button("Step forward").click();
      assert.equal(await on.step(), 6);
      assert.notEqual(await on.said(), said);
      await on.button("Step back").click();
      assert.equal(await on.step(), 5);
      assert.equal(await on.said(), said);

      await on.button("Last step").click();
      assert.deepEqual(await on.position(), [last, last]);
      await on.button("First step").click();
      assert.equal(await on.step(), 1);

      await on.slider.fill("12");
      assert.equal(await on.step(), 12);
      await on.slider.press("ArrowRight");
      assert.equal(await on.step(), 13);

      await on.speed.selectOption("16×");
      await on.button("Play").click();
      await on.button("Pause").waitFor();
      await until(page, async () => (await on.step()) > 15, true);
      await on.button("Pause").click();
      await on.button("Play").waitFor();
    });
  }
}

test("position and sentence change within the event that moves them", async (t) => {
  const page = await open(t, { hash: "#step=3" });
  const seen = await page.evaluate(() => {
    const [slider] = document.querySelectorAll("input[type=range]");
    const status = document.querySelector("[aria-label='What is happening']");
    const read = () => [slider.getAttribute("aria-valuetext").split(" of ")[0], slider.value, status.textContent];
    const before = read();
    document.querySelector("button[aria-label='Step forward']").click();
    return { before, after: read() };
  });
  assert.deepEqual(seen.before.slice(0, 2), ["step 3", "3"]);
  assert.deepEqual(seen.after.slice(0, 2), ["step 4", "4"]);
  assert.notEqual(seen.after[2], seen.before[2]);
});

test("the keys do what the sheet says", async (t) => {
  const page = await open(t, { hash: "#step=5" });
  const on = stage(page);
  const last = await on.last();
  const press = async (key, step) => {
    await page.keyboard.press(key);
    assert.equal(await on.step(), step, key);
  };
  await press("ArrowRight", 6);
  await press("ArrowLeft", 5);
  await press(".", 6);
  await press(",", 5);
  await press("End", last);
  await press("Home", 1);
  await page.keyboard.press("Space");
  await on.button("Pause").waitFor();
  await page.keyboard.press("Space");
  await on.button("Play").waitFor();

  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog");
  await sheet.waitFor();
  assert.match(await sheet.innerText(), /play or pause/);
  const step = await on.step();
  await press("ArrowRight", step); // the sheet keeps it
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  await on.button("Keys").click();
  await sheet.waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await sheet.waitFor({ state: "hidden" });

  await page.keyboard.press("/");
  assert.ok(await on.scenario.evaluate((element) => element === document.activeElement));
});

test("the page is usable with the keyboard alone", async (t) => {
  const page = await open(t, { hash: "#step=5" });
  const on = stage(page);
  const reached = new Set();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body) return "";
      return element.ariaLabel || element.value || element.innerText?.split("\n")[0];
    });
    reached.add(name);
  }
  for (const name of ["Scenario", "threads", "Theme", "Keys", "Edit program", "Step", "Play", "Step forward", "Step by"]) {
    assert.ok(reached.has(name), `${name} in ${[...reached]}`);
  }
  await on.button("Step forward").focus();
  await page.keyboard.press("Enter");
  assert.equal(await on.step(), 6);
  await page.keyboard.press("Space"); // belongs to the button
  assert.equal(await on.step(), 7);
});

test("the grain of a step is chosen", async (t) => {
  const page = await open(t, { hash: "#step=1" });
  const on = stage(page);
  await on.grain.selectOption("by line");
  await on.button("Step forward").click();
  assert.match(await on.said(), /reaches line/);
  await on.grain.selectOption("by switch");
  const step = await on.step();
  await on.button("Step forward").click();
  assert.ok((await on.step()) > step + 1);
});
