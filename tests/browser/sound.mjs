// A quick look at the page a journey stands on: heading, title, nothing sideways. The gate judges the rest afterwards, of
// every page that was passed. With SHOTS naming a folder, a picture is kept.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fitFaults, headingFaults } from "./checks.mjs";

export async function sound(page, name) {
  assert.deepEqual([...await headingFaults(page), ...await fitFaults(page)], [], name);
  const folder = process.env.SHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name.replace(/[^a-z0-9]+/gi, "-")}-${page.viewportSize().width}.png`, fullPage: true });
}
