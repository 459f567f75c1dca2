// A confusion matrix to click: a grid of counts with one stop for the Tab key. The arrow keys, a
// mouse or a finger choose a cell, and Python is told which, one question at a time.

const RIGHT_COLOUR = [0, 114, 178];  // as in the figures
const WRONG_COLOUR = [213, 94, 0];

// Returns the colours of a cell: the more, the deeper; the text in black or white, whichever is
// told apart better.
function cellColours(count, most, colour) {
  const depth = most ? Math.sqrt(count / most) : 0;  // or one or two images would look like none
  const ground = colour.map((value) => Math.round(255 + (value - 255) * depth));
  const linear = ground.map((value) => ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return { ground: `rgb(${ground.join(", ")})`, text: light > 0.179 ? "black" : "white" };
}

// Returns where a key leads from a cell, or undefined for a key that leads nowhere.
function cellAfterKey(key, [row, column], last) {
  return {
    ArrowUp: [Math.max(row - 1, 0), column],
    ArrowDown: [Math.min(row + 1, last), column],
    ArrowLeft: [row, Math.max(column - 1, 0)],
    ArrowRight: [row, Math.min(column + 1, last)],
    Home: [row, 0],
    End: [row, last],
  }[key];
}

function renderMatrix({ model, el }) {
  const counts = model.get("counts");
  const wrong = counts.flatMap((row, digit) => row.filter((_, other) => other !== digit));
  const right = counts.map((row, digit) => row[digit]);
  const most = { right: Math.max(...right), wrong: Math.max(...wrong) };

  const digits = counts.map((_, digit) => make("th", { scope: "col" }, String(digit)));
  const cells = counts.map((row, digit) =>
    row.map((count, predicted) => makeCell(count, digit, predicted)),
  );
  const rows = cells.map((row, digit) =>
    make("tr", {}, make("th", { scope: "row" }, String(digit)), ...row),
  );
  const table = make(
    "table",
    { class: "digitrec-matrix", role: "grid" },
    make("caption", {}, "Rows: the true digit. Columns: the predicted digit. Choose a cell."),
    make("thead", {}, make("tr", {}, make("td"), ...digits)),
    make("tbody", {}, ...rows),
  );
  const silence = make("p", { class: "digitrec-silence" });
  el.append(table, silence);

  function makeCell(count, digit, predicted) {
    const { ground, text } =
      digit === predicted
        ? cellColours(count, most.right, RIGHT_COLOUR)
        : cellColours(count, most.wrong, WRONG_COLOUR);
    const images = count === 1 ? "1 image" : `${count} images`;
    const name = `true ${digit}, predicted as ${predicted}: ${images}`;
    const cell = make(
      "td",
      { "aria-label": name, "data-lm-suppress-shortcuts": "true" },  // or "d d" deletes the cell
      String(count),
    );
    cell.style.background = ground;
    cell.style.color = text;
    cell.addEventListener("click", () => choose([digit, predicted]));
    return cell;
  }

  const tell = askInTurn(model);
  let chosen = model.get("cell");
  function mark(place) {
    chosen = place;
    cells.forEach((row, digit) =>
      row.forEach((cell, predicted) => {
        const isChosen = digit === chosen[0] && predicted === chosen[1];
        cell.tabIndex = isChosen ? 0 : -1;
        cell.setAttribute("aria-selected", isChosen);
      }),
    );
  }
  function choose(place) {
    mark(place);
    cells[place[0]][place[1]].focus();
    tell({ cell: place });
  }
  table.addEventListener("keydown", (event) => {
    const place = cellAfterKey(event.key, chosen, counts.length - 1);
    if (!place || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(place);
  });
  model.on("change:cell", () => mark(model.get("cell")));
  mark(chosen);
  watchAnswers(model, silence);
}
