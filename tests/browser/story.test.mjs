// The main job, end to end in Chromium: a ward manager watches beds fill and empty as messages arrive and opens a
// record; the patient reads the same record in plain words and sees who looked; FHIR reads, searches and writes it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { openHouse, sendMessage, stamp } from "./house.mjs";

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
  await page.locator(`form:has(input[value^="${key}"]) button`).first().click();
  return page;
}

const fhir = (path, options = {}) => fetch(`${house.base}/fhir${path}`, {
  ...options,
  headers: { Authorization: "Bearer demo-system", "Content-Type": "application/fhir+json", ...options.headers },
});

// The ward manager's own ward, whose board is open to them.
async function openBoard(page) {
  await page.goto(`${house.base}/staff/wards`);
  const name = (await page.goto(`${house.base}/staff/home`), await page.locator("body").innerText()).match(/Ward manager, ([^,\n]+)/)?.[1];
  await page.goto(`${house.base}/staff/wards`);
  const link = name ? page.getByRole("link", { name }).first() : page.locator('a[href^="/staff/wards/"]').first();
  await link.click();
  await page.waitForSelector("h1");
}

const someone = { number: "J700001", visit: "JV700001", family: "Journeyson" };
let place;

const message = (event, control, at) => [
  `MSH|^~\\&|JOURNEY|${place.facility}|BEVAN|BEVAN|${stamp(at)}||ADT^${event}|${control}|P|2.4`,
  `EVN||${stamp(at)}|||${""}|${stamp(at)}`,
  `PID|1||${someone.number}^^^${place.facility}||${someone.family}^Robin||19500301|F`,
  `PV1|1|I|${place.ward}^${place.bay}^${place.bed}^${place.facility}||||||||||||||||${someone.visit}|||||||||||||||||||||||||${stamp(at)}${event === "A03" ? `|${stamp(at)}` : ""}`,
];

test("a ward manager watches a bed fill and empty as messages arrive", { timeout: 120_000 }, async () => {
  const page = await signIn("ward-manager");
  await openBoard(page);
  await page.waitForFunction(() => document.querySelectorAll(".bevan-tile").length >= 20);
  const free = page.locator(".bevan-tile--free").first();
  assert.ok(await free.count(), "there is a free bed to fill");
  place = await freeBed(page.url().split("/").at(-1));
  const started = Date.now();
  assert.match(await sendMessage(house.mllp, message("A01", "J1", new Date())), /MSA\|AA\|J1/);
  await page.getByText(/JOURNEYSON/i).first().waitFor({ timeout: 10_000 });
  console.log(`# message sent to name on the open board: ${Date.now() - started} ms`);
  assert.match(await sendMessage(house.mllp, message("A03", "J2", new Date())), /MSA\|AA\|J2/);
  await page.getByText(/JOURNEYSON/i).first().waitFor({ state: "detached", timeout: 10_000 });
  await page.context().close();
});

// A bed of that ward that nobody holds, with the codes that messages call it by.
async function freeBed(ward) {
  const bays = await (await fhir(`/Location?partof=Location/${ward}&_count=100`)).json();
  for (const bay of bays.entry.map((entry) => entry.resource)) {
    const beds = await (await fhir(`/Location?partof=Location/${bay.id}&_count=100`)).json();
    for (const bed of (beds.entry ?? []).map((entry) => entry.resource)) {
      const held = await (await fhir(`/Encounter?location=Location/${bed.id}&status=in-progress,onleave,arrived&_summary=count`)).json();
      if (held.total === 0 && bed.status === "active" && !["C", "H", "K", "I"].includes(bed.operationalStatus?.code)) return codes(bed);
    }
  }
  throw new Error("every bed of the ward is held");
}

// Ward, bay and bed as PV1-3 writes them, and the facility that writes them, from the Location's identifier.
function codes(bed) {
  const { system, value } = bed.identifier[0];
  const [ward, bay, name] = value.split(" ");
  return { ward, bay, bed: name, facility: system.split("/").at(-2).toUpperCase() };
}

test("the ward manager opens a patient from the board and reads the record", { timeout: 60_000 }, async () => {
  const key = "patient";
  const page = await signIn("ward-manager");
  await openBoard(page);
  const name = await demoPatientName(key);
  await page.getByRole("link", { name: new RegExp(name, "i") }).first().click();
  patient = page.url().split("/").at(-1);
  for (const tab of ["problems", "medicines", "allergies", "results", "observations", "encounters"]) {
    const answer = await page.goto(`${house.base}/staff/patients/${patient}/${tab}`);
    assert.equal(answer.status(), 200, tab);
    assert.match(await page.locator("main").innerText(), new RegExp(name, "i"), `${tab} stands under the banner`);
  }
  await page.context().close();
});

// The family name of the first demo patient.
async function demoPatientName(key) {
  const page = await browser.newPage();
  await page.goto(`${house.base}/sign-in`);
  const words = await page.locator(`li:has(input[value^="${key}"]) strong`).first().innerText();
  await page.close();
  return words.trim().split(" ").at(-1);
}

for (const scripts of [true, false]) {
  test(`the patient reads the record and sees who looked, ${scripts ? "with" : "without"} scripts`, { timeout: 60_000 }, async () => {
    const page = await signIn("patient", { javaScriptEnabled: scripts, viewport: { width: scripts ? 1280 : 320, height: 800 } });
    for (const part of ["", "/conditions", "/medicines", "/allergies", "/results", "/visits"]) {
      const answer = await page.goto(`${house.base}/record${part}`);
      assert.equal(answer.status(), 200, part);
    }
    await page.goto(`${house.base}/profile/who-looked`);
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

test("every page that a demo person reaches passes axe, reflows at 320 px and reads without scripts", { timeout: 900_000 }, () => {
  const script = fileURLToPath(new URL("pages.mjs", import.meta.url));
  const words = [script, house.base, "--limit", "30", ...(process.env.SHOTS ? ["--shots", process.env.SHOTS] : [])];
  const walked = spawnSync(process.execPath, words, { encoding: "utf8" });
  console.log(walked.stdout.split("\n").map((line) => `# ${line}`).join("\n"));
  assert.equal(walked.status, 0, walked.stderr);
});
