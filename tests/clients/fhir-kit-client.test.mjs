// What an application built on a third-party FHIR client does: capabilities, create, read, update, search, pages,
// history, transaction, delete, and the errors it is told. The client is used as it comes from npm.
import test, { after, before } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "fhir-kit-client";

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

let child, folder, client, base;

before(async () => {
  const binary = process.env.UNDER_TEST;
  if (!binary) throw new Error("UNDER_TEST must name the bevan binary");
  folder = mkdtempSync(join(tmpdir(), "bevan-clients-"));
  const [http, mllp] = [await freePort(), await freePort()];
  child = spawn(binary, ["serve", "--demo", "--data", folder, "--http", `127.0.0.1:${http}`, "--mllp", `127.0.0.1:${mllp}`], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  await new Promise((resolve, reject) => {
    child.stderr.on("data", (text) => { said += text; if (said.includes("Bevan is ready")) resolve(); });
    child.on("exit", (code) => reject(new Error(`bevan serve ended with ${code}: ${said}`)));
  });
  base = `http://127.0.0.1:${http}/fhir`;
  client = new Client({ baseUrl: base, bearerToken: "demo-system" });
});

after(async () => {
  const gone = new Promise((resolve) => child.removeAllListeners("exit").on("exit", resolve));
  child.kill("SIGTERM");
  assert.equal(await gone, 0, "bevan stops in order");
  rmSync(folder, { recursive: true, force: true });
});

const patient = (family) => ({ resourceType: "Patient", name: [{ family, given: ["Sam"] }], gender: "female", birthDate: "1970-01-01" });

test("capabilities", async () => {
  const statement = await client.capabilityStatement();
  assert.equal(statement.resourceType, "CapabilityStatement");
  assert.equal(statement.fhirVersion, "4.0.1");
  const types = statement.rest[0].resource.map((one) => one.type);
  assert.ok(types.includes("Patient") && types.includes("Observation"));
});

test("create, read, update, version, history and delete", async () => {
  const created = await client.create({ resourceType: "Patient", body: patient("Kit-One") });
  assert.ok(created.id && created.meta.versionId === "1");
  const read = await client.read({ resourceType: "Patient", id: created.id });
  assert.deepEqual(read, created);
  const changed = await client.update({ resourceType: "Patient", id: created.id, body: { ...read, active: true } });
  assert.equal(changed.meta.versionId, "2");
  const first = await client.vread({ resourceType: "Patient", id: created.id, version: "1" });
  assert.equal(first.active, undefined);
  const history = await client.history({ resourceType: "Patient", id: created.id });
  assert.deepEqual(history.entry.map((entry) => entry.resource.meta.versionId), ["2", "1"]);
  await client.delete({ resourceType: "Patient", id: created.id });
  await assert.rejects(client.read({ resourceType: "Patient", id: created.id }), (error) => error.response.status === 410 && error.response.data.resourceType === "OperationOutcome");
});

test("search by GET and POST, with pages", async () => {
  for (let number = 0; number < 7; number += 1) {
    await client.create({ resourceType: "Patient", body: patient(`Kit-Page${number}`) });
  }
  const searchParams = { family: "Kit-Page", _count: "3", _sort: "family" };
  let page = await client.search({ resourceType: "Patient", searchParams });
  const names = [];
  while (page) {
    names.push(...page.entry.map((entry) => entry.resource.name[0].family));
    page = page.link.some((link) => link.relation === "next") ? await client.nextPage({ bundle: page }) : undefined;
  }
  assert.deepEqual(names, [0, 1, 2, 3, 4, 5, 6].map((number) => `Kit-Page${number}`));
  const posted = await client.resourceSearch({ resourceType: "Patient", searchParams: { family: "Kit-Page3" }, options: { postSearch: true } });
  assert.equal(posted.entry.length, 1);
});

test("transaction and batch", async () => {
  const entries = [
    { fullUrl: "urn:uuid:9c5d0b0e-0000-4000-8000-000000000001", resource: patient("Kit-Transaction"), request: { method: "POST", url: "Patient" } },
    {
      resource: { resourceType: "Observation", status: "final", code: { text: "Heart rate" }, subject: { reference: "urn:uuid:9c5d0b0e-0000-4000-8000-000000000001" }, valueQuantity: { value: 60, unit: "/min" } },
      request: { method: "POST", url: "Observation" },
    },
  ];
  const done = await client.transaction({ body: { resourceType: "Bundle", type: "transaction", entry: entries } });
  assert.equal(done.type, "transaction-response");
  const [patientId, observationId] = done.entry.map((entry) => entry.response.location.split("/")[entry.response.location.split("/").indexOf("_history") - 1]);
  const observation = await client.read({ resourceType: "Observation", id: observationId });
  assert.equal(observation.subject.reference, `Patient/${patientId}`);
  const found = await client.search({ resourceType: "Observation", searchParams: { subject: `Patient/${patientId}`, _include: "Observation:subject" } });
  assert.deepEqual(found.entry.map((entry) => entry.resource.resourceType).sort(), ["Observation", "Patient"]);
  const batch = await client.batch({ body: { resourceType: "Bundle", type: "batch", entry: [{ request: { method: "GET", url: `Patient/${patientId}` } }, { request: { method: "GET", url: "Patient/none" } }] } });
  assert.deepEqual(batch.entry.map((entry) => entry.response.status.slice(0, 3)), ["200", "404"]);
});

test("what is wrong is said", async () => {
  const wrong = { ...patient("Kit-Wrong"), birthDate: "2026-02-30" };
  await assert.rejects(client.create({ resourceType: "Patient", body: wrong }), (error) => {
    assert.equal(error.response.status, 400);
    assert.deepEqual(error.response.data.issue[0].expression, ["Patient.birthDate"]);
    return true;
  });
  await assert.rejects(client.search({ resourceType: "Patient", searchParams: { nonsense: "1" } }), (error) => error.response.status === 400);
  const stranger = new Client({ baseUrl: base, bearerToken: "nobody" });
  await assert.rejects(stranger.read({ resourceType: "Patient", id: "x" }), (error) => error.response.status === 401);
});
