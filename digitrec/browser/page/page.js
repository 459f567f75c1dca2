// The page: a drawing goes to both networks while it is drawn, and to everything that shows it.
const SETTLED = 300, RESTING = 700;  // milliseconds after the pen is lifted
const LEAST_PAUSE = 50, MOST_PAUSE = 120;  // milliseconds between two answers while the pen moves
const SMALL_SEVEN = [
  [[196, 203], [208, 202], [222, 201], [236, 200], [250, 199], [247, 208], [242, 220], [236, 233], [230, 246], [225, 260]],
];

function startPage() {
  const networks = ["box", "dense"].map((name) => loadNetwork(byId(`network-${name}`).textContent));
  const names = ["Network in the box", "Dense network"];
  const cards = networks.map((network, i) => makeCard(names[i], network));
  byId("cards").append(...cards.map((card) => card.element));
  const prepare = byId("prepare");
  let look = null;
  let lastRead = 0, cost = 0;  // milliseconds
  let pending = 0, settling = 0, rest = 0;  // timers

  const pad = makePad({ label: "Paper to draw a digit on", maxWidth: 420, onChange });
  byId("pad").append(pad.element);
  const showPad = () => read("ended");
  const inside = startInside(networks);
  const challenges = startChallenges({ pad, usual: loadUsual(), showPad });
  startExport({ pad, showPad });
  startTabs(byId("tabs"), () => inside.update(look, true));
  prepare.addEventListener("change", showPad);
  byId("small-digit").addEventListener("click", () => {
    pad.setStrokes(SMALL_SEVEN);
    showPad();
  });

  // While the pen moves, answers leave most of the time to the line, which must not lag.
  function onChange(_, drawing) {
    if (!drawing) return read("ended");
    clearTimeout(settling);
    clearTimeout(rest);
    const pause = Math.min(Math.max(LEAST_PAUSE, 2 * cost), MOST_PAUSE);
    const wait = lastRead + pause - performance.now();
    if (wait <= 0) read("drawing");
    else pending ||= setTimeout(() => read("drawing"), wait);
  }

  function read(phase) {
    for (const timer of [pending, settling, rest]) clearTimeout(timer);
    pending = 0;
    const start = performance.now();
    look = lookAt(pad.strokes(), networks, prepare.checked);
    show(phase);
    lastRead = performance.now();
    cost = lastRead - start;
    if (phase === "drawing") return;
    settling = setTimeout(() => tell("settled"), SETTLED);
    rest = setTimeout(() => {
      show("resting");
      if (look) say(inWords());
    }, RESTING);
  }

  function show(phase) {
    const resting = phase === "resting";
    cards.forEach((card, i) => card.show(look && look.readings[i], resting));
    showAgreement(resting);
    showImage();
    inside.update(look, phase !== "drawing");
    tell(phase);
  }

  function tell(phase) {
    challenges.on({ phase, look, strokes: pad.strokes() });
  }

  function showAgreement(resting) {
    const { agree, text } = look
      ? agreementOf(look.readings, resting)
      : { agree: true, text: "Draw one digit: 0 to 9." };
    byId("agreement").textContent = text;
    byId("agreement").classList.toggle("differ", !agree);
  }

  function showImage() {
    drawImage(byId("image"), look?.image);
    if (look?.prepare) drawSquare(byId("image"), look.image);
    byId("image-words").textContent = prepare.checked
      ? "Cut out, fitted into the dashed 20x20 square, and moved so that its ink is in the middle."
      : "The whole paper shrunk to 28x28, wherever the digit stands.";
  }

  function inWords() {
    const each = look.readings.map((reading, i) =>
      `${names[i]}: ${sentenceOf(reading, true)}. ${detailsOf(reading)}`);
    return `${byId("agreement").textContent} ${each.join(" ")}`;
  }

  show("resting");
  return { pad, networks, look: () => look };
}

function loadUsual() {
  const { means, distances } = JSON.parse(byId("usual-digits").textContent);
  return { means: bytesOf(means), distances };
}
