// Acting for somebody else, in Chromium (patient-app rules, journey P8): apply, approval by the surgery, the list, the switch
// with the person's name in banner and title of every page, doing something for them, hiding, and an end that works at the
// next request. With scripts, and without scripts at 320 px. Every page that is passed is judged by the gate (gate.mjs).
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { openHouse } from "./house.mjs";
import { press as go } from "./press.mjs";
import { start } from "./visit.mjs";

const shots = process.env.SHOTS;
const NUMBER = "https://fhir.nhs.uk/Id/nhs-number";
let house;
let walk;
let keys;
let doctor;
let people;

const fhir = (path, options = {}) => fetch(`${house.base}/fhir/${path}`, {
  ...options,
  headers: { Authorization: "Bearer demo-system", "Content-Type": "application/fhir+json" },
}).then((answer) => answer.json());

// Everybody of this story is registered with the surgery that can sign in, so that it can answer.
async function register(person, practice) {
  const answer = await fhir(`Patient/${person.id}`, { method: "PUT", body: JSON.stringify({ ...person, generalPractitioner: practice }) });
  assert.equal(answer.resourceType, "Patient", JSON.stringify(answer));
  return answer;
}

// A child whom nobody acts for.
async function child(practice, skip) {
  const day = (years) => new Date(Date.now() - years * 365.25 * 86_400_000).toISOString().slice(0, 10);
  const found = await fhir(`Patient?birthdate=ge${day(9)}&birthdate=le${day(3)}&_count=40`);
  for (const { resource } of found.entry ?? []) {
    const known = await fhir(`RelatedPerson?patient=${resource.id}`);
    const usable = resource.identifier?.some((one) => one.system === NUMBER) && resource.birthDate?.length === 10;
    if (usable && !known.entry?.length && !skip.includes(resource.id)) return register(resource, practice);
  }
  throw new Error("no child without a carer");
}

before(async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  house = await openHouse({ people: 600 });
  walk = await start(house.base);
  const opening = await walk.page();
  await opening.goto(`${house.base}/sign-in`);
  keys = await opening.locator("input[name=person]").evaluateAll((all) => all.map((one) => one.value));
  await opening.context().close();
  doctor = keys.find((key) => key.startsWith("surgery-"));
  // Who each of them is, from their own copy of their record.
  people = [];
  for (const at of [0, 1, 2]) {
    const page = await signIn(patient(at));
    const copy = await (await page.request.get(`${house.base}/record/download/fhir`)).json();
    people.push(await fhir(`Patient/${copy.entry.map((entry) => entry.resource).find((one) => one.resourceType === "Patient").id}`));
    await page.context().close();
  }
  const practice = people[0].generalPractitioner;
  for (const at of [1, 2]) people[at] = await register(people[at], practice);
}, { timeout: 300_000 });

after(async () => {
  await walk?.end();
  await house?.close();
});

const patient = (at) => keys.filter((key) => key.startsWith("patient-"))[at];

async function signIn(key, options = {}) {
  const page = await walk.page(options);
  page.scripts = options.scripts !== false;
  page.width = options.width ?? 1280;
  await page.goto(`${house.base}/sign-in`);
  await go(page.locator(`form:has(input[value="${key}"]) button`));
  return page;
}

// One h1, which the title repeats; whatever else holds for every page is the gate's to find.
async function look(page, name) {
  const h1 = (await page.locator("h1").allTextContents()).map((words) => words.replace(/\s+/g, " ").trim());
  assert.equal(h1.length, 1, `${name}: ${h1}`);
  assert.ok((await page.title()).replace(/^Error: /, "").startsWith(`${h1[0]} – `), `${name}: ${await page.title()}`);
  if (!shots) return;
  for (const width of page.scripts ? [1280, 320] : [page.width]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${shots}/family-${page.scripts ? "" : "plain-"}${name}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: page.width, height: 900 });
}

