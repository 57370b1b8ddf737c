// Links hold what is on screen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isReady, open, until } from "./browser.mjs";
import { stage } from "./stage.mjs";

const hash = (page) => new URL(page.url()).hash;

test("a link brings back scenario, runtime, settings, program and step", async (t) => {
  const page = await open(t, { hash: "#scenario=lost_deposit&runtime=free-threaded&cores=3" });
  const on = stage(page);
  await on.button("Edit program").click();
  const source = (await on.source.inputValue()).replace("counter)", "'Zähler 😀', counter)");
  await on.source.fill(source);
  await on.button("Run").click();
  await on.slider.fill("9");
  await until(page, async () => /v=1.*cores=3.*step=9&source=/.test(hash(page)), true);
  const [said, position] = [await on.said(), await on.position()];

  const other = await open(t, { hash: hash(page) });
  const there = stage(other);
  assert.deepEqual(await there.position(), position);
  assert.equal(await there.said(), said);
  assert.ok(await there.runtime("free-threaded").isChecked());
  assert.match(await there.region("Program").innerText(), /Zähler 😀/);
});

test("back, forward and pasted links work", async (t) => {
  const page = await open(t, { hash: "#scenario=gather&step=4" });
  const on = stage(page);
  assert.equal(await on.scenario.inputValue(), "gather");
  await on.scenario.selectOption("The lost deposit");
  await until(page, async () => hash(page).includes("lost_deposit"), true);
  await page.goBack();
  await until(page, () => on.scenario.inputValue(), "gather");
  await until(page, () => on.step(), 4);
  await page.goForward();
  await until(page, () => on.scenario.inputValue(), "lost_deposit");
  await page.evaluate(() => (location.hash = "#v=1&scenario=lost_deposit&step=6"));
  await until(page, () => on.step(), 6);
});

test("a reload stays where it was", async (t) => {
  const page = await open(t, { hash: "#step=3" });
  const on = stage(page);
  await on.button("Step forward").click();
  // The address follows within a moment, not with every step of a scrub.
  await until(page, () => new URL(page.url()).hash.includes("step=4"), true);
  await page.reload();
  await isReady(page);
  assert.equal(await on.step(), 4);
});

test("a link that cannot be understood says so", async (t) => {
  const page = await open(t, { hash: "#v=9&scenario=lost_deposit" });
  await page.getByText("made by a newer version").waitFor();
  const other = await open(t, { hash: "#cores=1000" });
  await stage(other).alert.getByText("cores").waitFor();
  assert.ok((await stage(other).last()) > 20);
});
