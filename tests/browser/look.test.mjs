// Sizes, themes, names, embeds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, SIZES, until } from "./browser.mjs";
import { stage } from "./stage.mjs";

const NAMES = [
  ["combobox", "Scenario"],
  ["radiogroup", "Runtime"],
  ["button", "Play"],
  ["button", "Step forward"],
  ["button", "Step back"],
  ["button", "First step"],
  ["button", "Last step"],
  ["button", "Edit program"],
  ["button", "Theme"],
  ["button", "Keys"],
  ["slider", "Step"],
  ["region", "Program"],
  ["region", "Timeline"],
  ["region", "State"],
  ["region", "Output"],
  ["status", "What is happening"],
];

test("each name is there, once", async (t) => {
  const page = await open(t);
  for (const [role, name] of NAMES) {
    assert.equal(await page.getByRole(role, { name, exact: true }).count(), 1, `${role} ${name}`);
  }
  await stage(page).button("Edit program").click();
  for (const [role, name] of [...NAMES, ["textbox", "Program source"], ["button", "Run"]]) {
    assert.equal(await page.getByRole(role, { name, exact: true }).count(), 1, `${role} ${name}`);
  }
});

/** Regions that should be seen overlap nothing and lie inside the window. */
async function arranged(page, locators) {
  const { width, height } = page.viewportSize();
  const boxes = [];
  for (const locator of locators) {
    await locator.waitFor();
    boxes.push([String(locator), await locator.boundingBox()]);
  }
  for (const [name, box] of boxes) {
    assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width + 1 && box.y + box.height <= height + 1, `${name} ${JSON.stringify(box)}`);
    assert.ok(box.width > 100 && box.height > 20, `${name} ${JSON.stringify(box)}`);
  }
  for (const [a, one] of boxes) {
    for (const [b, other] of boxes) {
      if (a === b) continue;
      const apart = one.x + one.width <= other.x + 1 || other.x + other.width <= one.x + 1 || one.y + one.height <= other.y + 1 || other.y + other.height <= one.y + 1;
      assert.ok(apart, `${a} lies over ${b}`);
    }
  }
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
}

for (const name of ["desktop", "tablet"]) {
  test(`everything has its place: ${name}`, async (t) => {
    const page = await open(t, { size: SIZES[name] });
    const on = stage(page);
    await arranged(page, [on.sentence, on.slider, ...["Program", "Timeline", "State", "Output"].map(on.region)]);
  });
}

test("everything has its place: phone", async (t) => {
  const page = await open(t, { size: SIZES.phone });
  const on = stage(page);
  for (const name of ["Program", "State", "Output"]) {
    await on.tab(name).click();
    await arranged(page, [on.sentence, on.region("Timeline"), on.region(name), on.slider]);
    assert.equal(await on.tab(name).getAttribute("aria-selected"), "true");
  }
  // Fingers need room.
  for (const name of ["Play", "Step forward", "Keys"]) {
    const box = await on.button(name).boundingBox();
    assert.ok(box.width >= 44 && box.height >= 44, name);
  }
});

for (const size of [[720, 420], [320, 480]]) {
  for (const theme of ["light", "dark"]) {
    test(`an embed has its place: ${size}, ${theme}`, async (t) => {
      const page = await open(t, { size, theme, hash: "#embed&scenario=lost_deposit&step=5" });
      const on = stage(page);
      assert.equal(await on.scenario.count(), 0);
      await arranged(page, [on.sentence, on.region("Timeline"), on.slider]);
      await on.button("Step forward").click();
      assert.equal(await on.step(), 6);
      await on.tab("Program").click();
      await arranged(page, [on.sentence, on.region("Program"), on.slider]);
      assert.match(await on.region("Program").innerText(), /import threading/);
      const link = page.getByRole("link", { name: "Open in Interleave" });
      const box = await link.boundingBox();
      assert.ok(box.x + box.width <= size[0] && box.y + box.height <= size[1]);
      const address = await link.getAttribute("href");
      assert.match(address, /^#v=1&scenario=lost_deposit.*step=6/);
    });
  }
}

test("the theme follows the system, is switched and remembered", async (t) => {
  const page = await open(t, { theme: "dark" });
  const on = stage(page);
  const theme = () => page.locator("html").getAttribute("data-theme");
  assert.equal(await theme(), "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await until(page, theme, "light");
  await on.button("Theme").click();
  assert.equal(await theme(), "dark");
  await page.reload();
  await until(page, theme, "dark");
  await on.button("Theme").click();
  await until(page, theme, "light");
});

test("the timeline is zoomed, panned, asked and read", async (t) => {
  const page = await open(t, { hash: "#step=20" });
  const on = stage(page);
  const region = on.region("Timeline");
  const drawing = region.getByRole("img");
  const shot = async () => (await drawing.screenshot()).toString("base64");
  const fitted = await shot();
  for (const name of ["Zoom in", "Zoom out", "Pan left", "Pan right", "Fit"]) await region.getByRole("button", { name, exact: true }).click();
  await until(page, shot, fitted);
  await page.keyboard.press("w");
  await until(page, async () => (await shot()) === fitted, false);
  await page.keyboard.press("0");
  await until(page, shot, fitted);

  // The same as words, with the pointer and without.
  const box = await drawing.boundingBox();
  const tip = region.getByRole("tooltip");
  for (let y = 20; y < box.height && !(await tip.count()); y += 6) await page.mouse.move(box.x + 200, box.y + y);
  assert.match(await tip.innerText(), /\w+/);
  await page.mouse.move(5, 5);
  await tip.waitFor({ state: "detached" });
  await region.getByRole("group").focus();
  await page.keyboard.press("ArrowDown");
  await tip.waitFor();

  await region.getByRole("button", { name: "Table", exact: true }).click();
  const rows = region.getByRole("row");
  assert.ok((await rows.count()) > 3);
  const step = rows.nth(2).getByRole("button").first();
  await step.click();
  assert.equal(await on.step(), Number(await step.innerText()));
});
