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
  const status = make("div", { role: "status", class: "digitrec-said" });
  const live = readLive((strokes) => lookAt(strokes, networks, true), show);
  const { pad, python, waiting } = makeToldPad(model, {
    maxWidth: 320, silence: NOT_SEEN, onChange: live.onChange, onStrokes: showNow,
  });

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

  function takeNetworks() {
    names = model.get("names");
    networks = model.get("networks").map(loadNetwork);
    cards = networks.map((network, i) => makeCard(names[i], network));
    cardPlace.replaceChildren(...cards.map((card) => card.element));
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

  takeNetworks();
  model.on("change:networks", takeNetworks);  // one of them may load later
}
