// The pad that shows what a network makes of a drawing: its maps, and one value of them taken apart.
const NO_PYTHON =
  "Python has not seen this drawing: it is busy, or has stopped. The next cells use it only once Python has it.";
const NOTHING_CHOSEN = "Draw a digit. Then click a value in one of the maps: it is taken apart here.";
const LARGEST_TABLE = 7;  // places on a side; a larger window is shown as a picture
const POSITIVE = [0, 114, 178], NEGATIVE = [213, 94, 0];  // as in the figures

function renderMapsPad({ model, el }) {
  const networks = model.get("networks").map(loadNetwork);
  const choices = model.get("names").map((name, i) => ({ name, network: networks[i] }));
  const status = make("div", { role: "status", class: "digitrec-said" });
  const reads = make("p", { class: "digitrec-agreement" });
  const apart = makeApart((text) => { status.textContent = text; });
  let latest = null, picked = null, asked = networks[0];

  const live = readLive((strokes) => lookAt(strokes, networks, true), show);
  const { pad, python, waiting } = makeToldPad(model, {
    maxWidth: 280, silence: NO_PYTHON, onChange: live.onChange, onStrokes: showNow,
  });
  const inside = makeInside({
    choices,
    tiles: 8,
    say: () => {},  // the sum is said in its place
    onClick(place, network) {
      [picked, asked] = [place, network];
      takeApart(true);
    },
  });
  el.classList.add("digitrec-maps-room");
  el.append(
    make("div", { class: "digitrec-maps-pad" },
      make("div", { class: "digitrec-left" }, pad.element, reads),
      apart.element),
    inside.element, python, waiting, status,
  );

  function show(look, phase) {
    latest = look;
    inside.update(look, phase !== "drawing");
    takeApart(false);
    const said = look?.readings.map((reading, i) =>
      `${choices[i].name}: ${reading.isDigit ? withArticle(reading.digit) : "no digit"}.`);
    reads.textContent = said?.join(" ") ?? "";
    if (phase === "resting" && look) status.textContent = reads.textContent;
  }

  function takeApart(aloud) {
    if (!latest || !picked) return apart.clear();
    apart.show(arithmeticOf(asked, latest.image, picked.number, picked), picked, aloud);
  }

  function showNow() {
    const strokes = pad.strokes();
    show(strokes.length ? lookAt(strokes, networks, true) : null, "resting");
  }

  showNow();
}

// The place where a value is taken apart: the window, the filter, their products, and the sums.
function makeApart(say) {
  const heading = make("p", { class: "digitrec-apart-head" });
  const list = make("select", { "data-lm-suppress-shortcuts": "true" });
  const label = make("label", { class: "digitrec-control" }, "Input map", list);
  const tables = make("div", { class: "digitrec-tables" });
  const steps = make("table", { class: "digitrec-sums", "aria-label": "From the products to the value" });
  const element = make("section", { class: "digitrec-apart", "aria-label": "One value taken apart" },
    heading, label, tables, steps);
  let parts = null, channel = 0, former = "";

  function clear() {
    parts = null;
    heading.textContent = NOTHING_CHOSEN;
    label.hidden = true;
    tables.replaceChildren();
    steps.replaceChildren();
  }

  function show(found, picked, aloud) {
    parts = found;
    const { sums, channels } = parts;
    const place = JSON.stringify(picked);
    const order = [...sums.keys()].sort((a, b) => Math.abs(sums[b]) - Math.abs(sums[a]) || a - b);
    if (place !== former || channel >= channels) channel = order[0];  // what adds most
    former = place;
    label.hidden = channels === 1;
    list.replaceChildren(...order.map((i) => new Option(`${i + 1}: adds ${signed(sums[i])}`, i)));
    list.value = channel;
    heading.textContent =
      `Map ${picked.tile + 1}, row ${picked.row + 1}, column ${picked.column + 1}` +
      (channels === 1 ? "" : `: the window looks at ${channels} maps at once`);
    draw();
    if (aloud) say(`${heading.textContent}. ${rowsOf(parts, channel).map((row) => row.join(" ")).join(". ")}`);
  }

  function draw() {
    const { values, weights, size, channels } = parts;
    const cut = (all) => Array.from({ length: size * size }, (_, n) => all[n * channels + channel]);
    const [seen, filter] = [cut(values), cut(weights)];
    const products = seen.map((value, n) => value * filter[n]);
    tables.replaceChildren(
      grid("the window", seen, size), make("span", {}, "\u00d7"), grid("the filter", filter, size),
      make("span", {}, "="), grid("products", products, size),
    );
    steps.replaceChildren(make("tbody", {}, ...rowsOf(parts, channel).map(([words, value]) =>
      make("tr", {}, make("th", { scope: "row" }, words), make("td", {}, value)))));
  }
  list.addEventListener("change", () => {
    channel = Number(list.value);
    draw();
  });
  clear();
  return { element, show, clear };
}

// Words and numbers, from the products to the value in the map.
function rowsOf({ size, channels, sums, bias, total, steps }, channel) {
  const count = size * size;
  const rows = [];
  if (channels > 1) rows.push([`input map ${channel + 1}: ${counted(count)} together`, signed(sums[channel], 3)]);
  const all = channels > 1 ? `all ${channels} maps: ${counted(count * channels)} together` : `${counted(count)} together`;
  rows.push([all, signed(total - bias, 3)]);
  if (bias) rows.push(["with the bias", signed(total, 3)]);
  for (const { words, value } of steps) rows.push([words, signed(value, 3)]);
  rows.push(["in the map", signed(steps.at(-1).value, 3)]);
  return rows;
}

function counted(count) {
  return count === 1 ? "1 product" : `${count} products`;
}

function tint(value, most) {
  const depth = most ? 0.6 * Math.min(Math.abs(value) / most, 1) : 0;
  const colour = value < 0 ? NEGATIVE : POSITIVE;
  return `rgb(${colour.map((part) => Math.round(255 + depth * (part - 255))).join(", ")})`;
}

// Numbers on a white ground, blue above 0 and orange below; of many, the colours alone.
function grid(name, values, size) {
  const most = Math.max(...values.map(Math.abs));
  const caption = make("figcaption", {}, name);
  if (size > LARGEST_TABLE) {
    const words = `${name}: ${size}x${size} values from ${signed(Math.min(...values))} to ${signed(Math.max(...values))}`;
    const canvas = make("canvas", { role: "img", "aria-label": words, width: size, height: size });
    const pen = canvas.getContext("2d");
    values.forEach((value, n) => {
      pen.fillStyle = tint(value, most);
      pen.fillRect(n % size, Math.floor(n / size), 1, 1);
    });
    return make("figure", {}, canvas, caption);
  }
  const rows = Array.from({ length: size }, (_, row) => make("tr", {},
    ...values.slice(row * size, (row + 1) * size).map((value) => {
      const cell = make("td", {}, signed(value));
      cell.style.background = tint(value, most);
      return cell;
    })));
  return make("figure", {}, make("table", { "aria-label": name }, make("tbody", {}, ...rows)), caption);
}
