// The pad that asks for digits. It goes on at once, and Python catches up: what is shown is Python's
// record with the changes that are still on their way to it.
const SIDE = 28, PIXELS = SIDE * SIDE;  // of an image
const NOT_TAKEN =
  "Python has not taken your last digits yet: it is busy, or has stopped. This page keeps them until it does. " +
  "If Python was started again, run the cell again, and write them once more.";
const WRITING_KEYS =
  " Enter hands the digit over. Backspace takes back a stroke or, on empty paper, the last digit. s skips.";

// The turns that are written, in the order of writing, and those that were skipped.
function recordOf(model, changes) {
  const lists = { written: [...model.get("turns")], later: [...model.get("later")] };
  const without = (list, turn) => list.filter((other) => other !== turn);
  for (const [turn, { act }] of changes) {
    lists.later = without(lists.later, turn);
    if (act === "back") lists.written = without(lists.written, turn);
    if (act === "write" && !lists.written.includes(turn)) lists.written.push(turn);
    if (act === "skip" && !lists.written.includes(turn)) lists.later.push(turn);
  }
  return lists;
}

// The next turn: in order, skipped ones at the end, and no digit twice running if another is left;
// null where all are written.
function nextTurn(asks, { written, later }, last) {
  const open = [...asks.keys()].filter((turn) => !written.includes(turn));
  const queue = [...open.filter((turn) => !later.includes(turn)), ...later];
  return queue.find((turn) => asks[turn] !== last) ?? queue[0] ?? null;
}

// Why strokes are not accepted, in a sentence; nothing where they are.
function whyNoDigit(strokes, { leastSide, mostPoints, empty, dot, tooLong }) {
  if (strokes.length === 0) return empty;
  const points = strokes.flat();
  if (points.length > mostPoints) return tooLong;
  const [left, top] = [0, 1].map((axis) => points.reduce((low, p) => Math.min(low, p[axis]), Infinity));
  const [right, below] = [0, 1].map((axis) => points.reduce((high, p) => Math.max(high, p[axis]), -Infinity));
  return Math.max(right - left, below - top) < leastSide ? dot : "";
}

function renderWritingPad({ model, el, signal }) {
  const asks = model.get("asks"), rules = model.get("rules");
  const outbox = makeOutbox(model, signal);
  const record = () => recordOf(model, outbox.changes());
  let turn = nextTurn(asks, record(), asks[record().written.at(-1)]);
  let again = false;  // whether a digit that is written is asked for once more

  const ask = make("p", { class: "digitrec-writing-ask", tabindex: -1 });
  const counted = make("p", { class: "digitrec-writing-counted" });
  const bar = make("progress", { max: asks.length, "aria-label": "Digits written" });
  const note = make("p", { class: "digitrec-writing-note" });
  const silence = make("p", { class: "digitrec-silence" });
  const status = make("div", { role: "status", class: "digitrec-said" });
  const next = button("Next", handOver);
  const back = button("Back", takeBack);
  const skip = button("Skip", skipTurn);
  const pad = makePad({ hint: "Write here", keys: PAD_KEYS + WRITING_KEYS, onChange: () => remark("") });
  const album = makeAlbum(asks, writeAgain);
  const root = make("div", { class: "digitrec-writing", role: "group", "aria-label": "Write digits" });
  next.classList.add("digitrec-writing-next");
  pad.buttons.prepend(back);
  pad.buttons.append(skip);
  pad.element.prepend(pad.buttons);  // above the paper: below and beside it lies the hand
  ask.dataset.lmSuppressShortcuts = "true";  // at the end it has the focus
  root.append(
    make("div", { class: "digitrec-writing-head" }, ask, make("div", {}, counted, bar)),
    note, next, pad.element, album.element, silence, status,
  );
  el.classList.add("digitrec-writing-room");
  el.append(root);

  function button(words, act) {
    const made = make("button", {
      type: "button", class: "digitrec-button", "data-lm-suppress-shortcuts": "true",
    }, words);
    made.addEventListener("click", () => {
      if (made.getAttribute("aria-disabled") !== "true") act();
    });
    return made;
  }

  function remark(words) {
    if (note.textContent !== words) note.textContent = words;
  }

  function handOver() {
    const strokes = pad.strokes();
    const why = whyNoDigit(strokes, rules);
    if (why) {
      remark(why);
      status.textContent = `${why} ${inWords()}`;
      return;
    }
    album.forget(turn);
    outbox.put(turn, { act: "write", strokes });
    goOn("");
  }

  function takeBack() {
    const last = record().written.at(-1);
    if (last === undefined) return;
    album.forget(last);
    outbox.put(last, { act: "back" });
    askFor(last, false, `Taken back: the ${asks[last]}.`);
  }

  function skipTurn() {
    if (turn === null) return;
    if (again) return goOn("Kept as it was.");
    outbox.put(turn, { act: "skip" });
    goOn("Skipped. It comes again later.");
  }

  function writeAgain(written) {
    askFor(written, true, "The former one stays until you hand over the new one.");
    pad.focus();
  }

  function goOn(words) {
    askFor(nextTurn(asks, record(), asks[turn]), false, words);
  }

  // Asks for a turn on fresh paper.
  function askFor(asked, once, words) {
    const inside = root.contains(document.activeElement);
    [turn, again] = [asked, once];
    pad.clear();
    remark(words);
    show();
    status.textContent = `${words} ${inWords()}`.trim();
    if (turn === null) album.open();
    if (turn === null && inside) ask.focus();  // what had it is no longer shown
  }

  function inWords() {
    return `${ask.textContent}. ${counted.textContent}.`;
  }

  function show() {
    const { written } = record();
    const over = turn === null;
    root.classList.toggle("digitrec-writing-over", over);
    const many = written.length === 1 ? "1 digit" : `${written.length} digits`;
    if (over) ask.textContent = `You have written ${many}`;
    else ask.replaceChildren(`Write ${withArticle(asks[turn]).slice(0, -1)}`, make("strong", {}, asks[turn]));
    const place = again ? written.indexOf(turn) + 1 : written.length + 1;
    counted.textContent = over
      ? "Go on with the next cell, or choose one below to write it again"
      : `digit ${place} of ${asks.length}${again ? ", once more" : ""}`;
    bar.value = written.length;
    skip.textContent = again ? "Keep it" : "Skip";
    back.setAttribute("aria-disabled", String(written.length === 0));
    album.show(written);
  }

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.getAttribute("role") !== "application") return;  // the paper alone
    const act = {
      Enter: handOver, s: skipTurn, Backspace: () => (pad.strokes().length ? pad.undo() : takeBack()),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    if (!event.repeat) act();
  });

  // Another tab may write, too. Whoever has begun a digit here is still asked for the same one.
  model.on("change:turns", () => {
    const { written } = record();
    const isOld = turn === null ? written.length < asks.length : !again && written.includes(turn);
    if (isOld && pad.strokes().length === 0) goOn("");
    else show();
  });
  model.on("msg:custom", ({ turns, answers, refused }, buffers) => {
    turns.forEach((written, i) => {
      const { buffer, byteOffset } = buffers[0];
      album.draw(written, new Uint8Array(buffer, byteOffset + i * PIXELS, PIXELS));
    });
    if (answers) outbox.take(...answers);
    if (!refused) return show();
    if (answers && pad.strokes().length === 0) askFor(answers[0], record().written.includes(answers[0]), refused);
    else remark(refused);
  });
  watchAnswers(outbox.questions, silence, NOT_TAKEN);
  show();
  if (turn === null) album.open();
  if (record().written.length) model.send({ act: "look" });
}

