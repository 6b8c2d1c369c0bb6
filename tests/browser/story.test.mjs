// The main job, end to end in Chromium: a ward manager watches beds fill and empty as messages arrive and opens a
// record; the patient reads the same record in plain words and sees who looked; FHIR reads, searches and writes it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { openHouse, sendMessage, stamp } from "./house.mjs";
import { press } from "./press.mjs";

let house;
let browser;
let patient;

before(async () => {
  house = await openHouse();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}, { timeout: 180_000 });

after(async () => {
  await browser?.close();
  await house?.close();
});

async function signIn(key, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  await page.goto(`${house.base}/sign-in`);
  await press(page.locator(`form:has(input[value^="${key}"]) button`).first());
  return page;
}

const fhir = (path, options = {}) => fetch(`${house.base}/fhir${path}`, {
  ...options,
  headers: { Authorization: "Bearer demo-system", "Content-Type": "application/fhir+json", ...options.headers },
});

// The wards of the ward manager's organisation.
async function wards(page) {
  await page.goto(`${house.base}/staff/wards`);
  return page.$$eval('td a[href^="/staff/wards/"], th a[href^="/staff/wards/"]', (all) => all.map((one) => one.getAttribute("href")));
}

// The first of those boards on which something stands; tried again while the opening traffic is still arriving.
async function openBoardWith(page, find, what) {
  for (let round = 0; round < 40; round += 1) {
    for (const ward of await wards(page)) {
      await page.goto(house.base + ward);
      const found = await find(ward.split("/").at(-1));
      if (found) return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error(`no board of the organisation shows ${what}`);
}

const someone = { number: "J700001", visit: "JV700001", family: "Journeyson" };
let place;

const message = (event, control, at) => [
  `MSH|^~\\&|JOURNEY|${place.facility}|BEVAN|BEVAN|${stamp(at)}||ADT^${event}|${control}|P|2.4`,
  `EVN||${stamp(at)}|||${""}|${stamp(at)}`,
  `PID|1||${someone.number}^^^${place.facility}||${someone.family}^Robin||19500301|F`,
  `PV1|1|I|${place.ward}^${place.bay}^${place.bed}^${place.facility}||||||||||||||||${someone.visit}|||||||||||||||||||||||||${stamp(at)}${event === "A03" ? `|${stamp(at)}` : ""}`,
];

const fill = async (control) => assert.match(await sendMessage(house.mllp, message("A01", control, new Date())), new RegExp(`MSA\\|AA\\|${control}`));
const empty = async (control) => assert.match(await sendMessage(house.mllp, message("A03", control, new Date())), new RegExp(`MSA\\|AA\\|${control}`));

test("a ward manager watches a bed fill and empty as messages arrive", { timeout: 120_000 }, async () => {
  const page = await signIn("ward-manager");
  place = await openBoardWith(page, freeBed, "a free bed");
  await page.getByText("Live.", { exact: true }).waitFor({ timeout: 10_000 });
  const tile = page.locator(`.bevan-tile:has-text(${JSON.stringify(place.name)})`);
  const times = [];
  for (let round = 0; round < 5; round += 1) {
    someone.visit = `JV70000${round}`;
    const started = performance.now();
    await fill(`JA${round}`);
    await page.getByText(/JOURNEYSON/i).first().waitFor({ timeout: 10_000 });
    times.push(Math.round(performance.now() - started));
    assert.match(await tile.filter({ hasText: "JOURNEYSON" }).innerText(), /JOURNEYSON, Robin/, "in the bed that the message names");
    await empty(`JD${round}`);
    await page.getByText(/JOURNEYSON/i).first().waitFor({ state: "detached", timeout: 10_000 });
  }
  console.log(`# message sent to name on the open board: ${times.sort((a, b) => a - b).join(", ")} ms`);
  await page.context().close();
});

test("without scripts and at 320 px the same bed fills and empties by refreshing", { timeout: 60_000 }, async () => {
  const page = await signIn("ward-manager", { javaScriptEnabled: false, viewport: { width: 320, height: 700 } });
  await page.goto(`${house.base}/staff/wards/${place.board}`);
  someone.visit = "JV700009";
  const settled = async (there) => {
    for (let round = 0; round < 20; round += 1) {
      await press(page.getByRole("link", { name: "Refresh" }));
      if ((await page.getByText(/JOURNEYSON/i).count() > 0) === there) return;
    }
    assert.fail(`the refreshed board ${there ? "never shows" : "still shows"} the person`);
  };
  await fill("JN1");
  await settled(true);
  await empty("JN2");
  await settled(false);
  await page.context().close();
});

// A bed of that ward that nobody holds, with the codes that messages call it by.
async function freeBed(ward) {
  const bays = await (await fhir(`/Location?partof=Location/${ward}&_count=100`)).json();
  for (const bay of (bays.entry ?? []).map((entry) => entry.resource)) {
    const beds = await (await fhir(`/Location?partof=Location/${bay.id}&_count=100`)).json();
    for (const bed of (beds.entry ?? []).map((entry) => entry.resource)) {
      const held = await (await fhir(`/Encounter?location=Location/${bed.id}&status=in-progress,onleave,arrived&_summary=count`)).json();
      if (held.total === 0 && bed.status === "active" && !["C", "H", "K", "I"].includes(bed.operationalStatus?.code)) return { ...codes(bed), board: ward, name: `${bay.name} · ${bed.name}` };
    }
  }
  return null;
}

// Ward, bay and bed as PV1-3 writes them, and the facility that writes them, from the Location's identifier.
function codes(bed) {
  const { system, value } = bed.identifier[0];
  const [ward, bay, name] = value.split(" ");
  return { ward, bay, bed: name, facility: system.split("/").at(-2).toUpperCase() };
}

for (const scripts of [true, false]) {
  test(`the ward manager opens a patient from the board and reads the record, ${scripts ? "with" : "without"} scripts`, { timeout: 90_000 }, async () => {
    const page = await signIn("ward-manager", { javaScriptEnabled: scripts, viewport: { width: scripts ? 1280 : 320, height: 800 } });
    const name = await demoPatientName("patient");
    const link = () => page.locator(".bevan-tile").getByRole("link", { name: new RegExp(name, "i") }).first();
    const href = await openBoardWith(page, async () => (await link().count()) > 0 && link().getAttribute("href"), `the demo patient ${name}`);
    await page.goto(house.base + href);
    patient = page.url().split("/").at(-1);
    for (const tab of ["Problems", "Medicines", "Allergies", "Results", "Scans and images", "Observations", "Vaccinations", "Documents", "Stays and visits"]) {
      await press(page.getByRole("navigation", { name: "Record" }).getByRole("link", { name: tab }));
      assert.equal(await page.locator("h1").innerText(), tab);
      assert.match(await page.getByRole("region", { name: "Patient" }).innerText(), new RegExp(name, "i"), `${tab} stands under the banner`);
    }
    assert.match(await page.getByRole("region", { name: "Patient" }).innerText(), /Now in\s+[^,]+, [^,]+, Bed \w+/, "with the place in words");
    await page.context().close();
  });
}

// The first demo patient as boards and banners write the name.
async function demoPatientName(key) {
  const page = await browser.newPage();
  await page.goto(`${house.base}/sign-in`);
  const words = await page.locator(`li:has(input[value^="${key}"]) strong`).first().innerText();
  await page.close();
  const [, given, ...family] = words.trim().split(" ");
  return `${family.join(" ")}, ${given}`;
}

for (const scripts of [true, false]) {
  test(`the patient reads the record and sees who looked, ${scripts ? "with" : "without"} scripts`, { timeout: 60_000 }, async () => {
    const page = await signIn("patient", { javaScriptEnabled: scripts, viewport: { width: scripts ? 1280 : 320, height: 800 } });
    for (const part of ["", "/conditions", "/medicines", "/allergies", "/results", "/visits", "/vaccinations", "/documents", "/scans"]) {
      const answer = await page.goto(`${house.base}/record${part}`);
      assert.equal(answer.status(), 200, part);
      if (part) assert.doesNotMatch(await page.locator("main").innerText(), /could not be shown|do not currently have access/, part);
    }
    await page.goto(`${house.base}/home`);
    await press(page.getByRole("link", { name: "Who looked at my record" }));
    const text = await page.locator("main").innerText();
    assert.match(text, /Ward staff|Ward manager/, "the ward manager's look is listed");
    assert.match(text, /minute|second|just now|today/i, "with how long ago it was");
    await page.context().close();
  });
}

test("FHIR reads, searches and writes the same data", async () => {
  const read = await fhir(`/Patient/${patient}`);
  assert.equal(read.status, 200);
  const document = await read.json();
  const found = await (await fhir(`/Patient?family=${document.name[0].family}&_id=${patient}`)).json();
  assert.equal(found.entry[0].resource.id, patient);
  const body = JSON.stringify({
    resourceType: "AllergyIntolerance", patient: { reference: `Patient/${patient}` }, code: { text: "Journey test latex" },
    clinicalStatus: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }] },
  });
  const written = await fhir("/AllergyIntolerance", { method: "POST", body });
  assert.equal(written.status, 201);
  const page = await signIn("patient");
  await page.goto(`${house.base}/record/allergies`);
  assert.match(await page.locator("main").innerText(), /Journey test latex/, "what was written is on the patient's page");
  await page.context().close();
});

