// The gate itself: a page without fault passes, and each fault that is planted in it is found, by the check that looks for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readRoutes, routeOf, unvisited } from "./coverage.mjs";
import { distinct, judge, judgeLinks, shapeOf } from "./gate.mjs";
import { KINDS } from "./links.mjs";

const STYLE = `.nhsuk-skip-link { position: absolute; left: -9999px; display: block; padding: 12px; background: #ffeb3b; color: #000 }
.nhsuk-skip-link:focus { left: 0; top: 0 }
a:focus, button:focus, input:focus, summary:focus { outline: 4px solid #d4351c }
a.block, button { display: inline-block; min-height: 32px; padding: 8px }
.low { color: #bbb; background: #fff } .bare:focus { outline: none } .wide { width: 400px }
.tight { height: 1.1em; line-height: 1.1; overflow: hidden } .fixed { width: 900px; font-size: 1rem; white-space: nowrap; overflow: hidden; max-width: 100% }
.cover { position: fixed; inset: 0; z-index: 9; pointer-events: auto; background: #fff } .big { font-size: 4rem; white-space: nowrap }
@media print { .paperless main { display: none } }`;
const FILES = new Map([
  ["/assets/plain.css", { type: "text/css", body: Buffer.from(STYLE), wire: 40_000, cache: "public, max-age=31536000, immutable" }],
  ["/assets/trap.js", { type: "text/javascript", wire: 1, cache: "immutable", body: Buffer.from('document.querySelector("#last").addEventListener("keydown", (event) => { if (event.key === "Tab") event.preventDefault(); });') }],
  ["/assets/throws.js", { type: "text/javascript", wire: 1, cache: "", body: Buffer.from('throw new Error("planted");') }],
]);

for (const n of [1, 2, 3, 4, 5]) FILES.set(`/assets/${n}.css`, { type: "text/css", wire: 1, cache: "immutable", body: Buffer.from("") });

const page = ({ title = "Example – Bevan", lang = ' lang="en-GB"', skip = '<a class="nhsuk-skip-link" href="#main">Skip to main content</a>', body = "", head = "", kind = "" } = {}) => ({
  kind: "visit", from: "gate.test.mjs", verb: "GET", address: `/planted-${Math.random()}`, status: 200, policy: "default-src 'self'", wire: 2_000,
  html: `<!DOCTYPE html><html${lang}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="stylesheet" href="/assets/plain.css">${head}</head><body${kind}>${skip}<main id="main"><h1>Example</h1><p>Some words to read here, enough of them that a printed page is seen to hold them too.</p><p><a class="block" href="/one">One place</a> <a class="block" href="/two">Another place</a></p>${body}<button type="button" id="last">Continue</button></main></body></html>`,
});

const PLANTED = {
  "axe image-alt": page({ body: '<img src="/assets/none.png">' }),
  "axe color-contrast": page({ body: '<p class="low">Pale words</p>' }),
  "axe label": page({ body: '<p><input type="text" name="q"></p>' }),
  "axe html-has-lang": page({ lang: "" }),
  "html close-order": page({ body: "<p><strong>Bold</p></strong>" }),
  "html no-dup-id": page({ body: '<p id="last">Twice</p>' }),
  "html element-permitted-content": page({ body: "<ul><p>No item</p></ul>" }),
  "2 h1": page({ body: "<h1>Another</h1>" }),
  "does not repeat the h1": page({ title: "Something else – Bevan" }),
  "does not begin with Error:": page({ body: '<div class="nhsuk-error-summary"><p>There is a problem</p></div>' }),
  "scrolls sideways": page({ body: '<p class="wide">As wide as a screen that is not there</p>' }),
  "words are cut off": page({ body: `<p class="fixed">${"Words without an end ".repeat(12)}</p>` }),
  "with wider text spacing": page({ body: `<p class="tight">Just high enough</p>` }),
  "with text twice as large": page({ body: '<p><span class="big">Wide as it is, and wider still</span></p>' }),
  "printed": page({ kind: ' class="paperless"' }),
  "targets under 24 px": page({ body: '<p><input type="checkbox" aria-label="Small" name="s"></p>' }),
  "keyboard: the first stop is not the skip link": page({ skip: "" }),
  "keyboard: the skip link leads nowhere": page({ skip: '<a class="nhsuk-skip-link" href="#elsewhere">Skip to main content</a>' }),
  "keyboard: Tab does not leave the page": page({ head: '<script type="module" src="/assets/trap.js"></script>' }),
  "keyboard: not reached by Tab": page({ body: '<button type="button" tabindex="-1">Out of reach</button> ' }),
  "keyboard: the order of Tab is not that of the page": page({ body: '<button type="button" tabindex="3">Out of turn</button> ' }),
  "keyboard: nothing shows that it has the focus": page({ body: '<a class="block bare" href="/bare">Never seen</a> ' }),
  "keyboard: it has the focus and something lies over it": page({ body: '<div class="cover"><p>Over all</p></div>' }),
  "asks another host": { ...page({ body: '<img alt="A picture" src="http://127.0.0.2:9/picture.png">' }), policy: "" },
  "console:": page({ body: '<p style="color: red">Against the policy</p>' }),
  "a repeat view weighs": { ...page(), wire: 15_001 },
  "the first view weighs": { ...page(), wire: 35_001 },
  "the first view takes": page({ head: [1, 2, 3, 4, 5].map((n) => `<link rel="stylesheet" href="/assets/${n}.css">`).join("") }),
  "script: planted": page({ head: '<script type="module" src="/assets/throws.js"></script>' }),
};

