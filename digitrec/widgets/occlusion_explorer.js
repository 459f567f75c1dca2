// A square of paper over a digit: mouse, finger or arrow keys move it, in the image or in the map
// beside it. All answers came from Python before, so a move shows its answer at once.
const SAID_AFTER = 400;  // milliseconds of rest, after which a screen reader says the answer
const GAIN = [0, 114, 178], LOSS = [213, 94, 0];  // RIGHT and WRONG of the figures

// The colour of a share of probability that is lost, or gained where it is negative.
function lossColour(lost, most) {
  const depth = Math.min(Math.abs(lost) / most, 1), colour = lost < 0 ? GAIN : LOSS;
  return `rgb(${colour.map((value) => Math.round(255 + (value - 255) * depth)).join(", ")})`;
}

// What Python's `as_content` wrote.
function occlusionOf(text) {
  const content = JSON.parse(text);
  const whole = floatsOf(content.whole), covered = floatsOf(content.covered);
  const { answers, places } = content;
  const readingOf = (shares) =>
    ({ ...interpretAnswers(shares, { shapes: [1, 0] }), probabilities: shares });
  const at = ([row, column]) => {
    const start = (row * places + column) * answers;
    return covered.subarray(start, start + answers);
  };
  const before = readingOf(whole), { digit } = before;
  const lost = Array.from({ length: places * places }, (_, place) =>
    whole[digit] - at([Math.floor(place / places), place % places])[digit]);
  return {
    ...content,
    image: bytesOf(content.image),
    before,
    lost,
    most: Math.max(0.01, ...lost.map(Math.abs)),
    share: (place) => at(place)[digit],
    reading: (place) => readingOf(at(place)),
  };
}

function occlusionInWords(found, [row, column]) {
  const { size, stride, before, name } = found;
  const span = (from) => `${from * stride + 1} to ${from * stride + size}`;
  const after = found.reading([row, column]);
  const digit = withArticle(before.digit);
  const left = percentText(found.share([row, column]));
  const other = after.digit === before.digit
    ? ""
    : ` Now its best guess is ${withArticle(after.digit)} (${percentText(after.confidence)}).`;
  return (
    `The square covers rows ${span(row)} and columns ${span(column)}. ${name}: ${digit} had ` +
    `${percentText(before.confidence)} without the square, and has ${left} with it.${other}`
  );
}

function renderOcclusion({ model, el }) {
  const keys = { tabindex: 0, role: "application", "data-lm-suppress-shortcuts": "true" };
  const image = make("canvas", { ...keys, class: "digitrec-occlusion-image" });
  const map = make("canvas", { role: "img", class: "digitrec-occlusion-map" });
  const words = make("p", { class: "digitrec-occlusion-words" });
  const scale = make("p", {});
  const cardPlace = make("div");
  const region = makeLiveRegion();
  el.classList.add("digitrec-occlusion-room", "digitrec-view");
  el.append(make(
    "div", { class: "digitrec-occlusion" },
    make("figure", {}, image, make("figcaption", {}, "Move the square: mouse, finger, or arrow keys.")),
    make("figure", {}, map, make("figcaption", {}, scale)),
    cardPlace,
    words,
  ), region);

  let found = null, card = null, place = null, rest = 0;

  function take() {
    if (!model.get("content")) return;
    found = occlusionOf(model.get("content"));
    const worst = found.lost.indexOf(Math.max(...found.lost));
    const first = [Math.floor(worst / found.places), worst % found.places];
    place = (place ?? first).map((at) => Math.min(at, found.places - 1));
    card = makeCard(found.name, { answers: found.answers });
    cardPlace.replaceChildren(card.element);
    const most = found.lost[worst] >= 0.01 ? percentText(found.lost[worst]) : "less than 1%";
    scale.textContent =
      `Orange: the square there takes probability from ${withArticle(found.before.digit)}, ` +
      `${most} at most. Blue: it adds some.`;
    show();
  }

  function show() {
    const { size, stride, places } = found;
    const [row, column] = place;
    const [top, left] = [row * stride, column * stride];
    const covered = found.image.slice();
    for (let r = top; r < top + size; r++) {
      covered.fill(0, r * IMAGE_SIDE + left, r * IMAGE_SIDE + left + size);
    }
    drawImage(image, covered, { left, top, size });
    image.setAttribute("aria-label", "The digit, a square of it covered; arrow keys move the square");
    drawMap();
    card.show(found.reading(place), true);
    words.textContent = occlusionInWords(found, place);
    clearTimeout(rest);
    rest = setTimeout(() => { region.textContent = words.textContent; }, SAID_AFTER);
  }

  function drawMap() {
    const { places, stride, size, lost, most } = found;
    const side = 20, start = (size - stride) / 2;  // pixels: each place is drawn at its middle
    map.width = map.height = side * IMAGE_SIDE;
    const pen = map.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, map.width, map.height);
    pen.scale(side, side);
    lost.forEach((share, at) => {
      pen.fillStyle = lossColour(share, most);
      const [row, column] = [Math.floor(at / places), at % places];
      pen.fillRect(start + column * stride, start + row * stride, stride + 0.05, stride + 0.05);
    });
    pen.fillStyle = "rgba(0, 0, 0, 0.6)";  // the digit, as dots: the colours below are seen
    found.image.forEach((shade, at) => {
      if (shade < 128) return;
      pen.fillRect((at % IMAGE_SIDE) + 0.35, Math.floor(at / IMAGE_SIDE) + 0.35, 0.3, 0.3);
    });
    const [row, column] = place;
    const [top, left] = [start + row * stride, start + column * stride];
    outline(pen, { left, top, width: stride, height: stride }, "black", 0.25);
    map.setAttribute("aria-label", scale.textContent);
  }

  // The pointer is the middle of the square.
  function pointed(event) {
    if (!found || (event.pointerType !== "mouse" && event.buttons === 0)) return;
    const box = event.currentTarget.getBoundingClientRect();
    const { size, stride, places } = found;
    const near = (distance, length) => {
      const first = (distance / length) * IMAGE_SIDE - size / 2;
      return Math.min(Math.max(Math.round(first / stride), 0), places - 1);
    };
    place = [near(event.clientY - box.top, box.height), near(event.clientX - box.left, box.width)];
    show();
  }
  for (const canvas of [image, map]) {
    canvas.addEventListener("pointermove", pointed);
    canvas.addEventListener("pointerdown", pointed);
  }

  image.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!found || !step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    place = place.map((at, axis) => Math.min(Math.max(at + step[axis], 0), found.places - 1));
    show();
  });

  model.on("change:content", take);
  take();
}
