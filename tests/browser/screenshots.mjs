// Pictures of the main pages of a seeded demo, at 1280 and 320 px, for the README.
//
//   UNDER_TEST=target/release/bevan node screenshots.mjs FOLDER
//
// Colours are cut to a palette where the tool for it is there, so that all pictures together stay small.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { openHouse } from "./house.mjs";
import { press } from "./press.mjs";

const [folder] = process.argv.slice(2);
if (!folder) { console.error("usage: node screenshots.mjs FOLDER"); process.exit(2); }
mkdirSync(folder, { recursive: true });

const WIDTHS = [[1280, 900], [320, 640]];
const TALLEST = 1_400;
const house = await openHouse({ people: 600, speed: 600 });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

async function signIn(key) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${house.base}/sign-in`);
  await press(page.locator(`form:has(input[value^="${key}"]) button`).first());
  return page;
}

async function shoot(page, name, path) {
  for (const [width, height] of WIDTHS) {
    await page.setViewportSize({ width, height });
    await page.goto(house.base + path, { waitUntil: "load" });
    await page.evaluate(() => document.fonts.ready);
    const tall = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(tall, TALLEST) } });
  }
}

/** Where the first link of a page that matches leads. */
async function first(page, path, selector) {
  await page.goto(house.base + path);
  return page.locator(selector).first().getAttribute("href");
}

try {
  const manager = await signIn("ward-manager");
  const home = await (await fetch(`${house.base}/sign-in`)).text();
  const [, ward] = home.match(/Ward manager, ([^,<]+)/);
  const [, given, family] = home.match(/<strong>\S+ (\S+) ([^<]+)<\/strong>(?:(?!<strong>).)*?Patient in bed/s);
  await manager.goto(`${house.base}/staff/wards`);
  const board = await manager.getByRole("link", { name: ward }).getAttribute("href");
  // Until the opening traffic has filled the ward and the first round of observations has come.
  for (let round = 0; round < 90; round += 1) {
    await manager.goto(house.base + board);
    if (await manager.locator(".bevan-chip:has-text('NEWS2')").count() > 15) break;
    await manager.waitForTimeout(1_000);
  }
  const person = await manager.getByRole("link", { name: new RegExp(`${family}, ${given}`, "i") }).first().getAttribute("href");
  const anybody = await browser.newPage();
  await shoot(anybody, "front", "/");
  await shoot(anybody, "sign-in", "/sign-in");
  await shoot(anybody, "where-to-go", "/check");
  await shoot(anybody, "services", "/services");
  await shoot(manager, "ward-board", board);
  await shoot(manager, "site-view", "/staff/wards");
  await shoot(manager, "staff-record", person);
  await shoot(manager, "staff-results", `${person}/results`);
  await shoot(manager, "imaging", "/staff/imaging");
  await shoot(manager, "imaging-slots", "/staff/imaging/slots");
  await shoot(manager, "imaging-waiting", "/staff/imaging/waiting");
  await shoot(await signIn("operator"), "operations", "/staff/operations");
  const patient = await signIn("patient");
  await shoot(patient, "patient-home", "/home");
  await shoot(patient, "record", "/record");
  await shoot(patient, "medicines", "/record/medicines");
  await shoot(patient, "patient-results", "/results");
  await shoot(patient, "result", await first(patient, "/results", "a[href^='/results/']"));
  await shoot(patient, "prescriptions", "/prescriptions");
  await shoot(patient, "appointments", "/appointments");
  await shoot(patient, "book", "/appointments/book");
  await shoot(patient, "referral", await first(patient, "/appointments", "a[href^='/referrals/']"));
  await shoot(patient, "timeline", "/record/timeline");
  await shoot(patient, "family", "/family");
  await shoot(patient, "who-looked", "/profile/who-looked");
  await shoot(patient, "messages", "/messages");
  await shoot(patient, "profile", "/profile");
  const surgery = await signIn("surgery");
  await shoot(surgery, "staff-messages", "/staff/messages");
  await shoot(surgery, "staff-prescriptions", "/staff/prescriptions");
  await shoot(surgery, "on-behalf", "/staff/on-behalf");
  await shoot(await signIn("privacy"), "reviews", "/staff/reviews");
} finally {
  await browser.close();
  await house.close();
}

const pictures = readdirSync(folder).filter((name) => name.endsWith(".png")).map((name) => join(folder, name));
spawnSync("pngquant", ["--force", "--ext", ".png", "--speed", "1", "--", ...pictures]);
const bytes = pictures.reduce((sum, path) => sum + statSync(path).size, 0);
console.log(`${pictures.length} pictures, ${Math.round(bytes / 1024)} kB`);
if (bytes > 3_000_000) { console.error("the pictures are larger than 3 MB together"); process.exit(1); }
