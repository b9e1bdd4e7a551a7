// Sends forms and links marked with data-live without leaving the page. Without this script the
// browser does the same by itself, only less smoothly.

const page = () => document.getElementById("page");
let last = Promise.resolve(); // one at a time: each change starts from the ratings of the one before

function order() {
  return [...document.querySelectorAll(".result .picks [data-movie]")].map((item) => item.dataset.movie);
}

async function show(address, remember = true) {
  const answer = await fetch(address);
  const text = await answer.text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const before = order();
  const opened = document.getElementById("rated")?.open;
  const { id, name, value, selectionStart } = document.activeElement;
  const groups = () => [...page().querySelectorAll("[aria-labelledby='to-rate'] .stars")];
  const place = groups().findIndex((group) => group.contains(document.activeElement));

  page().replaceWith(document.importNode(fresh.getElementById("page"), true));
  document.title = fresh.title;
  for (const link of document.querySelectorAll("header a")) {
    link.href = fresh.querySelector(`header a[href^="${link.getAttribute("href").split("?")[0]}"]`)?.href ?? link.href;
  }
  if (remember) history.pushState(null, "", answer.url);
  if (opened !== undefined && document.getElementById("rated")) document.getElementById("rated").open = opened;
  markChanges(before);
  document.getElementById("said").textContent = page().dataset.said ?? "";

  // the focus stays where it was; where a rated movie has gone, it goes to the one in its place
  const same = id ? document.getElementById(id) : name && page().querySelector(`[name="${name}"][value="${value}"]`);
  const next = place < 0 ? null : groups()[Math.min(place, groups().length - 1)]?.querySelector("button");
  (same ?? next)?.focus({ preventScroll: true });
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
    document.querySelector(`.result .picks [data-movie="${movie}"] .year, .result .picks [data-movie="${movie}"] .movie`)?.after(badge);
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

addEventListener("popstate", () => { last = last.then(() => show(location.href, false)); });
