// What happens when something fails: a session that ends in the middle of a form, a record that cannot be reached, another
// system that says nothing. People keep what they typed, are told what is wrong, and are given another way.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { openHouse } from "./house.mjs";
import { press } from "./press.mjs";
import { start, wrongOn } from "./visit.mjs";

const WAYS = [{ scripts: true }, { scripts: false, width: 320 }];
const named = ({ scripts }) => (scripts ? "with scripts" : "without scripts at 320 px");
const heading = (page) => page.locator("h1").innerText();

async function signIn(walk, base, way) {
  const page = await walk.page(way);
  await page.goto(`${base}/sign-in`);
  await choosePerson(page);
  return page;
}

const choosePerson = (page) => press(page.locator('form:has(input[value^="patient"]) button').first());

// A house with what stands around it, and both put away again.
async function inside(options, walkThrough) {
  const house = await openHouse(options);
  try {
    const walk = await start(house.base);
    try {
      await walkThrough(house, walk);
      assert.deepEqual(walk.problems, []);
    } finally {
      await walk.end();
    }
  } finally {
    await house.close();
  }
}

// While the house stands closed, every session in its file was last used so many minutes earlier than it was.
function age(data, minutes) {
  let aged = 0;
  for (const name of readdirSync(data).filter((one) => one.startsWith("bevan.sqlite"))) {
    const path = join(data, name);
    const text = readFileSync(path, "latin1");
    const older = text.replace(/("seen_at":")(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)/g, (_, key, time) => {
      aged += 1;
      return key + new Date(Date.parse(`${time}Z`) - minutes * 60_000).toISOString().slice(0, 19);
    });
    if (older !== text) writeFileSync(path, older, "latin1");
  }
  assert.ok(aged > 0, `no session in ${readdirSync(data)}`);
}

test("a session that ends in the middle of a form loses nothing", { timeout: 240_000 }, () => inside({ people: 50 }, async (house, walk) => {
  const later = async (minutes) => {
    await house.stop();
    age(house.data, minutes);
    await house.open();
  };
  const pages = [];
  for (const way of WAYS) {
    const page = await signIn(walk, house.base, way);
    await page.goto(`${house.base}/appointments/ask-gp`);
    await page.locator("textarea").fill(`May I drive again, ${named(way)}?`);
    pages.push([page, way]);
  }
  // Within half an hour a pause changes nothing, and the process may even have been started anew.
  await later(25);
  for (const [page, way] of pages) {
    await press(page.getByRole("button", { name: "Continue" }));
    assert.match(await page.locator("main").innerText(), /May I drive again/, named(way));
    await page.goBack();
    await page.locator("textarea").fill(`May I fly, ${named(way)}?`);
  }
  await later(40);
  for (const [page, way] of pages) {
    await press(page.getByRole("button", { name: "Continue" }));
    assert.equal(await heading(page), "Your session has ended", named(way));
    assert.equal(new URL(page.url()).pathname, "/session-ended");
    assert.doesNotMatch(await page.locator("body").innerText(), /May I fly/);
    await press(page.getByRole("link", { name: "Sign in again" }).or(page.getByRole("button", { name: "Sign in again" })).first());
    await choosePerson(page);
    assert.equal(new URL(page.url()).pathname, "/appointments/ask-gp", "back where they were");
    assert.equal(await page.locator("textarea").inputValue(), `May I fly, ${named(way)}?`);
    await press(page.getByRole("button", { name: "Continue" }));
    assert.match(await page.locator("main").innerText(), /May I fly/);
  }
  // A page that is only read is not there either, and comes back after signing in.
  await later(40);
  const [[page]] = pages;
  await page.goto(`${house.base}/record/conditions`);
  assert.equal(await heading(page), "Your session has ended");
  await press(page.getByRole("link", { name: "Sign in again" }).or(page.getByRole("button", { name: "Sign in again" })).first());
  await choosePerson(page);
  assert.equal(new URL(page.url()).pathname, "/record/conditions");
}));

