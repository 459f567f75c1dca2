// A pad whose drawing Python gets at the end of each stroke; other views and tabs show it, too.

// Returns {pad, python, waiting}: the pad, and two paragraphs for what Python says of the drawing and
// for its silence. Options: maxWidth; silence (words); onChange(strokes, drawing), as of a pad; and
// onStrokes(), when another view or tab has drawn.
function makeToldPad(model, { maxWidth, silence, onChange, onStrokes }) {
  const python = make("p", { class: "digitrec-python" });
  const waiting = make("p", { class: "digitrec-waiting" });
  const tell = askInTurn(model);
  let told = model.get("strokes");
  const pad = makePad({
    maxWidth,
    onChange(strokes, drawing) {
      onChange(strokes, drawing);
      if (drawing) return;
      python.textContent = "";  // what it said of the former drawing
      told = strokes;
      tell({ strokes });
    },
  });

  function showPython() {
    if (!isWaiting(model)) python.textContent = model.get("said");
  }
  model.on("change:said", showPython);
  model.on("change:answered", showPython);
  model.on("change:strokes", () => {
    const strokes = model.get("strokes");
    if (JSON.stringify(strokes) === JSON.stringify(told)) return;  // drawn here
    told = strokes;
    pad.setStrokes(strokes);
    onStrokes();
  });
  watchAnswers(model, waiting, silence);
  pad.setStrokes(told);  // of another view, or before the page was loaded again
  showPython();
  return { pad, python, waiting };
}