test("a page without fault passes, and every planted fault is found", { timeout: 240_000 }, async () => {
  const good = page();
  const judged = await judge(distinct([good, ...Object.values(PLANTED)]), FILES);
  const faultsOf = (one) => judged.find(({ page: { address } }) => address === one.address).faults;
  assert.deepEqual(faultsOf(good), []);
  const unseen = Object.entries(PLANTED).filter(([fault, one]) => !faultsOf(one).some((words) => words.includes(fault)));
  assert.deepEqual(unseen.map(([fault, one]) => `${fault}: found ${JSON.stringify(faultsOf(one))}`), []);
});

test("pages of one shape are judged whole once, and shown once for each address", async () => {
  const list = (words) => `<ul>${words.map((word) => `<li><a href="/${word}">${word}</a></li>`).join("")}</ul>`;
  assert.equal(shapeOf(list(["a", "b"])), shapeOf(list(["c"])));
  assert.notEqual(shapeOf(list(["a"])), shapeOf(list(["a"]).replace("<li>", "<li hidden>")));
  const fitting = { ...page(), address: "/people/1" };
  const wide = { ...fitting, address: "/people/2", html: fitting.html.replace("Some words", "w".repeat(400)) };
  const nameless = { ...fitting, address: "/people/3", html: fitting.html.replace("One place", "") };
  const routes = readRoutes("GET\t/people/{id}\tanyone\t");
  assert.equal(shapeOf(nameless.html), shapeOf(fitting.html), "what has no words has no other shape");
  const judged = await judge(distinct([fitting, wide, nameless], routes), FILES);
  assert.deepEqual(judged[0].faults, []);
  assert.ok(judged[1].faults.some((fault) => /scrolls sideways/.test(fault)), JSON.stringify(judged[1].faults));
  assert.ok(judged[2].faults.some((fault) => /axe link-name/.test(fault)), JSON.stringify(judged[2].faults));
});

test("an address that no journey visits is named, and being sent on is no visit", () => {
  const routes = readRoutes([
    "GET\t/record\tpatient\t/as/{relationship}/record", "GET\t/record/{part}\tpatient\t", "GET\t/record/download\tpatient\t",
    "GET\t/sign-in/start\tanyone\t", "GET\t/family\tpatient\t", "POST\t/family\tpatient\t",
  ].join("\n"));
  assert.equal(routeOf(routes, "GET", "/record/download?x=1").path, "/record/download", "what is said beats what is open");
  assert.equal(routeOf(routes, "GET", "/record/conditions").path, "/record/{part}");
  assert.equal(routeOf(routes, "GET", "/nothing/of/this"), undefined);
  const visit = (address, status = 200, verb = "GET") => ({ verb, address, status });
  const visits = [visit("/as/r1/record"), visit("/record/download", 404), visit("/record/x"), visit("/sign-in/start?next=%2F", 303), visit("/family", 303), visit("/family", 200, "POST"), { ...visit("/family"), from: "crawl.test.mjs" }];
  assert.deepEqual(unvisited(routes, visits), ["/record/download", "/family"]);
});

