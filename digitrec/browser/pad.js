// A sheet of paper to draw a digit on: with mouse, pen, one finger, or the keyboard.
// The strokes are all it keeps. It knows nothing of networks, and nothing of the page around it.

const PAD_STEP = 5;  // units the keyboard pen moves; 56 steps cross the field
const PAD_LARGE_STEP = 25;  // with Shift
const PAD_ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PEN_NEAR = 2000;  // milliseconds; a touch so soon after the pen is the hand that holds it
const PAD_KEYS =
  "Keys: arrows move the pen, with Shift further; Space puts it down and lifts it; Escape lifts it.";

// Returns {element, buttons, strokes(), setStrokes(list), clear(), undo(), focus()}.
// Options: label (the name of the field), hint (shown on empty paper), keys (what they do, in words),
// maxWidth (CSS pixels),
// onChange(strokes, drawing): at most once a frame while the pen moves, then drawing is true; and
// once when a stroke ends or is taken back, then it is false. Strokes it hands out are not changed
// later. setStrokes calls nothing, and leaves a stroke that is being drawn alone.
function makePad(options) {
  const { label = "Field to draw a digit in", hint = "Draw a digit here", maxWidth = 360 } = options;
  const { keys = PAD_KEYS } = options;
  const onChange = options.onChange ?? (() => {});
  const { element, field, canvas, cursor, buttons, undoButton, clearButton } = padElements(label, hint, keys);
  element.style.maxWidth = `${maxWidth}px`;
  let finished = [];
  let current = null;  // {pointer: its id, or "keyboard"; touches: whether it may be a hand; points}
  let lastPen = -Infinity;  // when a pen was last on the paper or above it
  let place = [FIELD_SIDE / 2, FIELD_SIDE / 2];  // of the keyboard pen
  let frame = 0;

  function strokes() {
    return current ? [...finished, [...current.points]] : [...finished];
  }

  function changed() {
    cancelAnimationFrame(frame);
    frame = 0;
    describe();
    onChange(strokes(), current !== null);
  }

  function describe() {
    const count = strokes().length;
    const counted = count === 1 ? "1 stroke" : `${count || "no"} strokes`;
    canvas.setAttribute("aria-description", `${keys} On the paper: ${counted}.`);
    for (const button of [undoButton, clearButton]) {
      button.setAttribute("aria-disabled", String(count === 0));
    }
    element.classList.toggle("digitrec-pad-empty", count === 0);
    element.classList.toggle("digitrec-pad-down", current?.pointer === "keyboard");
  }

  function begin(pointer, point, touches = false) {
    current = { pointer, touches, points: [point] };
    drawStroke(canvas, current.points);
    describe();
    frame ||= requestAnimationFrame(changed);
  }

  function extend(points) {
    const known = current.points.length;
    for (const point of points) {
      const [x, y] = current.points.at(-1);
      if (point[0] !== x || point[1] !== y) current.points.push(point);
    }
    if (current.points.length === known) return;
    drawStroke(canvas, current.points.slice(known - 1));
    frame ||= requestAnimationFrame(changed);
  }

  function end() {
    if (!current) return;
    finished = [...finished, current.points];
    current = null;
    changed();
  }

  function setStrokes(list) {
    finished = list.map((points) => points.map(([x, y]) => [x, y]));
    redraw();
    describe();
  }

  function take(count) {  // away, from the end
    if (current) {
      finished = [...finished, current.points];
      current = null;
    }
    if (finished.length === 0) return;
    finished = finished.slice(0, finished.length - Math.min(count, finished.length));
    redraw();
    changed();
  }

  function redraw() {
    clearPaper(canvas);
    for (const points of strokes()) drawStroke(canvas, points);
  }

  function notePen(event) {
    if (event.pointerType === "pen") lastPen = performance.now();
  }

  function drop() {  // what a hand left before the pen came
    current = null;
    redraw();
    changed();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const isTouch = event.pointerType === "touch";
    notePen(event);
    if (isTouch && performance.now() - lastPen < PEN_NEAR) return;
    if (current?.touches && event.pointerType === "pen") drop();
    if (current?.pointer === "keyboard") end();
    if (current) return;  // one finger draws; a second does nothing
    canvas.setPointerCapture(event.pointerId);  // the stroke goes on outside the paper
    element.classList.remove("digitrec-pad-keyboard");
    begin(event.pointerId, fieldPoint(canvas, event), isTouch);
  });
  canvas.addEventListener("pointermove", (event) => {
    notePen(event);
    if (current?.pointer !== event.pointerId) return;
    const events = event.getCoalescedEvents?.() ?? [];
    extend((events.length ? events : [event]).map((each) => fieldPoint(canvas, each)));
  });
  canvas.addEventListener("pointerup", (event) => {
    notePen(event);
    if (current?.pointer !== event.pointerId) return;
    extend([fieldPoint(canvas, event)]);
    end();
  });
  for (const name of ["pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(name, (event) => {
      if (current?.pointer === event.pointerId) end();
    });
  }
  // Some tablets take handwriting for themselves unless this is said to them.
  canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = PAD_ARROWS[event.key];
    const keyboard = current?.pointer === "keyboard";
    if (!arrow && event.key !== " " && !(event.key === "Escape" && keyboard)) return;
    event.preventDefault();
    element.classList.add("digitrec-pad-keyboard");
    if (current && !keyboard) return;
    if (arrow) {
      const step = event.shiftKey ? PAD_LARGE_STEP : PAD_STEP;
      place = place.map((value, axis) => inField(value + step * arrow[axis]));
      showCursor();
      if (keyboard) extend([place]);
    } else if (keyboard) {
      end();
    } else if (!event.repeat) {
      begin("keyboard", place);
    }
  });
  canvas.addEventListener("focus", () => {
    element.classList.toggle("digitrec-pad-keyboard", canvas.matches(":focus-visible"));
  });
  canvas.addEventListener("blur", () => {
    if (current?.pointer === "keyboard") end();
    element.classList.remove("digitrec-pad-keyboard");
  });

  function showCursor() {
    cursor.style.left = `${(100 * place[0]) / FIELD_SIDE}%`;
    cursor.style.top = `${(100 * place[1]) / FIELD_SIDE}%`;
  }

  const undo = () => take(1);
  const clear = () => take(Infinity);
  undoButton.addEventListener("click", undo);
  clearButton.addEventListener("click", clear);
  new ResizeObserver(() => {
    fitCanvas(canvas, field.clientWidth);
    redraw();
  }).observe(field);
  showCursor();
  describe();
  return { element, buttons, strokes, setStrokes, clear, undo, focus: () => canvas.focus() };
}

