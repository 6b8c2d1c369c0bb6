// Visits every page that each demo person can reach, and checks what holds for all pages:
// axe finds nothing (the five WCAG tags, at 1280 and 320 px), nothing scrolls sideways at 320 px, one h1 and a title that
// repeats it, no console error, no request to another host, and the page reads the same without scripts.
//
//   node pages.mjs BASE_URL [--people key,key] [--shots DIR] [--limit PAGES_PER_PERSON] [--extra /path,/path]
//
// Exit code 0 when nothing is wrong. Needs Chromium at /usr/bin/chromium, or at $CHROMIUM.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { press } from "./press.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const WIDTHS = [1280, 320];

const [base, ...rest] = process.argv.slice(2);
if (!base) { console.error("usage: node pages.mjs BASE_URL [--people a,b] [--shots DIR] [--limit N]"); process.exit(2); }
const option = (name, otherwise) => { const at = rest.indexOf(name); return at < 0 ? otherwise : rest[at + 1]; };
const shots = option("--shots", "");
const limit = Number(option("--limit", "40"));
const only = option("--people", "").split(",").filter(Boolean);
const extra = option("--extra", "").split(",").filter(Boolean);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
if (shots) mkdirSync(shots, { recursive: true });

const wrong = [];
let scans = 0;
const seen = new Set();

// Pages of one kind share a shape: ids in addresses are left out, so that a ward of 28 beds is not 28 pages.
const shapeOf = (url) => url.pathname
  .replace(/\/(wards|patients|operations)\/[^/]+/, "/$1/{id}")
  .replace(/^\/(results\/trend|results|record\/(?:allergies|conditions|medicines|vaccinations|documents|visits))\/(?!trend)[^/]+$/, "/$1/{id}") + (url.searchParams.get("view") ? "?view" : "") + (url.searchParams.get("sort") ? "&sort" : "");

async function check(page, who, path, width) {
  const where = `${who} ${path} at ${width}`;
  const note = (words) => wrong.push(`${where}: ${words}`);
  const h1 = await page.locator("h1").allTextContents();
  if (h1.length !== 1) note(`${h1.length} h1`);
  const title = await page.title();
  const heading = h1[0]?.replace(/\s+/g, " ").trim();
  if (!title.replace(/^Error: /, "").startsWith(`${heading} – `)) note(`title ${JSON.stringify(title)} does not repeat the h1`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (overflow > 0) note(`scrolls sideways by ${overflow} px`);
  await page.evaluate(axe);
  const result = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags } }), TAGS);
  scans += 1;
  for (const violation of result.violations) {
    note(`axe ${violation.id} (${violation.impact}): ${violation.nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(" | ")}`);
  }
  const small = await page.evaluate(() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary")]
    .filter((one) => { const box = one.getBoundingClientRect(); return box.width && getComputedStyle(one).display !== "inline" && box.height < 24 && !one.closest(".nhsuk-skip-link"); })
    .map((one) => one.outerHTML.slice(0, 100)));
  if (small.length) note(`targets under 24 px: ${small.slice(0, 3).join(" | ")}`);
  if (shots) {
    const name = `${who}${path}`.replace(/[^a-z0-9]+/gi, "-").slice(0, 80);
    await page.screenshot({ path: `${shots}/${name}-${width}.png`, fullPage: true });
  }
}

function listen(page, who) {
  page.on("console", (message) => {
    const expected = /status of (4\d\d|503)/.test(message.text());
    if (message.type() === "error" && !expected) wrong.push(`${who}: console: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`${who}: script: ${error.message}`));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(base).origin) wrong.push(`${who}: asks another host: ${request.url()}`);
  });
}

async function visit(page, path) {
  // A live page never falls silent, so loading is what is waited for.
  return page.goto(new URL(path, base).href, { waitUntil: "load" });
}

async function walk(browser, person) {
  const context = await browser.newContext({ viewport: { width: WIDTHS[0], height: 900 } });
  const page = await context.newPage();
  listen(page, person ?? "nobody");
  const queue = ["/sign-in"];
  if (person) {
    await visit(page, "/sign-in");
    await press(page.locator(`form:has(input[name=person][value="${person}"]) button`));
    queue.splice(0, 1, new URL(page.url()).pathname);
  }
  queue.push(...extra);
  const shapes = new Set();
  const done = [];
  while (queue.length && done.length < limit) {
    const path = queue.shift();
    const shape = shapeOf(new URL(path, base));
    if (shapes.has(shape)) continue;
    shapes.add(shape);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width > 400 ? 900 : 700 });
      await visit(page, path);
      await check(page, person ?? "nobody", path, width);
    }
    done.push(path);
    seen.add(`${person ?? "nobody"} ${shape}`);
    const links = await page.$$eval("a[href]", (all) => all.map((one) => one.href));
    for (const link of links) {
      const url = new URL(link);
      // A file to keep is no page.
      if (url.origin === new URL(base).origin && !url.pathname.startsWith("/record/download/")) queue.push(url.pathname + url.search);
    }
  }
  await forms(page, person ?? "nobody", done);
  const state = await context.storageState();
  await context.close();
  await withoutScripts(browser, person ?? "nobody", state, done);
}

// Forms that staff fill in: what they answer when filled in wrongly, and rightly.
async function forms(page, who, done) {
  const both = async (path, send) => {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await send();
      await check(page, who, path, width);
      seen.add(`${who} ${path}`);
    }
  };
  const search = done.find((path) => path === "/staff/patients");
  if (search) {
    for (const words of ["999 007 9195", "", "999 007 9196", "Example"]) {
      await both(`${search} with ${JSON.stringify(words)}`, async () => {
        await visit(page, search);
        await page.fill("#q", words);
        await press(page.locator("main form button"));
      });
    }
  }
  const record = done.find((path) => /^\/staff\/patients\/[^/]+$/.test(path));
  if (record && who !== "reception") {
    await both(`${record}/break-glass`, () => visit(page, `${record}/break-glass`));
    await both(`${record}/break-glass without a reason`, async () => {
      await visit(page, `${record}/break-glass`);
      await press(page.locator("main form button"));
    });
  }
}

async function withoutScripts(browser, who, storageState, paths) {
  const context = await browser.newContext({ javaScriptEnabled: false, storageState });
  const page = await context.newPage();
  for (const path of paths) {
    await visit(page, path);
    if (!(await page.locator("h1").first().isVisible())) wrong.push(`${who} ${path}: nothing to read without scripts`);
  }
  await context.close();
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const opening = await browser.newPage();
await visit(opening, "/sign-in");
const people = await opening.locator("input[name=person]").evaluateAll((all) => all.map((one) => one.value));
await opening.close();
const chosen = people.filter((key) => !only.length || only.includes(key));
for (const person of [null, ...chosen]) await walk(browser, person);
await browser.close();

console.log(`${seen.size} pages of ${chosen.length} people, ${scans} axe scans, ${wrong.length} problems`);
for (const words of wrong) console.log(`  ${words}`);
process.exit(wrong.length ? 1 : 0);
