// Journeys P6 and P7 in Chromium: a patient reads results with what happens next, opens every part of the record and an entry
// of each, follows the timeline, keeps a copy, and sees who looked seconds ago. With and without scripts, at 1280 and 320 px.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { openHouse } from "./house.mjs";
import { press } from "./press.mjs";
import { sound } from "./sound.mjs";

let house;
let browser;
let own;

before(async () => {
  house = await openHouse();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  const found = await fetch(`${house.base}/fhir/Patient`, { headers: { Authorization: "Bearer demo-patient" } });
  own = (await found.json()).entry[0].resource.id;
}, { timeout: 180_000 });

after(async () => {
  await browser?.close();
  await house?.close();
});

const WAYS = [
  { name: "with scripts at 1280 px", javaScriptEnabled: true, viewport: { width: 1280, height: 900 } },
  { name: "with scripts at 320 px", javaScriptEnabled: true, viewport: { width: 320, height: 720 } },
  { name: "without scripts at 320 px", javaScriptEnabled: false, viewport: { width: 320, height: 720 } },
];

async function signIn(key, { name: _, ...options } = WAYS[0]) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("pageerror", (error) => assert.fail(error.message));
  page.on("request", (request) => assert.equal(new URL(request.url()).origin, house.base, "no other host is asked"));
  await page.goto(`${house.base}/sign-in`);
  await press(page.locator(`form:has(input[value^="${key}"]) button`).first());
  return page;
}

const fhir = (path, options = {}) => fetch(`${house.base}/fhir${path}`, {
  ...options,
  headers: { Authorization: "Bearer demo-system", "Content-Type": "application/fhir+json", ...options.headers },
});

async function write(resource) {
  const answer = await fhir(`/${resource.resourceType}`, { method: "POST", body: JSON.stringify(resource) });
  const written = await answer.json();
  assert.equal(answer.status, 201, JSON.stringify(written));
  return written.id;
}

const heading = (page) => page.locator("h1").innerText();

// Presses a link and expects to land on a page with its words as heading.
async function follow(page, link, where) {
  const words = (await link.evaluate((one) => [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent).join(""))).trim();
  await press(link);
  assert.equal((await heading(page)).trim(), words, where);
  await sound(page, where);
}

