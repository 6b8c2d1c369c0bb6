// Every page that a demo person reaches by links, and what staff forms answer, read without scripts; the gate judges them
// with scripts. That a page is reached here is no visit of a journey.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openHouse } from "./house.mjs";
import { press } from "./press.mjs";
import { start } from "./visit.mjs";

const MOST = 40;
let house;
let walk;

before(async () => {
  house = await openHouse();
  walk = await start(house.base);
}, { timeout: 180_000 });

after(async () => {
  await walk?.end();
  await house?.close();
});

// Pages of one kind share a shape: ids in addresses are left out, so that a ward of 28 beds is not 28 pages.
const ID = /^(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-F]{6}-[0-9A-Z]{6}-[0-9A-F]{5}.|.*[0-9].*)$/;
const shapeOf = (url) => url.pathname.split("/").map((part) => (ID.test(part) ? "{id}" : part)).join("/") + [...url.searchParams.keys()].join("&");

async function crawl(page, from) {
  const queue = [new URL(from, house.base)];
  const shapes = new Set(queue.map(shapeOf));
  const done = [];
  while (queue.length && done.length < MOST) {
    const url = queue.shift();
    await page.goto(url.href);
    assert.ok(await page.locator("h1").first().isVisible(), `${url.pathname} says nothing without scripts`);
    done.push(url.pathname);
    for (const href of await page.locator("a[href]:not([href*='/download/']):not([href$='.ics'])").evaluateAll((all) => all.map((one) => one.href))) {
      const next = new URL(href);
      if (next.origin !== house.base || shapes.has(shapeOf(next))) continue;
      shapes.add(shapeOf(next));
      queue.push(next);
    }
  }
  return done;
}

// Forms that staff fill in: what they answer when filled in wrongly, and rightly.
async function forms(page, done) {
  if (done.includes("/staff/patients")) {
    for (const words of ["999 007 9195", "", "999 007 9196", "Example"]) {
      await page.goto(`${house.base}/staff/patients`);
      await page.fill("#q", words);
      await press(page.locator("main form button"));
    }
  }
}

test("everybody's pages can be read without scripts, by links alone", { timeout: 600_000 }, async () => {
  const opening = await walk.page();
  await opening.goto(`${house.base}/sign-in`);
  const people = await opening.locator("input[name=person]").evaluateAll((all) => all.map((one) => one.value));
  assert.ok(people.length >= 7, people.join(" "));
  let pages = 0;
  for (const person of [null, ...people]) {
    const page = await walk.page({ scripts: false });
    await page.goto(`${house.base}/sign-in`);
    if (person) await press(page.locator(`form:has(input[name=person][value="${person}"]) button`));
    const done = await crawl(page, new URL(page.url()).pathname);
    assert.ok(done.length > 3, `${person ?? "nobody"} reaches ${done.join(" ")}`);
    await forms(page, done);
    pages += done.length;
    await page.context().close();
  }
  console.log(`${pages} pages of ${people.length} people`);
  assert.deepEqual(walk.problems, []);
});
