// Judges every page that the journeys visited, as `gateway.mjs` wrote it down, and the list of addresses they visited.
//
//   node gate.mjs FOLDER [--routes FILE]     # FILE as `bevan routes` prints it; without it no address is missed
//
// A page is shown again from what was written, with its own style, script and policy, and no server behind it: so the
// answers to refused forms, other people's pages and pages that no longer exist are judged like all others. Exit code 0
// when nothing is wrong.
import { availableParallelism } from "node:os";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { axeFaults, fitFaults, headingFaults, keyboardFaults, largeTextFaults, mediaFaults, spacingFaults, targetFaults } from "./checks.mjs";
import { readRoutes, routeOf, unvisited } from "./coverage.mjs";
import { settled } from "./gateway.mjs";
import { htmlFaults } from "./html.mjs";
import { linkFaults, readPage } from "./links.mjs";

const HOME = "http://127.0.0.1:9";
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 700 };

export function readVisits(folder) {
  const notes = readdirSync(folder).filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n").map((line) => JSON.parse(line)));
  const files = new Map(notes.filter((note) => note.kind === "file").map((note) => [note.address, { ...note, body: Buffer.from(note.body, "base64") }]));
  return { files, visits: notes.filter((note) => note.kind === "visit") };
}

// The shape of a page: which kinds of elements stand in which others. Words, addresses and how often something is repeated
// make no other shape.
export function shapeOf(html) {
  const EMPTY = new Set(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]);
  const OPEN = new Set(["href", "src", "id", "for", "value", "title", "action", "style", "datetime", "d", "points", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width", "height", "aria-label", "aria-labelledby", "aria-describedby", "name", "content"]);
  const within = [];
  const kinds = new Set();
  for (const [, closes, name, rest] of settled(html).matchAll(/<(\/?)([a-z][a-z0-9-]*)((?:[^>"]|"[^"]*")*)>/g)) {
    if (closes) { within.length = Math.max(0, within.lastIndexOf(name)); continue; }
    const kind = name + [...rest.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, key, value]) => (OPEN.has(key) || value === undefined ? ` ${key}` : ` ${key}=${value}`)).join("");
    kinds.add(`${within.at(-1) ?? ""}>${kind}`);
    if (!EMPTY.has(name)) within.push(name);
  }
  return [...kinds].sort().join("\n");
}

// Every page once, with its row of the table and its shape.
export function distinct(visits, routes = []) {
  const pages = new Map();
  for (const visit of visits.filter((one) => one.html)) {
    const route = routeOf(routes, visit.verb, visit.address)?.path;
    const place = `${visit.verb} ${visit.address.split("?")[0]} ${visit.status}`;
    const key = `${place}\n${settled(visit.html)}`;
    if (!pages.has(key)) pages.set(key, { ...visit, place, shape: `${visit.verb} ${route ?? visit.address.split("?")[0]} ${visit.status}\n${shapeOf(visit.html)}` });
  }
  return [...pages.values()];
}

// Judges pages; `files` are what they may load. Gives [{ page, faults }].
//
// Every page is read as HTML. In the browser each shape of each row of the table is judged whole, and every other address
// is shown at both widths to axe and to what fits, since both depend on its words.
export async function judge(pages, files, { workers = Math.max(2, availableParallelism()) } = {}) {
  const [shapes, places] = [new Set(), new Set()];
  const whole = pages.filter((page) => !shapes.has(page.shape) && shapes.add(page.shape));
  for (const page of whole) places.add(page.place);
  const fits = pages.filter((page) => !places.has(page.place) && places.add(page.place));
  const found = new Map();
  const note = (page, faults) => found.set(page, [...(found.get(page) ?? []), ...faults]);
  for (const page of pages) note(page, await htmlFaults(page.html));
  const queue = [...whole.map((page) => [page, judgedWhole]), ...fits.map((page) => [page, judgedToFit])];
  const worker = async () => {
    let window = await openFrame(files);
    for (let next = queue.shift(); next; next = queue.shift()) {
      let faults = await window.show(...next);
      // A browser that died says nothing about the page: it is shown once more in another.
      if (!window.browser.isConnected()) {
        window = await openFrame(files);
        faults = await window.show(...next);
      }
      note(next[0], faults);
    }
    await window.browser.close();
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return [...found].map(([page, faults]) => ({ page, faults }));
}

// What the links of all pages say, beside the headings that they lead to.
export async function judgeLinks(pages) {
  const browser = await openBrowser();
  const reader = await browser.newPage();
  const read = [];
  for (const page of pages) read.push({ ...page, ...await reader.evaluate(readPage, { html: page.html, address: page.address }) });
  await browser.close();
  return linkFaults(read);
}

// The budgets of a page that patients read, in bytes on the wire: with nothing kept yet, and with the files kept.
export const FIRST_VIEW = { bytes: 75_000, requests: 6 };
export const REPEAT_VIEW = { bytes: 15_000 };

// What a page weighs, from what was sent: itself, what it loads, and its icon, for which browsers ask when it suits them.
export function weightFaults({ address, wire, html }, loaded, all) {
  if (address.startsWith("/staff")) return [];
  const faults = [];
  const icon = /<link rel="icon" href="([^"]*)"/.exec(html)?.[1];
  const others = loaded.filter((file) => file !== all.get(icon));
  const files = all.has(icon) ? [...others, all.get(icon)] : others;
  const requests = 1 + others.length + (icon ? 1 : 0);
  const bytes = files.reduce((sum, file) => sum + file.wire, wire);
  if (bytes > FIRST_VIEW.bytes) faults.push(`the first view weighs ${bytes} bytes`);
  if (requests > FIRST_VIEW.requests) faults.push(`the first view takes ${requests} requests`);
  const again = files.reduce((sum, file) => sum + (/immutable/.test(file.cache) ? 0 : file.wire), wire);
  if (again > REPEAT_VIEW.bytes) faults.push(`a repeat view weighs ${again} bytes`);
  return faults;
}

