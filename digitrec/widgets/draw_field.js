// A white field to draw in, with mouse, pen or finger. The strokes are the state: lists of points.
const PEN = 22;  // pixels; the kernel draws its copy with the same

function render({ model, el }) {
  const side = model.get("side");
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "Field to draw a digit in, with the mouse or a finger");
  canvas.style.cssText =
    "display: block; background: white; border: 1px solid gray; cursor: crosshair; touch-action: none";
  const buttons = document.createElement("div");
  buttons.style.cssText = `display: flex; gap: 4px; margin-top: 4px; width: ${side + 2}px`;
  const undo = button("Undo", () => save(model.get("strokes").slice(0, -1)));
  const clear = button("Clear", () => save([]));
  buttons.append(undo, clear);
  el.append(canvas, buttons);

  const pen = canvas.getContext("2d");
  pen.lineWidth = PEN;
  pen.lineCap = pen.lineJoin = "round";
  let stroke = null;

  function button(name, act) {
    const made = document.createElement("button");
    made.textContent = name;
    made.className = "jupyter-button";
    made.style.flex = "1";
    made.addEventListener("click", act);
    return made;
  }

  function save(strokes) {
    model.set("strokes", strokes);
    model.save_changes();
  }

  function draw(points) {
    pen.beginPath();
    pen.moveTo(...points[0]);
    for (const point of points) pen.lineTo(...point);
    pen.stroke();
  }

  function redraw() {
    pen.clearRect(0, 0, side, side);
    for (const points of model.get("strokes")) draw(points);
    undo.disabled = clear.disabled = model.get("strokes").length === 0;
  }
  model.on("change:strokes", redraw);
  redraw();

  function place(event) {
    return [Math.round(event.offsetX), Math.round(event.offsetY)];
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (stroke || event.button !== 0) return;  // one finger draws
    canvas.setPointerCapture(event.pointerId);
    stroke = { pointer: event.pointerId, points: [place(event)] };
    draw(stroke.points);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (stroke?.pointer !== event.pointerId) return;
    stroke.points.push(place(event));
    draw(stroke.points.slice(-2));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => {
      if (stroke?.pointer !== event.pointerId) return;
      const points = stroke.points;
      stroke = null;
      save([...model.get("strokes"), points]);
    });
  }
}
export default { render };
