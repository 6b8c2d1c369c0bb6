// People who do not use apps (patient-app rules, journey P14): somebody calls their surgery, which orders a repeat for them on
// their own pages. The person is named on every page, the record says that it was done on their behalf, and a letter goes out.
// With and without scripts, at 1280 and 320 px; axe on every page that is passed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openHouse } from "./house.mjs";
import { press } from "./press.mjs";
import { start, wrongOn } from "./visit.mjs";

const shots = process.env.SHOTS ?? "";
const REPEAT = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationRepeatInformation";
const COURSE = "http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy";
const NHS = "https://fhir.nhs.uk/Id/nhs-number";

let house;
let walk;
let person;

const fhir = async (method, path, body) => {
  const answer = await fetch(`${house.base}/fhir${path}`, {
    method, body: body && JSON.stringify(body),
    headers: { Authorization: "Bearer demo-system", "Content-Type": "application/fhir+json" },
  });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status}`);
  return answer.json();
};

async function signIn(key, options) {
  const page = await walk.page(options);
  await page.goto(`${house.base}/sign-in`);
  await press(page.locator(`form:has(input[value^="${key}"]) button`).first());
  return page;
}

before(async () => {
  house = await openHouse({ people: 300 });
  walk = await start(house.base);
  // The first of the demo's patients is registered at the demo's surgery; a repeat that can be ordered is added.
  const own = await signIn("patient-", {});
  const heading = await own.locator(".bevan-header__who span").first().textContent();
  const all = await fhir("GET", "/Patient?_count=200");
  const names = (one) => one.name.map((name) => `${name.given[0]} ${name.family}`);
  person = all.entry.map((entry) => entry.resource).find((one) => names(one).some((name) => heading.includes(name)));
  assert.ok(person, heading);
  for (const at of [1, 2]) {
    await fhir("PUT", `/MedicationRequest/assisted-${at}`, {
      resourceType: "MedicationRequest", id: `assisted-${at}`, status: "active", intent: "plan", authoredOn: "2020-01-05",
      subject: { reference: `Patient/${person.id}` }, medicationCodeableConcept: { text: `Assistol ${at}mg tablets` },
      courseOfTherapyType: { coding: [{ system: COURSE, code: "continuous" }] },
      extension: [{ url: REPEAT, extension: [{ url: "authorisationExpiryDate", valueDateTime: "2199-03-01" }] }],
    });
  }
}, { timeout: 180_000 });

after(async () => {
  await walk?.end();
  await house?.close();
});

async function check(page, name, scripts) {
  if (!scripts) {
    assert.equal(await page.locator("h1").count(), 1, name);
    return;
  }
  const width = page.viewportSize().width;
  for (const one of [1280, 320]) {
    await page.setViewportSize({ width: one, height: 900 });
    assert.deepEqual(await wrongOn(page), [], `${name} at ${one}`);
    if (shots) await page.screenshot({ path: `${shots}/assisted-${name.replace(/[^a-z0-9]+/gi, "-")}-${one}.png`, fullPage: true });
  }
  await page.setViewportSize({ width, height: 900 });
}

// The whole of it, for one of the two medicines.
async function helped(medicine, scripts, width) {
  const page = await signIn("surgery-", { scripts, width });
  const number = person.identifier.find((one) => one.system === NHS).value;
  await press(page.getByRole("main").getByRole("link", { name: "Do something for a patient" }));
  await check(page, "find", scripts);

  await page.getByLabel("NHS number or name").fill(person.name[0].family);
  await press(page.getByRole("button", { name: "Search" }));
  assert.match(await page.title(), /^Error: /);
  await check(page, "find without a date of birth", scripts);
  await page.getByLabel("NHS number or name").fill(number);
  await press(page.getByRole("button", { name: "Search" }));
  await check(page, "found", scripts);
  await press(page.getByRole("table").getByRole("link").first());
  await check(page, "who asks", scripts);

  await press(page.getByRole("button", { name: "Start" }));
  assert.match(await page.title(), /^Error: /);
  await check(page, "who asks with nothing chosen", scripts);
  await page.getByLabel("Date of birth", { exact: false }).check();
  await page.getByLabel("NHS number", { exact: false }).check();
  await page.getByLabel("They called").check();
  const letter = page.getByLabel("Yes, to", { exact: false });
  assert.equal(await letter.count(), 1, "where they live is recorded");
  await letter.check();
  await press(page.getByRole("button", { name: "Start" }));

  const banner = page.locator(".bevan-notice--acting");
  const named = async () => {
    assert.match(await banner.textContent(), /You are doing this for .+\. Born/);
    assert.match(await page.title(), / – for .+ – Bevan$/);
  };
  await named();
  await check(page, "their home", scripts);
  await press(page.getByRole("main").getByRole("link", { name: "Prescriptions" }).first());
  await named();
  await check(page, "their prescriptions", scripts);
  await press(page.getByRole("link", { name: "Order repeat medicines" }));
  await press(page.getByRole("button", { name: "Start now" }));
  await page.getByLabel(medicine, { exact: false }).check();
  await press(page.getByRole("button", { name: "Continue" }));
  await named();
  await press(page.getByRole("button", { name: "Continue" }));
  if (/pharmacy/.test(page.url())) await press(page.getByRole("button", { name: "Continue" }).or(page.getByRole("link", { name: "Continue" })).first());
  await named();
  await check(page, "check answers", scripts);
  await press(page.locator("main form button").last());
  await named();
  assert.match(page.url(), /\/as\/for-[^/]+\/prescriptions\/request\/done/);
  assert.match(await banner.textContent(), /A letter that says what was done goes to /);
  await check(page, "done", scripts);

  await press(page.getByRole("button", { name: /^Finish for / }));
  assert.match(await page.locator(".bevan-answer").first().textContent(), new RegExp(`A letter goes to .*${medicine}`));
  assert.equal(await page.locator(".bevan-notice--acting").count(), 0);
  await check(page, "finished", scripts);
  await page.context().close();
}

test("a surgery orders a repeat for somebody who calls", { timeout: 300_000 }, async () => {
  await helped("Assistol 1mg tablets", true, 1280);
  const letters = await fhir("GET", `/Communication?patient=Patient/${person.id}&category=assisted`);
  assert.match(letters.entry[0].resource.payload[0].contentString, /You called us on .*Assistol 1mg tablets/s);
  const own = await signIn("patient-", {});
  await own.goto(`${house.base}/profile/who-looked`);
  const words = await own.getByRole("main").textContent();
  assert.match(words, /On your behalf/);
  assert.match(words, /you called and asked them to/);
  await check(own, "who looked", true);
});

test("the same without scripts on a small screen", { timeout: 300_000 }, async () => {
  await helped("Assistol 2mg tablets", false, 320);
});

test("the desk of a hospital does something for somebody who is there, and finds nobody else", { timeout: 180_000 }, async () => {
  const page = await signIn("reception", { scripts: true });
  const find = async (number) => {
    await page.goto(`${house.base}/staff/home`);
    await press(page.getByRole("main").getByRole("link", { name: "Do something for a patient" }));
    await page.getByLabel("NHS number or name").fill(number);
    await press(page.getByRole("button", { name: "Search" }));
  };
  const there = { resourceType: "Patient", id: "at-the-desk", birthDate: "1960-02-03", name: [{ family: "Deskson", given: ["Ann"] }],
    identifier: [{ system: NHS, value: "9990237573" }], address: [{ line: ["1 Far Street"], postalCode: "ZZ9 9ZZ" }] };
  await fhir("PUT", "/Patient/at-the-desk", there);
  await find("9990237573");
  assert.match(await page.getByRole("main").textContent(), /No patient found/);
  await fhir("PUT", "/Encounter/at-the-desk", { resourceType: "Encounter", id: "at-the-desk", status: "in-progress", class: { code: "IMP" },
    subject: { reference: "Patient/at-the-desk" }, serviceProvider: { identifier: { system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "ZZ1" } } });
  await find("9990237573");
  await check(page, "found at the desk", true);
  await press(page.getByRole("table").getByRole("link").first());
  await page.getByLabel("Date of birth", { exact: false }).check();
  await page.getByLabel("NHS number", { exact: false }).check();
  await page.getByLabel("They are with me").check();
  await page.getByLabel("Yes, to", { exact: false }).check();
  await press(page.getByRole("button", { name: "Start" }));
  assert.match(await page.locator(".bevan-notice--acting").textContent(), /You are doing this for Ann Deskson/);
  assert.match(await page.title(), / – for Ann Deskson – Bevan$/);
  await check(page, "their home at the desk", true);
  await page.goto(`${house.base}/as/for-at-the-desk/profile/language`);
  await page.getByLabel("Which language do you speak best?").fill("Welsh");
  await page.getByLabel("Yes").check();
  await press(page.getByRole("button", { name: "Save" }));
  await press(page.getByRole("button", { name: /^Finish for / }));
  assert.match(await page.locator(".bevan-answer").first().textContent(), /A letter goes to 1 Far Street/);
  const letters = await fhir("GET", "/Communication?patient=Patient/at-the-desk&category=assisted");
  assert.match(letters.entry[0].resource.payload[0].contentString, /^You spoke with us on /);
  await page.context().close();
});

test("nothing was asked of another host and nothing failed on the way", () => {
  assert.deepEqual(walk.problems, []);
});
