// Whether a page is HTML as the standard has it: html-validate with all its recommended rules but those named here.
import { HtmlValidate } from "html-validate";

const OFF = {
  // Matters of taste, not of the standard: the printer of pages writes lower case, `<br>` and quoted attributes throughout.
  "doctype-style": "off",
  "void-style": "off",
  "attribute-boolean-style": "off",
  "long-title": "off",
  "tel-non-breaking": "off",
  // Tables that stack on narrow screens lose their meaning in some browsers when their rows become blocks; their roles keep
  // it. The same holds of fieldsets that are described.
  "no-redundant-role": "off",
  // Boxes of one question share a name, as browsers send them.
  "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "reset", "submit"] }],
  // The standard lets an id begin with a figure.
  "valid-id": ["error", { relaxed: true }],
  // A link that looks and is named like a button is the service manual's own pattern for going on without sending anything.
  "prefer-native-element": ["error", { exclude: ["button"] }],
};

const judge = new HtmlValidate({ root: true, extends: ["html-validate:recommended"], rules: OFF });

export async function htmlFaults(html) {
  const report = await judge.validateString(html);
  const told = report.results.flatMap((one) => one.messages);
  // The answers to one question that a check-answers page sends on share a name as their boxes did; the rule knows no hidden ones.
  const sentOn = (one) => one.ruleId === "form-dup-name" && /type="hidden" name="[^"]*$/.test(before(html, one));
  const found = told.filter((one) => !sentOn(one));
  return found.map((one) => `html ${one.ruleId}: ${one.message} (line ${one.line}: ${(html.split("\n")[one.line - 1] ?? "").slice(Math.max(0, one.column - 20), one.column + 80)})`);
}

// What stands on the line before the place of a message.
const before = (html, one) => (html.split("\n")[one.line - 1] ?? "").slice(0, one.column - 1);
