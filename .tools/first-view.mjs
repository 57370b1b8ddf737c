// How long until the page can be used: headless Chromium, cold cache, from navigation to data-ready, median of five.

import { isReady, launch } from "../tests/browser/chromium.mjs";
import { serve } from "./serve.mjs";

const BUDGET = 1000;

const server = await serve();
const times = [];
for (let run = 0; run < 5; run++) {
  const browser = await launch(); // a new browser, a new profile: nothing is cached, compiled code neither
  const page = await browser.newPage();
  // The page's own clock starts with the navigation.
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.documentElement?.dataset.ready !== "true") return;
      observer.disconnect();
      window.readyAt = performance.now();
    }).observe(document, { attributes: true, childList: true, subtree: true });
  });
  await page.goto(server.address, { waitUntil: "commit" });
  await isReady(page);
  times.push(await page.evaluate(() => window.readyAt));
  await browser.close();
}
await server.stop();

times.sort((a, b) => a - b);
const shown = times.map((time) => time.toFixed(0)).join(", ");
console.log(`first view: ${times[2].toFixed(0)} ms of ${BUDGET} ms (median of ${shown})`);
