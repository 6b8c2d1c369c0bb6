// A browser for journeys: notes what must hold on every page it visits.
//
//   const walk = await start(house.base);
//   const page = await walk.page({ scripts: false, width: 320 });   // a fresh person each time
//   …
//   assert.deepEqual(await walk.end(), []);
//
// Noted: console errors, script errors, requests to another host. The gate judges the pages themselves.
import { chromium } from "playwright-core";
import { axeFaults, fitFaults, headingFaults, targetFaults } from "./checks.mjs";

export async function start(base) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  const problems = [];

  const listen = (page) => {
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of (4\d\d|503)/.test(message.text())) problems.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== base) problems.push(`another host: ${request.url()}`);
    });
  };

  const page = async ({ scripts = true, width = 1280, storageState } = {}) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: scripts, storageState });
    const opened = await context.newPage();
    listen(opened);
    return opened;
  };

  const end = async () => {
    await browser.close();
    return problems;
  };
  return { page, end, problems };
}

// What is wrong on a page that is open, for a journey that wants to know at once.
export async function wrongOn(page) {
  const faults = [];
  for (const check of [headingFaults, axeFaults, targetFaults, fitFaults]) faults.push(...await check(page));
  return faults;
}
