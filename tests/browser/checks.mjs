// What must hold on every page, asked of a page that is open. Each check gives the faults it finds, in words; none is good.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// Tags are not cumulative: each adds its own rules.
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function axeFaults(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }), TAGS);
  return found.violations.map((one) => `axe ${one.id}: ${one.nodes.map((node) => node.html.slice(0, 140)).slice(0, 2).join(" | ")}`);
}

// One h1, and a title that repeats it.
export const headingFaults = (page) => page.evaluate(() => {
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  const headings = [...document.querySelectorAll("h1")].map((one) => plain(one.textContent));
  const faults = headings.length === 1 ? [] : [`${headings.length} h1`];
  if (!document.title.replace(/^Error: /, "").startsWith(`${headings[0]} – `)) faults.push(`the title ${JSON.stringify(document.title)} does not repeat the h1 ${JSON.stringify(headings[0])}`);
  if (document.querySelector(".nhsuk-error-summary") && !document.title.startsWith("Error: ")) faults.push("an error summary, and the title does not begin with Error:");
  return faults;
});

export const targetFaults = (page) => page.evaluate(() => {
  const small = [...document.querySelectorAll("a[href], button, select, textarea, input:not([type=hidden]), summary")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && getComputedStyle(one).display !== "inline" && (box.height < 24 || box.width < 24) && !one.closest(".nhsuk-skip-link");
  });
  return small.length ? [`targets under 24 px: ${small.slice(0, 2).map((one) => one.outerHTML.slice(0, 100)).join(" | ")}`] : [];
});

// Nothing scrolls sideways, and nothing that holds words hides a part of them. What scrolls by itself hides nothing.
export const fitFaults = (page) => page.evaluate(() => {
  const faults = [];
  const over = document.documentElement.scrollWidth - window.innerWidth;
  if (over > 0) {
    const widest = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && one.checkVisibility()).pop();
    faults.push(`scrolls sideways by ${over} px: ${widest?.outerHTML.slice(0, 100)}`);
  }
  const cut = [...document.body.querySelectorAll("*")].filter((one) => {
    if (![...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) || !one.checkVisibility()) return false;
    const style = getComputedStyle(one);
    if (style.display === "inline" || one.clientWidth <= 1 || one.clientHeight <= 1 || style.position === "absolute" && style.clip !== "auto") return false;
    const hides = (overflow, size, room) => ["hidden", "clip"].includes(overflow) && size > room + 1;
    return hides(style.overflowX, one.scrollWidth, one.clientWidth) || hides(style.overflowY, one.scrollHeight, one.clientHeight);
  });
  if (cut.length) faults.push(`words are cut off: ${cut.slice(0, 2).map((one) => one.outerHTML.slice(0, 100)).join(" | ")}`);
  return faults;
});

const SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }";
const DOUBLED = "html { font-size: 200% !important }";

// The same with a rule added to the page's own, and taken away again. A constructed sheet is no inline style: the page's
// policy stands as it is.
async function fitsWith(page, rule, words) {
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, rule);
  const faults = await fitFaults(page);
  await page.evaluate(() => { document.adoptedStyleSheets = []; });
  return faults.map((one) => `${words}: ${one}`);
}

// WCAG 1.4.12: what people set who read more easily with more space.
export const spacingFaults = (page) => fitsWith(page, SPACED, "with wider text spacing");
// WCAG 1.4.4: text twice as large.
export const largeTextFaults = (page) => fitsWith(page, DOUBLED, "with text twice as large");

// Who prints a page or sees their own colours finds the same words.
export async function mediaFaults(page) {
  const words = () => page.evaluate(() => {
    const main = document.querySelector("main");
    return main?.checkVisibility() ? main.innerText.replace(/\s+/g, " ").trim().length : 0;
  });
  const faults = [];
  const usual = await words();
  for (const [media, name] of [[{ media: "print" }, "printed"], [{ forcedColors: "active" }, "in forced colours"], [{ reducedMotion: "reduce" }, "without motion"]]) {
    await page.emulateMedia(media);
    const now = await words();
    // A printed page leaves its buttons out.
    if (now < usual * 0.5) faults.push(`${name}, ${now} of ${usual} letters are left`);
    await page.emulateMedia({ media: null, forcedColors: null, reducedMotion: null });
  }
  return faults;
}

