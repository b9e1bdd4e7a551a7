// Toys: each takes the place of the figure of its name, which GitHub and notebooks show instead.
// TOYS holds the data that the figure was drawn from; see docs/_ext/toys.py.
"use strict";

const UNIT = 70; // pixels of the map
const SVG = "http://www.w3.org/2000/svg";

const make = (tag, attributes = {}, ...inside) => fill(document.createElement(tag), attributes, inside);
const draw = (tag, attributes = {}, ...inside) =>
  fill(document.createElementNS(SVG, tag), attributes, inside);

function fill(element, attributes, inside) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

const said = (number, digits = 2) =>
  number.toFixed(digits).replace(/^-(?=[0.]*$)/, "").replace("-", "−");

const dot = ([a, b], [c, d]) => a * c + b * d;

function toy(name, picture, ...rest) {
  return make("div", { class: "toy", role: "group", "aria-label": name }, picture,
    make("div", {}, make("p", {}, make("b", {}, name)), ...rest));
}

// A slider with its value beside the label; `words` turns its position into what is shown and said.
function slider(name, range, words, moved) {
  const input = make("input", { type: "range", ...range });
  const value = make("output");
  const set = (position) => {
    input.value = position;
    value.value = words(input.valueAsNumber);
    input.setAttribute("aria-valuetext", value.value);
  };
  set(range.value);
  input.addEventListener("input", () => {
    set(input.valueAsNumber);
    moved();
  });
  const label = make("label", {}, make("span", {}, name, " ", value), input);
  return { label, set, get: () => input.valueAsNumber };
}

// Titles, best first, with their stars and a remark; equal scores keep their order.
function ranked(scores, remark = () => "") {
  return Object.entries(scores)
    .sort(([, a], [, b]) => b - a)
    .map(([title, stars]) =>
      make("li", {}, title, " ", make("b", {}, `${said(stars)} ★`), " ", make("small", {}, remark(title))));
}

// The movies on the axes romance–space and dark–light, with a group above them that the toy fills.
function plane(label, movies) {
  const places = Object.entries(movies).map(([title, [x, y]]) =>
    draw("g", { class: "movie", transform: `translate(${x * UNIT} ${-y * UNIT})` },
      draw("rect", { x: -49, y: -13, width: 98, height: 26, rx: 4 }), draw("text", {}, title)));
  const axis = [["romance", -190, 18, "start"], ["space", 190, 18, "end"], ["light", 6, -118, "start"],
    ["dark", 6, 118, "start"]];
  const top = draw("g");
  const picture = draw("svg", { viewBox: "-195 -132 390 264", role: "img", "aria-label": label },
    draw("path", { class: "axis", d: "M-190 0H190M0-128V128" }),
    ...axis.map(([name, x, y, anchor]) =>
      draw("text", { class: "name", x, y, "text-anchor": anchor }, name)),
    ...places, top);
  return { picture, top };
}

const arrowTo = ([x, y]) =>
  draw("line", { class: "taste", x1: 0, y1: 0, x2: x * UNIT, y2: -y * UNIT });

// Part 1: where Ben stands decides what he is recommended.
function ben({ movies, ben: start, mean, gave }) {
  const { picture, top } = plane("The map: five movies, and Ben, who can be moved.", movies);
  const list = make("ol");
  const error = make("p", { "aria-live": "polite" });
  const axes = [["space", 2], ["light", 1.5]].map(([name, end], i) =>
    slider(`Ben’s number for ${name}:`, { min: -end, max: end, step: 0.05, value: start[i] },
      (number) => said(number), show));
  const place = () => axes.map(({ get }) => get());
  const disc = draw("g", { class: "person" }, draw("circle", { r: 17 }), draw("text", {}, "Ben"));

  function show() {
    const [x, y] = place();
    disc.setAttribute("transform", `translate(${x * UNIT} ${-y * UNIT})`);
    top.replaceChildren(arrowTo([x, y]), disc);
    const stars = Object.fromEntries(
      Object.entries(movies).map(([title, factors]) => [title, mean + dot([x, y], factors)]));
    list.replaceChildren(...ranked(stars, (title) => (title in gave ? `he gave ${gave[title]}` : "not seen")));
    const off = Object.keys(gave).map((title) => Math.abs(stars[title] - gave[title]));
    const average = off.reduce((sum, error) => sum + error) / off.length;
    error.textContent = `From his own three ratings, this is ${said(average)} stars off on average.`;
  }
  const move = (at) => {
    axes.forEach(({ set }, i) => set(at[i]));
    show();
  };
  disc.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    disc.setPointerCapture(event.pointerId);
  });
  disc.addEventListener("pointermove", (event) => {
    if (!disc.hasPointerCapture(event.pointerId)) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY)
      .matrixTransform(picture.getScreenCTM().inverse());
    move([x / UNIT, -y / UNIT]);
  });
  const back = make("button", { type: "button" }, "Back to where he was");
  back.addEventListener("click", () => move(start));
  show();
  return toy("Try it: drag Ben, or use the sliders", picture, ...axes.map(({ label }) => label), list, error, back);
}

