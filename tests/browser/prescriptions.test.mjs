// Prescriptions end to end in Chromium (patient-app rules, journey P3): a patient orders repeats, is told what was and was
// not ordered, the surgery answers, the pharmacy's messages move the items. With and without scripts, at 1280 and 320 px.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { openHouse } from "./house.mjs";
import { press } from "./press.mjs";
import { sound } from "./sound.mjs";

let house;
let browser;

before(async () => {
  house = await openHouse({ people: 300 });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}, { timeout: 180_000 });

after(async () => {
  await browser?.close();
  await house?.close();
});

async function signIn(key, at = 0, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.wrong = [];
  page.on("console", (message) => { if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) page.wrong.push(message.text()); });
  page.on("pageerror", (error) => page.wrong.push(error.message));
  page.on("request", (request) => { if (new URL(request.url()).origin !== house.base) page.wrong.push(`asks ${request.url()}`); });
  await page.goto(`${house.base}/sign-in`);
  await press(page.locator(`form:has(input[value^="${key}"]) button`).nth(at));
  return page;
}

async function check(page, name) {
  await sound(page, name);
  assert.deepEqual(page.wrong, [], name);
}

const fhir = async (path, options = {}) => {
  const answer = await fetch(`${house.base}/fhir${path}`, {
    ...options,
    headers: { Authorization: "Bearer demo-system", "Content-Type": "application/fhir+json" },
  });
  return { status: answer.status, body: await answer.json() };
};

const ITEM = "https://fhir.nhs.uk/Id/prescription-order-item-number";
const ORDER = "https://fhir.nhs.uk/Id/prescription-order-number";
const ODS = "https://fhir.nhs.uk/Id/ods-organization-code";

// The pharmacy says how far every item of a prescription is.
async function track(order, status, at) {
  const found = await fhir(`/MedicationRequest?identifier=${encodeURIComponent(`${ORDER}|${order}`)}`);
  const entry = found.body.entry.map(({ resource }, n) => ({
    resource: {
      resourceType: "Task", id: `t-${status.replace(/\W+/g, "")}-${n}`, status: "in-progress", intent: "order",
      basedOn: [{ identifier: { system: ORDER, value: order } }],
      businessStatus: { coding: [{ system: "https://fhir.nhs.uk/CodeSystem/task-businessStatus-nppt", code: status }] },
      focus: { identifier: { system: ITEM, value: resource.identifier.find((one) => one.system === ITEM).value } },
      for: { identifier: { system: "https://fhir.nhs.uk/Id/nhs-number", value: "9990000000" } },
      lastModified: at, owner: { identifier: { system: ODS, value: "ZZ601" }, display: "Pestle Pharmacy" },
    },
    request: { method: "POST", url: "Task" },
  }));
  const answer = await fhir("/", { method: "POST", body: JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }) });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
}

// The first of the demo's patients who can order something.
async function whoCanOrder(options = {}, skip = []) {
  for (let at = 0; at < 3; at += 1) {
    if (skip.includes(at)) continue;
    const page = await signIn("patient", at, options);
    await page.goto(`${house.base}/prescriptions`);
    if (await page.getByRole("link", { name: "Order repeat medicines" }).count()) return { page, at };
    await page.context().close();
  }
  throw new Error("no demo patient can order a repeat");
}

let ordered;

test("a patient orders repeats and is told what happens next", { timeout: 180_000 }, async () => {
  const { page, at } = await whoCanOrder();
  ordered = { at };
  await check(page, "prescriptions");
  await press(page.getByRole("link", { name: "Order repeat medicines" }));
  await check(page, "order repeat medicines");
  await press(page.getByRole("button", { name: "Start now" }));
  await check(page, "which medicines");

  await press(page.getByRole("button", { name: "Continue" }));
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.locator(".nhsuk-error-summary a").textContent(), "Select at least one medicine");
  await check(page, "nothing selected");

  const boxes = page.locator("input[name=medicine]");
  await boxes.first().check();
  ordered.medicine = (await page.locator("label[for=medicine]").textContent()).trim();
  await press(page.getByRole("button", { name: "Continue" }));
  await check(page, "note");
  await page.locator("textarea").fill("x".repeat(501));
  await press(page.getByRole("button", { name: "Continue" }));
  await check(page, "note too long");
  await page.locator("textarea").fill("I am away <b>from Friday</b>.\nThank you.");
  await press(page.getByRole("button", { name: "Continue" }));
  await check(page, "your pharmacy for this request");
  await press(page.getByRole("link", { name: "Choose your pharmacy" }));
  await check(page, "choose your pharmacy");
  await page.getByLabel("Find a pharmacy").fill("Pestle");
  await press(page.getByRole("button", { name: "Search" }));
  await check(page, "pharmacies found");
  await press(page.getByRole("button", { name: /^Use this pharmacy/ }).first());
  assert.equal(new URL(page.url()).pathname, "/prescriptions/request/pharmacy");
  await press(page.getByRole("button", { name: "Continue" }));
  await check(page, "check your request");
  assert.match(await page.locator("main").textContent(), /I am away <b>from Friday<\/b>/);

  // The answers so far are kept: a step back shows what was chosen.
  await press(page.getByRole("link", { name: "Change medicines" }));
  assert.ok(await page.locator("input[name=medicine]").first().isChecked());
  await page.goBack();

  // A second window sends the same last thing: one effect.
  const second = await page.context().newPage();
  second.wrong = [];
  await second.goto(`${house.base}/prescriptions/request/check`);
  await press(page.getByRole("button", { name: "Send request" }));
  assert.match(page.url(), /\/prescriptions\/request\/done\?request=/);
  assert.equal((await page.locator("h1").textContent()).trim(), "Request sent");
  await check(page, "request sent");
  ordered.request = new URL(page.url()).searchParams.get("request");
  await press(second.getByRole("button", { name: "Send request" }));
  assert.match(second.url(), /\/prescriptions\/request\/medicines/, "its answers were sent by the first window");
  await second.close();

  await press(page.locator("main").getByRole("link", { name: "Prescriptions", exact: true }));
  await press(page.getByRole("link", { name: /^Request from/ }).first());
  assert.match(await page.locator("main").textContent(), /Waiting for your surgery/);
  await check(page, "one request");
  await page.context().close();
});