// The house may write no byte more to any file: what a disk does that is gone. A limit of the system, on one process.
const limit = (house, size) => {
  const set = spawnSync("prlimit", ["--pid", String(house.child.pid), `--fsize=${size}:`], { encoding: "utf8" });
  assert.equal(set.status, 0, set.stderr);
};

const STILL = ["/urgent", "/help", "/accessibility", "/privacy", "/cookies"];
const OPEN = ["/", "/check", "/check/emergency", "/self-care", "/conditions", "/sign-in", "/session-ended"];
const OWN = ["/home", "/record/conditions", "/prescriptions", "/appointments", "/results"];

// A signal that the limit would send is left out, so that the house sees an error as from a broken disk.
const around = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];

test("while the record cannot be reached, urgent help is there and every other page says what to do", { timeout: 240_000 }, () => inside({ people: 50, around }, async (house, walk) => {
  const pages = [];
  for (const way of WAYS) pages.push([await signIn(walk, house.base, way), await walk.page(way), way, await signIn(walk, house.base, way)]);
  limit(house, 1);
  for (const [page, stranger, way, leaver] of pages) {
    // Whoever signs out is signed out in this browser, and told what could not be done and what still can.
    await press(leaver.getByRole("button", { name: "Sign out" }));
    assert.equal(await heading(leaver), "You are signed out on this device", named(way));
    const said = await leaver.locator("main").innerText();
    for (const words of [/close the browser/, /could not write down that you signed out/, /do not need to do anything/]) assert.match(said, words, named(way));
    // axe runs in the page, which needs scripts.
    if (way.scripts) assert.deepEqual(await wrongOn(leaver), [], named(way));
    assert.equal(await leaver.getByRole("button", { name: "Sign out" }).count(), 0);
    await press(leaver.getByRole("link", { name: "Get urgent help" }));
    assert.equal(await heading(leaver), "Get urgent help");
    await leaver.goto(`${house.base}/home`);
    assert.equal(new URL(leaver.url()).pathname, "/sign-in", "nothing of theirs opens any more");
    for (const someone of [page, stranger]) {
      for (const path of [...STILL, ...OPEN]) {
        const answer = await someone.goto(house.base + path);
        assert.equal(answer.status(), 200, `${path} ${named(way)}`);
      }
      await someone.goto(`${house.base}/urgent`);
      assert.ok(await someone.locator('a[href="tel:999"]').first().isVisible());
      await someone.goto(`${house.base}/check`);
      await someone.locator('main input[value="chest-pain"]').check();
      await press(someone.locator("main form").first().locator("button"));
      assert.ok(await someone.locator('main a[href="tel:999"]').first().isVisible(), "the questions still lead to the number to call");
    }
    for (const path of OWN) {
      const answer = await page.goto(house.base + path);
      assert.equal(answer.status(), 503, `${path} ${named(way)}`);
      assert.ok(Number(answer.headers()["retry-after"]) > 0);
      assert.equal(await heading(page), "There is a problem showing this page");
      assert.ok(await page.locator('main a[href="tel:111"]').isVisible());
      assert.ok(await page.locator('a[href^="tel:0"]').first().isVisible(), "a phone number");
      assert.match(await page.locator("main").innerText(), /Reference: [A-Z0-9]{6}/);
    }
    await press(page.getByRole("button", { name: "Try again" }));
    assert.equal(await heading(page), "There is still a problem");
    assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
    // Nobody can sign in, and nobody is half signed in.
    await stranger.goto(`${house.base}/sign-in`);
    await choosePerson(stranger);
    assert.match(await heading(stranger), /^There is a problem/);
    await stranger.goto(`${house.base}/home`);
    assert.notEqual(new URL(stranger.url()).pathname, "/home");
  }
  limit(house, "unlimited");
  for (const [page, , way] of pages) {
    for (let status = 503, tries = 0; status !== 200; tries += 1) {
      status = (await page.goto(`${house.base}/record/conditions`)).status();
      assert.ok(tries < 300, `the record is back ${named(way)}`);
    }
    assert.equal(await heading(page), "Health conditions");
  }
}));

