import { serve } from "../../.tools/serve.mjs";
import { launch, isReady } from "./chromium.mjs";
import { stage } from "./stage.mjs";
const server = await serve({ base: "/" });
const browser = await launch();
const errors = [];
async function open(size, theme, hash) {
  const context = await browser.newContext({ viewport: { width: size[0], height: size[1] }, colorScheme: theme });
  context.setDefaultTimeout(8000);
  const page = await context.newPage();
  page.on("console", (m) => m.type() === "error" && console.log("console", m.text()));
  page.on("pageerror", (e) => console.log("pageerror", e));
  await page.goto(server.address + (hash ?? ""));
  await isReady(page);
  return page;
}
const shot = (page, name) => page.screenshot({ path: `/tmp/p2/${name}.png` });
try {
  await (await import(process.argv[2])).default({ open, shot, stage });
} catch (e) { console.log(e); } finally { await browser.close(); await server.stop(); }