test("the surgery approves it, and the pharmacy's messages move it", { timeout: 180_000 }, async () => {
  const staff = await signIn("surgery");
  await staff.goto(`${house.base}/staff/prescriptions`);
  await check(staff, "prescription requests");
  const path = `/staff/prescriptions/${ordered.request}`;
  const answer = await staff.goto(house.base + path);
  if (answer.status() === 404) {
    // The patient belongs to another surgery than the one that can sign in here: its list does not show the request.
    await staff.goto(`${house.base}/staff/prescriptions`);
    await press(staff.locator("table a").first());
  }
  await check(staff, "one request at the surgery");
  await press(staff.getByRole("button", { name: "Approve and prescribe" }));
  await check(staff, "nothing selected at the surgery");
  await staff.locator("input[name=line]").first().check();
  await press(staff.getByRole("button", { name: "Refuse", exact: true }));
  await check(staff, "no reason given");
  await press(staff.getByRole("button", { name: "Approve and prescribe" }));
  assert.match(await staff.locator("main").textContent(), /Approved/);
  await check(staff, "answered at the surgery");
  await staff.context().close();
  if (answer.status() === 404) return;

  const page = await signIn("patient", ordered.at);
  const open = async () => {
    await page.goto(`${house.base}/prescriptions`);
    await press(page.getByRole("link", { name: /^Prescription from/ }).first());
    return page.locator("main").textContent();
  };
  assert.match(await open(), /Your prescriber has approved this/);
  const order = new URL(page.url()).pathname.split("/").at(-1);
  assert.match(order, /^[0-9A-F]{6}-[0-9A-Z]{6}-[0-9A-F]{5}[0-9A-Z+]$/);
  await check(page, "a prescription");
  await track(order, "Ready to Collect", new Date().toISOString());
  await page.goto(`${house.base}/prescriptions/${order}`);
  assert.match(await page.locator("main").textContent(), /Collect it from the pharmacy/);
  await check(page, "ready to collect");
  await page.context().close();
});

test("what was and what was not ordered is named, when a medicine is stopped meanwhile", { timeout: 180_000 }, async () => {
  let page;
  for (let at = 0; at < 3; at += 1) {
    page = await signIn("patient", at);
    await page.goto(`${house.base}/prescriptions/request/medicines`);
    if (await page.locator("input[name=medicine]").count() >= 2) break;
    await page.context().close();
  }
  const boxes = page.locator("input[name=medicine]");
  for (const box of await boxes.all()) await box.uncheck();
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  const stopped = await boxes.nth(1).getAttribute("value");
  const [kept, gone] = await page.locator(".nhsuk-checkboxes__label").allTextContents();
  await press(page.getByRole("button", { name: "Continue" }));
  await page.goto(`${house.base}/prescriptions/request/check`);
  const { body } = await fhir(`/MedicationRequest/${stopped}`);
  const put = (status) => fhir(`/MedicationRequest/${stopped}`, { method: "PUT", body: JSON.stringify({ ...body, status }) });
  assert.equal((await put("stopped")).status, 200);
  await press(page.getByRole("button", { name: "Send request" }));
  assert.equal((await page.locator("h1").textContent()).trim(), "Part of your request was sent");
  const main = page.locator("main");
  assert.match(await main.textContent(), /What you ordered.*What was not ordered.*has been stopped or paused/s);
  assert.equal((await main.locator("ul.nhsuk-list--bullet li").first().textContent()).trim(), kept.trim());
  assert.equal((await main.locator(".bevan-scripts h3").first().textContent()).trim(), gone.trim());
  await check(page, "part of the request");

  // When nothing of what is chosen can be ordered, nothing is sent and the reasons stand above the heading.
  await page.goto(`${house.base}/prescriptions/request/medicines`);
  if (await page.locator("input[name=medicine]").count()) {
    const last = page.locator("input[name=medicine]").last();
    const id = await last.getAttribute("value");
    await last.check();
    await press(page.getByRole("button", { name: "Continue" }));
    await page.goto(`${house.base}/prescriptions/request/check`);
    const plan = (await fhir(`/MedicationRequest/${id}`)).body;
    await fhir(`/MedicationRequest/${id}`, { method: "PUT", body: JSON.stringify({ ...plan, status: "on-hold" }) });
    await press(page.getByRole("button", { name: "Send request" }));
    assert.match(await page.title(), /^Error: Check your request/);
    assert.match(await page.locator(".nhsuk-error-summary").textContent(), /None of these medicines can be ordered now.*stopped or paused/s);
    await check(page, "nothing could be ordered");
    await fhir(`/MedicationRequest/${id}`, { method: "PUT", body: JSON.stringify({ ...plan, status: "active" }) });
  }
  await put("active");
  await page.context().close();
});

