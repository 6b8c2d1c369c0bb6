// Where to go now (P1): the red-flag screen, the questions, and what to do; with and without scripts, at 320 px, by keyboard.
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

const SIGNS = ["chest-pain", "breathing", "stroke", "bleeding", "suicide"];
const MANNERS = [{ scripts: true }, { scripts: false }, { scripts: true, width: 320 }, { scripts: false, width: 320 }];
const manner = ({ scripts, width = 1280 }) => `${scripts ? "with" : "without"} scripts at ${width} px`;

// A thing to choose, by its value; answers to earlier questions stand in hidden fields.
const box = (value) => `main input:not([type="hidden"])[value="${value}"]`;
const choose = async (page, ...values) => {
  for (const value of values) await page.locator(box(value)).check();
  await press(page.locator("main form").first().locator("button"));
};

// Through the first screen and who needs help, to the list of topics.
async function begun(page) {
  await page.goto(`${house.base}/check`);
  await choose(page, "none");
  await choose(page, "me", "16-to-64");
  assert.equal(await page.locator("h1").textContent(), "What the problem is");
}

test("every red flag reaches the number to call in two presses", { timeout: 120_000 }, async () => {
  for (const how of MANNERS) {
    for (const sign of SIGNS) {
      const page = await walk.page(how);
      await page.goto(`${house.base}/check`);
      await choose(page, sign);
      const call = page.locator('main a[href="tel:999"]').first();
      assert.ok(await call.isVisible(), `${sign} ${manner(how)}`);
      assert.ok(await page.locator(".nhsuk-card--care--emergency").first().isVisible());
      for (const part of ["How soon", "Where", "If it gets worse", "Other ways to get help"]) {
        assert.ok(await page.locator("main").getByText(part).last().isVisible(), `${sign}: ${part}`);
      }
      await page.context().close();
    }
  }
});

test("who is not sure of the age is asked the same, and is sent to no less than 111", { timeout: 60_000 }, async () => {
  const page = await walk.page(MANNERS[0]);
  await page.goto(`${house.base}/check`);
  await choose(page, "none");
  assert.ok(await page.getByText("If it may be a baby under 3 months", { exact: false }).isVisible());
  await choose(page, "me", "unsure");
  await choose(page, "fever");
  await choose(page, "none");
  await choose(page, "none");
  await choose(page, "short");
  assert.match(page.url(), /\/check\/outcome\//);
  assert.ok(await page.locator('main a[href="tel:111"]').first().isVisible(), "an adult with these answers is told to care for themselves");
  await page.context().close();
});

test("the questions lead to an outcome, and back keeps every answer", { timeout: 120_000 }, async () => {
  for (const how of MANNERS) {
    const page = await walk.page(how);
    await begun(page);
    await choose(page, "fever");
    await choose(page, "none");
    await choose(page, "none");
    await choose(page, "short");
    assert.match(page.url(), /\/check\/outcome\/self-care-fever\?/);
    assert.ok(await page.getByText("Call 111 if it lasts more than 3 days", { exact: false }).first().isVisible());
    // The link back, question after question, with what was chosen.
    await press(page.locator(".nhsuk-back-link"));
    assert.ok(await page.locator(box("short")).isChecked(), `link back ${manner(how)}`);
    await press(page.locator(".nhsuk-back-link"));
    assert.ok(await page.locator(box("none")).isChecked());
    // One answer changed on the way leads to another end.
    await press(page.locator(".nhsuk-back-link"));
    await page.locator(box("none")).uncheck();
    await choose(page, "neck");
    assert.match(page.url(), /\/check\/outcome\/a-and-e\?/);
    await page.context().close();
  }
});

test("the browser's own back button keeps every answer", { timeout: 60_000 }, async () => {
  for (const how of MANNERS) {
    const page = await walk.page(how);
    await begun(page);
    await choose(page, "fever");
    await choose(page, "none");
    assert.equal(await page.locator("h1").textContent(), "Is any of this true?");
    await page.goBack();
    assert.ok(await page.locator(box("none")).isChecked(), `the question ${manner(how)}`);
    await page.goBack();
    assert.ok(await page.locator(box("fever")).isChecked(), `the topic ${manner(how)}`);
    await page.goBack();
    assert.ok(await page.locator(box("16-to-64")).isChecked(), `the age ${manner(how)}`);
    await page.context().close();
  }
});

test("a kept address shows the same to somebody else, and nothing is kept of anybody", { timeout: 60_000 }, async () => {
  const page = await walk.page();
  await begun(page);
  await choose(page, "tooth");
  await choose(page, "no");
  await choose(page, "mild");
  const outcome = page.url();
  const cookies = (await page.context().cookies()).map((cookie) => cookie.name);
  assert.deepEqual(cookies.filter((name) => !/visit$/.test(name)), [], "no cookie but the one that ties forms");
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  const another = await walk.page({ scripts: false });
  await another.goto(outcome);
  assert.equal(await another.locator("h1").textContent(), "See a dentist");
  assert.match(await another.locator("main").textContent(), /Mild pain, a lost filling/);
});

test("own words raise an emergency or suggest questions", { timeout: 60_000 }, async () => {
  for (const how of [{ scripts: true }, { scripts: false, width: 320 }]) {
    const page = await walk.page(how);
    await begun(page);
    await page.fill("textarea", "my dad has bad chest pain");
    await press(page.getByRole("button", { name: "Find questions that fit" }));
    assert.ok(await page.locator('main a[href="tel:999"]').first().isVisible());
    assert.doesNotMatch(page.url(), /dad/);
    await press(page.getByRole("link", { name: "go back to the questions" }));
    await choose(page, "none");
    if (page.url().includes("/check/who")) await choose(page, "me", "16-to-64");
    await page.fill("textarea", "toothache");
    await press(page.getByRole("button", { name: "Find questions that fit" }));
    assert.equal(await page.locator('input[name="topic"]').first().getAttribute("value"), "tooth");
    await page.context().close();
  }
});

test("a form without an answer says what is missing and takes the focus there", { timeout: 60_000 }, async () => {
  const page = await walk.page();
  await page.goto(`${house.base}/check`);
  await press(page.getByRole("button", { name: "Continue" }));
  assert.match(await page.title(), /^Error: Where to go now/);
  assert.ok(await page.locator(".nhsuk-error-summary").evaluate((one) => one === document.activeElement), "the summary has the focus");
  await page.locator(".nhsuk-error-summary a").click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "urgent");
});

