// Runs journeys, and then the gate over every page that they visited.
//
//   UNDER_TEST=target/release/bevan node tests/browser/run.mjs              # all, and no address may be left out
//   UNDER_TEST=target/release/bevan node tests/browser/run.mjs sign-in      # some, with the gate over their pages
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const all = readdirSync(here).filter((name) => name.endsWith(".test.mjs")).sort();
const named = process.argv.slice(2);
const chosen = all.filter((name) => !named.length || named.some((one) => name === `${one}.test.mjs`));
if (!chosen.length || (named.length && chosen.length !== named.length)) { console.error(`journeys: ${all.join(" ")}`); process.exit(2); }
if (!process.env.UNDER_TEST) { console.error("UNDER_TEST must name the bevan binary"); process.exit(2); }

const folder = mkdtempSync(join(tmpdir(), "bevan-visited-"));
const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 1000);
const node = (words, options = {}) => spawnSync(process.execPath, words, { stdio: "inherit", env: { ...process.env, VISITED: folder }, ...options }).status ?? 1;
try {
  // Two at once: each has a house and a browser of its own. A file whose putting away fails ends all the same.
  const walked = node(["--test", "--test-concurrency=2", "--test-force-exit", "--test-reporter=spec", ...chosen.map((name) => join(here, name))]);
  console.log(`# journeys: ${seconds()} s`);
  const words = [join(here, "gate.mjs"), folder];
  if (!named.length) {
    const table = spawnSync(process.env.UNDER_TEST, ["routes"], { encoding: "utf8" });
    if (table.status !== 0) throw new Error(`bevan routes failed: ${table.stderr}`);
    writeFileSync(join(folder, "routes.tsv"), table.stdout);
    words.push("--routes", join(folder, "routes.tsv"));
  }
  const judged = node(words);
  console.log(`# journeys and gate: ${seconds()} s`);
  process.exitCode = walked || judged;
} finally {
  if (process.env.KEEP_VISITED) console.log(`# kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
