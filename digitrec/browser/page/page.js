// The page: a drawing goes to both networks while it is drawn, and to everything that shows it.
const SETTLED = 300;  // milliseconds after the pen is lifted: a digit may be finished
const SMALL_SEVEN = [
  [[196, 203], [208, 202], [222, 201], [236, 200], [250, 199], [247, 208], [242, 220], [236, 233], [230, 246], [225, 260]],
];

function startPage() {
  const networks = ["box", "dense"].map((name) => loadNetwork(byId(`network-${name}`).textContent));
  const names = ["Network in the box", "Dense network"];
  const cards = networks.map((network, i) => makeCard(names[i], network, "h2"));
  byId("cards").append(...cards.map((card) => card.element));
  const prepare = byId("prepare");
  let look = null;
  let settling = 0;  // a timer

  const pad = makePad({ label: "Paper to draw a digit on", maxWidth: 420, onChange });
  byId("pad").append(pad.element);
  const live = readLive((strokes) => lookAt(strokes, networks, prepare.checked), show);
  const showPad = () => live.now(pad.strokes());
  const choices = [
    { name: "the network in the box", network: networks[0] },
    { name: "the dense network", network: networks[1] },
  ];
  const inside = makeInside({ choices, say });
  byId("panel-inside").append(inside.element);
  const challenges = startChallenges({ pad, usual: loadUsual(), showPad });
  startExport({ pad, showPad });
  startTabs(byId("tabs"), () => inside.update(look, true));
  prepare.addEventListener("change", showPad);
  byId("small-digit").addEventListener("click", () => {
    pad.setStrokes(SMALL_SEVEN);
    showPad();
  });

  function onChange(strokes, drawing) {
    clearTimeout(settling);
    live.onChange(strokes, drawing);
  }

  function show(latest, phase) {
    look = latest;
    const resting = phase === "resting";
    cards.forEach((card, i) => card.show(look && look.readings[i], resting));
    showAgreement(resting);
    showImage();
    inside.update(look, phase !== "drawing");
    tell(phase);
    clearTimeout(settling);
    if (phase === "ended") settling = setTimeout(() => tell("settled"), SETTLED);
    if (resting && look) say(readingsInWords(names, look.readings));
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

  show(null, "resting");
  return { pad, networks, look: () => look };
}

function loadUsual() {
  const { means, distances } = JSON.parse(byId("usual-digits").textContent);
  return { means: bytesOf(means), distances };
}
