// Whether each link says what the page that it leads to is called: a reader who follows "Test results" must land under the
// heading "Test results" (service manual: the h1 equals the words of the link that led there).
//
// Pages are those that the journeys visited and wrote down; a link counts when its address was visited too, in the same
// house. No page is asked for again.

// Links whose words are right though they are no heading. Each kind is told from the page alone.
//
//   within words   a part of a sentence, or beside words of its own: the sentence says where it leads
//   button         does something, or goes on with it: "Continue", "Try again", "Sign in"
//   back           leads to where one came from, by its own name: "Back"
//   pages          to another page of the same list: "Next", "Show earlier"
//   change         "Change" beside an answer, "Remove": its hidden words name the answer
//   place          the name of the site in the header, to its front
//   within itself  to another part or view of the page that it stands on
//   file           is not a page: a calendar entry, a copy, a paper
//   choice         is an answer, chosen from a list of links: the next page asks the next question
//   deed           takes back or begins anew, and says so: see `DEEDS`
export const KINDS = ["within words", "button", "back", "pages", "change", "place", "within itself", "file", "choice", "deed"];

// Whether a heading names a person as lists do: surname first.
const names = (words, heading) => {
  const [family, given] = words.toLowerCase().split(", ");
  const said = heading.toLowerCase().split(/[^\p{L}\p{N}'’-]+/u);
  return given !== undefined && [family, given.split(" ")[0]].every((name) => said.includes(name));
};

// Beside the heading itself, a link may say, and the page that it leads to must bear it out:
//
//   whose          the name of the person whom the banner of that page names
//   item           in a list or table, the name of an item that the heading speaks of: "Request of …"; of a person in
//                  any order: "SMITH, Ann" leads to "Is it Ann Smith who asks?"
//   all            "All …" of the list of which a page shows the newest: "All problems" leads to "Problems"
const bears = ({ words, item }, { heading, whose }) =>
  words === heading || words === whose || (item && words !== "" && (heading.includes(words) || names(words, heading))) || words.toLowerCase() === `all ${heading.toLowerCase()}`;

// What a page is called and where it leads, read in a browser that shows nothing: `html` as it came.
export const readPage = ({ html, address }) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const words = (node, drop) => {
    const copy = node.cloneNode(true);
    for (const one of copy.querySelectorAll(drop)) one.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const HIDDEN = ".nhsuk-u-visually-hidden, [hidden], svg";
  // Links that are buttons in all but looks: what they say is what one does by following them.
  const DEEDS = [
    /^(Start|Try) again$/,
    /^Keep it as it is$/,
    /^Choose another day$/,
    /^Find somebody else$/,
    /^Cancel and find another patient$/,
    /^This is not happening: go back to the questions$/,
    /^Stop acting for /,
    /^Go to .+’s pages$/,
  ];
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
    if (DEEDS.some((deed) => deed.test(words(link, HIDDEN)))) return "deed";
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
  return { heading: heading ? words(heading, `${HIDDEN}, .nhsuk-caption, [class*="nhsuk-caption"]`) : "", whose: page.querySelector(".bevan-banner__name")?.textContent.trim(), links };
};

// The links of pages that say something else than the heading they lead to. `read` are pages with what `readPage` gives:
// { from, verb, address, status, heading, whose, links }.
export function linkFaults(read) {
  const headings = new Map();
  for (const page of read.filter((one) => one.verb === "GET" && one.status === 200)) {
    const key = `${page.from} ${page.address}`;
    headings.set(key, [...(headings.get(key) ?? []), { heading: page.heading, whose: page.whose }]);
  }
  const found = new Map();
  let followed = 0;
  for (const page of read) {
    for (const link of page.links.filter((one) => !one.kind)) {
      const { to, words } = link;
      const there = headings.get(`${page.from} ${to}`);
      if (!there) continue;
      followed += 1;
      if (there.some((one) => bears(link, one))) continue;
      const fault = `${JSON.stringify(words)} leads to ${to}, which is called ${[...new Set(there.map((one) => JSON.stringify(one.heading)))].join(" or ")}`;
      if (!found.has(fault)) found.set(fault, page);
    }
  }
  return { followed, faults: [...found].map(([fault, page]) => ({ page, fault })) };
}
