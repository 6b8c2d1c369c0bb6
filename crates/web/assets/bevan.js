// What pages add where scripts run. Every page works without it. No other host is ever asked for anything.

const start = {
  // A refused form: the summary gets the focus, so that it is read first.
  "nhsuk-error-summary"(summary) {
    if (summary.dataset.disableAutoFocus === "true") return;
    summary.setAttribute("tabindex", "-1");
    summary.focus();
    summary.addEventListener("blur", () => summary.removeAttribute("tabindex"), { once: true });
  },
  // A second press within a second sends nothing.
  "nhsuk-button"(button) {
    let last = -1000;
    button.addEventListener("click", (event) => {
      if (event.timeStamp - last < 1000) event.preventDefault();
      else last = event.timeStamp;
    });
  },
  // "None of these" clears the others, and any other clears it.
  "nhsuk-checkboxes"(list) {
    list.addEventListener("change", ({ target }) => {
      if (!target.checked) return;
      const alone = target.dataset.behaviour === "exclusive";
      for (const box of list.querySelectorAll("input[type=checkbox]")) {
        if (box !== target && (alone || box.dataset.behaviour === "exclusive")) box.checked = false;
      }
    });
  },
  "bevan-live": live,
};

// A live part of a page: the server sends the part's new HTML whenever the record changes.
function live(part) {
  const state = document.getElementById("live-state");
  const pause = document.getElementById("live-pause");
  let source = null;
  let waiting = null;

  const say = (words) => { if (state && state.textContent !== words) state.textContent = words; };
  const show = (html) => {
    // Whoever stands on a link or button inside keeps the focus, and nothing scrolls.
    const held = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.innerHTML = html;
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
  };
  const open = () => {
    source = new EventSource(part.dataset.events);
    source.addEventListener("open", () => say("Live."));
    source.addEventListener("board", (event) => {
      if (document.hidden) waiting = event.data;
      else show(event.data);
    });
    source.addEventListener("ended", () => {
      source.close();
      say("Live updates have stopped because you were signed out. Reload the page to sign in again.");
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) {
        say("Live updates have stopped. Reload the page to see changes.");
      } else {
        say("Connection lost. Trying again.");
      }
    });
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && waiting !== null) { show(waiting); waiting = null; }
  });
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted && pause?.dataset.paused !== "true") open(); });
  if (pause) {
    pause.hidden = false;
    pause.addEventListener("click", () => {
      const paused = pause.dataset.paused !== "true";
      pause.dataset.paused = String(paused);
      pause.textContent = paused ? "Carry on" : "Pause";
      if (paused) { source?.close(); waiting = null; say("Paused."); } else open();
    });
  }
  open();
}

// Ages count on between two events, so that a silent board grows visibly old.
const sighted = new WeakMap();
setInterval(() => {
  for (const time of document.querySelectorAll(".bevan-age")) {
    if (!sighted.has(time)) sighted.set(time, performance.now());
    const before = Date.parse(time.dataset.now) - Date.parse(time.dateTime);
    const words = ago(Math.floor((before + performance.now() - sighted.get(time)) / 1000));
    if (time.textContent !== words) time.textContent = words;
  }
}, 1000);

function ago(seconds) {
  if (seconds <= 0) return "just now";
  const [count, unit] =
    seconds < 60 ? [seconds, "second"]
    : seconds < 3600 ? [Math.floor(seconds / 60), "minute"]
    : seconds < 172800 ? [Math.floor(seconds / 3600), "hour"]
    : [Math.floor(seconds / 86400), "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}

for (const [name, begin] of Object.entries(start)) {
  for (const element of document.querySelectorAll(`[data-module="${name}"]`)) begin(element);
}