// Part 5: how far two ratings may carry a newcomer.
function newcomer({ movies, biases, mean, gave, lambdas }) {
  const { picture, top } = plane("The map: five movies, and Eva’s vector from the middle.", movies);
  const list = make("ol");
  const vector = make("p", { "aria-live": "polite" });
  const given = { ...gave };
  const penalty = slider("λ =", { min: 0, max: lambdas.length - 1, step: 1, value: lambdas.indexOf(1) },
    (position) => String(lambdas[position]), show);

  // (QᵀQ + λI)⁻¹ Qᵀr, written out for two factors.
  function foldIn(lambda) {
    let [a, b, c] = [lambda, 0, lambda];
    let [u, v] = [0, 0];
    for (const [title, stars] of Object.entries(given)) {
      const [x, y] = movies[title];
      const residual = stars - mean - biases[title];
      [a, b, c] = [a + x * x, b + x * y, c + y * y];
      [u, v] = [u + x * residual, v + y * residual];
    }
    const determinant = a * c - b * b;
    return [(c * u - b * v) / determinant, (a * v - b * u) / determinant];
  }
  function show() {
    const p = foldIn(lambdas[penalty.get()]);
    top.replaceChildren(arrowTo(p), draw("circle", { class: "tip", cx: p[0] * UNIT, cy: -p[1] * UNIT, r: 6 }));
    vector.textContent = `Eva’s vector: (${p.map((number) => said(number)).join(", ")})`;
    const unseen = Object.keys(movies).filter((title) => !(title in given));
    list.replaceChildren(...ranked(Object.fromEntries(
      unseen.map((title) => [title, mean + biases[title] + dot(p, movies[title])]))));
  }
  const ratings = Object.keys(movies).map((title) => {
    const select = make("select", {}, ...["–", 1, 2, 3, 4, 5].map((stars) => make("option", {}, stars)));
    select.value = gave[title] ?? "–";
    select.addEventListener("change", () => {
      if (select.value === "–") delete given[title];
      else given[title] = Number(select.value);
      show();
    });
    return make("label", {}, select, ` ${title}`);
  });
  show();
  return toy("Try it: how strong should the penalty be?", picture, penalty.label, vector,
    make("b", {}, "Her list"), list,
    make("fieldset", {}, make("legend", {}, "Eva’s ratings"), ...ratings));
}

// Part 5: a longer list finds more, and more of it is irrelevant.
function listLength({ list, relevant }) {
  const hits = (k) => list.slice(0, k).filter((id) => relevant.includes(id)).length;
  const measures = { precision: (k) => hits(k) / k, recall: (k) => hits(k) / relevant.length };
  const [wide, tall] = [320 / list.length, 180];
  const curve = (measure) => "M" + list.map((_, i) => `${i * wide},${-tall * measure(i + 1)}`).join("L");
  const marks = draw("g");
  const picture = draw("svg", { viewBox: "-45 -205 380 255", role: "img",
    "aria-label": "Precision and recall, from 0 to 1, against the length of the list." },
    draw("path", { class: "axis", d: `M0-${tall}V0H${wide * (list.length - 1)}` }),
    ...[0, 0.5, 1].map((share) => draw("text", { x: -22, y: -tall * share }, String(share))),
    ...list.map((_, i) => draw("text", { x: i * wide, y: 18 }, String(i + 1))),
    draw("text", { class: "name", x: 144, y: 40 }, "length of the list, k"),
    ...Object.entries(measures).map(([name, measure]) =>
      draw("path", { class: `curve ${name}`, d: curve(measure) })),
    draw("text", { class: "name precision", x: 240, y: -38 }, "precision"),
    draw("text", { class: "name recall", x: 245, y: -192 }, "recall"), marks);
  const shown = make("ol", { class: "shown" });
  const result = make("p", { "aria-live": "polite" });
  const length = slider("k =", { min: 1, max: list.length, step: 1, value: 5 }, String, show);

  function show() {
    const k = length.get();
    const x = (k - 1) * wide;
    marks.replaceChildren(draw("path", { class: "axis cut", d: `M${x} 0V-${tall}` }),
      ...Object.entries(measures).map(([name, measure]) =>
        draw("circle", { class: name, cx: x, cy: -tall * measure(k), r: 6 })));
    shown.replaceChildren(...list.map((id, i) => make("li", { class: i < k ? "in" : "out" }, String(id),
      relevant.includes(id) ? " ✓" : "")));
    result.textContent = `${hits(k)} of the first ${k} are relevant: ` +
      Object.entries(measures).map(([name, measure]) => `${name} ${said(measure(k))}`).join(", ") + ".";
  }
  show();
  return toy("Try it: how long should the list be?", picture, length.label, shown, result);
}

document.addEventListener("DOMContentLoaded", () => {
  for (const [name, build] of Object.entries({ "two-axes": ben, newcomer, "list-length": listLength })) {
    const figure = document.querySelector(`img[src$="/${name}.svg"]`);
    if (figure) figure.closest("p").replaceWith(build(TOYS[name]));
  }
});
