// Appointments in Chromium (patient-app journeys P4 and P5): booking with and without scripts, two people who race for one
// time, moving and cancelling, the calendar file read by a parser that others wrote, referrals and waiting lists.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import ICAL from "ical.js";
import { chromium } from "playwright-core";
import { openHouse } from "./house.mjs";
import { press } from "./press.mjs";
import { sound } from "./sound.mjs";

let house;
let browser;
let keys;

const fhir = (path, options = {}) => fetch(`${house.base}/fhir/${path}`, {
  ...options,
  headers: { Authorization: "Bearer demo-system", "Content-Type": "application/fhir+json" },
}).then((answer) => answer.json());

before(async () => {
  house = await openHouse();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  const opening = await browser.newPage();
  await opening.goto(`${house.base}/sign-in`);
  const forms = opening.locator("form:has(input[name=person][value^=patient])");
  keys = await forms.locator("input[name=person]").evaluateAll((all) => all.map((one) => one.value));
  const text = await opening.locator("main").innerText();
  await opening.close();
  // All who can sign in are registered with one surgery, so that they can race for its times.
  const people = [];
  for (const name of text.match(/^(?:Mr|Mrs|Ms|Miss) .+$/gm)) {
    const [, given, ...family] = name.split(" ");
    const found = await fhir(`Patient?given=${encodeURIComponent(given)}&family=${encodeURIComponent(family.join(" "))}`);
    const one = found.entry?.map((entry) => entry.resource).find((resource) => resource.generalPractitioner);
    if (one) people.push(one);
  }
  assert.ok(people.length >= 2, text);
  for (const one of people) {
    const answer = await fhir(`Patient/${one.id}`, { method: "PUT", body: JSON.stringify({ ...one, generalPractitioner: people[0].generalPractitioner }) });
    assert.equal(answer.resourceType, "Patient", JSON.stringify(answer));
  }
}, { timeout: 240_000 });

after(async () => {
  await browser?.close();
  await house?.close();
});

async function signIn(key, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const origin = new URL(house.base).origin;
  page.on("request", (request) => assert.equal(new URL(request.url()).origin, origin, "asks another host"));
  page.on("pageerror", (error) => assert.fail(error));
  await page.goto(`${house.base}/sign-in`);
  await press(page.locator(`form:has(input[value="${key}"]) button`));
  return page;
}

const WAYS = [{ javaScriptEnabled: true }, { javaScriptEnabled: false, viewport: { width: 320, height: 700 } }];
const continues = (page) => press(page.getByRole("button", { name: "Continue" }));

// From the list to the check page; the page of the chosen time's details is passed on the way.
async function chooseTime(page, note, look = async () => {}) {
  await page.goto(`${house.base}/appointments`);
  await look("list");
  await press(page.getByRole("button", { name: "Book a GP appointment" }).or(page.getByRole("link", { name: "Book a GP appointment" })).first());
  await look("book");
  await press(page.getByRole("button", { name: "Start now" }));
  await continues(page);
  assert.match(await page.title(), /^Error: /);
  await look("type-error");
  await page.getByLabel("In person").check();
  await continues(page);
  await look("when");
  // Not the first day: a time of today may begin too soon to be changed again.
  await press(page.locator(".bevan-choices a").last());
  await look("slot");
  await press(page.locator(".bevan-choices a").first());
  await look("details");
  await page.locator("textarea").fill(note);
  await continues(page);
  await look("check");
}