const heading = (page) => page.locator("h1").innerText();
const main = (page) => page.locator("main").innerText();
const press = (page, name) => go(page.getByRole("button", { name, exact: true }));
const named = (person) => `${person.name[0].given[0]} ${person.name[0].family}`;

// From the list to "Application sent", with one wrong turn on every question.
async function apply(page, person, { kin, basis, access }) {
  await page.goto(`${house.base}/family`);
  await look(page, "list-before");
  await go(page.locator('main a[href="/family/apply"]'));
  await look(page, "who");
  await press(page, "Continue");
  assert.match(await page.title(), /^Error: /);
  await look(page, "who-error");
  await page.fill("[name=name]", named(person));
  await page.fill("[name=number]", person.identifier.find((one) => one.system === NUMBER).value);
  const [year, month, day] = person.birthDate.split("-");
  await page.fill("[name=day]", day);
  await page.fill("[name=month]", month);
  await page.fill("[name=year]", year);
  await press(page, "Continue");
  assert.equal(await heading(page), "How you are related");
  await press(page, "Continue");
  assert.match(await page.title(), /^Error: /);
  await look(page, "right-error");
  await page.check(`[name=kin][value=${kin}]`);
  await page.check(`[name=basis][value=${basis}]`);
  await press(page, "Continue");
  assert.equal(await heading(page), "What you need to do for them");
  await press(page, "Continue");
  assert.match(await page.title(), /^Error: /);
  await look(page, "access-error");
  for (const one of access) await page.check(`[name=access][value=${one}]`);
  await press(page, "Continue");
  assert.equal(await heading(page), "Check your answers");
  await look(page, "check");
  // A step back keeps what was answered.
  await go(page.locator("main a[href='/family/apply/right']").first());
  assert.ok(await page.locator(`[name=kin][value=${kin}]`).isChecked());
  await page.goto(`${house.base}/family/apply/check`);
  // A second window sends the same: one application.
  const second = await page.context().newPage();
  await second.goto(`${house.base}/family/apply/check`);
  await press(page, "Send application");
  assert.equal(await heading(page), "Application sent");
  await look(page, "sent");
  await press(second, "Send application");
  await second.close();
  await page.goto(`${house.base}/family`);
  const waiting = page.locator("main .nhsuk-card", { hasText: named(person) });
  assert.equal(await waiting.count(), 1, "one application, however often it was sent");
  assert.match(await waiting.innerText(), /Waiting for the GP surgery/);
  assert.equal(await waiting.locator('a[href^="/as/"]').count(), 0);
  await look(page, "list-waiting");
}

// The surgery finds it in its list and approves it.
async function approve(person) {
  const page = await signIn(doctor);
  await page.goto(`${house.base}/staff/home`);
  await go(page.getByRole("link", { name: "People who act for others" }));
  await look(page, "surgery-list");
  const row = page.locator("tbody tr", { hasText: `${person.name[0].family}, ${person.name[0].given.join(" ")}` }).filter({ hasText: "Waiting" });
  await go(row.locator("a").first());
  await look(page, "surgery-case");
  const id = new URL(page.url()).pathname.split("/").at(-1);
  const boxes = page.locator("[name=access]:checked");
  const chosen = await boxes.evaluateAll((all) => all.map((one) => one.value));
  for (const one of chosen) await page.uncheck(`[name=access][value=${one}]`);
  await press(page, "Approve");
  assert.match(await page.title(), /^Error: /);
  await look(page, "surgery-nothing");
  for (const one of chosen) await page.check(`[name=access][value=${one}]`);
  await press(page, "Approve");
  assert.match(await main(page), /Active/);
  assert.equal(await page.getByRole("button", { name: "Approve" }).count(), 0);
  await look(page, "surgery-approved");
  return { page, id };
}

