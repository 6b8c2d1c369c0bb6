// What the pages of patients weigh in a browser, measured on its wire and with its cache: the first view of a page with
// nothing kept, and the view after it. The gate weighs every page that journeys visit; this shows that its sums are true.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { FIRST_VIEW, REPEAT_VIEW } from "./gate.mjs";
import { openHouse } from "./house.mjs";
import { press } from "./press.mjs";
import { start } from "./visit.mjs";

let house;
let walk;

before(async () => {
  house = await openHouse();
  walk = await start(house.direct);
}, { timeout: 180_000 });

after(async () => {
  await walk?.end();
  await house?.close();
});

// Opens an address and counts what crossed the wire until the page and all its files were there.
async function weigh(page, wire, address) {
  const open = new Map();
  const sum = { bytes: 0, requests: 0 };
  let settled = () => {};
  const done = (requestId) => { open.delete(requestId); if (!open.size) settled(); };
  const listeners = {
    // When a browser asks for the icon is its own affair; it is added below.
    "Network.requestWillBeSent": ({ requestId, request }) => { if (!request.url.endsWith(".svg")) open.set(requestId, true); },
    "Network.requestServedFromCache": ({ requestId }) => { if (open.has(requestId)) open.set(requestId, false); },
    "Network.responseReceived": ({ requestId, response }) => { if (open.has(requestId) && response.fromDiskCache) open.set(requestId, false); },
    "Network.loadingFinished": ({ requestId, encodedDataLength }) => {
      if (open.get(requestId)) { sum.bytes += encodedDataLength; sum.requests += 1; }
      done(requestId);
    },
    "Network.loadingFailed": ({ requestId }) => done(requestId),
  };
  for (const [name, listen] of Object.entries(listeners)) wire.on(name, listen);
  await page.goto(address);
  await page.evaluate(() => document.fonts.ready);
  await new Promise((resolve) => { settled = resolve; if (!open.size) resolve(); });
  for (const [name, listen] of Object.entries(listeners)) wire.off(name, listen);
  return sum;
}

async function measure(page, paths) {
  const wire = await page.context().newCDPSession(page);
  await wire.send("Network.enable");
  const icon = Number((await (await fetch(house.direct + await page.locator("link[rel=icon]").getAttribute("href"))).arrayBuffer()).byteLength);
  const found = [];
  for (const path of paths) {
    await wire.send("Network.clearBrowserCache");
    const first = await weigh(page, wire, house.direct + path);
    const again = await weigh(page, wire, house.direct + path);
    found.push({ path, bytes: first.bytes + icon, requests: first.requests + 1, again: again.bytes });
  }
  return found;
}

test("no page of a patient is heavier than its budget", { timeout: 300_000 }, async () => {
  const page = await walk.page();
  await page.goto(`${house.direct}/sign-in`);
  const open = await measure(page, ["/", "/urgent", "/check", "/check/emergency", "/services", "/self-care", "/conditions", "/sign-in", "/help"]);
  await page.goto(`${house.direct}/sign-in`);
  await press(page.locator('form:has(input[value^="patient"]) button').first());
  const links = new Set(["/home"]);
  for (const hub of ["/home", "/record", "/prescriptions", "/appointments", "/results"]) {
    await page.goto(house.direct + hub);
    for (const path of await page.locator("main a[href^='/']:not([href*='/download/']):not([href$='.ics'])").evaluateAll((all) => all.map((one) => one.getAttribute("href")))) links.add(path);
  }
  const own = await measure(page, [...links].slice(0, 60));
  const found = [...open, ...own];
  assert.ok(own.length > 20, `${own.length} pages`);
  const most = (key) => found.reduce((one, other) => (other[key] > one[key] ? other : one));
  console.log(`${found.length} pages; the heaviest first view: ${most("bytes").bytes} bytes (${most("bytes").path}), ${most("requests").requests} requests; again: ${most("again").again} bytes (${most("again").path})`);
  const heavy = found.filter((one) => one.bytes > FIRST_VIEW.bytes || one.requests > FIRST_VIEW.requests || one.again > REPEAT_VIEW.bytes);
  assert.deepEqual(heavy, []);
  assert.ok(found.every((one) => one.again < one.bytes / 2 && one.bytes > 20_000), "both views were measured");
});