for (const way of WAYS) {
  test(`every part of the record opens, and an entry of each, ${way.name}`, { timeout: 240_000 }, async () => {
    const latex = { coding: [{ system: "http://snomed.info/sct", code: "1003755004" }], text: "Latex" };
    const active = { coding: [{ system: "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", code: "active" }] };
    await write({ resourceType: "AllergyIntolerance", patient: { reference: `Patient/${own}` }, code: latex, clinicalStatus: active });
    const page = await signIn("patient", way);
    await page.goto(`${house.base}/record/results`);
    assert.equal(new URL(page.url()).pathname, "/results", "results stand in one place");
    await page.goto(`${house.base}/record`);
    await sound(page, "record");
    const parts = ["Allergies", "Health conditions", "Medicines", "Test results", "Scans and images", "Vaccinations", "Documents", "Hospital and clinic visits", "Timeline"];
    let opened = 0;
    for (const part of parts) {
      await page.goto(`${house.base}/record`);
      await follow(page, page.locator("main").getByRole("link", { name: part, exact: true }), part);
      const entry = page.locator(".bevan-entries a").first();
      if (await entry.count() === 0) {
        assert.match(await page.locator(".bevan-answer").innerText(), /recorded/, `${part} says that nothing is recorded`);
        continue;
      }
      opened += 1;
      if (part === "Timeline") continue;
      await follow(page, entry, `${part} entry`);
      await page.goBack();
    }
    assert.ok(opened >= 8, `${opened} parts had entries`);
    await page.context().close();
  });

  test(`a result says where it stands, what happens next and whom to ask, ${way.name}`, { timeout: 120_000 }, async () => {
    const now = new Date().toISOString();
    const subject = { reference: `Patient/${own}` };
    const coded = { coding: [{ system: "http://loinc.org", code: "2823-3" }], text: "Potassium" };
    const referenceRange = [{ low: { value: 3.5, unit: "mmol/L" }, high: { value: 5.3, unit: "mmol/L" } }];
    const observation = (value, when) => write({ resourceType: "Observation", status: "final", code: coded, subject, effectiveDateTime: when, referenceRange, ...value });
    await observation({ valueQuantity: { value: 4.2, unit: "mmol/L" } }, "2024-02-03");
    await observation({ valueQuantity: { value: 4.9, unit: "mmol/L" } }, "2025-02-03");
    const high = await observation({ valueQuantity: { value: 6.0, unit: "mmol/L" } }, now);
    const missing = await write({ resourceType: "Observation", status: "final", code: { text: "Sodium" }, subject, dataAbsentReason: { text: "the sample clotted" } });
    const title = `Browser salts ${way.name}`;
    await write({
      resourceType: "DiagnosticReport", status: "final", code: { text: title }, subject, effectiveDateTime: now, issued: now,
      performer: [{ display: "Journey Laboratory" }], result: [high, missing].map((id) => ({ reference: `Observation/${id}` })),
    });
    const page = await signIn("patient", way);
    await page.goto(`${house.base}/results`);
    await sound(page, "results");
    const feed = await page.locator("main").innerText();
    assert.match(feed, /GP surgery/, "one feed holds results of the surgery");
    assert.match(feed, /No result for Sodium/, "what is missing is said in the feed");
    await follow(page, page.getByRole("link", { name: title }), "result");
    const text = await page.locator("main").innerText();
    for (const words of [/6(\.0)? mmol\/L/, /above the usual range/, /3\.5 to 5\.3 mmol\/L/, /salt that the heart/, /Not yet reviewed/, /What happens next/, /Whom to ask/, /Journey Laboratory/]) {
      assert.match(text, words);
    }
    await follow(page, page.getByRole("link", { name: "Potassium over time" }).first(), "trend");
    assert.ok(await page.locator("figure svg[role=img]").isVisible(), "there is a chart");
    assert.ok(await page.locator("table tbody tr").count() >= 3, "and every value in a table");
    assert.match(await page.locator("figure svg desc").innerHTML(), /values from/);
    await page.context().close();
  });

  test(`the papers of a document open as what they are, and never as a page of ours, ${way.name}`, { timeout: 60_000 }, async () => {
    const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const hostile = "<script>document.title = 'run'</script>";
    const attachment = (contentType, title, data) => ({ attachment: { contentType, title, data } });
    const beside = await write({ resourceType: "Binary", contentType: "application/rtf", data: Buffer.from("{\\rtf1}").toString("base64") });
    const id = await write({
      resourceType: "DocumentReference", status: "current", subject: { reference: `Patient/${own}` }, description: `Papers ${way.name}`,
      content: [
        attachment("application/pdf", "Letter", Buffer.from("%PDF-1.7\n%%EOF\n").toString("base64")), attachment("image/png", "Scan", dot),
        attachment("image/png", "No picture", Buffer.from(hostile).toString("base64")), attachment("application/rtf", "Old letter", Buffer.from("{\\rtf1}").toString("base64")),
        { attachment: { contentType: "application/rtf", title: `Clinic letter ${way.name}`, url: `Binary/${beside}` } }, { attachment: { contentType: "application/pdf", title: "Lost", url: "Binary/lost" } },
      ],
    });
    const page = await signIn("patient", way);
    await page.goto(`${house.base}/record/documents/${id}`);
    await sound(page, "papers");
    const links = await page.locator("main ul a").allInnerTexts();
    assert.deepEqual(links, ["Letter (PDF, 15 bytes)", "Scan (picture, 70 bytes)", "No picture (file, 39 bytes)", "Old letter (Rich Text file, 7 bytes)", `Clinic letter ${way.name} (Rich Text file, 7 bytes)`]);
    const sent = async (number) => {
      const answer = await page.request.get(`${house.base}/record/documents/${id}/${number}`);
      const headers = answer.headers();
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.match(headers["content-security-policy"], /; sandbox$/);
      assert.equal(headers["cache-control"], "no-store");
      return [answer.status(), headers["content-type"], headers["content-disposition"]];
    };
    assert.deepEqual(await sent(1), [200, "application/pdf", 'attachment; filename="document-1.pdf"']);
    assert.deepEqual(await sent(2), [200, "image/png", 'inline; filename="document-2.png"']);
    assert.deepEqual(await sent(3), [200, "application/octet-stream", 'attachment; filename="document-3.bin"']);
    assert.deepEqual(await sent(4), [200, "application/octet-stream", 'attachment; filename="document-4.rtf"']);
    assert.deepEqual(await sent(5), [200, "application/octet-stream", 'attachment; filename="document-5.rtf"']);
    for (const none of [6, 7]) assert.equal((await page.request.get(`${house.base}/record/documents/${id}/${none}`)).status(), 404);
    await page.getByRole("link", { name: /^Scan/ }).click();
    await page.locator("img").waitFor();
    assert.ok(await page.locator("img").evaluate((image) => image.complete && image.naturalWidth === 1), "the picture is seen");
    await page.goBack();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /^No picture/ }).click()]);
    assert.equal(readFileSync(await download.path(), "utf8"), hostile);
    assert.doesNotMatch(await page.title(), /run/, "kept and not opened");
    // The same file on the record page of whoever treats them.
    const ward = await signIn("ward-manager", way);
    await ward.goto(`${house.base}/staff/patients/${own}/documents`);
    await sound(ward, "papers for staff");
    const [kept] = await Promise.all([ward.waitForEvent("download"), ward.getByRole("link", { name: `Clinic letter ${way.name} (Rich Text file)` }).click()]);
    assert.equal(readFileSync(await kept.path(), "utf8"), "{\\rtf1}");
    await ward.context().close();
    await page.context().close();
  });

  test(`a scan leads to its report, says what Bevan made of it, and where its pictures are not, ${way.name}`, { timeout: 120_000 }, async () => {
    const subject = { reference: `Patient/${own}` };
    const started = new Date(Date.now() - 86_400_000).toISOString();
    const dicom = (code) => ({ system: "http://dicom.nema.org/resources/ontology/DCM", code });
    const order = await write({
      resourceType: "ServiceRequest", status: "completed", intent: "order", subject, code: { text: `MRI knee ${way.name}` }, requester: { display: "Dr Journey" },
      authoredOn: started, performer: [{ display: "Journey Imaging" }],
    });
    const accession = { type: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0203", code: "ACSN" }] }, value: `J-${WAYS.indexOf(way)}` };
    const series = (modality, description, numberOfInstances) => ({ uid: `2.25.${numberOfInstances}`, modality: dicom(modality), description, numberOfInstances });
    const study = await write({
      resourceType: "ImagingStudy", status: "available", subject, started, identifier: [accession], basedOn: [{ reference: `ServiceRequest/${order}` }],
      modality: [dicom("MR"), dicom("QQ")], procedureCode: [{ text: `Knee ${way.name}` }], series: [series("MR", "T2 sagittal", 24), series("MR", "Bevan L1W R4.0", 25)],
    });
    const mistake = await write({ resourceType: "ImagingStudy", status: "entered-in-error", subject, started, description: `Mistaken scan ${way.name}` });
    const title = `Report on the knee ${way.name}`;
    await write({
      resourceType: "DiagnosticReport", status: "final", code: { text: title }, subject, effectiveDateTime: started, issued: started,
      imagingStudy: [{ reference: `ImagingStudy/${study}` }], conclusion: "The ligaments are whole.",
    });
    const page = await signIn("patient", way);
    await page.goto(`${house.base}/record/scans`);
    await sound(page, "scans");
    assert.match(await page.locator("main").innerText(), /MRI scan: Head/, "the demonstration brings one");
    assert.doesNotMatch(await page.locator("main").innerText(), /Mistaken scan/);
    assert.equal((await page.goto(`${house.base}/record/scans/${mistake}`)).status(), 404);
    await page.goto(`${house.base}/record/scans`);
    await follow(page, page.getByRole("link", { name: `MRI scan, QQ: Knee ${way.name}` }), "scan");
    const text = await page.locator("main").innerText();
    for (const words of [/49 pictures/, /Journey Imaging/, /made by Bevan, for research/, /not meant for decisions about your care/, /not kept here/, new RegExp(`give this number: ${accession.value}`), /T2 sagittal: 24 pictures/]) {
      assert.match(text, words);
    }
    await follow(page, page.getByRole("link", { name: title }), "report of a scan");
    assert.match(await page.locator("main").innerText(), /The ligaments are whole/);
    await page.goto(`${house.base}/record/timeline`);
    await press(page.getByRole("link", { name: `Scan: Knee ${way.name}` }));
    assert.equal(new URL(page.url()).pathname, `/record/scans/${study}`);
    await page.context().close();
    // The same for whoever treats them, with the numbers by which a picture store finds it.
    const ward = await signIn("ward-manager", way);
    await ward.goto(`${house.base}/staff/patients/${own}`);
    await press(ward.getByRole("navigation", { name: "Record" }).getByRole("link", { name: "Scans and images" }));
    await sound(ward, "scans for staff");
    const entry = await ward.locator(".bevan-entries > li", { hasText: accession.value }).innerText();
    for (const words of [/MR, QQ/, /Reconstructed by Bevan/i, /research use, not for diagnosis/, /T2 sagittal/, new RegExp(`MRI knee ${way.name}, ordered .*by Dr Journey`), /The ligaments are whole/]) {
      assert.match(entry, words);
    }
    assert.doesNotMatch(await ward.locator("main").innerText(), /Mistaken scan/);
    await press(ward.getByRole("link", { name: title }));
    assert.equal(new URL(ward.url()).pathname, `/staff/patients/${own}/results`);
    await ward.context().close();
  });

  test(`a copy of the record can be kept, ${way.name}`, { timeout: 60_000 }, async () => {
    const page = await signIn("patient", way);
    await page.goto(`${house.base}/record/download`);
    await sound(page, "download");
    const keep = async (name) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
      return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
    };
    const readable = await keep("Download as a page");
    assert.equal(readable.name, "record.html");
    assert.match(readable.text, /Copy of the record of/);
    assert.match(readable.text, /MRI scan: Head/);
    const document = JSON.parse((await keep("Download as a FHIR document")).text);
    assert.equal(document.type, "document");
    assert.equal(document.entry[0].resource.resourceType, "Composition");
    assert.ok(document.entry.some((one) => one.resource.resourceType === "ImagingStudy"));
    await page.context().close();
  });

  test(`the patient sees who looked seconds ago, ${way.name}`, { timeout: 60_000 }, async () => {
    const manager = await signIn("ward-manager");
    const answer = await manager.goto(`${house.base}/staff/patients/${own}`);
    assert.equal(answer.status(), 200);
    await manager.context().close();
    const page = await signIn("patient", way);
    await page.goto(`${house.base}/profile/who-looked`);
    await sound(page, "who looked");
    const looks = await page.locator(".bevan-entries > li").allInnerTexts();
    const look = looks.find((words) => /Ward staff/.test(words));
    assert.match(look ?? "", /Hospitals Trust/, "with the organisation");
    assert.match(look, /just now|second|minute/, "with the time");
    assert.match(look, /Why: to care for you/, "with the reason");
    assert.match(look, /Looked at: .*(details|conditions)/i, "with what");
    await page.context().close();
  });
}