// Switches, and sees whose record it is on every page of it.
async function switchTo(page, person, id) {
  await page.goto(`${house.base}/family`);
  await look(page, "list-active");
  await go(page.getByRole("link", { name: `Go to ${named(person)}’s pages` }));
  assert.equal(new URL(page.url()).pathname, `/as/${id}/home`);
  const paths = ["/home", "/record", "/record/conditions", "/record/medicines", "/record/allergies", "/record/vaccinations", "/record/documents", "/record/scans", "/prescriptions", "/appointments"];
  for (const path of paths) {
    const answer = await page.goto(`${house.base}/as/${id}${path}`);
    assert.equal(answer.status(), 200, path);
    assert.equal(answer.headers()["cache-control"], "no-store", path);
    assert.ok((await page.title()).includes(`for ${named(person)} – `), `${path}: ${await page.title()}`);
    assert.match(await page.getByRole("region", { name: "Acting for somebody" }).innerText(), new RegExp(`acting for ${named(person)}`, "i"), path);
    // No link of the page leads into the carer's own record by mistake.
    const own = await page.locator("main a[href], header nav a[href]").evaluateAll((all) => all.map((one) => one.getAttribute("href")).filter((href) => /^\/(record|results|prescriptions|appointments|pharmacy)\b/.test(href)));
    assert.deepEqual(own, [], path);
    await look(page, `as${path.replaceAll("/", "-")}`);
  }
}

// Books the first free time for somebody.
async function book(page, id, person) {
  await page.goto(`${house.base}/as/${id}/appointments`);
  await go(page.getByRole("button", { name: "Book a GP appointment" }).or(page.getByRole("link", { name: "Book a GP appointment" })).first());
  await press(page, "Start now");
  await page.getByLabel("In person").check();
  await press(page, "Continue");
  await go(page.locator(".bevan-choices a").first());
  await go(page.locator(".bevan-choices a").first());
  await page.locator("textarea").fill("A cough, for 2 weeks");
  await press(page, "Continue");
  await look(page, "as-book-check");
  assert.match(await page.title(), new RegExp(`for ${named(person)} – `));
  await press(page, "Book this appointment");
  assert.equal(await heading(page), "Appointment booked");
  assert.ok(page.url().includes(`/as/${id}/`), page.url());
  await look(page, "as-book-done");
}

// Orders whatever can be ordered for somebody.
async function order(page, id) {
  await page.goto(`${house.base}/as/${id}/prescriptions/request/medicines`);
  const box = page.locator("input[name=medicine]").first();
  if (!(await box.count())) return false;
  await box.check();
  await press(page, "Continue");
  await press(page, "Continue");
  await press(page, "Continue");
  await look(page, "as-order-check");
  await press(page, "Send request");
  assert.equal(await heading(page), "Request sent");
  assert.ok(page.url().includes(`/as/${id}/`), page.url());
  return true;
}

const status = async (page, path) => (await page.goto(house.base + path)).status();

