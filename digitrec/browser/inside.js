// See inside: the maps of each layer light up; a place in a map shows the window it looks at.
const FIRST_TILES = 16;  // shown of a layer at first, the liveliest before the others

// The maps of a layer as tiles; of a dense layer, each neuron is a tile of one place.
function tilesOf(maps) {
  const dense = maps.height === 1;
  const rows = maps.height, columns = dense ? 1 : maps.width;
  const count = dense ? maps.width : maps.channels;
  const value = (tile, row, column) =>
    dense ? maps.data[tile] : maps.data[(row * columns + column) * count + tile];
  return { dense, rows, columns, count, value, most: Math.max(...maps.data) || 1 };
}

function liveliest({ count, rows, columns, value }) {
  const sum = (tile) => {
    let total = 0;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) total += value(tile, row, column);
    }
    return total;
  };
  const sums = Array.from({ length: count }, (_, tile) => sum(tile));
  return sums.map((_, tile) => tile).sort((a, b) => sums[b] - sums[a] || a - b);
}

// "rows 3 to 7", counted from 1, and only what lies inside the image.
function spanInWords(name, start, size) {
  return `${name} ${Math.max(start, 0) + 1} to ${Math.min(start + size, IMAGE_SIDE)}`;
}

function placeInWords(maps, { tile, row, column }, drawn) {
  const { dense, value, most } = tilesOf(maps);
  const lit = value(tile, row, column);
  const strength = lit > 0 ? `lit at ${percentText(lit / most)} of the brightest here` : "dark";
  const state = drawn ? ` It is ${strength}.` : "";
  if (dense) return `Neuron ${tile + 1} of ${maps.name} looks at the whole image.${state}`;
  const { left, top, size } = windowOf(maps, row, column);
  const inside = Math.min(left, top) >= 0 && Math.max(left, top) + size <= IMAGE_SIDE;
  return (
    `Map ${tile + 1} of ${maps.name}, row ${row + 1}, column ${column + 1}, looks at ` +
    `${spanInWords("rows", top, size)} and ${spanInWords("columns", left, size)} of the image` +
    `${inside ? "" : "; its window reaches over the edge"}.${state}`
  );
}