test("none of these clears the other boxes where scripts run", { timeout: 60_000 }, async () => {
  const page = await walk.page();
  await begun(page);
  await choose(page, "fever");
  await page.locator(box("fit")).check();
  await page.locator(box("none")).check();
  assert.equal(await page.locator(box("fit")).isChecked(), false);
  await page.locator(box("neck")).check();
  assert.equal(await page.locator(box("none")).isChecked(), false);
});

test("the questions are answered by keyboard alone", { timeout: 60_000 }, async () => {
  const page = await walk.page();
  await page.goto(`${house.base}/check`);
  const tabTo = async (selector) => {
    for (let press = 0; press < 60; press += 1) {
      await page.keyboard.press("Tab");
      const there = await page.evaluate((one) => document.activeElement?.matches(one), selector);
      const seen = await page.evaluate(() => { const box = document.activeElement.getBoundingClientRect(); return box.bottom > 0 && box.top < window.innerHeight; });
      assert.ok(seen, "what has the focus is on the screen");
      if (there) return;
    }
    throw new Error(`${selector} cannot be reached by Tab`);
  };
  await tabTo('input[name="urgent"]');
  for (let down = 0; down < 5; down += 1) await page.keyboard.press("ArrowDown");
  assert.ok(await page.locator(box("none")).isChecked());
  await tabTo("main form button");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/check\/who/);
  await tabTo('input[name="who"]');
  await page.keyboard.press("Space");
  await tabTo('input[name="age"]');
  await page.keyboard.press("Space");
  await tabTo("main form button");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/check\/topic/);
});

test("an outcome leads to a service near, and to reading", { timeout: 60_000 }, async () => {
  const page = await walk.page({ scripts: false });
  await begun(page);
  await choose(page, "back");
  await choose(page, "none");
  await choose(page, "few");
  await press(page.getByRole("link", { name: "Back pain" }));
  assert.equal(await page.locator("h1").textContent(), "Back pain");
  await page.goBack();
  await press(page.getByRole("link", { name: "Find a pharmacy near you" }));
  assert.equal(await page.locator("select").inputValue(), "pharmacy");
});

test("what can be read without asking anything", { timeout: 60_000 }, async () => {
  const page = await walk.page({ scripts: false, width: 320 });
  for (const [path, heading] of [["/self-care", "Self-care"], ["/conditions", "Health conditions"], ["/conditions/asthma", "Asthma"], ["/check/emergency", /999/]]) {
    await page.goto(house.base + path);
    assert.match(await page.locator("h1").textContent(), new RegExp(heading), path);
  }
});

test("no script failed and no other host was asked on any page of these journeys", () => assert.deepEqual(walk.problems, []));
