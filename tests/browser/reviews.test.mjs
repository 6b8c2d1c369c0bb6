// An emergency access and what follows, in Chromium: ward staff open a record that is not theirs with a reason, the privacy
// officer finds it, asks, decides, and the person reads all of it beside the access. With and without scripts. Every page
// that is passed is judged by the gate (gate.mjs).
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { openHouse } from "./house.mjs";
import { press as go } from "./press.mjs";
import { start } from "./visit.mjs";

const shots = process.env.SHOTS;
let house;
let walk;
let keys;

const key = (word) => keys.find((one) => one.startsWith(word));
const main = (page) => page.locator("main").innerText();
const press = (page, name) => go(page.getByRole("button", { name, exact: true }));

before(async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  house = await openHouse({ people: 400 });
  walk = await start(house.base);
  const opening = await walk.page();
  await opening.goto(`${house.base}/sign-in`);
  keys = await opening.locator("input[name=person]").evaluateAll((all) => all.map((one) => one.value));
  await opening.context().close();
}, { timeout: 300_000 });

after(async () => {
  await walk?.end();
  await house?.close();
});

async function signIn(person, options = {}) {
  const page = await walk.page(options);
  await page.goto(`${house.base}/sign-in`);
  await go(page.locator(`form:has(input[value="${person}"]) button`));
  return page;
}

const fhir = (path, options = {}) => fetch(`${house.base}/fhir/${path}`, {
  ...options,
  headers: { Authorization: "Bearer demo-system", "Content-Type": "application/fhir+json" },
}).then((answer) => answer.json());

// Somebody who can sign in, and whose record the ward has no business with: what tied them to the hospital is over.
async function stranger(ward, how) {
  const person = await signIn(key("carer-"), how);
  const copy = await (await person.request.get(`${house.base}/record/download/fhir`)).json();
  const record = copy.entry.map((entry) => entry.resource).find((resource) => resource.resourceType === "Patient");
  const over = [["ServiceRequest", "active,on-hold", "completed"], ["Encounter", "planned,arrived,triaged,in-progress,onleave", "cancelled"]];
  for (const [type, open, closed] of over) {
    const found = await fhir(`${type}?patient=${record.id}&status=${open}&_count=100`);
    for (const { resource } of found.entry ?? []) {
      await fhir(`${type}/${resource.id}`, { method: "PUT", body: JSON.stringify({ ...resource, status: closed }) });
    }
  }
  assert.equal((await ward.goto(`${house.base}/staff/patients/${record.id}`)).status(), 404);
  return { person, record };
}

async function shot(page, name) {
  if (!shots) return;
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${shots}/reviews-${name}-${width}.png`, fullPage: true });
  }
}

for (const scripts of [true, false]) {
  test(`an emergency access is reviewed, and the person reads what came of it, ${scripts ? "with" : "without"} scripts`, { timeout: 300_000 }, async () => {
    const how = scripts ? {} : { scripts, width: 320 };
    const reason = `Found unconscious at the bus stop, ${scripts ? "first" : "second"} time`;
    const ward = await signIn(key("ward-manager-"), how);
    const { person, record } = await stranger(ward, how);
    await ward.goto(`${house.base}/staff/patients/${record.id}/break-glass`);
    await ward.fill("[name=reason]", reason);
    await press(ward, "Open the record");
    await ward.goto(`${house.base}/staff/patients/${record.id}/allergies`);

    // The operator sees that there is something to review, and not about whom.
    const operator = await signIn(key("operator-"), how);
    await operator.goto(`${house.base}/staff/operations`);
    const figures = await operator.locator("main").innerText();
    assert.match(figures, /emergency accesses not reviewed\s+1\b/i);
    assert.ok(!figures.includes(record.name[0].family) && !figures.includes(record.name[0].family.toUpperCase()));
    assert.equal((await operator.goto(`${house.base}/staff/reviews`)).status(), 403);

    const officer = await signIn(key("privacy-"), how);
    await officer.goto(`${house.base}/staff/home`);
    await go(officer.locator("main").getByRole("link", { name: "Emergency accesses" }));
    await shot(officer, "list");
    const row = officer.locator("tbody tr", { hasText: reason });
    assert.match(await row.innerText(), /Not looked at yet/);
    await go(row.locator("a").first());
    const address = officer.url();
    assert.match(await main(officer), /Allergies/);
    await shot(officer, "access");
    await press(officer, "Record the finding");
    assert.match(await officer.title(), /^Error: /);
    await shot(officer, "nothing");
    await officer.check("[name=finding][value=asked]");
    await press(officer, "Record the finding");
    assert.match(await officer.locator("tbody tr", { hasText: reason }).innerText(), /Asked why; not decided/);

    await person.goto(`${house.base}/profile/who-looked`);
    const look = person.locator("main li", { hasText: reason }).first();
    assert.match(await look.innerText(), /has asked them why they opened your record/);

    // The record is opened once more meanwhile: what was not seen is not judged.
    await officer.goto(address);
    await ward.goto(`${house.base}/staff/patients/${record.id}/medicines`);
    await officer.check("[name=finding][value=not-justified]");
    await press(officer, "Record the finding");
    assert.match(await main(officer), /opened again since you looked/);
    await press(officer, "Record the finding");
    assert.match(await main(officer), /Say to the patient what follows from it/);
    await officer.fill("[name=words]", "We have talked with them, and with their manager.");
    await shot(officer, "words");
    await press(officer, "Record the finding");
    assert.equal(new URL(officer.url()).pathname, "/staff/reviews");
    assert.match(await officer.locator("tbody tr", { hasText: reason }).innerText(), /Not justified/);
    await officer.goto(address);
    assert.equal(await officer.getByRole("button", { name: "Record the finding" }).count(), 0);
    await shot(officer, "done");

    await person.reload();
    assert.match(await look.innerText(), /should not have been opened\. We have talked with them/);
    assert.match(await main(person), /Privacy officer/);
    await shot(person, "who-looked");
    await operator.goto(`${house.base}/staff/operations`);
    assert.match(await main(operator), /emergency accesses not reviewed\s+0\b/i);
    for (const page of [person, ward, operator, officer]) await page.context().close();
  });
}

test("nothing went wrong on the way", () => {
  assert.deepEqual(walk.problems, []);
});
