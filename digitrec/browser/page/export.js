// Drawings with labels: kept in this tab, saved to a file that the course reads, loaded again.

function drawingsText(drawings) {
  return JSON.stringify({ format: "digitrec drawings", version: 1, drawings });
}

// Returns the drawings of such a text; throws an error with a sentence for the reader.
function readDrawings(text, name) {
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error(`${name} is no JSON text. Choose a file that this page has saved.`);
  }
  if (content?.format !== "digitrec drawings" || content.version !== 1) {
    throw new Error(
      `${name} holds no drawings of this page: expected the format "digitrec drawings", version 1. ` +
      "Choose a file that this page has saved.",
    );
  }
  const good = Array.isArray(content.drawings) ? content.drawings.findIndex((one) => !isDrawing(one)) : 0;
  if (good >= 0) {
    throw new Error(
      `Drawing ${good + 1} in ${name} is damaged: expected a label from 0 to 9, and strokes of points ` +
      `from 0 to ${FIELD_SIDE}. Take the file as this page saved it.`,
    );
  }
  return content.drawings.map(({ label, strokes }) => ({ label, strokes }));
}

function isDrawing(drawing) {
  const isPoint = (point) =>
    Array.isArray(point) && point.length === 2 &&
    point.every((value) => typeof value === "number" && value >= 0 && value <= FIELD_SIDE);
  const isStroke = (stroke) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isPoint);
  const { label, strokes } = drawing ?? {};
  const labelled = Number.isInteger(label) && label >= 0 && label <= 9;
  return labelled && Array.isArray(strokes) && strokes.length > 0 && strokes.every(isStroke);
}

function startExport({ pad, showPad }) {
  let drawings = [];
  const buttons = Array.from({ length: 10 }, (_, digit) => makeLabelButton(digit, () => keep(digit)));
  byId("labels").append(...buttons.map(({ element }) => element));
  const message = byId("export-message");
  const acting = [byId("take-back"), byId("save-drawings")];

  function tell(text) {
    message.textContent = text;
    say(text);
  }

  function update() {
    buttons.forEach(({ element, count }, digit) => {
      count.textContent = drawings.filter(({ label }) => label === digit).length;
      element.setAttribute("aria-label", `${digit}, kept: ${count.textContent}`);
    });
    for (const button of acting) button.setAttribute("aria-disabled", String(drawings.length === 0));
    byId("export-text").value = drawings.length ? drawingsText(drawings) : "";
  }

  function keep(digit) {
    const strokes = pad.strokes();
    if (strokes.length === 0) return tell(`Nothing is drawn. Draw ${withArticle(digit)} first.`);
    drawings = [...drawings, { label: digit, strokes }];
    pad.setStrokes([]);
    showPad();
    update();
    tell(`Kept as ${withArticle(digit)}. You have ${counted(drawings.length)}.`);
  }

  function takeBack() {
    if (drawings.length === 0) return;
    const { label, strokes } = drawings.at(-1);
    drawings = drawings.slice(0, -1);
    pad.setStrokes(strokes);
    showPad();
    update();
    tell(`The last drawing, ${withArticle(label)}, is on the paper again.`);
  }

  function save() {
    if (drawings.length === 0) return;
    const address = URL.createObjectURL(new Blob([drawingsText(drawings)], { type: "application/json" }));
    make("a", { href: address, download: "my_digits.json" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    tell(`Saved as my_digits.json: ${counted(drawings.length)}.`);
  }

  async function load(event) {
    const [file] = event.target.files;
    if (!file) return;
    try {
      const loaded = readDrawings(await file.text(), file.name);
      drawings = [...drawings, ...loaded];
      update();
      tell(`Loaded from ${file.name}: ${counted(loaded.length)}. You have ${drawings.length} now.`);
    } catch (error) {
      tell(error.message);
    }
    event.target.value = "";  // the same file may come again
  }

  byId("take-back").addEventListener("click", takeBack);
  byId("save-drawings").addEventListener("click", save);
  byId("load-drawings").addEventListener("change", load);
  byId("export-text").addEventListener("focus", (event) => event.target.select());
  update();
}

function counted(count) {
  return count === 1 ? "1 drawing" : `${count} drawings`;
}

function makeLabelButton(digit, onClick) {
  const count = make("span", { class: "count" });
  const element = make(
    "button", { type: "button", class: "digitrec-button label-button" },
    make("b", {}, String(digit)), count,
  );
  element.addEventListener("click", onClick);
  return { element, count };
}
