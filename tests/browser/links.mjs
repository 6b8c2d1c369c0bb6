// Whether each link says what the page that it leads to is called: a reader who follows "Test results" must land under the
// heading "Test results" (service manual: the h1 equals the words of the link that led there).
//
// Pages are those that the journeys visited and wrote down; a link counts when its address was visited too, in the same
// house. No page is asked for again.

// Links whose words are right though they are no heading, each kind told from the page alone, with why the service manual has
// it so:
//
//   within words   part of a sentence, or beside words of its own: a link in a sentence is worded to fit it
//   button         "Continue", "Try again", "Keep it as it is": a button says what pressing it does, not where one lands
//   back           "Back": the back link is always called that
//   pages          "Next", "Show earlier": pagination names the direction; every page of a list has one heading
//   change         "Change", "Remove" in a summary list: its hidden words name the answer
//   place          the name of the site in the header, to its front: the header's logo link names the service
//   within itself  to another part or view of the page that it stands on: its heading is already read
//   file           a calendar entry, a copy, a paper: what opens has no heading; the link says its title, kind and size
//   choice         a day or a time out of a list of them: the words are the answer, and the next page asks the next question
export const KINDS = ["within words", "button", "back", "pages", "change", "place", "within itself", "file", "choice"];

// Beside the heading itself, a link may say, and the page that it leads to must bear it out:
//
//   whose          the name of the person whom the banner of that page names, alone or in "Go to …’s pages"
//   item           in a list or table, the name of an item that the heading speaks of: "Request of …"
//   all            "All …" of the list of which a page shows the newest: "All problems" leads to "Problems"
const bears = ({ words, item }, { heading, whose }) =>
  words === heading || words === whose || (whose && words === `Go to ${whose}’s pages`) || (item && words !== "" && heading.includes(words)) || words.toLowerCase() === `all ${heading.toLowerCase()}`;

// What a page is called and where it leads, read in a browser that shows nothing: `html` as it came.
export const readPage = ({ html, address }) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const words = (node, drop) => {
    const copy = node.cloneNode(true);
    for (const one of copy.querySelectorAll(drop)) one.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const HIDDEN = ".nhsuk-u-visually-hidden, [hidden], svg";
  const heading = page.querySelector("h1");
  const path = (href) => href.split("#")[0];
  const BLOCKS = "p, li, h1, h2, h3, h4, td, th, dd, dt, legend, summary, figcaption, div, nav, section, main, header, footer";
  const kindOf = (link, href) => {
    if (path(href) === "" || path(href).split("?")[0] === address.split("?")[0]) return "within itself";
    if (link.matches(".nhsuk-back-link, .nhsuk-back-link *")) return "back";
    if (link.closest(".nhsuk-pagination")) return "pages";
    if (link.matches(".nhsuk-button, .nhsuk-button *")) return "button";
    if (link.closest(".nhsuk-summary-list__actions") || link.querySelector(".nhsuk-u-visually-hidden")) return "change";
    if (link.hasAttribute("download")) return "file";
    if (link.closest(".bevan-choices")) return "choice";
    if (link.closest(".bevan-header__name")) return "place";
    const block = link.parentElement.closest(BLOCKS);
    if (block && words(block, `${HIDDEN}, a`) !== "" && block.querySelectorAll(":scope > h2, :scope > h3, :scope > p, :scope > ul, :scope > div").length === 0) return "within words";
    return "";
  };
  const links = [...page.querySelectorAll("body a[href]")].flatMap((link) => {
    const href = link.getAttribute("href");
    if (!href.startsWith("/") && !href.startsWith("#") && !href.startsWith("?")) return [];
    return [{ to: path(href), words: words(link, HIDDEN), kind: kindOf(link, href), item: link.closest("main li, main td, main th") !== null }];
  });
  return { heading: heading ? words(heading, `${HIDDEN}, .nhsuk-caption, [class*="nhsuk-caption"]`) : "", whose: page.querySelector(".bevan-banner__name, .bevan-acting__name")?.textContent.trim(), who: page.querySelector(".bevan-header__who span")?.textContent.trim() ?? "", links };
};

// The links of pages that say something else than the heading they lead to. `read` are pages with what `readPage` gives:
// { from, verb, address, status, heading, whose, who, links }. One address may show two people two pages ("Stop acting for …",
// "Manage what … can see"): a link is held against what the same person saw there, else against what anybody sees.
export function linkFaults(read) {
  const headings = new Map();
  for (const page of read.filter((one) => one.verb === "GET" && one.status === 200)) {
    const key = `${page.from} ${page.who} ${page.address}`;
    headings.set(key, [...(headings.get(key) ?? []), { heading: page.heading, whose: page.whose }]);
  }
  const found = new Map();
  let followed = 0;
  for (const page of read) {
    for (const link of page.links.filter((one) => !one.kind)) {
      const { to, words } = link;
      const there = headings.get(`${page.from} ${page.who} ${to}`) ?? headings.get(`${page.from}  ${to}`);
      if (!there) continue;
      followed += 1;
      if (there.some((one) => bears(link, one))) continue;
      const fault = `${JSON.stringify(words)} leads to ${to}, which is called ${[...new Set(there.map((one) => JSON.stringify(one.heading)))].join(" or ")}`;
      if (!found.has(fault)) found.set(fault, page);
    }
  }
  return { followed, faults: [...found].map(([fault, page]) => ({ page, fault })) };
}
