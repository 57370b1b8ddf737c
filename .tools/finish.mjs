// Trunk's post_build hook: turns what Trunk staged into plain static files.
//
// 1. The page's and the worker's modules start themselves, so that no inline script is needed.
// 2. The style sheets become one, and comments go.
// 3. Every file but index.html carries a hash of its final content, and is named so wherever it is used.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";

const dist = process.env.TRUNK_STAGING_DIR;
const path = (name) => join(dist, name);
const read = (name) => readFileSync(path(name), "utf8");

// An error while a worker starts must reach the page as an error event; a rejected promise would not.
startItself("page.js", (start) => `${start}();`);
startItself("worker.js", (start) => `${start}().catch(reportError);`);
joinSheets();
nameByContent();

function startItself(name, call) {
  const source = read(name);
  const start = /([\w$]+) as default\b/.exec(source)?.[1];
  if (!start) throw new Error(`${name}: wasm-bindgen's default export is not where it used to be`);
  writeFileSync(path(name), `${source}\n${call(start)}\n`);
}

function joinSheets() {
  const link = /<link\b[^>]*\brel="?stylesheet\b[^>]*>/g;
  const html = read("index.html");
  const sheets = [...html.matchAll(link)].map(([tag]) => /href="?(?:\.\/)?([^"\s>]+)/.exec(tag)[1]);
  const joined = sheets.map((sheet) => read(sheet)).join("\n").replace(/\/\*[^]*?\*\//g, "");
  for (const sheet of sheets) rmSync(path(sheet));
  writeFileSync(path("style.css"), joined);
  let first = true;
  const once = () => (first ? ((first = false), '<link rel="stylesheet" href="./style.css">') : "");
  writeFileSync(path("index.html"), html.replace(link, once).replace(/\s*<!--[^]*?-->/g, ""));
}

function nameByContent() {
  // A file is renamed only after the files it names, so that its hash covers theirs.
  const rank = (name) => [".css", ".js", ".html"].indexOf(extname(name));
  const names = readdirSync(dist).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  const renamed = new Map();
  for (const name of names) {
    if (rank(name) >= 0) {
      let text = read(name);
      for (const [from, to] of renamed) text = text.replace(whole(from), to);
      writeFileSync(path(name), text);
    }
    if (name === "index.html") continue;
    const hash = createHash("sha256").update(readFileSync(path(name))).digest("hex").slice(0, 12);
    const dot = name.lastIndexOf(".");
    const to = `${name.slice(0, dot)}-${hash}${name.slice(dot)}`;
    renameSync(path(name), path(to));
    renamed.set(name, to);
  }
}

// `name` where it is a whole file name, not the tail of a longer one.
function whole(name) {
  return new RegExp(`(?<![\\w.-])${name.replaceAll(".", "\\.")}(?![\\w-])`, "g");
}