// Walks the page by Tab from its top: the skip link first, every control in the order of the page and seen when it has
// the focus, and out again at the end.
export async function keyboardFaults(page) {
  const stops = await page.evaluate(() => {
    const LOOKS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor", "borderTopColor", "borderTopWidth", "borderBottomWidth", "borderBottomColor", "color", "textDecorationLine", "clip", "clipPath", "position", "opacity"];
    const shown = (one) => one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
    const group = (one) => (one.type === "radio" ? [...document.querySelectorAll("input[type=radio]")].filter((other) => other.form === one.form && other.name === one.name) : [one]);
    const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, audio[controls], [tabindex='0'], [contenteditable=true]")]
      .filter((one) => !one.disabled && shown(one) && group(one)[0] === one);
    const parts = (one) => [[one, null], [one, "::before"], [one, "::after"], ...[...(one.labels ?? [])].flatMap((label) => [[label, null], [label, "::before"]])];
    const look = (one) => parts(one).map(([part, pseudo]) => { const style = getComputedStyle(part, pseudo); return LOOKS.map((name) => style[name]).join("|"); }).join("\n");
    // A page may have put the focus somewhere; the walk begins at its top.
    const top = document.body.insertBefore(document.createElement("span"), document.body.firstChild);
    top.tabIndex = -1;
    top.focus();
    top.remove();
    const plain = new Map(controls.flatMap((one) => group(one).map((member) => [member, look(member)])));
    const at = new Map(controls.flatMap((one, n) => group(one).map((member) => [member, n])));
    const short = (one) => one.outerHTML.replace(/\s+/g, " ").slice(0, 100);
    window.gateWalk = {
      step() {
        const now = document.activeElement;
        if (!now || now === document.body || now === document.documentElement) return { out: true };
        if (!at.has(now)) return { other: true, name: short(now) };
        const faults = [];
        if (look(now) === plain.get(now)) faults.push(`nothing shows that it has the focus: ${short(now)}`);
        const box = now.getBoundingClientRect();
        const seen = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth;
        if (!seen) faults.push(`it has the focus and is off the screen: ${short(now)}`);
        else {
          const points = [0.5, 0.1, 0.9].flatMap((x) => [0.5, 0.15, 0.85].map((y) => [box.left + box.width * x, box.top + box.height * y]));
          const free = points.some(([x, y]) => { const top = document.elementFromPoint(x, y); return top && (now === top || now.contains(top) || top.contains(now) || [...(now.labels ?? [])].some((label) => label.contains(top))); });
          if (!free) faults.push(`it has the focus and something lies over it: ${short(now)}`);
        }
        return { at: at.get(now), skip: Boolean(now.closest(".nhsuk-skip-link")), faults };
      },
      missed: (reached) => controls.filter((_, n) => !reached.includes(n)).map(short),
    };
    window.scrollTo(0, 0);
    return controls.length;
  });
  const faults = [];
  const reached = [];
  let left = false;
  for (let press = 0; press < stops + 20; press += 1) {
    await page.keyboard.press("Tab");
    const step = await page.evaluate(() => window.gateWalk.step());
    if (step.out || (reached.length > 0 && step.at === reached[0])) { left = true; break; }
    if (step.other) continue;
    if (reached.includes(step.at)) continue;
    if (!reached.length && !step.skip) faults.push("the first stop is not the skip link");
    if (reached.length && step.at < reached.at(-1)) faults.push(`the order of Tab is not that of the page at stop ${reached.length + 1}`);
    reached.push(step.at);
    faults.push(...step.faults);
  }
  if (!left) faults.push(`Tab does not leave the page after ${stops + 20} presses: a trap`);
  const missed = await page.evaluate((those) => window.gateWalk.missed(those), reached);
  if (missed.length) faults.push(`not reached by Tab: ${missed.slice(0, 3).join(" | ")}`);
  const ahead = await page.evaluate(() => [...document.querySelectorAll("[tabindex]")].filter((one) => one.tabIndex > 0).map((one) => one.outerHTML.slice(0, 100)));
  if (ahead.length) faults.push(`the order of Tab is not that of the page: ${ahead.slice(0, 3).join(" | ")}`);
  const target = await page.evaluate(() => { const skip = document.querySelector(".nhsuk-skip-link"); return !skip || Boolean(document.querySelector(skip.getAttribute("href"))); });
  if (!target) faults.push("the skip link leads nowhere");
  await page.evaluate(() => document.activeElement?.blur());
  return faults.map((one) => `keyboard: ${one}`);
}