for (const scripts of [true, false]) {
  test(`an appointment is booked, moved and cancelled ${scripts ? "with scripts" : "without scripts at 320 px"}`, { timeout: 300_000 }, async () => {
    const page = await signIn(keys[0], WAYS[scripts ? 0 : 1]);
    const prefix = scripts ? "js" : "plain";
    const look = (name) => sound(page, `${prefix}-${name}`);
    await chooseTime(page, "A sore knee, for 2 weeks", look);
    assert.match(await page.locator("main").innerText(), /A sore knee, for 2 weeks/);
    await press(page.getByRole("button", { name: "Book this appointment" }));
    assert.equal(await page.locator("h1").innerText(), "Appointment booked");
    await look("done");

    // The calendar file, read by others.
    const file = await page.request.get(new URL(await page.getByRole("link", { name: "Add to your calendar" }).getAttribute("href"), house.base).href);
    assert.match(file.headers()["content-type"], /^text\/calendar/);
    const text = await file.text();
    const event = new ICAL.Event(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vevent"));
    assert.equal(event.summary, "GP appointment");
    assert.ok(event.startDate.toJSDate() > new Date() && event.endDate.compare(event.startDate) > 0);
    assert.ok(!text.includes("knee"));

    const title = await page.getByRole("link", { name: /^GP appointment on/ }).innerText();
    await press(page.getByRole("link", { name: title }));
    assert.equal(await page.locator("h1").innerText(), title);
    await look("one");
    await press(page.getByRole("button", { name: "Change the time" }));
    await look("change-when");
    await press(page.locator(".bevan-choices a").last());
    await press(page.locator(".bevan-choices a").last());
    await look("change-check");
    await press(page.getByRole("button", { name: "Change to this time" }));
    assert.match(await page.locator("main").innerText(), /Your appointment was changed/);
    assert.notEqual(await page.locator("h1").innerText(), title);
    await press(page.getByRole("button", { name: "Cancel this appointment" }));
    await look("cancel");
    await press(page.getByRole("button", { name: "Cancel the appointment" }));
    assert.match(await page.locator("main").innerText(), /Your appointment was cancelled/);
    await look("cancelled");
    await page.context().close();
  });
}

test("of two people who race for a time one books it and the other sees what is free", { timeout: 180_000 }, async () => {
  const [first, second] = [await signIn(keys[0]), await signIn(keys[1])];
  await chooseTime(first, "First");
  const place = first.url();
  await second.goto(place);
  const send = async (page) => {
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === "POST"),
      press(page.getByRole("button", { name: "Book this appointment" })),
    ]);
    return answer.status();
  };
  const statuses = await Promise.all([send(first), send(second)]);
  assert.deepEqual([...statuses].sort(), [303, 409]);
  const [winner, loser] = statuses[0] === 303 ? [first, second] : [second, first];
  await winner.waitForURL(/\/done\?id=/);
  assert.equal(await loser.locator("h1").innerText(), "This time is no longer free");
  assert.ok(await loser.locator(".bevan-choices a").count() >= 2, "others are offered");
  await sound(loser, "gone");
  // One of the others can be booked at once.
  await press(loser.locator(".bevan-choices a").first());
  await continues(loser);
  await press(loser.getByRole("button", { name: "Book this appointment" }));
  assert.equal(await loser.locator("h1").innerText(), "Appointment booked");
  // Sent twice, a form has one effect.
  for (const page of [winner, loser]) {
    const { form, action } = await (async () => {
      await chooseTime(page, "Twice");
      return page.evaluate(() => {
        const one = document.querySelector("main form");
        return { form: new URLSearchParams(new FormData(one)).toString(), action: one.action };
      });
    })();
    const post = () => page.request.post(action, { data: form, maxRedirects: 0, headers: { "Content-Type": "application/x-www-form-urlencoded", Origin: house.base } });
    const [one, two] = await Promise.all([post(), post()]);
    assert.deepEqual([one.status(), two.status()], [303, 303]);
    assert.equal(one.headers().location, two.headers().location);
    await page.context().close();
  }
});

for (const [n, way] of WAYS.entries()) {
  test(`a question reaches the surgery, and the list leads to referrals and waiting lists, ${n ? "without scripts at 320 px" : "with scripts"}`, { timeout: 180_000 }, () => readList(way));
}

async function readList(way) {
  let referrals = 0;
  let lists = 0;
  for (const key of keys) {
    const page = await signIn(key, way);
    await page.goto(`${house.base}/appointments`);
    for (const summary of await page.locator("details summary").all()) await summary.click();
    await sound(page, `list-${key}`);
    const links = await page.locator("main a[href^='/referrals/'], main a[href^='/appointments/']:not([href*='/book']):not([href*='ask-gp'])").evaluateAll((all) => all.map((one) => [one.getAttribute("href"), one.innerText]));
    for (const [path, text] of links.slice(0, 6)) {
      await page.goto(house.base + path);
      assert.equal(await page.locator("h1").innerText(), text.trim());
      const name = path.startsWith("/referrals") ? `referral-${referrals}` : "booking";
      referrals += path.startsWith("/referrals") ? 1 : 0;
      await sound(page, name);
      const list = page.getByRole("link", { name: / waiting list$/ });
      if (await list.count()) {
        await press(list);
        await sound(page, `waiting-${lists}`);
        lists += 1;
      }
    }
    await page.context().close();
  }
  console.log(`${referrals} referrals, ${lists} waiting lists`);
  const page = await signIn(keys[0], way);
  await page.goto(`${house.base}/appointments/ask-gp`);
  await sound(page, "ask");
  await continues(page);
  assert.equal(await page.locator(".nhsuk-error-summary a").innerText(), "Enter what you need help with");
  await sound(page, "ask-error");
  await page.locator("textarea").fill("May I drive again?");
  await continues(page);
  await sound(page, "ask-check");
  await press(page.getByRole("button", { name: "Send to the surgery" }));
  await sound(page, "ask-done");
  await page.context().close();
}
