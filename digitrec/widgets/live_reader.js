// The first minute: two networks read while you draw, and the maps of their layers light up.
const EMPTY_FIELD = "Draw one digit: 0 to 9.";

function renderLiveReader({ model, el }) {
  const names = model.get("names");
  const networks = model.get("networks").map(loadNetwork);
  const cards = networks.map((network, i) => makeCard(names[i], network));
  const agreement = make("p", { class: "digitrec-agreement" });
  const status = make("div", { role: "status", class: "digitrec-said" });
  const say = (text) => { status.textContent = text; };
  const choices = networks.map((network, i) => ({ name: names[i], network }));
  const inside = makeInside({ choices, say });
  const live = readLive((strokes) => lookAt(strokes, networks, true), show);
  const pad = makePad({ maxWidth: 320, onChange: live.onChange });

  function show(look, phase) {
    const resting = phase === "resting";
    const agreed = look ? agreementOf(look.readings, resting) : { agree: true, text: EMPTY_FIELD };
    agreement.textContent = agreed.text;
    agreement.classList.toggle("digitrec-differ", !agreed.agree);
    cards.forEach((card, i) => card.show(look && look.readings[i], resting));
    inside.update(look, phase !== "drawing");
    if (resting) say(look ? readingsInWords(names, look.readings) : EMPTY_FIELD);
  }

  el.classList.add("digitrec-draw-room");
  el.append(make(
    "div", { class: "digitrec-draw digitrec-live" },
    make("div", {}, pad.element),
    make("div", {}, agreement,
      make("div", { class: "digitrec-cards" }, ...cards.map((card) => card.element))),
    make("div", { class: "digitrec-live-maps" }, inside.element, status),
  ));
  show(null, "resting");
}
