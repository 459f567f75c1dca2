// What was cut is looked at: the doubtful digits one at a time, and all of them on a contact sheet.
// The decisions are one list of steps, [place, decision], so that any number can be undone, and an
// old message can never undo a newer one. The pictures come as messages: a state with a child's
// handwriting in it would be stored in the notebook.

const AHEAD = 3;  // cut-outs of the photo that are asked for before they are shown
const WAITING = "The digits are on their way from Python. If none come, run this cell again.";
const CHANGE = "Any digit can still be changed: choose it on the contact sheet.";

function renderCorrection({ model, el, signal }) {
  let digits = null;  // what was cut, once it has come
  let steps = [...model.get("steps")];
  let decisions = new Map(steps);
  let doubtful = [];  // places
  let opened = null;  // the place of the digit that was chosen on the contact sheet, or gone back to
  let origin = null;  // the place on the contact sheet that the focus goes back to
  let sheet = null;

  const waiting = make("p", {}, WAITING);
  const silence = make("p", { class: "digitrec-silence" });
  const status = make("div", { role: "status", class: "digitrec-said" });
  const group = make("div", {
    class: "digitrec-correction digitrec-keyed", role: "group", "aria-label": "Look at what was cut",
    tabindex: "-1",  // a click between the buttons leaves the keys here,
    "data-lm-suppress-shortcuts": "true",  // and not with JupyterLab, where x cuts the cell
  }, waiting);
  el.classList.add("digitrec-correction-room");
  el.append(group, silence, status);

  const progress = make("p", { class: "digitrec-correction-progress" });
  const picture = make("canvas", { role: "img", width: 28, height: 28 });
  const photo = make("img", { class: "digitrec-correction-photo", alt: "" });
  const photoWords = make("figcaption");
  const photoPlace = make("figure", {}, photo, photoWords);
  const pictures = make("div", { class: "digitrec-correction-pictures" },
    make("figure", {}, picture, make("figcaption", {}, "prepared")), photoPlace);
  const where = make("p", { class: "digitrec-correction-line" });
  const title = make("p", { class: "digitrec-correction-title" });
  const doubt = make("p", { class: "digitrec-correction-doubt" });
  const confirm = makeButton("", () => decide(current(), asRead(current())));
  const leave = makeButton("", () => decide(current(), LEFT_OUT));
  const back = makeButton("", undo);
  const close = makeButton("", closeOpened);
  const others = [...Array(10).keys()].map((d) => makeButton(String(d), () => decide(current(), d)));
  others.forEach((button, digit) => button.setAttribute("aria-label", `It is ${withArticle(digit)}`));
  name(leave, "Leave out", "X");
  name(back, "Back", "←");
  name(close, "Close", "Esc");
  const former = make("p", { class: "digitrec-correction-line" });
  const tally = make("p", { class: "digitrec-correction-tally" });
  const rest = make("p", {});
  const stage = make("div", { class: "digitrec-correction-stage" },
    make("div", { class: "digitrec-correction-head" }, progress, close),
    pictures, where, title, doubt,
    make("div", { class: "digitrec-correction-row" }, confirm, leave, back),
    make("p", { class: "digitrec-correction-or" }, "Or it is another digit:"),
    make("div", { class: "digitrec-correction-others" }, ...others),
    former, tally, rest,
  );

  function name(button, words, key) {
    button.replaceChildren(words, " ", make("kbd", { "aria-hidden": "true" }, key));
    button.setAttribute("aria-keyshortcuts", key === "←" ? "ArrowLeft" : key);
  }
  // What the Enter key decides: what was asked for or, of a digit that was crossed out, that it is.
  const asRead = (place) => (digits.kept[place] ? digits.asked[place] : LEFT_OUT);
  const confirmation = (place) =>
    digits.kept[place] ? `Yes, ${withArticle(digits.asked[place])}` : "Yes, left out";
  const lookAt = (place) => lookAtDigit(digits, place, decisions.get(place));
  const undecided = () => doubtful.filter((place) => !decisions.has(place));
  const current = () => opened ?? undecided()[0] ?? null;

  // What the reader does.
  const tell = askInTurn(model);
  function change(next) {
    steps = next;
    decisions = new Map(steps);
    tell({ steps });
  }
  function decide(place, decision, keepFocus = false) {
    if (place === null) return;
    if (decisions.get(place) !== decision) change(withStep(steps, [place, decision], digits.mostSteps));
    if (place === opened) opened = null;
    show(`${capital(digits.names[place])}: ${decisionInWords(lookAt(place))}. `);
    if (!keepFocus) focusAfter();
    else if (!group.contains(document.activeElement)) focusStage();  // its item has gone
  }
  function undo(keepFocus = false) {
    if (steps.length === 0) return;
    const [place] = steps.at(-1);
    change(steps.slice(0, -1));
    opened = place === undecided()[0] ? null : place;
    show("Taken back. ");
    if (!keepFocus) focusStage();
  }
  function open(place) {
    opened = origin = place;
    show("");
    focusStage();
  }
  function closeOpened() {
    opened = null;
    show("");
    focusAfter();
  }
  function focusStage() {
    confirm.focus({ preventScroll: true });
    stage.scrollIntoView({ block: "nearest" });
  }
  function focusAfter() {
    if (origin === null) focusStage();
    else sheet.focus(origin);
    origin = null;
  }

  group.addEventListener("keydown", (event) => {
    if (digits === null || event.ctrlKey || event.altKey || event.metaKey) return;
    const own = event.target.closest("[data-place]");  // on the contact sheet, or left out
    const place = own ? Number(own.dataset.place) : current();
    const key = event.key.toLowerCase();
    const digit = digitOfKey(event);
    const act = digit !== null ? () => decide(place, digit, own !== null)
      : key === "x" || key === "delete" ? () => decide(place, LEFT_OUT, own !== null)
      : key === "backspace" || (key === "arrowleft" && !own) ? () => undo(own !== null)
      : key === "escape" && opened !== null ? closeOpened
      : key === "enter" && event.target === group ? () => confirm.click()
      : null;
    if (event.repeat && (act || key === "enter")) event.preventDefault();  // a key held down is one
    else if (act) {
      event.preventDefault();
      act();
    } else return;
    event.stopPropagation();
  });

  // What is shown.
  function show(first) {
    const place = current();
    const look = place === null ? null : lookAt(place);
    const left = undecided().length;
    progress.textContent = doubtful.length === 0
      ? "Nothing is doubtful."
      : `${doubtful.length - left} of ${doubtful.length} doubtful ones looked at`;
    showPicture(place, look);
    where.textContent = look === null ? "" : capital(look.name);
    title.textContent = look === null
      ? (doubtful.length ? "You have looked at all of them." : "There is nothing to decide.")
      : `${capital(withArticle(look.asked))} was asked for.`;
    doubt.textContent = look === null ? CHANGE : thoughtsOn(look);
    name(confirm, look === null ? "Done" : confirmation(place), "Enter");
    for (const button of [confirm, leave, ...others]) disable(button, look === null);
    disable(back, steps.length === 0);
    close.hidden = opened === null;
    former.textContent = steps.length === 0 ? "" : `Your last decision: ${lastInWords()}.`;
    showTally(left);
    sheet.show(lookAt, place);
    if (first !== null) {
      const parts = [where.textContent && `${where.textContent}:`, title, doubt, progress];
      status.textContent = [first, ...parts.map((part) => part.textContent ?? part)].join(" ").trim();
    }
  }
  function disable(button, off) {
    button.setAttribute("aria-disabled", String(off));
  }
  function lastInWords() {
    const [place] = steps.at(-1);
    const look = lookAt(place);
    return `${look.name}, ${look.kept ? withArticle(look.label) : "left out"}`;
  }
  function showTally(left) {
    const looks = digits.asked.map((_, place) => lookAt(place));
    const kept = looks.filter((look) => look.kept).length;
    const relabelled = looks.filter((look) => look.state === "relabelled").length;
    tally.textContent = `Kept: ${kept}, relabelled: ${relabelled}. Left out: ${looks.length - kept}.`;
    rest.textContent = left === 0 ? "" :
      `Not looked at yet: ${left}. Until you decide, they stay as they were read, and doubtful.`;
  }
  function showPicture(place, look) {
    const pen = picture.getContext("2d");
    pen.clearRect(0, 0, 28, 28);
    pictures.classList.toggle("digitrec-correction-unseen", look === null);
    pictures.hidden = look === null && doubtful.length === 0;  // else the room stays, and nothing jumps
    if (place !== null) {
      const [x, y] = [place % digits.columns, Math.floor(place / digits.columns)];
      pen.drawImage(digits.sprite, 28 * x, 28 * y, 28, 28, 0, 0, 28, 28);
    }
    picture.setAttribute("aria-label", look === null ? "No digit" : digitInWords(look));
    photoPlace.hidden = !digits.photos.some(Boolean);
    showPhoto(place, look);
  }

  // Cut-outs of the photo, asked for one by one.
  const cuts = new Map();  // by place: an address, "" while it is on its way, or null if there is none
  function showPhoto(place, look) {
    const cut = place === null ? null : cuts.get(place);
    photo.classList.toggle("digitrec-correction-unseen", !cut);
    photo.alt = look === null ? "" : `${look.name} on the photo`;
    if (cut) photo.src = cut;
    photoWords.textContent = cut === null && place !== null ? "no photo" : "on the photo";
    for (const next of [place, ...undecided().slice(0, AHEAD)]) {
      if (next === null || cuts.has(next) || !digits.photos[next]) continue;
      cuts.set(next, "");
      model.send({ place: next });
    }
  }
  const addresses = [];
  function addressOf(buffer, type) {
    addresses.push(URL.createObjectURL(new Blob([buffer], { type })));
    return addresses.at(-1);
  }

  async function takeDigits(message, buffers) {
    if (digits !== null) return;  // another tab asked for them
    const sprite = new Image();
    sprite.src = addressOf(buffers[0], "image/png");
    await sprite.decode();
    if (digits !== null) return;
    digits = { ...message, sprite };
    doubtful = [...digits.doubts.keys()].filter((place) => digits.doubts[place]);
    group.style.setProperty("--sprite", `url("${sprite.src}")`);
    group.style.setProperty("--columns", digits.columns);
    sheet = makeContactSheet(digits, open, (place) => {
      decide(place, digits.asked[place], true);
      focusStage();
    });
    waiting.replaceWith(stage, sheet.element);
    show(null);
  }
  model.on("msg:custom", (message, buffers) => {
    if (message.kind === "digits") takeDigits(message, buffers);
    if (message.kind === "cut" && digits !== null) {
      cuts.set(message.place, buffers.length ? addressOf(buffers[0], "image/jpeg") : null);
      const place = current();
      if (place === message.place) showPhoto(place, lookAt(place));
    }
    if (message.kind === "nothing") waiting.textContent = "There is no digit to look at.";
  });
  function takeSteps() {  // another tab decided, or Python did
    const told = model.get("steps");
    if (isWaiting(model) || JSON.stringify(told) === JSON.stringify(steps)) return;
    steps = [...told];
    decisions = new Map(steps);
    opened = null;
    if (digits !== null) show("");
  }
  model.on("change:steps", takeSteps);
  model.on("change:answered", takeSteps);  // until then, the question of the other tab is ours, too
  signal?.addEventListener("abort", () => addresses.forEach((address) => URL.revokeObjectURL(address)));
  watchAnswers(model, silence);
  model.send({ place: null });  // asks for the digits
}
