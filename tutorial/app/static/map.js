// Moves and zooms the map, and writes the titles that have room. Without this script the map stands
// still, with fewer titles.

const STEP = 60; // pixels that an arrow key moves the map
let view = null; // kept while the map is shown again for another genre

function start() {
  const svg = document.getElementById("map");
  if (!svg) return;
  const { width, height: drawn } = svg.viewBox.baseVal;
  const height = (width * svg.clientHeight) / svg.clientWidth; // a narrow screen has a tall map
  const points = [...svg.querySelectorAll(".point")].reverse(); // most-rated first
  const places = points.map(({ dataset }) => [Number(dataset.x), (Number(dataset.y) * height) / drawn]);
  const lengths = points.map((point) => point.querySelector("text").getComputedTextLength());
  points.forEach((point, at) => point.setAttribute("transform", `translate(${places[at].join(" ")})`));
  view ??= { x: 0, y: 0, width };
  document.querySelector(".zoom").hidden = false;

  const scale = () => view.width / svg.clientWidth; // map units in a pixel of the screen

  function show() {
    view.width = Math.min(Math.max(view.width, width / 12), width);
    const tall = (view.width * height) / width;
    view.x = Math.min(Math.max(view.x, 0), width - view.width);
    view.y = Math.min(Math.max(view.y, 0), height - tall);
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${tall}`);
    svg.style.setProperty("--unit", scale());
    nameThoseWithRoom(tall);
  }

  function nameThoseWithRoom(tall) {
    const unit = scale();
    const near = (svg.clientWidth < 600 ? 2 : 5) * unit; // so much of a point is not written over
    const buttons = document.querySelector(".zoom").getBoundingClientRect();
    const frame = svg.getBoundingClientRect();
    const [right, bottom] = [buttons.right - frame.left, buttons.bottom - frame.top];
    const behind = [right - buttons.width, bottom - buttons.height, right, bottom];
    const shown = places.filter((_, at) => !points[at].classList.contains("dim"));
    const taken = shown.map(([x, y]) => [x - near, y - near, x + near, y + near]);
    taken.push(behind.map((pixels, at) => pixels * unit + (at % 2 ? view.y : view.x)));
    const free = ([left, top, right, bottom]) =>
      left >= view.x && right <= view.x + view.width && top >= view.y && bottom <= view.y + tall &&
      taken.every((box) => box[2] < left || box[0] > right || box[3] < top || box[1] > bottom);
    for (const [at, point] of points.entries()) {
      const [x, y] = places[at];
      const text = point.querySelector("text");
      const long = (lengths[at] + 14) * unit;
      const after = [x + 6 * unit, y - 9 * unit, x + long, y + 9 * unit];
      const before = [x - long, y - 9 * unit, x - 6 * unit, y + 9 * unit];
      const box = !point.classList.contains("dim") && [after, before].find(free);
      point.classList.toggle("named", Boolean(box));
      text.setAttribute("x", box === before ? -10 : 10);
      text.setAttribute("text-anchor", box === before ? "end" : "start");
      if (box) taken.push(box);
    }
  }

  function zoom(factor, x = view.x + view.width / 2, y = view.y + (view.width * height) / width / 2) {
    const before = view.width;
    view.width = Math.min(Math.max(view.width * factor, width / 12), width);
    view.x = x - ((x - view.x) * view.width) / before;
    view.y = y - ((y - view.y) * view.width) / before;
    show();
  }

  function reset() {
    Object.assign(view, { x: 0, y: 0, width });
    show();
  }

  for (const button of document.querySelectorAll("[data-zoom]")) {
    const factor = Number(button.dataset.zoom);
    button.addEventListener("click", () => (factor ? zoom(factor) : reset()));
  }

  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { left, top } = svg.getBoundingClientRect();
    zoom(Math.exp(event.deltaY / 400), view.x + (event.clientX - left) * scale(), view.y + (event.clientY - top) * scale());
  }, { passive: false });

  svg.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    if (event.key in moves) {
      view.x += moves[event.key][0] * scale();
      view.y += moves[event.key][1] * scale();
      show();
    } else if (event.key === "+" || event.key === "=") zoom(0.67);
    else if (event.key === "-") zoom(1.5);
    else if (event.key === "0") reset();
    else return;
    event.preventDefault();
  });

  let from = null; // where a drag began
  svg.addEventListener("pointerdown", (event) => {
    from = { x: event.clientX, y: event.clientY, view: { ...view }, moved: false };
  });
  svg.addEventListener("pointermove", (event) => {
    if (!from || !event.buttons) return;
    const [right, down] = [event.clientX - from.x, event.clientY - from.y];
    from.moved ||= Math.hypot(right, down) > 4;
    if (!from.moved) return;
    view.x = from.view.x - right * scale();
    view.y = from.view.y - down * scale();
    show();
  });
  svg.addEventListener("click", (event) => {
    if (from?.moved) event.preventDefault(); // a drag that ends on a point does not open it
    from = null;
  });
  svg.addEventListener("dragstart", (event) => event.preventDefault());

  show();
  new ResizeObserver(show).observe(svg);
}

start();
document.addEventListener("shown", start);
