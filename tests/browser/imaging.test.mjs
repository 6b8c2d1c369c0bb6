// A manager asks what shorter MRI scans would win, in Chromium: the day's list, the extra slots, the waiting list, and what
// becomes of them when an assumption is changed. With and without scripts. Every page that is passed is judged by the gate.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { openHouse } from "./house.mjs";
import { press as go } from "./press.mjs";
import { start } from "./visit.mjs";

const shots = process.env.SHOTS;
let house;
let walk;

before(async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  house = await openHouse();
  walk = await start(house.base);
}, { timeout: 300_000 });

after(async () => {
  await walk?.end();
  await house?.close();
});

async function signIn(key, options = {}) {
  const page = await walk.page(options);
  await page.goto(`${house.base}/sign-in`);
  await go(page.locator(`form:has(input[value^="${key}"]) button`).first());
  return page;
}

async function shot(page, name) {
  if (!shots) return;
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${shots}/imaging-${name}-${width}.png`, fullPage: true });
  }
}

const fhir = (path, options = {}) => fetch(`${house.base}/fhir/${path}`, {
  ...options,
  headers: { Authorization: "Bearer demo-system", "Content-Type": "application/fhir+json" },
}).then((answer) => answer.json());

const main = (page) => page.locator("main").innerText();
const figure = async (page, words) => {
  const all = await page.locator(".bevan-figures > div").evaluateAll((some) => some.map((one) => [one.querySelector("dt").textContent, one.querySelector("dd").textContent]));
  const found = all.find(([name]) => name === words);
  assert.ok(found, `${words} in ${JSON.stringify(all)}`);
  return Number(found[1].replaceAll(",", "").split(" ")[0]);
};

// Days back from today until one has scans: a weekend has none.
async function dayWithScans(page) {
  for (let back = 0; back < 7; back += 1) {
    if (await figure(page, "scans booked") > 0) return;
    await go(page.getByRole("link", { name: "Day before", exact: true }));
  }
  throw new Error("no day of the last week has scans");
}

for (const scripts of [true, false]) {
  const how = scripts ? {} : { scripts, width: 320 };
  test(`the scan list, the extra slots and the waiting list, ${scripts ? "with" : "without"} scripts`, { timeout: 300_000 }, async () => {
    const ward = await signIn("ward-manager-", how);
    await ward.goto(`${house.base}/staff/home`);
    await go(ward.locator("main").getByRole("link", { name: "Scan list", exact: true }));
    await go(ward.getByRole("link", { name: "Day before", exact: true }));
    await dayWithScans(ward);
    await shot(ward, "list");
    const rows = await ward.locator("tbody tr", { hasText: "MR scanner 1" }).count();
    assert.ok(rows > 3, `${rows} rows`);
    assert.match(await main(ward), /Simulated/);
    assert.match(await main(ward), /Image\s+1 series/);
    // Somebody whose record is open here.
    const person = ward.locator('tbody a[href^="/staff/patients/"]').first();
    const name = await person.innerText();
    await go(person);
    assert.equal(ward.url().split("/staff/patients/").length, 2);
    assert.ok((await main(ward)).includes(name));
    await ward.goBack();

    // A reconstructed series comes into the record: its order says so.
    const number = (await ward.locator("tbody tr .bevan-small", { hasText: "ZZ1-MR-" }).last().innerText()).trim();
    const order = (await fhir(`ServiceRequest?identifier=${number}`)).entry.map((one) => one.resource).find((one) => one.code.text.startsWith("MRI"));
    const id = `reconstructed-${scripts ? "with" : "without"}`;
    await fhir(`ImagingStudy/${id}`, {
      method: "PUT",
      body: JSON.stringify({
        resourceType: "ImagingStudy", id, status: "available", subject: order.subject, basedOn: [{ reference: `ServiceRequest/${order.id}` }],
        series: [{ uid: "2.25.1", modality: { system: "http://dicom.nema.org/resources/ontology/DCM", code: "MR" }, description: "Bevan L1W R4.0" }],
      }),
    });
    await ward.reload();
    assert.match(await ward.locator("tbody tr", { hasText: number }).innerText(), /one reconstructed by Bevan/);

    await go(ward.getByRole("link", { name: "Extra slots", exact: true }));
    await shot(ward, "slots");
    const before = await figure(ward, "on average");
    assert.ok(before > 0, `${before} slots`);
    await ward.fill("[name=setup]", "31");
    await go(ward.getByRole("button", { name: "Simulate again" }));
    assert.match(await ward.title(), /^Error: /);
    await ward.fill("[name=setup]", "10");
    await ward.fill("[name=left-head]", "50");
    await go(ward.getByRole("button", { name: "Simulate again" }));
    const faster = await figure(ward, "on average");
    assert.ok(faster > before, `${faster} after ${before}`);
    for (const field of await ward.locator('[name^="left-"]').all()) await field.fill("100");
    await go(ward.getByRole("button", { name: "Simulate again" }));
    assert.equal(await figure(ward, "on average"), 0);

    await go(ward.getByRole("link", { name: "Waiting list", exact: true }));
    assert.equal(await figure(ward, "wait in 26 weeks, as booked"), await figure(ward, "wait in 26 weeks, accelerated"));
    await go(ward.getByRole("link", { name: "Back to the assumptions we start with" }));
    assert.ok(await figure(ward, "wait in 26 weeks, accelerated") < await figure(ward, "wait in 26 weeks, as booked"));
    assert.match(await main(ward), /played forward 100 times/);
    await shot(ward, "waiting");
    await ward.context().close();
  });
}

test("an operator sees sums and no patients", { timeout: 120_000 }, async () => {
  const operator = await signIn("operator-");
  await operator.goto(`${house.base}/staff/home`);
  await go(operator.locator("main").getByRole("link", { name: "Extra slots", exact: true }));
  assert.ok(await figure(operator, "on average") > 0);
  assert.equal(await operator.locator('main a[href^="/staff/patients"]').count(), 0);
  await go(operator.getByRole("link", { name: "Waiting list", exact: true }));
  assert.equal(await operator.locator('main a[href^="/staff/patients"]').count(), 0);
  assert.equal((await operator.goto(`${house.base}/staff/imaging`)).status(), 403);
});

test("nothing went wrong on the way", () => {
  assert.deepEqual(walk.problems, []);
});