test("a link that says something else than the page it leads to is found, and only that", async () => {
  const at = (address, heading, body, more = {}) => ({ kind: "visit", from: "one", verb: "GET", status: 200, address, html: `<!DOCTYPE html><body><header><a class="bevan-header__name" href="/results">Bevan</a></header><main><h1>${heading}</h1>${body}</main></body>`, ...more });
  const results = at("/results", "Test <span class=\"nhsuk-u-visually-hidden\">(all)</span> results", "");
  const found = async (body, ...others) => (await judgeLinks([at("/home", "Home", body), results, ...others])).faults.map(({ fault }) => fault);
  assert.deepEqual(await found('<h2><a href="/results#newest">Test results</a></h2><p>What was tested</p>'), []);
  const planted = ['"Your tests" leads to /results, which is called "Test results"'];
  assert.deepEqual(await found('<h2><a href="/results">Your tests</a></h2><p>What was tested</p>'), planted);
  assert.deepEqual(await found('<ul><li><a href="/results">Your tests</a></li></ul>'), planted);
  assert.deepEqual(await found('<div class="card"><h2><a href="/results">Your tests</a></h2><p>What was tested</p></div>'), planted);
  const right = {
    "within words": '<p>Your tests stand under <a href="/results">all tests</a>.</p>',
    button: '<p><a class="nhsuk-button" href="/results">Continue</a></p>',
    back: '<a class="nhsuk-back-link" href="/results">Back</a>',
    pages: '<nav class="nhsuk-pagination"><ul><li><a href="/results">Next</a></li></ul></nav>',
    change: '<p><a href="/results">Change<span class="nhsuk-u-visually-hidden"> your tests</span></a></p>',
    place: "",
    "within itself": '<p><a href="/home?page=2">More</a></p><p><a href="#top">Up</a></p>',
    file: '<p><a download href="/results">Copy</a></p>',
    choice: '<ul class="bevan-choices"><li><a href="/results">Blood</a></li></ul>',
  };
  assert.deepEqual(Object.keys(right).sort(), [...KINDS].sort());
  for (const [kind, body] of Object.entries(right)) assert.deepEqual(await found(body, at("/home?page=2", "Another", "")), [], kind);
  const person = at("/person", "Test results", '<p class="bevan-banner__name">EXAMPLE, Ann</p>');
  assert.deepEqual(await found('<p><a href="/person">EXAMPLE, Ann</a></p><p><a href="/person">All test results</a></p>', person), []);
  assert.equal((await found('<p><a href="/person">EXAMPLE, Bob</a></p>', person)).length, 1);
  const request = at("/request", "Request of EXAMPLE, Ann", "");
  assert.deepEqual(await found('<ul><li><a href="/request">EXAMPLE, Ann</a></li></ul>', request), []);
  assert.equal((await found('<p><a href="/request">Request</a></p>', request)).length, 1, "no list of items");
  assert.deepEqual(await found('<p><a href="/person">Go to EXAMPLE, Ann’s pages</a></p>', person), []);
  assert.equal((await found('<p><a href="/person">Go to EXAMPLE, Bob’s pages</a></p>', person)).length, 1, "another person's pages");
  assert.equal((await found('<p><a href="/results">Start again</a></p>')).length, 1, "a button in all but looks");
  const seen = (who, address, heading, body) => at(address, heading, `<div class="bevan-header__who"><span>${who}</span></div>${body}`);
  const [bobs, anns] = ["Bob", "Ann"].map((who) => seen(who, "/two", `What ${who} sees`, ""));
  const home = (words) => seen("Ann", "/homes", "Home", `<ul><li><a href="/two">${words}</a></li></ul>`);
  assert.deepEqual((await judgeLinks([home("What Ann sees"), bobs])).faults, [], "nobody knows what Ann would see there");
  assert.deepEqual((await judgeLinks([home("What Ann sees"), bobs, anns])).faults, []);
  assert.equal((await judgeLinks([home("What Bob sees"), bobs, anns])).faults.length, 1, "another person's page of that address");
  const elsewhere = at("/elsewhere", "Something", "", { from: "another" });
  assert.deepEqual(await found('<p><a href="/elsewhere">Not visited here</a></p>', elsewhere), []);
});
