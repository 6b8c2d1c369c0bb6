// Which addresses of the table no journey visited. An address counts when it answered what it is for: a page or a file.
// Being sent on to sign in, or to the step before, is no visit.

// What is right for an address that never answers a page: it sends on.
const SENDS_ON = new Set(["/sign-in/start", "/sign-in/return", "/record/results"]);

// Following links is no journey.
const CRAWL = "crawl.test.mjs";

const parts = (path) => path.split("/").slice(1);
const isOpen = (part) => part.startsWith("{");

export function readRoutes(text) {
  return text.trim().split("\n").map((line) => {
    const [verb, path, who, mirror = ""] = line.split("\t");
    return { verb, path, who, mirror };
  });
}

function fits(pattern, path) {
  const [wanted, given] = [parts(pattern), parts(path)];
  return wanted.length === given.length && wanted.every((part, n) => isOpen(part) ? given[n] !== "" : part === given[n]);
}

// The row of an address: where several fit, the one that says the most.
export function routeOf(routes, verb, address) {
  const path = address.split(/[?#]/)[0];
  const fitting = routes.filter((route) => route.verb === verb).flatMap((route) => [route.path, route.mirror].filter(Boolean).filter((pattern) => fits(pattern, path)).map((pattern) => ({ route, pattern })));
  const rank = (pattern) => parts(pattern).map((part) => (isOpen(part) ? "1" : "0")).join("");
  fitting.sort((one, other) => (rank(one.pattern) < rank(other.pattern) ? -1 : 1));
  return fitting[0]?.route;
}

export function unvisited(routes, visits) {
  const seen = new Set();
  for (const { verb, address, status, from } of visits) {
    if (from === CRAWL) continue;
    const route = routeOf(routes, verb, address);
    if (route && (status === 200 || (SENDS_ON.has(route.path) && status === 303))) seen.add(route);
  }
  return routes.filter((route) => route.verb === "GET" && !seen.has(route)).map((route) => route.path);
}
