// The draw pad: the browser reads while you draw; Python gets each stroke, and reads it, too.
const NOT_SEEN =
  "Python has not seen this drawing: it is busy, or has stopped. The answer comes from your browser. " +
  "If Python was started again, run what made this field once more, or load this page again.";
const EMPTY_PAD = "Draw a digit on the white paper, with the mouse or a finger.";

function renderDrawPad({ model, el }) {
  let names, networks, cards;
  const cardPlace = make("div", { class: "digitrec-cards" });
  const image = make("canvas", { role: "img", class: "digitrec-image" });
  const agreement = make("p", { class: "digitrec-agreement" });
  const python = make("p", { class: "digitrec-python" });
  const waiting = make("p", { class: "digitrec-waiting" });
  const status = make("div", { role: "status", class: "digitrec-said" });
  const tell = askInTurn(model);
  const live = readLive((strokes) => lookAt(strokes, networks, true), show);
  const pad = makePad({ maxWidth: 320, onChange });

  el.classList.add("digitrec-draw-room");
  el.append(make(
    "div", { class: "digitrec-draw" },
    make("div", { class: "digitrec-left" }, pad.element),
    make(
      "div", { class: "digitrec-right" },
      agreement,
      cardPlace,
      make("div", { class: "digitrec-sees" }, image, make("p", {}, "what the networks see")),
    ),
    make("div", { class: "digitrec-under" }, python, waiting, status),
  ));

  let told = model.get("strokes");
  function onChange(strokes, drawing) {
    live.onChange(strokes, drawing);
    if (drawing) return;
    python.textContent = "";  // what it said of the former drawing
    told = strokes;
    tell({ strokes });
  }

  function takeNetworks() {
    names = model.get("names");
    networks = model.get("networks").map(loadNetwork);
    cards = networks.map((network, i) => makeCard(names[i], network));
    cardPlace.replaceChildren(...cards.map((card) => card.element));
    showNow();
  }

  function takeStrokes() {
    const strokes = model.get("strokes");
    if (JSON.stringify(strokes) === JSON.stringify(told)) return;  // drawn here
    told = strokes;
    pad.setStrokes(strokes);
    showNow();
  }

  function showNow() {
    const strokes = pad.strokes();
    show(strokes.length ? lookAt(strokes, networks, true) : null, "resting");
  }

  function show(look, phase) {
    const resting = phase === "resting";
    cards.forEach((card, i) => card.show(look && look.readings[i], resting));
    drawImage(image, look?.image);
    const agreed = look && networks.length > 1 ? agreementOf(look.readings, resting) : null;
    agreement.textContent = look ? (agreed?.text ?? "") : EMPTY_PAD;
    agreement.classList.toggle("digitrec-differ", agreed !== null && !agreed.agree);
    if (resting) status.textContent = look ? readingsInWords(names, look.readings) : EMPTY_PAD;
  }

  function showPython() {
    if (!isWaiting(model)) python.textContent = model.get("said");
  }
  model.on("change:said", showPython);
  model.on("change:answered", showPython);
  watchAnswers(model, waiting, NOT_SEEN);

  pad.setStrokes(told);  // of another view, or before the page was loaded again
  takeNetworks();
  model.on("change:networks", takeNetworks);  // one of them may load later
  model.on("change:strokes", takeStrokes);  // another view or tab may draw, too
  showPython();
}
