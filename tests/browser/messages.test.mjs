// Messages and letters end to end in Chromium (patient-app rules, journey P9): a patient writes and is answered, an emergency is
// pointed elsewhere, a letter prints on A4 in the format that was chosen, and what is not opened goes out by email to a real mail
// server, by text message and by letter. With and without scripts, at 1280 and 320 px.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SMTPServer } from "smtp-server";
import { freePort, openHouse } from "./house.mjs";
import { press } from "./press.mjs";
import { start, wrongOn } from "./visit.mjs";

let house;
let walk;
let mail;
const received = [];

// A mail server of another maker. It takes everything but what goes to an address that refuses.
async function openMail(port) {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo: ({ address }, _, done) => done(address.includes("refuse") ? Object.assign(new Error("No such mailbox"), { responseCode: 550 }) : undefined),
    onData: (stream, session, done) => {
      let text = "";
      stream.on("data", (bytes) => { text += bytes; });
      stream.on("end", () => { received.push({ to: session.envelope.rcptTo.map((one) => one.address), text }); done(); });
    },
  });
  await new Promise((resolve) => { server.listen(port, "127.0.0.1", resolve); });
  return server;
}

before(async () => {
  const port = await freePort();
  mail = await openMail(port);
  house = await openHouse({
    serve: () => [],
    settings: () => ({
      BEVAN_MESSAGES_SMTP: `smtp://127.0.0.1:${port}`,
      BEVAN_MESSAGES_UNREAD_S: "0",
      BEVAN_MESSAGES_NOTICED_S: "3600",
      BEVAN_MESSAGES_LOOK_S: "1",
    }),
  });
  walk = await start(house.base);
}, { timeout: 300_000 });

after(async () => {
  await (await walk?.page())?.context().browser().close();
  await house?.close();
  await new Promise((resolve) => { mail ? mail.close(resolve) : resolve(); });
});

async function signIn(key, at = 0, options = {}) {
  const page = await walk.page(options);
  await page.goto(`${house.base}/sign-in`);
  await press(page.locator(`form:has(input[value^="${key}"]) button`).nth(at));
  return page;
}

const open = (page, path) => page.goto(house.base + path);

