// A map of digits to point at: mouse, finger or arrow keys go from digit to digit.
const MAP_WIDTH = 640, MAP_HEIGHT = 480, THUMB = 20;  // pixels of the map
const MAP_ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SAY_AFTER = 400;  // milliseconds of rest, after which a screen reader says the digit

// What Python's `as_content` wrote: for each digit its image, place on the canvas, label and answer.
function digitsOf(text) {
  const { images, points, labels, answers, none } = JSON.parse(text);
  const pixels = bytesOf(images);
  const axis = (n) => points.map((point) => point[n]);
  const scaled = (values, length) => {
    const low = Math.min(...values), span = Math.max(...values) - low || 1;
    return values.map((value) => THUMB + ((value - low) / span) * (length - 2 * THUMB));
  };
  const xs = scaled(axis(0), MAP_WIDTH), ys = scaled(axis(1).map((y) => -y), MAP_HEIGHT);
  return points.map((_, i) => ({
    image: pixels.subarray(i * 784, (i + 1) * 784),
    x: xs[i],
    y: ys[i],
    label: labels[i],  // undefined for the reader's own
    own: i >= labels.length,
    answer: answers[i],
    none: answers[i] === none,
  }));
}

function mapDigitInWords({ own, label, answer, none }) {
  const read = none ? "no digit" : withArticle(answer);
  if (own) return `Your digit. The network reads ${read}.`;
  const verdict = label === answer ? "right" : "a mistake";
  return `A digit with the label ${label}. The network reads ${read}: ${verdict}.`;
}

// The nearest digit in the direction of an arrow, not more to the side than ahead; or null.
function nextDigit(digits, from, [dx, dy]) {
  let best = null, least = Infinity;
  for (const digit of digits) {
    const x = digit.x - from.x, y = digit.y - from.y;
    const ahead = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (ahead <= 0 || aside > ahead || ahead + aside >= least) continue;
    [best, least] = [digit, ahead + aside];
  }
  return best;
}

function renderDigitMap({ model, el }) {
  const canvas = make("canvas", {
    tabindex: 0,
    role: "application",
    "aria-label": "Map of digits; arrow keys go from digit to digit",
    "data-lm-suppress-shortcuts": "true",  // or JupyterLab takes the arrow keys
    width: 2 * MAP_WIDTH,  // sharp on fine screens
    height: 2 * MAP_HEIGHT,
  });
  const image = make("canvas", { role: "img", class: "digitrec-map-image" });
  const words = make("p", {});
  const region = makeLiveRegion();
  el.classList.add("digitrec-map-room", "digitrec-view");
  el.append(make(
    "div", { class: "digitrec-map" },
    canvas,
    make("div", { class: "digitrec-map-chosen" }, image, words),
    make("p", { class: "digitrec-map-words" },
      "Point at a digit, or walk with the arrow keys. Orange frame: a mistake. Blue frame: yours."),
  ), region);

  let digits = [], chosen = null, sheet = null, rest = 0;

  function take() {
    if (!model.get("content")) return;
    digits = digitsOf(model.get("content"));
    chosen = digits.at(-1);  // the reader's own, if there is one
    sheet = sheetOf(digits);
    show();
  }

  function show() {
    const pen = canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(sheet, 0, 0);
    pen.setTransform(2, 0, 0, 2, 0, 0);
    const side = (chosen.own ? 1.5 : 1) * THUMB + 12;
    const [left, top] = [chosen.x - side / 2, chosen.y - side / 2];
    outline(pen, { left, top, width: side, height: side }, "black", 2.5);
    drawImage(image, chosen.image);
    image.setAttribute("aria-label", "The chosen digit, enlarged");
    words.textContent = mapDigitInWords(chosen);
    clearTimeout(rest);
    rest = setTimeout(() => { region.textContent = words.textContent; }, SAY_AFTER);
  }

  function choose(digit) {
    if (!digit || digit === chosen) return;
    chosen = digit;
    show();
  }

  function pointed(event) {
    if (event.pointerType !== "mouse" && event.buttons === 0) return;
    const box = canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * MAP_WIDTH;
    const y = ((event.clientY - box.top) / box.height) * MAP_HEIGHT;
    const distance = (digit) => Math.hypot(digit.x - x, digit.y - y);
    choose(digits.reduce((best, digit) => (distance(digit) < distance(best) ? digit : best), digits[0]));
  }
  canvas.addEventListener("pointermove", pointed);
  canvas.addEventListener("pointerdown", pointed);
  canvas.addEventListener("keydown", (event) => {
    const arrow = MAP_ARROWS[event.key];
    if (!arrow || !chosen || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    choose(nextDigit(digits, chosen, arrow));
  });

  model.on("change:content", take);
  take();
}

// All digits at their places, drawn once; a move draws only what is chosen.
function sheetOf(digits) {
  const sheet = make("canvas", { width: 2 * MAP_WIDTH, height: 2 * MAP_HEIGHT });
  const pen = sheet.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.scale(2, 2);
  const thumb = make("canvas", { width: IMAGE_SIDE, height: IMAGE_SIDE });
  const inked = thumb.getContext("2d");
  for (const digit of digits) {
    const pixels = inked.createImageData(IMAGE_SIDE, IMAGE_SIDE);
    digit.image.forEach((shade, i) => { pixels.data[4 * i + 3] = shade; });  // paper lets through
    inked.putImageData(pixels, 0, 0);
    const side = digit.own ? 1.5 * THUMB : THUMB;
    pen.drawImage(thumb, digit.x - side / 2, digit.y - side / 2, side, side);
  }
  pen.fillStyle = "black";
  for (const digit of digits) {
    if (!digit.own && digit.label === digit.answer) continue;
    const side = digit.own ? 1.5 * THUMB : THUMB;
    const box = { left: digit.x - side / 2, top: digit.y - side / 2, width: side, height: side };
    outline(pen, box, digit.own ? SQUARE : LOOK, 1.5);
    if (digit.own) pen.fillText("yours", box.left, box.top - 10);
  }
  return sheet;
}
