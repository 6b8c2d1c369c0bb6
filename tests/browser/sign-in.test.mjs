// Signing in with a national login, in Chromium, against a provider that others wrote: P9 reads, P5 is led to prove it, the
// way back works once and in one browser, and after signing out Back shows nothing.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { freePort, openHouse } from "./house.mjs";
import { press } from "./press.mjs";
import { openProvider } from "./provider.mjs";

const people = {
  proven: { vot: "P9.Cp.Cd", identity_proofing_level: "P9" },
  "some checks": { vot: "P5.Cp.Cd", identity_proofing_level: "P5" },
  "email only": { vot: "P0.Cp.Cd", identity_proofing_level: "P0" },
  "other birthday": { vot: "P9.Cp.Cd", identity_proofing_level: "P9" },
  "says less than asked": { vot: "P9.Cp", identity_proofing_level: "P9" },
};
let provider;
let browser;
let base;
let house;

before(async () => {
  provider = await openProvider(await freePort(), people);
  house = await openHouse({
    serve: () => [],
    settings: async (address, folder) => {
      provider.configure(`${address}/sign-in/return`);
      await provider.open();
      const key = join(folder, "key.pem");
      writeFileSync(key, provider.clientKey);
      return {
        BEVAN_SERVER_PUBLIC_URL: address,
        BEVAN_SIGN_IN_ISSUER: provider.issuer, BEVAN_SIGN_IN_CLIENT: "bevan", BEVAN_SIGN_IN_KEY: key, BEVAN_SIGN_IN_KEY_ID: "bevan-1",
      };
    },
  });
  base = house.base;
  const found = await fetch(`${base}/fhir/Patient`, { headers: { Authorization: "Bearer demo-patient" } }).then((answer) => answer.json());
  const patient = found.entry[0].resource;
  const number = patient.identifier.find((one) => one.system === "https://fhir.nhs.uk/Id/nhs-number").value;
  for (const name of ["proven", "some checks", "other birthday", "says less than asked"]) Object.assign(people[name], { nhs_number: number, birthdate: patient.birthDate });
  people["other birthday"].birthdate = "1901-01-01";
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await provider?.close();
  await house?.close();
});

const context = (options = {}) => browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
const heading = (page) => page.locator("h1").innerText();

// The login service sends the person back; without scripts it may first ask them to press a button of its own.
async function back(page) {
  const on = page.locator("noscript button, noscript input[type=submit]");
  if (new URL(page.url()).origin !== base && await on.count()) await press(on.first());
  await page.waitForURL((url) => url.origin === base);
}

async function signInAs(page, name, from = "/sign-in") {
  await page.goto(base + from);
  await press(page.getByRole("button", { name: "Continue to sign in" }));
  await press(page.getByRole("link", { name, exact: true }));
  await back(page);
}

// The address that leads back from the login service, not opened: as whoever holds a link to it.
async function wayBack(one, name) {
  let place = `${base}/sign-in/start`;
  while (!place.startsWith(`${base}/sign-in/return`)) {
    const answer = await one.request.get(place, { maxRedirects: 0 });
    place = answer.status() === 200 ? `${place}/as/${encodeURIComponent(name)}` : new URL(answer.headers().location, place).href;
  }
  return place;
}

const WAYS = [{}, { javaScriptEnabled: false, viewport: { width: 320, height: 700 } }];
const way = (options) => (options === WAYS[0] ? "with scripts" : "without scripts at 320 px");

for (const options of WAYS) {
  test(`a proven person reads their record, ${way(options)}`, async () => {
    const page = await (await context(options)).newPage();
    await page.goto(`${base}/record`);
    assert.match(page.url(), /\/sign-in\?next=/);
    await press(page.getByRole("button", { name: "Continue to sign in" }));
    const asked = provider.asked.at(-1);
    assert.equal(asked.code_challenge_method, "S256");
    assert.ok(JSON.parse(asked.vtr).includes("P9.Cp.Cd"));
    assert.deepEqual(asked.scope.split(" ").sort(), ["openid", "profile"]);
    await press(page.getByRole("link", { name: "proven", exact: true }));
    await back(page);
    assert.equal(new URL(page.url()).pathname, "/record", "back where the person wanted to be");
    await page.goto(`${base}/home`);
    assert.equal(page.url(), `${base}/home`);
  });
}