for (const scripts of [true, false]) {
  const how = scripts ? { scripts } : { scripts, width: 320 };
  const words = scripts ? "with scripts" : "without scripts at 320 px";

  test(`a parent applies, is approved, and books for the child until the surgery ends it, ${words}`, { timeout: 400_000 }, async () => {
    const kid = await child(people[0].generalPractitioner, []);
    const page = await signIn(patient(0), how);
    await apply(page, kid, { kin: "parent", basis: "parental-responsibility", access: ["record", "appointments", "medicines"] });
    const { page: surgery, id } = await approve(kid);
    await switchTo(page, kid, id);
    await book(page, id, kid);
    // What was not asked for is closed, and said to be.
    await page.goto(`${house.base}/as/${id}/results`);
    assert.match(await main(page), /You do not currently have access to this section/);
    await look(page, "as-results-closed");

    // Hidden by the surgery, shown again, ended: each at the next request, and to the carer as if it had never been.
    await press(surgery, "Hide the record from them now");
    await look(surgery, "surgery-hidden");
    assert.equal(await status(page, `/as/${id}/home`), 404);
    const absent = await main(page);
    assert.equal(await status(page, `/as/${"0".repeat(36)}/home`), 404);
    const cut = (text) => text.replace(/Reference:.*/g, "");
    assert.equal(cut(absent), cut(await main(page)), "a hidden record looks like none");
    await page.goto(`${house.base}/family`);
    assert.ok(!(await main(page)).includes(named(kid)), "nor does the list say anything");
    await press(surgery, "Show the record to them again");
    assert.equal(await status(page, `/as/${id}/home`), 200);
    await press(surgery, "End it");
    assert.equal(await status(page, `/as/${id}/home`), 404);
    assert.equal(await status(page, `/as/${id}/appointments`), 404);
    await page.goto(`${house.base}/family`);
    assert.equal(await page.locator(`a[href="/as/${id}/home"]`).count(), 0);
    await page.context().close();
    await surgery.context().close();
  });

  test(`somebody who agreed hides their record at once, and ends it, ${words}`, { timeout: 400_000 }, async () => {
    const at = scripts ? 1 : 2;
    const carer = await signIn(patient(0), how);
    await apply(carer, people[at], { kin: "friend", basis: "agreement", access: ["record", "medicines", "appointments"] });
    const { page: surgery, id } = await approve(people[at]);
    await surgery.context().close();
    await switchTo(carer, people[at], id);
    await order(carer, id);

    const own = await signIn(patient(at), how);
    await own.goto(`${house.base}/family`);
    assert.match(await main(own), /Active/);
    await look(own, "helpers");
    await go(own.locator(`main a[href="/family/${id}"]`));
    await look(own, "helper");
    await go(own.getByRole("button", { name: /^Hide my record from .* now$/ }));
    assert.match(await main(own), /cannot see your record at present/);
    await look(own, "helper-hidden");
    assert.equal(await status(carer, `/as/${id}/home`), 404);
    await carer.goto(`${house.base}/family`);
    assert.ok(!(await main(carer)).includes(named(people[at])), "they are told nothing");
    await go(own.getByRole("button", { name: /^Let .* see my record again$/ }));
    assert.equal(await status(carer, `/as/${id}/home`), 200);
    await go(own.getByRole("button", { name: /^Stop .* acting for me$/ }));
    assert.equal(new URL(own.url()).pathname, "/family");
    assert.equal(await own.locator(`main a[href="/family/${id}"]`).count(), 0);
    assert.equal(await status(carer, `/as/${id}/home`), 404);
    // What was done in their name stands in their log as done by somebody who acts for them.
    await own.goto(`${house.base}/profile/who-looked`);
    assert.match(await main(own), /Acting for you/);
    await look(own, "who-looked");
    await own.context().close();
    await carer.context().close();
  });
}

test("somebody whose access is suspended is told why, and what to do", { timeout: 120_000 }, async () => {
  let seen = 0;
  for (const key of keys.filter((one) => one.startsWith("carer-"))) {
    const page = await signIn(key);
    await page.goto(`${house.base}/family`);
    const suspended = page.locator("main .nhsuk-card", { hasText: "Suspended" });
    if (await suspended.count()) {
      seen += 1;
      assert.match(await suspended.first().innerText(), /Call their GP surgery/);
      assert.equal(await suspended.first().locator('a[href^="/as/"]').count(), 0);
      const manage = await suspended.first().locator("a").getAttribute("href");
      assert.equal(await status(page, manage.replace("/family/", "/as/") + "/home"), 404);
      await page.goto(`${house.base}/family`);
      await look(page, "suspended");
      await page.goto(house.base + manage);
      await look(page, "stop");
    }
    await page.context().close();
  }
  assert.ok(seen > 0, "nobody of the demo is suspended");
});

test("nothing went wrong on the way", () => {
  assert.deepEqual(walk.problems, []);
});