function padElements(label, hint, words) {
  const element = make("div", { class: "digitrec-pad" });
  const field = make("div", { class: "digitrec-pad-field" });
  const canvas = make("canvas", { class: "digitrec-pad-paper" });
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");  // so that screen readers let the arrow keys through
  canvas.setAttribute("aria-label", label);
  const empty = make("div", { class: "digitrec-pad-hint" }, hint);
  const cursor = make("div", { class: "digitrec-pad-cursor" });
  const keys = make("p", { class: "digitrec-pad-keys" }, words);
  for (const part of [empty, cursor, keys]) part.setAttribute("aria-hidden", "true");
  field.append(canvas, empty, cursor);
  const buttons = make("div", { class: "digitrec-pad-buttons" });
  const undoButton = make("button", { class: "digitrec-button" }, "Undo");
  const clearButton = make("button", { class: "digitrec-button" }, "Clear");
  undoButton.type = clearButton.type = "button";
  for (const part of [canvas, undoButton, clearButton]) {
    part.dataset.lmSuppressShortcuts = "true";  // or JupyterLab takes its keys
  }
  buttons.append(undoButton, clearButton);
  element.append(field, buttons, keys);
  return { element, field, canvas, cursor, buttons, undoButton, clearButton };
}

// Field units with one decimal, inside the field; a stroke that leaves it follows its edge.
function fieldPoint(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [
    inField(((event.clientX - box.left) * FIELD_SIDE) / box.width),
    inField(((event.clientY - box.top) * FIELD_SIDE) / box.height),
  ];
}

function inField(value) {
  return Math.round(10 * Math.min(FIELD_SIDE, Math.max(0, value))) / 10;
}

// As many pixels as the screen has there, counted in field units.
function fitCanvas(canvas, width) {
  canvas.width = canvas.height = Math.max(1, Math.round(width * devicePixelRatio));
  const scale = canvas.width / FIELD_SIDE;
  canvas.getContext("2d").setTransform(scale, 0, 0, scale, 0, 0);
}

function clearPaper(canvas) {
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";  // in the pixels: forced colours would replace a background
  pen.fillRect(0, 0, FIELD_SIDE, FIELD_SIDE);
}

function drawStroke(canvas, points) {
  const pen = canvas.getContext("2d");
  pen.lineWidth = PEN;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "black";
  pen.beginPath();
  pen.moveTo(...points[0]);
  for (const point of points) pen.lineTo(...point);  // one point alone is a dot
  pen.stroke();
}