for (const options of WAYS) {
  test(`some checks are not enough: the step up asks for P9 alone and then opens the record, ${way(options)}`, async () => {
    const page = await (await context(options)).newPage();
    await signInAs(page, "some checks");
    const before = (await page.context().cookies()).find((one) => one.name === "bevan").value;
    await page.goto(`${base}/record`);
    assert.equal(new URL(page.url()).pathname, "/sign-in/prove-who-you-are");
    assert.equal(await heading(page), "Prove who you are");
    await press(page.getByRole("button", { name: "Prove who you are" }));
    assert.ok(JSON.parse(provider.asked.at(-1).vtr).every((vector) => vector.startsWith("P9.")));
    await press(page.getByRole("link", { name: "proven", exact: true }));
    await back(page);
    await page.goto(`${base}/record`);
    assert.equal(new URL(page.url()).pathname, "/record");
    const now = (await page.context().cookies()).find((one) => one.name === "bevan").value;
    assert.notEqual(now, before, "a new session id at the step up");
  });
}

test("an answer below what was asked, a foreign birthday and P0 open no record", async () => {
  const page = await (await context()).newPage();
  await signInAs(page, "says less than asked");
  assert.equal(await heading(page), "There is a problem with signing in");
  await signInAs(page, "other birthday");
  assert.equal(await heading(page), "We cannot find your record");
  await signInAs(page, "email only");
  await page.goto(`${base}/record`);
  assert.equal(new URL(page.url()).pathname, "/sign-in/prove-who-you-are");
});

test("the way back works once, in the browser that began it", async () => {
  const first = await (await context()).newPage();
  let back;
  first.on("request", (request) => { if (request.url().includes("/sign-in/return")) back = request.url(); });
  await signInAs(first, "proven");
  assert.ok(back);
  const again = await first.goto(back);
  assert.equal(again.status(), 400);
  assert.equal(await heading(first), "Start again to sign in");

  // Somebody else's link: an attempt begun in one browser is of no use in another.
  const theirs = await wayBack(await context(), "proven");
  const victim = await (await context()).newPage();
  assert.equal((await victim.goto(theirs)).status(), 400);
  assert.equal((await victim.goto(`${base}/sign-in/return?code=x&state=${"a".repeat(64)}`)).status(), 400);
  assert.equal((await victim.goto(`${base}/sign-in/return`)).status(), 400);
  assert.equal((await victim.goto(`${base}/record`)).url().includes("/sign-in"), true);
});

test("turning back at the login service signs nobody in", async () => {
  const page = await (await context()).newPage();
  await page.goto(`${base}/sign-in`);
  await press(page.getByRole("button", { name: "Continue to sign in" }));
  const state = provider.asked.at(-1).state;
  const answer = await page.goto(`${base}/sign-in/return?error=access_denied&state=${state}`);
  assert.equal(answer.status(), 400);
  assert.equal(await heading(page), "You are not signed in");
});

test("an address of another site is never led to", async () => {
  for (const next of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
    const page = await (await context()).newPage();
    await signInAs(page, "proven", `/sign-in?next=${encodeURIComponent(next)}`);
    assert.equal(new URL(page.url()).origin, base);
  }
});

for (const options of WAYS) {
  test(`after signing out, Back shows no record, ${way(options)}`, async () => {
    const page = await (await context(options)).newPage();
    await signInAs(page, "proven");
    await page.goto(`${base}/record/conditions`);
    assert.equal(await heading(page), "Health conditions");
    const record = (await page.locator("main").innerText()).split("\n").map((line) => line.trim()).filter((line) => line.length > 12);
    await press(page.getByRole("button", { name: "Sign out" }));
    assert.notEqual(await heading(page), "Health conditions");
    await page.goBack();
    assert.equal(new URL(page.url()).pathname, "/sign-in", "back leads to signing in");
    assert.match(await heading(page), /^Sign in/);
    const shown = await page.locator("body").innerText();
    assert.deepEqual(record.filter((line) => shown.includes(line)), [], "nothing of the record stands there");
  });
}

test("while the login service is away, the page says so and nobody is signed in", async () => {
  const one = await context();
  const back = await wayBack(one, "proven");
  await provider.close();
  const page = await one.newPage();
  const answer = await page.goto(back);
  assert.equal(answer.status(), 503);
  assert.equal(await heading(page), "There is a problem with signing in");
  assert.ok(!(await one.cookies()).some((cookie) => cookie.name === "bevan" && cookie.value));
});
