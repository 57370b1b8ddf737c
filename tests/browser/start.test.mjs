import assert from "node:assert/strict";
import { test } from "node:test";
import { open, SIZES } from "./browser.mjs";

for (const [name, size] of Object.entries(SIZES)) {
  for (const theme of ["light", "dark"]) {
    test(`the page becomes ready: ${name}, ${theme}`, async (t) => {
      const page = await open(t, { size, theme });
      assert.equal(await page.title(), "Interleave: see scheduling");
    });
  }
}
