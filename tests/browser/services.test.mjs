// Finding a service (P13): by postcode and by place name, its opening times, and neighbourhood health centres; with and
// without scripts, at 320 px, without asking the device where it is.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openHouse } from "./house.mjs";
import { press } from "./press.mjs";
import { start } from "./visit.mjs";

let house;
let walk;

before(async () => {
  house = await openHouse({ people: 50 });
  walk = await start(house.base);
}, { timeout: 180_000 });

after(async () => {
  await walk?.end();
  await house?.close();
});

const MANNERS = [{ scripts: true }, { scripts: false }, { scripts: false, width: 320 }];

async function find(page, near, type = "") {
  await page.goto(`${house.base}/services`);
  await page.fill("#near", near);
  await page.selectOption("#type", type);
  await press(page.getByRole("button", { name: "Find" }));
}

test("a service is found by postcode and by place name", { timeout: 60_000 }, async () => {
  for (const how of MANNERS) {
    const page = await walk.page(how);
    await find(page, "qb7 2ad", "pharmacy");
    assert.equal(await page.locator("h1").textContent(), "Pharmacies near QB7");
    const near = await page.locator(".bevan-entries > li").count();
    assert.ok(near >= 5, `${near} pharmacies`);
    await find(page, "wyndlesea", "dentist");
    assert.equal(await page.locator("h1").textContent(), "Dentists near Wyndlesea");
    assert.match(await page.locator(".bevan-entries > li").first().textContent(), /Wyndlesea/);
    await page.context().close();
  }
});

test("a service says whether it is open, and when in the week", { timeout: 60_000 }, async () => {
  for (const how of MANNERS) {
    const page = await walk.page(how);
    await find(page, "Pellinford", "emergency-department");
    const first = page.locator(".bevan-entries > li").first();
    assert.match(await first.textContent(), /Open now\s*Open 24 hours/);
    await press(first.locator("h2 a"));
    assert.equal(await page.locator("tbody tr").count(), 7);
    assert.match(await page.locator("main").textContent(), /Call before you travel far/);
    await page.context().close();
  }
});

test("a neighbourhood health centre shows what is under its roof", { timeout: 60_000 }, async () => {
  for (const how of MANNERS) {
    const page = await walk.page(how);
    await find(page, "Marlingate", "neighbourhood-health-centre");
    await press(page.locator(".bevan-entries > li h2 a").first());
    assert.equal(await page.locator("h1").textContent(), "Marlingate Neighbourhood Health Centre");
    await press(page.getByRole("link", { name: "Physiotherapy" }));
    await press(page.getByRole("link", { name: "Marlingate Neighbourhood Health Centre" }));
    assert.match(page.url(), /\/neighbourhood\//);
    await page.context().close();
  }
});

test("a place that is not known is refused with another way", { timeout: 60_000 }, async () => {
  const page = await walk.page();
  await find(page, "Atlantis", "gp");
  assert.match(await page.title(), /^Error: Find a GP surgery near you/);
  assert.equal(await page.locator("#near").inputValue(), "Atlantis", "what was typed stays");
  assert.equal(await page.locator("#type").inputValue(), "gp");
  assert.match(await page.locator("main").textContent(), /call 111 at any hour/);
  await find(page, "");
  assert.match(await page.locator(".nhsuk-error-summary").textContent(), /Enter a postcode/);
});

test("only what may be open is listed when asked", { timeout: 60_000 }, async () => {
  const page = await walk.page({ scripts: false });
  await page.goto(`${house.base}/services/results?near=Pellinford&type=&open=now`);
  const states = await page.locator(".bevan-entries .nhsuk-tag").allTextContents();
  assert.ok(states.length > 0 && states.every((state) => state.trim() !== "Closed"), states.join(", "));
});

test("the device is never asked where it is", { timeout: 60_000 }, async () => {
  const page = await walk.page();
  await page.addInitScript(() => { navigator.geolocation.getCurrentPosition = () => { window.askedWhere = true; }; });
  await find(page, "QB7", "gp");
  assert.equal(await page.evaluate(() => window.askedWhere ?? false), false);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Skip to main content");
});

test("no script failed and no other host was asked on any page of these journeys", () => assert.deepEqual(walk.problems, []));