test("with the house gone, the page of urgent help is still in the browser", { timeout: 120_000 }, () => inside({ people: 50 }, async (house, walk) => {
  const page = await walk.page();
  const sent = () => page.evaluate(() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].filter((one) => one.transferSize > 0).length);
  await page.goto(`${house.base}/urgent`);
  // Until the browser has put away all of it.
  for (let more = await sent(), tries = 0; more > 0; tries += 1) {
    await page.goto(`${house.base}/help`);
    await page.goto(`${house.base}/urgent`);
    more = await sent();
    assert.ok(tries < 100, `${more} parts of the page are asked for each time`);
  }
  await page.goto(`${house.base}/help`);
  await house.stop();
  await page.goto(`${house.base}/urgent`);
  assert.ok(await page.locator('a[href="tel:999"]').first().isVisible());
  assert.equal(await page.evaluate(() => [...document.styleSheets].length), 1, "with its style");
}));

// Another system that speaks FHIR, knows one person and one referral of theirs. It passes over every word of a question, so
// that it answers with somebody else's referral too.
async function otherSystem(person) {
  const bundle = (resources) => JSON.stringify({ resourceType: "Bundle", type: "searchset", total: resources.length, entry: resources.map((resource) => ({ resource, search: { mode: "match" } })) });
  const referral = (id, whom, text) => ({
    resourceType: "ServiceRequest", id, status: "active", intent: "order", authoredOn: "2026-09-01T09:00:00Z",
    category: [{ coding: [{ system: "http://snomed.info/sct", code: "3457005" }] }],
    code: { text }, subject: { reference: `Patient/${whom}` }, performer: [{ display: "Coast hospital" }],
  });
  const server = createHttp((asked, answer) => {
    asked.resume();
    const referrals = [referral("r1", person().id, "Rheumatology"), referral("r2", "somebody-else", "Urology")];
    const found = { Patient: [person()], ServiceRequest: referrals }[asked.url.split("/").at(-2)] ?? [];
    answer.setHeader("content-type", "application/fhir+json");
    answer.end(bundle(found));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

test("when another system is silent or away, the rest is shown and it is named within 10 seconds", { timeout: 180_000 }, async () => {
  let patient;
  const other = await otherSystem(() => patient ?? { id: "unknown" });
  // Takes connections and never says a word.
  const silent = createServer(() => {});
  await new Promise((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const serve = (_, folder) => {
    const source = (name, port, wait) => `[[referrals.sources]]\nname = "${name}"\nbase = "http://127.0.0.1:${port}/fhir"\nlimit_ms = ${wait}\n`;
    const path = join(folder, "bevan.toml");
    writeFileSync(path, source("Coast referrals", other.address().port, 5_000) + source("Moor hospital", silent.address().port, 2_000) + source("Vale clinic", 1, 2_000));
    return ["--config", path];
  };
  try {
    await inside({ serve }, async (house, walk) => {
      const found = await fetch(`${house.base}/fhir/Patient`, { headers: { Authorization: "Bearer demo-patient" } });
      patient = (await found.json()).entry[0].resource;
      for (const way of WAYS) {
        const page = await signIn(walk, house.base, way);
        const began = performance.now();
        await page.goto(`${house.base}/appointments`);
        assert.ok(performance.now() - began < 10_000, "within 10 seconds");
        const text = await page.locator("main").innerText();
        assert.match(text, /Rheumatology referral/, named(way));
        assert.doesNotMatch(text, /Urology/, `what is somebody else's is not shown ${named(way)}`);
        for (const name of ["Moor hospital", "Vale clinic"]) assert.match(text, new RegExp(`could not get anything from ${name}`), named(way));
        assert.doesNotMatch(text, /anything from Coast referrals/);
        await page.context().close();
      }
    });
  } finally {
    other.closeAllConnections();
    other.close();
    silent.close();
  }
});
