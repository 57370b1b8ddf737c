// A static file server, for `make serve` and for the browser tests.
//
//   node .tools/serve.mjs [port]

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));

// Nothing inline, nothing from elsewhere. Embedding is what the site is for, so framing is allowed.
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * Serves `dist` under the path `base`, which starts and ends with a slash; port 0 means any.
 * `onFile` hears of each file sent. Gives the address and a function that stops the server.
 */
export async function serve({ port = 0, base = "/", onFile = () => {} } = {}) {
  const server = createServer((request, response) => {
    const file = fileFor(request.url, base);
    if (!file) {
      response.writeHead(404, { "Content-Type": "text/plain" }).end("not found\n");
      return;
    }
    onFile(file.path);
    response.writeHead(200, {
      "Content-Type": TYPES[extname(file.path)] ?? "application/octet-stream",
      "Content-Length": file.size,
      "Content-Security-Policy": POLICY,
      "X-Content-Type-Options": "nosniff",
      // Names with a hash never change their content; the others are asked for each time.
      "Cache-Control": /-[0-9a-f]{12}\.\w+$/.test(file.path) ? "max-age=31536000, immutable" : "no-store",
    });
    if (request.method === "HEAD") response.end();
    else createReadStream(file.path).pipe(response);
  });
  await new Promise((listening, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", listening);
  });
  return {
    address: `http://127.0.0.1:${server.address().port}${base}`,
    stop: () =>
      new Promise((stopped) => {
        server.close(stopped);
        server.closeAllConnections();
      }),
  };
}

function fileFor(url, base) {
  try {
    const { pathname } = new URL(url, "http://localhost");
    if (!pathname.startsWith(base)) return;
    let path = join(DIST, normalize("/" + decodeURIComponent(pathname.slice(base.length))));
    if (statSync(path).isDirectory()) path = join(path, "index.html");
    return { path, size: statSync(path).size };
  } catch {
    return; // no such file, or no such address
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const port = Number(process.argv[2] ?? 8080);
  try {
    const { address } = await serve({ port });
    console.log(`Interleave is served on ${address.replace(/\/$/, "")} (Ctrl+C stops it)`);
  } catch (error) {
    console.error(error.code === "EADDRINUSE" ? `port ${port} is taken: try make serve PORT=${port + 1}` : error);
    process.exit(1);
  }
}
