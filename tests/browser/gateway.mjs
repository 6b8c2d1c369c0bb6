// Stands between the browsers of a journey and the house, passes every byte on, and writes down what was answered: the
// addresses that were asked, the pages as they came, and the files that pages need. `gate.mjs` judges what is written.
//
// Nothing is written unless VISITED names a folder. Each process writes a file of its own; a page that came twice is
// written once.
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync } from "node:fs";
import { createServer, request } from "node:http";
import { basename, join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

const HOP = new Set(["connection", "keep-alive"]);
const UNPACK = { br: brotliDecompressSync, gzip: gunzipSync };

// Keys and tokens of forms differ each time a page is printed; the page is the same.
export const settled = (html) => html.replace(/(name="(?:csrf|once)" value=")[^"]*/g, "$1").replace(/[A-Z0-9]{6}(?=<\/strong>)/g, "");

function notebook() {
  const folder = process.env.VISITED;
  if (!folder) return { visit: () => {}, file: () => {} };
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${process.pid}.jsonl`);
  const from = basename(process.argv[1] ?? "");
  const written = new Set();
  const once = (key, note) => {
    if (written.has(key)) return;
    written.add(key);
    appendFileSync(path, `${JSON.stringify({ from, ...note })}\n`);
  };
  return {
    visit: (note) => once(createHash("sha256").update(JSON.stringify([note.verb, note.address, note.status, settled(note.html ?? "")])).digest("hex"), { kind: "visit", ...note }),
    file: (note) => once(note.address, { kind: "file", ...note }),
  };
}

const pairs = (raw) => Array.from({ length: raw.length / 2 }, (_, n) => [raw[2 * n], raw[2 * n + 1]]);

// Opens the gateway; `house()` is the port to pass on to, asked each time, so that a house may be closed and opened again.
export async function openGateway(house) {
  const notes = notebook();
  const open = new Set();
  const server = createServer((asked, answer) => {
    const headers = Object.fromEntries(pairs(asked.rawHeaders).filter(([name]) => !HOP.has(name.toLowerCase())));
    const kind = asked.headers["sec-fetch-dest"] ?? "";
    const kept = ["document", "style", "script", "font", "image"].includes(kind);
    // What is kept must be a packing that this Node can open.
    for (const name of Object.keys(headers)) if (kept && name.toLowerCase() === "accept-encoding") headers[name] = "br, gzip";
    const onward = request({ host: "127.0.0.1", port: house(), method: asked.method, path: asked.url, headers, agent: false }, (given) => {
      answer.sendDate = false;
      answer.writeHead(given.statusCode, pairs(given.rawHeaders).filter(([name]) => !HOP.has(name.toLowerCase())).flat());
      given.pipe(answer);
      const visit = { verb: asked.method, address: asked.url, status: given.statusCode, type: given.headers["content-type"] ?? "" };
      // What the answer weighs on the wire, head and body.
      const head = given.rawHeaders.reduce((sum, words) => sum + words.length + 2, 15);
      if (!kept) {
        if (!/^\/(fhir|assets)\b/.test(asked.url)) notes.visit(visit);
        return;
      }
      const parts = [];
      given.on("data", (part) => parts.push(part));
      given.on("end", () => {
        const packed = Buffer.concat(parts);
        const body = (UNPACK[given.headers["content-encoding"]] ?? ((same) => same))(packed);
        if (kind !== "document") return notes.file({ address: asked.url, type: visit.type, wire: head + packed.length, cache: given.headers["cache-control"] ?? "", body: body.toString("base64") });
        const page = visit.type.startsWith("text/html") && body.length > 0;
        return notes.visit(page ? { ...visit, wire: head + packed.length, html: body.toString("utf8"), policy: /^attachment/.test(given.headers["content-disposition"] ?? "") ? "" : given.headers["content-security-policy"] ?? "" } : visit);
      });
    });
    open.add(onward);
    onward.on("close", () => open.delete(onward));
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise((resolve) => {
    for (const one of open) one.destroy();
    server.closeAllConnections();
    server.close(resolve);
  });
  return { base: `http://127.0.0.1:${server.address().port}`, close };
}
