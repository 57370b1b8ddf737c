// Trunk's post_build hook: turns what Trunk staged into plain static files.
//
// 1. The modules of the page and of its workers start themselves, so that no inline script is needed.
// 2. The style sheets become one, and comments go.
// 3. What the modules import gets short names, and scripts and sheets are minified.
// 4. Every file but index.html carries a hash of its final content, and is named so wherever it is used.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { renameImports } from "./wasm.mjs";

const WORKERS = ["worker", "explorer"];

const dist = process.env.TRUNK_STAGING_DIR;
const path = (name) => join(dist, name);
const read = (name) => readFileSync(path(name), "utf8");

// An error while a worker starts must reach the page as an error event; a rejected promise would not.
startItself("page.js", (start) => `${start}();`);
for (const worker of WORKERS) startItself(`${worker}.js`, (start) => `${start}().catch(reportError);`);
joinSheets();
for (const part of ["page", ...WORKERS]) {
  shortenImports(part);
  minify(`${part}.js`, "--format=esm");
}
minify("style.css");
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

// wasm-bindgen's names carry a hash, which no compression makes smaller, once in the script and once in the module.
function shortenImports(part) {
  const short = new Map();
  const rename = (name) => short.get(name) ?? short.set(name, `i${short.size.toString(36)}`).get(name);
  const module = path(`${part}_bg.wasm`);
  writeFileSync(module, renameImports(readFileSync(module), rename));
  writeFileSync(path(`${part}.js`), read(`${part}.js`).replace(/\b__wb\w+/g, (name) => short.get(name) ?? name));
}

function minify(name, ...options) {
  const loader = `--loader=${extname(name).slice(1)}`;
  const { error, status, stdout } = spawnSync("esbuild", ["--minify", loader, ...options], {
    input: read(name),
    encoding: "utf8",
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (error?.code === "ENOENT") return console.warn(`esbuild is not on the PATH: ${name} stays as it is`);
  if (error || status !== 0) throw error ?? new Error(`esbuild could not minify ${name}`);
  writeFileSync(path(name), stdout);
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