async function judgedWhole(page, check) {
  // The walk comes first: the checks after it may move the focus.
  await check(1280, [headingFaults, keyboardFaults, axeFaults, targetFaults, fitFaults, spacingFaults, largeTextFaults, mediaFaults]);
  await page.setViewportSize(NARROW);
  await check(320, [axeFaults, targetFaults, fitFaults, spacingFaults]);
}

async function judgedToFit(page, check) {
  await check(1280, [headingFaults, axeFaults, fitFaults]);
  await page.setViewportSize(NARROW);
  await check(320, [axeFaults, fitFaults]);
}

const openBrowser = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

// A browser of its own with a window in which written pages are shown, with nothing behind them.
async function openFrame(files) {
  const browser = await openBrowser();
  const context = await browser.newContext({ viewport: WIDE });
  const page = await context.newPage();
  let given;
  let faults;
  let loaded;
  await context.route("**/*", (route) => {
    const asked = route.request();
    const url = new URL(asked.url());
    if (url.origin !== HOME) { faults.push(`asks another host: ${asked.url()}`); return route.abort(); }
    if (asked.isNavigationRequest()) {
      const headers = { "content-type": "text/html; charset=utf-8", ...(given.policy ? { "content-security-policy": given.policy } : {}) };
      return route.fulfill({ status: 200, headers, body: given.html });
    }
    const file = files.get(url.pathname + url.search);
    if (file) loaded.set(url.pathname, file);
    if (file) return route.fulfill({ status: 200, contentType: file.type, body: file.body });
    // A live view that has nothing to tell.
    return route.fulfill({ status: 204 });
  });
  page.on("console", (message) => { if (message.type() === "error" && !/EventSource/.test(message.text())) faults.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  const check = async (width, checks) => { for (const one of checks) faults.push(...(await one(page)).map((fault) => `at ${width}: ${fault}`)); };
  const show = async (next, judged) => {
    [given, faults, loaded] = [next, [], new Map()];
    try {
      await page.setViewportSize(WIDE);
      await page.goto(HOME + given.address, { waitUntil: "load" });
      await page.evaluate(() => document.fonts.ready);
      faults.push(...weightFaults(given, [...loaded.values()], files));
      await judged(page, check);
    } catch (error) {
      faults.push(`cannot be judged: ${error.message.split("\n")[0]}`);
    }
    return faults;
  };
  return { browser, show };
}

async function main([folder, ...rest]) {
  if (!folder) { console.error("usage: node gate.mjs FOLDER [--routes FILE]"); return 2; }
  const table = rest[0] === "--routes" ? readRoutes(readFileSync(rest[1], "utf8")) : [];
  const { visits, files } = readVisits(folder);
  const pages = distinct(visits, table);
  const began = performance.now();
  const found = await judge(pages, files);
  const wrong = found.filter(({ faults }) => faults.length);
  const addresses = new Set(pages.map((page) => page.place)).size;
  const shapes = new Set(pages.map((page) => page.shape)).size;
  const heaviest = [...pages].filter((page) => !page.address.startsWith("/staff")).sort((one, other) => other.wire - one.wire)[0];
  if (heaviest) console.log(`# the heaviest page of a patient is ${heaviest.address} with ${heaviest.wire} bytes`);
  console.log(`# ${pages.length} pages of ${addresses} addresses and ${shapes} shapes judged at two widths in ${Math.round((performance.now() - began) / 1000)} s`);
  for (const { page, faults } of wrong) {
    console.log(`${page.verb} ${page.address} ${page.status} (${page.from})`);
    for (const fault of new Set(faults)) console.log(`    ${fault}`);
  }
  const led = await judgeLinks(pages);
  for (const { page, fault } of led.faults) console.log(`${page.verb} ${page.address} (${page.from})\n    ${fault}`);
  console.log(`# ${led.followed} links whose page was visited, ${led.faults.length} of them say something else than its heading`);
  const missed = unvisited(table, visits);
  for (const path of missed) console.log(`no journey visits ${path}`);
  console.log(`# ${wrong.length} pages with faults, ${missed.length} of ${table.filter((route) => route.verb === "GET").length} addresses unvisited`);
  return wrong.length || led.faults.length || missed.length ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(await main(process.argv.slice(2)));