// What holds for a page, at both widths: one h1 that the title repeats, no sideways scrolling, nothing that axe finds.
async function sound(page, options = {}) {
  if (options.scripts === false) {
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${page.url()} scrolls sideways`);
    return;
  }
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 900 });
    assert.deepEqual(await wrongOn(page), [], `${page.url()} at ${width}`);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${new URL(page.url()).pathname.replace(/[^a-z]+/gi, "-")}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

const main = (page) => page.locator("main").textContent();

const fhir = async (path, options = {}) => {
  const answer = await fetch(`${house.direct}/fhir${path}`, {
    ...options,
    headers: { Authorization: "Bearer demo-system", "Content-Type": "application/fhir+json" },
  });
  const body = await answer.json();
  assert.ok(answer.ok, `${path}: ${JSON.stringify(body)}`);
  return body;
};

// The Patient of whoever is signed in, by the number on their profile.
async function patientOf(page) {
  await open(page, "/profile");
  const [number] = (await main(page)).match(/\d{3}\s\d{3}\s\d{4}/);
  const found = await fhir(`/Patient?identifier=${encodeURIComponent(`https://fhir.nhs.uk/Id/nhs-number|${number.replace(/\D/g, "")}`)}`);
  return found.entry[0].resource;
}

// Gives somebody an email address and a mobile number, and a channel where one is named.
async function reach(page, email, mobile) {
  const person = await patientOf(page);
  person.telecom = [{ system: "email", value: email }, { system: "phone", value: mobile, use: "mobile" }];
  await fhir(`/Patient/${person.id}`, { method: "PUT", body: JSON.stringify(person) });
  return person;
}

const outbox = (kind) => {
  try {
    return readdirSync(join(house.data, "outbox", kind)).filter((name) => !name.endsWith("unfinished")).map((name) => readFileSync(join(house.data, "outbox", kind, name), "utf8"));
  } catch {
    return [];
  }
};

// Asks until something is there.
async function until(what, ask, patience = 60_000) {
  for (const end = Date.now() + patience; Date.now() < end;) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error(`not in time: ${what}`);
}

async function write(page, subject, words, options) {
  await open(page, "/messages");
  await sound(page, options);
  await press(page.getByRole("button", { name: "Write a message" }));
  await press(page.getByRole("button", { name: "Continue" }));
  assert.match(await page.title(), /^Error: Write a message/);
  await sound(page, options);
  await page.locator("input[name=to]").first().check();
  await press(page.getByRole("button", { name: "Continue" }));
  await press(page.getByRole("button", { name: "Continue" }));
  assert.match(await page.title(), /^Error: Your message/);
  await sound(page, options);
  await page.locator("input[name=subject]").fill(subject);
  await page.locator("textarea").fill(words);
  await press(page.getByRole("button", { name: "Continue" }));
}

for (const options of [{}, { scripts: false, width: 320 }]) {
  const name = options.scripts === false ? "without scripts on a narrow screen" : "with scripts";
  test(`a patient writes to the surgery and reads the answer ${name}`, { timeout: 180_000 }, async () => {
    const page = await signIn("patient", 0, options);
    const subject = `My tablets ${name}`;
    await write(page, subject, "Shall I go on with <b>both</b>?\nThank you.", options);
    assert.equal(await page.locator("h1").textContent(), "Check your message");
    await sound(page, options);
    assert.match(await main(page), /go on with <b>both<\/b>/);
    await press(page.getByRole("button", { name: "Send message" }));
    assert.equal(await page.locator("h1").textContent(), "Message sent");
    assert.match(await main(page), /within 2 working days/);
    await sound(page, options);

    const surgery = await signIn("surgery", 0, options);
    await open(surgery, "/staff/messages");
    await sound(surgery, options);
    await press(surgery.getByRole("link", { name: subject }));
    await sound(surgery, options);
    await press(surgery.getByRole("button", { name: "Send" }));
    assert.match(await surgery.title(), /^Error: /);
    await surgery.locator("textarea").fill("Yes, please go on with both.");
    await press(surgery.getByRole("button", { name: "Send" }));
    assert.match(await main(surgery), /Yes, please go on with both/);

    await open(page, "/home");
    assert.match(await main(page), /unread message/);
    await open(page, "/messages");
    await press(page.getByRole("link", { name: subject }));
    assert.match(await main(page), /Yes, please go on with both/);
    await sound(page, options);
    await page.locator("textarea").fill("I will, thank you.");
    await press(page.getByRole("button", { name: "Continue" }));
    await press(page.getByRole("button", { name: "Send message" }));
    assert.equal(await page.locator("h1").textContent(), "Message sent");

    await open(surgery, "/staff/messages");
    await press(surgery.getByRole("link", { name: subject }));
    await press(surgery.getByRole("button", { name: "Close this conversation" }));
    await open(page, "/messages");
    await press(page.getByRole("link", { name: subject }));
    assert.match(await main(page), /closed this conversation/);
    assert.equal(await page.locator("textarea").count(), 0);
    await sound(page, options);
  });
}

for (const options of [{}, { scripts: false, width: 320 }]) {
  const name = options.scripts === false ? "without scripts on a narrow screen" : "with scripts";
  test(`patient, surgery and hospital team read and answer one conversation on a referral ${name}`, { timeout: 180_000 }, async () => {
    const page = await signIn("patient", 0, options);
    const person = await patientOf(page);
    const clinic = `Knee clinic ${name}`;
    const id = `referral-${name.replace(/\W+/g, "-")}`;
    await fhir(`/ServiceRequest/${id}`, { method: "PUT", body: JSON.stringify({
      resourceType: "ServiceRequest", id, status: "active", intent: "order", code: { text: clinic },
      category: [{ coding: [{ system: "http://snomed.info/sct", code: "3457005" }] }], subject: { reference: `Patient/${person.id}` },
      performer: [{ identifier: { system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "ZZ1" }, display: "The knee hospital" }],
    }) });
    await open(page, "/messages/new");
    await page.locator(`input[name=to][value="${id}"]`).check();
    await press(page.getByRole("button", { name: "Continue" }));
    assert.match(await main(page), /You, your GP surgery and the hospital team all see this conversation/);
    await sound(page, options);
    const subject = `My knee ${name}`;
    await page.locator("input[name=subject]").fill(subject);
    await page.locator("textarea").fill("How long is the wait?");
    await press(page.getByRole("button", { name: "Continue" }));
    await press(page.getByRole("button", { name: "Send message" }));
    assert.equal(await page.locator("h1").textContent(), "Message sent");

    // The hospital answers, the surgery adds to it, and each reads all of it.
    for (const [key, words] of [["ward-manager", "About ten weeks."], ["surgery", "Call us if it gets worse."]]) {
      const staff = await signIn(key, 0, options);
      await open(staff, "/staff/messages");
      await press(staff.getByRole("link", { name: subject }));
      assert.match(await main(staff), /How long is the wait\?/);
      if (key === "surgery") assert.match(await main(staff), /About ten weeks/);
      assert.match(await main(staff), /The patient, the GP surgery and the hospital team all see this conversation/);
      await staff.locator("textarea").fill(words);
      await press(staff.getByRole("button", { name: "Send" }));
      await sound(staff, options);
      await staff.context().close();
    }
    await open(page, "/messages");
    await press(page.getByRole("link", { name: subject }));
    assert.match(await main(page), /About ten weeks\..*Call us if it gets worse\./s);
    await sound(page, options);
    const other = await signIn("patient", 1, options);
    const answer = await open(other, new URL(page.url()).pathname);
    assert.equal(answer.status(), 404, "nobody else's conversation");
    await other.context().close();
    await page.context().close();
  });
}

test("a sign of an emergency in a message leads to 999 before it is sent", { timeout: 120_000 }, async () => {
  const page = await signIn("patient", 1);
  await write(page, "Chest", "I have had chest pain since this morning");
  assert.ok(await page.locator('.nhsuk-card--care--emergency a[href="tel:999"]').count());
  assert.match(await main(page), /Your message has not been sent/);
  await sound(page);
  await press(page.getByRole("button", { name: /send my message/ }));
  assert.equal(await page.locator("h1").textContent(), "Message sent");
});

test("a letter prints on A4, in large print for whoever chose it", { timeout: 180_000 }, async () => {
  const page = await signIn("patient", 1);
  const person = await patientOf(page);
  const surgery = await signIn("surgery");
  await fhir(`/Patient/${person.id}`, { method: "PUT", body: JSON.stringify({ ...person, generalPractitioner: (await patientOf(await signIn("patient", 0))).generalPractitioner }) });
  await open(surgery, `/staff/patients/${person.id}/message`);
  await sound(surgery);
  await surgery.getByLabel("The patient only").check();
  await surgery.locator("input[name=subject]").fill("Your blood test");
  await surgery.locator("textarea").fill("Your blood test was normal.\n\nThe next one is in a year.");
  await press(surgery.getByRole("button", { name: "Send" }));

  await open(page, "/profile/format");
  await page.getByLabel("Large print").check();
  await press(page.locator("main form button"));
  await open(page, "/messages");
  await press(page.getByRole("link", { name: "Your blood test" }));
  await press(page.getByRole("link", { name: /^Print as a letter/ }).first());
  assert.equal(await page.locator("h1").textContent(), "Print as a letter");
  await sound(page);
  await page.emulateMedia({ media: "print" });
  for (const hidden of [".bevan-header", ".bevan-footer", ".bevan-help", "h1"]) assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
  const size = await page.locator(".bevan-letter p").first().evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
  assert.ok(size >= 24, `large print of ${size} px`);
  const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
  assert.match(pdf, /\/MediaBox ?\[ ?0 0 59[45][^\]]*84[12]/);
  assert.equal(pdf.match(/\/Type ?\/Page\b/g).length, 1);
  await page.emulateMedia({ media: "screen" });
});

test("what is not opened goes by email to a real mail server, and when that refuses by text message and letter", { timeout: 180_000 }, async () => {
  const [first, second] = [await signIn("patient", 0), await signIn("patient", 1)];
  const one = await reach(first, "one@example.org", "07700 900111");
  const two = await reach(second, "two@refuse.example", "07700 900222");
  two.generalPractitioner = one.generalPractitioner;
  await fhir(`/Patient/${two.id}`, { method: "PUT", body: JSON.stringify({ ...two, meta: undefined }) });
  const surgery = await signIn("surgery");
  for (const person of [one, two]) {
    await open(surgery, `/staff/patients/${person.id}/message`);
    await surgery.getByLabel("The patient only").check();
    await surgery.locator("input[name=subject]").fill("Your scan");
    await surgery.locator("textarea").fill("Your scan shows a small stone.");
    await press(surgery.getByRole("button", { name: "Send" }));
  }
  const came = await until("the email", () => received.find((mail) => mail.to.includes("one@example.org")));
  assert.match(came.text, /^Message-ID: <[0-9a-f-]+@/im);
  assert.match(came.text.replace(/=\r\n/g, ""), /\/messages/);
  assert.doesNotMatch(came.text, /scan|stone|surgery/i);
  const text = await until("the text message", () => outbox("sms").find((item) => item.includes("07700 900222")));
  assert.doesNotMatch(text, /scan|stone|surgery/i);
  assert.equal(received.filter((mail) => mail.to.some((to) => to.includes("refuse"))).length, 0);
  await until("what was tried, on the page of staff", async () => {
    await surgery.reload();
    return /Email not possible/.test(await main(surgery)) && /Text message sent/.test(await main(surgery));
  });
});

test("a letter comes at once to whoever wants letters", { timeout: 120_000 }, async () => {
  const page = await signIn("patient", 1);
  const person = await patientOf(page);
  await open(page, "/profile/contact");
  await page.locator("input[name=choice][value=letter]").check();
  await press(page.locator("main form button"));
  const surgery = await signIn("surgery");
  await open(surgery, `/staff/patients/${person.id}/message`);
  await surgery.getByLabel("The patient only").check();
  await surgery.locator("input[name=subject]").fill("Your review");
  await surgery.locator("textarea").fill("Please come for your review in May.");
  await press(surgery.getByRole("button", { name: "Send" }));
  const letter = await until("the letter", () => outbox("letters").find((one) => one.includes("review in May")));
  assert.doesNotMatch(letter, /<script|https?:/);
});

test("nothing was said on the console, and nothing asked of another host", () => {
  assert.deepEqual(walk.problems, []);
});