function capitalised(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function layerInWords(maps) {
  const { dense, count, rows, columns } = tilesOf(maps);
  if (dense) return `${count} neurons; each looks at the whole image`;
  const { windowSize } = maps;
  return `${count} maps of ${rows}x${columns}; each place looks at ${windowSize}x${windowSize} pixels`;
}

function shiftInWords([down, right]) {
  const parts = [
    down ? `1 pixel ${down > 0 ? "down" : "up"}` : "",
    right ? `1 pixel to the ${right > 0 ? "right" : "left"}` : "",
  ];
  return parts.filter(Boolean).join(" and ");
}

function lookInWords(network) {
  if (network.layers.find((layer) => layer.weights)?.kind === "dense") {
    return "This network looks at all 784 pixels at once: each neuron sees the whole image.";
  }
  if (network.shifts.length === 1) return "This network looks once, at the image as it is.";
  return (
    `This network looks ${network.shifts.length} times, at the image moved by a pixel, and takes the ` +
    `mean. You see its first look: the image moved ${shiftInWords(network.shifts[0])}.`
  );
}

// Returns {element, update(look, resting)}: a choice of networks, the maps of the chosen one, and what
// a place in them looks at. Options: choices ({name, network} of each, the first is shown first),
// say(text), what a screen reader is to say, tiles, how many maps of a layer are shown at first, and
// onClick(picked, network): called when a place is clicked or reached by keys, with its number, tile,
// row and column, and with null when another network is chosen; with it, hovering picks nothing.
// It knows nothing of the page around it; while a part of the page that holds it is `hidden`, it
// computes nothing.
function makeInside({ choices, say, tiles = FIRST_TILES, onClick = null }) {
  const { element, radios, image, drawing, place, words, list } = insideElements(choices);
  let { network } = choices[0];
  let look = null, layers = [], chosen = null;

  function build() {
    layers = mapsOf(network, new Uint8Array(IMAGE_SIDE * IMAGE_SIDE)).map((maps, number) =>
      makeLayer(maps, (picked, keyboard) => {
        chosen = { number, ...picked };
        showPlace();
        layers.forEach((layer, i) => layer.mark(i === number ? picked : null));
        onClick?.(chosen, network);
        if (keyboard) say(place.textContent);
      }, { tiles, hover: onClick === null }));
    list.replaceChildren(...layers.map((layer) => layer.element));
    words.textContent = lookInWords(network);
    chosen = null;
    onClick?.(null, network);
    update(look, true);
  }

  function showPlace() {
    const maps = chosen && layers[chosen.number].maps();
    const window = chosen && windowOf(maps, chosen.row, chosen.column);
    place.textContent = chosen
      ? placeInWords(maps, chosen, look !== null)
      : `${onClick ? "Click" : "Point at"} a place in a map, with mouse, finger, or the arrow keys.`;
    drawImage(image, look?.image, window);
    const drawn = window && look ? windowOnDrawing(window, look.placement) : null;
    drawDrawing(drawing, look?.strokes ?? [], drawn);
  }

  // While the pen moves the maps keep their order, so that none jumps.
  function update(latest, resting) {
    look = latest;
    if (element.closest("[hidden]")) return;
    const shown = look?.image ?? new Uint8Array(IMAGE_SIDE * IMAGE_SIDE);
    mapsOf(network, shown).forEach((maps, number) => layers[number].show(maps, resting, !look));
    showPlace();
  }

  radios.forEach((radio, i) => radio.addEventListener("change", () => {
    network = choices[i].network;
    build();
  }));
  build();
  return { element, update };
}

function keepKeys(element) {
  element.dataset.lmSuppressShortcuts = "true";  // or JupyterLab takes them
}

function insideElements(choices) {
  const radios = choices.map((_, i) => make("input", { type: "radio", name: "network", value: i }));
  radios.forEach(keepKeys);
  radios[0].checked = true;
  const labels = choices.map(({ name }, i) =>
    make("label", { class: "digitrec-choice" }, radios[i], ` ${name}`));
  const choice = make("fieldset", {}, make("legend", {}, "The maps of"), ...labels);
  const form = make("form", {}, choice);  // names of radio buttons hold within their form only
  form.addEventListener("submit", (event) => event.preventDefault());
  const image = make("canvas", { role: "img" });
  const drawing = make("canvas", { role: "img", "aria-label": "Your drawing" });
  const place = make("p", { class: "digitrec-place" });
  const lookedAt = make(
    "div", { class: "digitrec-looked-at" },
    make("figure", {}, image, make("figcaption", {}, "28x28 pixels")),
    make("figure", {}, drawing, make("figcaption", {}, "your drawing")),
    place,
  );
  const words = make("p", { class: "digitrec-look" });
  const head = make("div", { class: "digitrec-inside-head" }, form, lookedAt, words);
  const list = make("div", { class: "digitrec-layers" });
  const parts = make("div", { class: "digitrec-inside" }, head, list);
  const element = make("div", { class: "digitrec-inside-room" }, parts);
  return { element, radios, image, drawing, place, words, list };
}

// One canvas for all maps of a layer: one stop of the Tab key, arrows go from place to place.
function makeLayer(first, onPick, { tiles, hover }) {
  let maps = first, order = [...Array(tilesOf(first).count).keys()], marked = null, dark = true;
  let all = tilesOf(first).dense;
  const canvas = make("canvas", { tabindex: 0, role: "application", class: "digitrec-maps" });
  const button = make("button", { type: "button", class: "digitrec-button digitrec-small" });
  button.hidden = all || tilesOf(first).count <= tiles;
  const head = make("h3", {}, capitalised(first.name));
  const row = make("div", { class: "digitrec-layer-head" }, head, make("p", {}, layerInWords(first)), button);
  const element = make("div", { class: "digitrec-layer" }, row, canvas);

  const shown = () => (all ? order : order.slice(0, tiles));
  function grid() {
    const { dense, rows, columns } = tilesOf(maps);
    const across = dense ? 32 : element.clientWidth >= 440 ? 8 : 4;
    const cell = dense ? 18 : Math.floor(72 / rows);
    return { across, cell, width: cell * columns, height: cell * rows, gap: dense ? 2 : 4 };
  }

  function draw() {
    const { rows, columns, value, most } = tilesOf(maps);
    const { across, cell, width, height, gap } = grid();
    canvas.width = across * (width + gap) - gap;
    canvas.height = Math.ceil(shown().length / across) * (height + gap) - gap;
    const pen = canvas.getContext("2d");
    shown().forEach((tile, position) => {
      const left = (position % across) * (width + gap);
      const top = Math.floor(position / across) * (height + gap);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          pen.fillStyle = heat(dark ? 0 : value(tile, row, column) / most);
          pen.fillRect(left + cell * column, top + cell * row, cell, cell);
        }
      }
      if (marked?.tile === tile) {
        const box = { left: left + cell * marked.column, top: top + cell * marked.row, width: cell, height: cell };
        outline(pen, box, LOOK, 2);
      }
    });
    const count = shown().length === order.length ? `all ${order.length}` : `the ${tiles} liveliest`;
    canvas.setAttribute("aria-label", `${capitalised(maps.name)}, ${count}. Arrow keys go from place to place.`);
    button.textContent = all ? `Show ${tiles}` : `Show all ${order.length}`;
  }

  function pick(position, row, column, keyboard) {
    const { rows, columns } = tilesOf(maps);
    const tile = shown()[position];
    if (tile === undefined || row < 0 || row >= rows || column < 0 || column >= columns) return;
    onPick({ tile, row, column }, keyboard);
  }

  function pointed(event) {
    const box = canvas.getBoundingClientRect();
    const { across, cell, width, height, gap } = grid();
    const x = ((event.clientX - box.left) * canvas.width) / box.width;
    const y = ((event.clientY - box.top) * canvas.height) / box.height;
    const [i, j] = [Math.floor(x / (width + gap)), Math.floor(y / (height + gap))];
    const column = Math.floor((x - i * (width + gap)) / cell);
    pick(j * across + i, Math.floor((y - j * (height + gap)) / cell), column, false);
  }
  if (hover) canvas.addEventListener("pointermove", pointed);
  canvas.addEventListener("pointerdown", pointed);
  canvas.addEventListener("keydown", (event) => {
    const arrow = PAD_ARROWS[event.key];
    if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { rows, columns } = tilesOf(maps);
    const { across } = grid();
    const position = marked ? shown().indexOf(marked.tile) : -1;
    if (position < 0) return pick(0, 0, 0, true);
    const x = (position % across) * columns + marked.column + arrow[0];
    const y = Math.floor(position / across) * rows + marked.row + arrow[1];
    if (x < 0 || y < 0 || x >= across * columns) return;
    pick(Math.floor(y / rows) * across + Math.floor(x / columns), y % rows, x % columns, true);
  });
  button.addEventListener("click", () => {
    all = !all;
    draw();
  });
  [canvas, button].forEach(keepKeys);
  new ResizeObserver(draw).observe(element);

  return {
    element,
    maps: () => maps,
    mark(picked) {
      marked = picked;
      draw();
    },
    show(latest, resting, empty) {
      maps = latest;
      dark = empty;
      if (resting && !tilesOf(maps).dense) order = liveliest(tilesOf(maps));
      draw();
    },
  };
}
