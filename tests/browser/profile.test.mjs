// Profile: what is recorded, and how somebody wants to be told things; with and without scripts, at 1280 and 320 px. Every page
// goes through the house's gateway and is judged by the gate.
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
  const wrong = await walk?.end();
  await house?.close();
  assert.deepEqual(wrong ?? [], []);
});

const MANNERS = [{ scripts: true }, { scripts: false }, { scripts: true, width: 320 }, { scripts: false, width: 320 }];
const manner = ({ scripts, width = 1280 }) => `${scripts ? "with" : "without"} scripts at ${width} px`;

async function signedIn(how) {
  const page = await walk.page(how);
  await page.goto(`${house.base}/sign-in`);
  await press(page.locator('form:has(input[name=person][value^="patient"]) button').first());
  assert.equal(new URL(page.url()).pathname, "/home");
  return page;
}

const words = async (locator) => (await locator.textContent()).replace(/\s+/g, " ").trim();
// The value beside a name in the lists of the profile.
const beside = (page, name) => words(page.locator(".nhsuk-summary-list__row").filter({ has: page.locator(`dt:text-is("${name}")`) }).locator("dd").first());
const save = (page) => press(page.getByRole("button", { name: "Save" }));
const change = (page, what) => press(page.getByRole("link", { name: `Change ${what}` }));

async function fits(page, how) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `${new URL(page.url()).pathname} scrolls sideways by ${over} px ${manner(how)}`);
}

test("a choice is asked, refused with a reason, kept and said once", { timeout: 240_000 }, async () => {
  for (const how of MANNERS) {
    const page = await signedIn(how);
    await press(page.locator("main").getByRole("link", { name: "Profile", exact: true }));
    assert.equal(await words(page.locator("h1")), "Profile", manner(how));
    for (const name of ["Name", "Date of birth", "Address"]) assert.notEqual(await beside(page, name), "", `${name} ${manner(how)}`);
    assert.match(await beside(page, "NHS number"), /^\d{3} \d{3} \d{4}$/);
    await fits(page, how);

    // Format: kept, and said once.
    await change(page, "format");
    assert.equal(await words(page.locator("h1")), "In what format can you read letters?");
    await fits(page, how);
    await page.getByLabel("Braille").check();
    await save(page);
    assert.equal(new URL(page.url()).pathname, "/profile", manner(how));
    assert.equal(await words(page.locator("main [role=status]")), "Your choice is saved. Staff who treat you see it too.");
    assert.equal(await beside(page, "Format"), "Braille", manner(how));
    await page.reload();
    assert.equal(await page.locator("main [role=status]").count(), 0, "it is said once");

    // Language: an empty box is named, what was chosen stays.
    await change(page, "language");
    await page.getByLabel("Which language do you speak best?").fill("");
    await page.getByLabel("Yes").check();
    await save(page);
    assert.match(await page.title(), /^Error: Language and interpreter/);
    const summary = page.locator(".nhsuk-error-summary a");
    assert.equal(await words(summary), "Enter the language that you speak best");
    assert.equal(await page.locator(await summary.getAttribute("href")).count(), 1, "the summary leads to the box");
    assert.ok(await page.getByLabel("Yes").isChecked(), manner(how));
    await fits(page, how);
    await page.getByLabel("Which language do you speak best?").fill("polish");
    await save(page);
    assert.equal(await beside(page, "Language"), "Polish", "a known language is written as it is written");
    assert.equal(await beside(page, "Interpreter"), "Needed at appointments");

    // How to reach them: what is recorded is chosen when the question comes again, and Back changes nothing.
    await change(page, "how to reach you first");
    await page.getByLabel("Letter").check();
    await save(page);
    assert.equal(await beside(page, "How to reach you first"), "Letter");
    await change(page, "how to reach you first");
    assert.ok(await page.getByLabel("Letter").isChecked(), "the form shows what is kept");
    await fits(page, how);
    await press(page.locator(".nhsuk-back-link"));
    assert.equal(new URL(page.url()).pathname, "/profile");

    // As it was, for the next manner.
    await change(page, "format");
    await page.getByLabel("Standard print").check();
    await save(page);
    await change(page, "language");
    await page.getByLabel("Which language do you speak best?").fill("English");
    await page.getByLabel("No", { exact: true }).check();
    await save(page);
    assert.equal(await beside(page, "Language"), "English");
    await page.context().close();
  }
});

test("machines read the same choice", { timeout: 120_000 }, async () => {
  const page = await signedIn({ scripts: true });
  await page.goto(`${house.base}/profile/format`);
  await page.getByLabel("Large print").check();
  await save(page);
  const answer = await fetch(`${house.direct}/fhir/Patient`, { headers: { Authorization: "Bearer demo-patient" } });
  const patient = (await answer.json()).entry[0].resource;
  const preference = patient.extension.find((one) => one.url.endsWith("Extension-UKCore-ContactPreference"));
  const written = preference.extension.find((one) => one.url === "PreferredWrittenCommunicationFormat");
  assert.equal(written.valueCodeableConcept.coding[0].display, "Large print");
  await page.context().close();
});