// Somebody of the area whom the ward manager's organisation is not caring for.
async function stranger(page) {
  const found = await (await fhir("/Patient?_count=200")).json();
  for (const one of found.entry.map((entry) => entry.resource)) {
    const number = one.identifier?.find((identifier) => identifier.system === "https://fhir.nhs.uk/Id/nhs-number")?.value;
    if (!number || one.deceasedDateTime) continue;
    const answer = await page.goto(`${house.base}/staff/patients/${one.id}`);
    if (answer.status() === 404) return { id: one.id, number, family: one.name[0].family };
  }
  throw new Error("everybody is cared for here");
}

for (const scripts of [true, false]) {
  test(`in an emergency a record is opened by NHS number, with a reason that the log keeps, ${scripts ? "with" : "without"} scripts`, { timeout: 60_000 }, async () => {
    const page = await signIn("ward-manager", { javaScriptEnabled: scripts, viewport: { width: scripts ? 1280 : 320, height: 800 } });
    const person = await stranger(page);
    await page.goto(`${house.base}/staff/patients`);
    await page.fill("#q", person.number);
    await press(page.getByRole("button", { name: "Search" }));
    assert.match(await page.locator("main").innerText(), /No patient found/);
    await press(page.getByRole("link", { name: /in an emergency/ }));
    assert.equal(await page.inputValue("#number"), person.number, "the number need not be typed again");
    await press(page.getByRole("button", { name: "Open the record" }));
    assert.match(await page.title(), /^Error: /, "no record without a reason");
    const reason = `Found unconscious on the stairs, ${scripts ? "first" : "second"} time`;
    await page.fill("#reason", reason);
    await press(page.getByRole("button", { name: "Open the record" }));
    assert.equal(page.url(), `${house.base}/staff/patients/${person.id}`);
    assert.match(await page.locator("body").innerText(), new RegExp(person.family, "i"));
    assert.match(await page.locator("body").innerText(), /Emergency access/i, "the banner says so");
    const trail = await (await fhir(`/AuditEvent?patient=Patient/${person.id}&_count=50&_sort=-date`)).json();
    assert.ok(JSON.stringify(trail).includes(reason), "the reason is in the audit trail about this person");
    const other = await page.goto(`${house.base}/staff/patients/00000000-0000-4000-8000-000000000000`);
    assert.equal(other.status(), 404, "it opens one record");
    await page.context().close();
  });
}