// A repeat of the person's own with one issue left, made from one that they have.
async function lastRepeat(patient, name) {
  const found = await fhir(`/MedicationRequest?patient=Patient/${patient}&intent=plan&_count=50`);
  const plan = found.body.entry.map((entry) => entry.resource).find((one) => JSON.stringify(one.courseOfTherapyType ?? "").includes('"continuous"'));
  const parts = plan.extension.flatMap((one) => one.extension ?? []);
  const issued = parts.find((one) => one.url === "numberOfPrescriptionsIssued").valueUnsignedInt;
  parts.find((one) => one.url === "authorisationExpiryDate").valueDateTime = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
  const { id: _id, meta: _meta, identifier: _identifier, medicationReference: _reference, ...rest } = plan;
  const made = {
    ...rest, status: "active", authoredOn: "2024-01-02", medicationCodeableConcept: { text: name },
    dispenseRequest: { ...plan.dispenseRequest, numberOfRepeatsAllowed: issued + 1 },
  };
  const answer = await fhir("/MedicationRequest", { method: "POST", body: JSON.stringify(made) });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.id;
}

test("of two browsers that order the last repeat at one moment, one does", { timeout: 120_000 }, async () => {
  const found = await fetch(`${house.base}/fhir/Patient`, { headers: { Authorization: "Bearer demo-patient" } });
  const patient = (await found.json()).entry[0].resource.id;
  const name = "Last repeat 5mg tablets";
  const plan = await lastRepeat(patient, name);
  const pages = [await signIn("patient"), await signIn("patient", 0, { javaScriptEnabled: false, viewport: { width: 320, height: 700 } })];
  for (const page of pages) {
    await page.goto(`${house.base}/prescriptions/request/medicines`);
    for (const box of await page.locator("input[name=medicine]").all()) await box.uncheck();
    await page.locator(`input[name=medicine][value="${plan}"]`).check();
    await press(page.getByRole("button", { name: "Continue" }));
  }
  for (const page of pages) await page.goto(`${house.base}/prescriptions/request/check`);
  await Promise.all(pages.map((page) => press(page.getByRole("button", { name: "Send request" }))));
  const headings = await Promise.all(pages.map(async (page) => (await page.locator("h1").textContent()).trim()));
  assert.equal(headings.filter((one) => one === "Request sent").length, 1, headings.join(", "));
  const loser = pages[headings.indexOf("Request sent") ? 0 : 1];
  await check(loser, "the other browser");
  await loser.goto(`${house.base}/prescriptions/request/medicines`);
  assert.equal(await loser.locator(`input[name=medicine][value="${plan}"]`).count(), 0, "it cannot be ordered again");
  const wishes = await fhir(`/MedicationRequest?patient=Patient/${patient}&intent=proposal&_count=200`);
  const based = (wishes.body.entry ?? []).filter(({ resource }) => JSON.stringify(resource.basedOn ?? "").includes(plan));
  assert.equal(based.length, 1, "one request stands in the record");
  for (const page of pages) await page.context().close();
});

test("everything works without scripts at 320 px", { timeout: 180_000 }, async () => {
  const plain = { javaScriptEnabled: false, viewport: { width: 320, height: 700 } };
  const { page } = await whoCanOrder(plain, [ordered.at]).catch(() => whoCanOrder(plain));
  await press(page.getByRole("link", { name: "Order repeat medicines" }));
  await press(page.getByRole("button", { name: "Start now" }));
  await page.locator("input[name=medicine]").first().check();
  await press(page.getByRole("button", { name: "Continue" }));
  await press(page.getByRole("button", { name: "Continue" }));
  await press(page.getByRole("button", { name: "Continue" }));
  await press(page.getByRole("button", { name: "Send request" }));
  assert.equal((await page.locator("h1").textContent()).trim(), "Request sent");
  await check(page, "request sent without scripts");
  // Sent twice by hand: the page that Back shows holds the same key.
  await page.goBack();
  await page.context().close();
});
