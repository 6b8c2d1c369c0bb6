// A browser for journeys: notes what must hold on every page it visits, and scans each distinct address at the end.
//
//   const walk = await start(house.base);
//   const page = await walk.page({ scripts: false, width: 320 });   // a fresh person each time
//   …
//   assert.deepEqual(await walk.end(), []);
//
// Noted while walking: console errors, script errors, requests to another host. Scanned at the end, at 1280 and 320 px: axe
// with the five WCAG tags, sideways scrolling, one h1 that the title repeats, targets under 24 px.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function start(base) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  const problems = [];
  const visited = new Set();

  const listen = (page) => {
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of (4\d\d|503)/.test(message.text())) problems.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== base) problems.push(`another host: ${request.url()}`);
    });
    page.on("framenavigated", (frame) => {
      if (frame.url().startsWith(base)) visited.add(frame.url().slice(base.length).split("#")[0]);
    });
  };

  const page = async ({ scripts = true, width = 1280, storageState } = {}) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: scripts, storageState });
    const opened = await context.newPage();
    listen(opened);
    return opened;
  };

  const scan = async (paths = [...visited]) => {
    const context = await browser.newContext();
    const scanned = await context.newPage();
    for (const path of paths) {
      for (const width of [1280, 320]) {
        await scanned.setViewportSize({ width, height: 900 });
        await scanned.goto(base + path);
        for (const what of await wrongOn(scanned)) problems.push(`${path} at ${width}: ${what}`);
      }
    }
    await context.close();
  };

  const end = async () => {
    await scan();
    await browser.close();
    return problems;
  };
  return { page, scan, end, problems, visited };
}

// What is wrong on a page that is open.
export async function wrongOn(page) {
  const wrong = [];
  const h1 = (await page.locator("h1").allTextContents()).map((words) => words.replace(/\s+/g, " ").trim());
  if (h1.length !== 1) wrong.push(`${h1.length} h1`);
  const title = (await page.title()).replace(/^Error: /, "");
  if (!title.startsWith(`${h1[0]} – `)) wrong.push(`the title ${JSON.stringify(title)} does not repeat the h1`);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (over > 0) wrong.push(`scrolls sideways by ${over} px`);
  await page.evaluate(axe);
  const result = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags } }), TAGS);
  for (const violation of result.violations) wrong.push(`axe ${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 120)).slice(0, 2).join(" | ")}`);
  const small = await page.evaluate(() => [...document.querySelectorAll("a[href], button, select, input:not([type=hidden]), summary")]
    .filter((one) => { const box = one.getBoundingClientRect(); return box.width && getComputedStyle(one).display !== "inline" && box.height < 24 && !one.closest(".nhsuk-skip-link"); })
    .map((one) => one.outerHTML.slice(0, 100)));
  if (small.length) wrong.push(`targets under 24 px: ${small.slice(0, 2).join(" | ")}`);
  return wrong;
}