for (const scripts of [true, false]) {
  test(`a record that is not theirs to read is opened from its own page with a reason, ${scripts ? "with" : "without"} scripts`, { timeout: 60_000 }, async () => {
    const page = await signIn("ward-manager", { javaScriptEnabled: scripts, viewport: { width: scripts ? 1280 : 320, height: 800 } });
    const person = await stranger(page);
    await press(page.getByRole("link", { name: "ask for emergency access" }));
    assert.equal(await page.locator("h1").innerText(), "Emergency access");
    await page.fill("#reason", "too short");
    await press(page.locator("main form button"));
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.inputValue("#reason"), "too short");
    await page.fill("#reason", "Brought in after a fall, allergies needed");
    await press(page.locator("main form button"));
    assert.equal(new URL(page.url()).pathname, `/staff/patients/${person.id}`);
    assert.match(await page.locator("body").innerText(), /Emergency access/i);
    await page.context().close();
  });

  test(`an operator sees why a message was not applied and tries it again, ${scripts ? "with" : "without"} scripts`, { timeout: 60_000 }, async () => {
    const control = `JX${scripts ? 1 : 2}`;
    const [header, , ...rest] = message("A01", control, new Date());
    const answer = await sendMessage(house.mllp, [header, ...rest.filter((segment) => !segment.startsWith("PID"))]);
    assert.match(answer, new RegExp(`MSA\\|AA\\|${control}`), "what cannot be applied is kept all the same");
    const page = await signIn("operator", { javaScriptEnabled: scripts, viewport: { width: scripts ? 1280 : 320, height: 800 } });
    const row = page.locator("tr", { hasText: control });
    for (let tries = 0; ; tries += 1) {
      await page.goto(`${house.base}/staff/operations`);
      if (await row.count()) break;
      assert.ok(tries < 100, "the message is listed");
    }
    assert.match(await row.innerText(), /PID/, "with what is wrong with it");
    await press(row.getByRole("button", { name: /^Try again/ }));
    assert.match(await page.locator("main").innerText(), /is back in the queue/);
    assert.doesNotMatch(await page.locator("main").innerText(), /JOURNEYSON/i, "no patient is named");
    await page.context().close();
  });
}

test("a patient sees no staff page and no other patient, and nobody sees anything unsigned", async () => {
  const page = await signIn("patient");
  for (const path of ["/staff/wards", "/staff/patients", `/staff/patients/${patient}`, "/staff/operations"]) {
    const answer = await page.goto(`${house.base}${path}`);
    assert.ok([403, 404].includes(answer.status()), `${path}: ${answer.status()}`);
  }
  await page.context().close();
  const stranger = await browser.newPage();
  await stranger.goto(`${house.base}/record`);
  assert.match(stranger.url(), /sign-in/);
  await stranger.close();
  assert.equal((await fetch(`${house.base}/fhir/Patient/${patient}`)).status, 401);
});