// Small pictures of what is written, each a button to write it again; one stop for the Tab key.
function makeAlbum(asks, onChoose) {
  const summary = make("summary", { "data-lm-suppress-shortcuts": "true" });
  const list = make("div", { class: "digitrec-album", role: "group", "aria-label": "What you have written" });
  const element = make("details", { class: "digitrec-writing-album" }, summary, list);
  const shown = new Map();  // by turn: its button

  function made(turn) {
    const canvas = make("canvas", { width: SIDE, height: SIDE });
    const button = make("button", {
      type: "button", tabindex: -1, "data-lm-suppress-shortcuts": "true",
    }, canvas, make("span", {}, asks[turn]));
    button.addEventListener("click", () => onChoose(turn));
    shown.set(turn, button);
    blank(canvas);
    return button;
  }

  function blank(canvas) {
    const pen = canvas.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, SIDE, SIDE);
  }

  function show(written) {
    const buttons = written.map((turn) => shown.get(turn) ?? made(turn));
    for (const turn of [...shown.keys()]) if (!written.includes(turn)) shown.delete(turn);
    buttons.forEach((button, i) => {
      if (list.children[i] !== button) list.insertBefore(button, list.children[i] ?? null);
      button.setAttribute("aria-label", `Digit ${i + 1}: ${asks[written[i]]}. Write it again`);
    });
    while (list.children.length > buttons.length) list.lastChild.remove();
    if (!buttons.some((button) => button.tabIndex === 0) && buttons.length) buttons[0].tabIndex = 0;
    summary.textContent = `Written so far: ${written.length}`;
    element.hidden = written.length === 0;
  }

  list.addEventListener("keydown", (event) => {
    const buttons = [...list.children], place = buttons.indexOf(event.target);
    const to = {
      ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: buttons.length - 1,
    }[event.key];
    if (to === undefined || place < 0) return;
    event.preventDefault();
    buttons[to]?.focus();
  });
  list.addEventListener("focusin", (event) => {
    for (const button of list.children) button.tabIndex = button === event.target ? 0 : -1;
  });

  // The image as the network sees it, dark ink on white paper.
  function draw(turn, image) {
    const canvas = (shown.get(turn) ?? made(turn)).querySelector("canvas");
    const pixels = new ImageData(SIDE, SIDE);
    image.forEach((shade, i) => pixels.data.set([255 - shade, 255 - shade, 255 - shade, 255], 4 * i));
    canvas.getContext("2d").putImageData(pixels, 0, 0);
  }

  function forget(turn) {
    const button = shown.get(turn);
    if (button) blank(button.querySelector("canvas"));
  }
  return { element, show, draw, forget, open: () => { element.open = true; } };
}
