// Sends forms and links marked with data-live without leaving the page. Without this script the
// browser does the same by itself, only less smoothly.

const page = () => document.getElementById("page");
const here = () => location.pathname + location.search;
let shown = here();
let last = Promise.resolve(); // one at a time: each change starts from the ratings of the one before

function order() {
  return [...document.querySelectorAll(".result .picks [data-movie]")].map((item) => item.dataset.movie);
}

async function show(address, remember = true) {
  const answer = await fetch(address, { headers: { Live: "1" } });
  const text = await answer.text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const before = order();
  const opened = document.getElementById("rated")?.open;
  const active = document.activeElement;
  const { value, selectionStart } = active;
  const selector = ["id", "href", "value"].filter((key) => active.getAttribute(key))
    .map((key) => `[${key}="${CSS.escape(active.getAttribute(key))}"]`)[0];
  const groups = () => [...page().querySelectorAll("[aria-labelledby='to-rate'] .stars")];
  const place = groups().findIndex((group) => group.contains(active));

  for (const part of ["header", "main"]) { // the head's links take the ratings along
    document.querySelector(part).replaceWith(document.importNode(fresh.querySelector(part), true));
  }
  document.title = fresh.title;
  if (remember) history.pushState(null, "", page().dataset.address ?? answer.url);
  shown = here();
  if (opened !== undefined && document.getElementById("rated")) document.getElementById("rated").open = opened;
  markChanges(before);
  document.getElementById("said").textContent = page().dataset.said ?? "";

  // the focus stays where it was; where a rated movie has gone, it goes to the one in its place
  const next = groups()[Math.min(place, groups().length - 1)];
  const within = next?.closest("ul") ?? page();
  const same = (selector && within.querySelector(selector)) ?? next?.querySelector("button");
  same?.focus({ preventScroll: true });
  if (same?.type === "search") {
    same.value = value; // may have been typed on
    same.setSelectionRange(selectionStart, selectionStart);
  }
  document.dispatchEvent(new Event("shown"));
}

function markChanges(before) {
  if (!before.length) return;
  order().forEach((movie, now) => {
    const moved = before.indexOf(movie) - now;
    const text = before.includes(movie) ? (moved > 0 ? `▲ ${moved}` : "") : "new";
    if (!text) return;
    const badge = document.createElement("span");
    badge.className = "badge";
    badge.textContent = text;
    const item = document.querySelector(`.result .picks [data-movie="${movie}"]`);
    (item.querySelector(".year") ?? item.querySelector(".movie")).after(badge);
  });
}

function send(form, submitter) {
  const pressed = submitter?.name ? [submitter.name, submitter.value] : null;
  last = last.then(() => {
    const current = document.querySelector("form[data-live]") ?? form; // with the latest ratings
    const asked = new URLSearchParams([...new FormData(current)].filter(([, value]) => value));
    if (pressed) asked.set(...pressed);
    return show(`${current.action}?${asked}`);
  }).catch(() => form.submit());
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-live]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-live]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  last = last.then(() => show(link.href)).catch(() => location.assign(link.href));
});

let typing;
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-search]")) return;
  clearTimeout(typing);
  typing = setTimeout(() => send(event.target.form), 200);
});

addEventListener("popstate", () => {
  if (here() === shown) return; // only the part after # has changed
  last = last.then(() => show(location.href, false));
});
