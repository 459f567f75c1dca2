// All digits in ten rows, by what was asked for, and below them those that are left out.

const LEGEND = "? doubtful, not looked at yet; ✓ looked at; →7 relabelled; ✕ left out";
const KEYS = "Choose one to see it large. The arrow keys move, Enter opens, the other keys decide at once.";

// Returns where a key leads in a row of `columns` cells a line, or undefined for other keys.
function placeAfterKey(key, rows, [row, index], columns) {
  const within = (line, column) => Math.min(line * columns + column, rows[row].length - 1);
  const [line, column] = [Math.floor(index / columns), index % columns];
  const lines = (cells) => Math.ceil(cells.length / columns);
  if (key === "ArrowRight") return [row, Math.min(index + 1, rows[row].length - 1)];
  if (key === "ArrowLeft") return [row, Math.max(index - 1, 0)];
  if (key === "Home") return [row, 0];
  if (key === "End") return [row, rows[row].length - 1];
  if (key === "ArrowDown") {
    if (line + 1 < lines(rows[row])) return [row, within(line + 1, column)];
    const next = rows.findIndex((cells, other) => other > row && cells.length > 0);
    return next === -1 ? [row, index] : [next, Math.min(column, rows[next].length - 1)];
  }
  if (key === "ArrowUp") {
    if (line > 0) return [row, within(line - 1, column)];
    const next = rows.findLastIndex((cells, other) => other < row && cells.length > 0);
    if (next === -1) return [row, index];
    return [next, Math.min((lines(rows[next]) - 1) * columns + column, rows[next].length - 1)];
  }
  return undefined;
}

// Args: the digits as they came; what opens one, and what takes one back, each by its place.
function makeContactSheet(digits, open, takeBack) {
  const places = [...digits.asked.keys()];
  const rows = [...Array(10).keys()].map((digit) => places.filter((p) => digits.asked[p] === digit));
  const cells = new Map();
  const states = new Map();  // by place, how its cell looks, so that only what changes is touched
  const out = new Map();  // by place, the items of those that are left out
  let stop = rows.find((row) => row.length > 0)?.[0];  // the one cell that the Tab key reaches
  let shown = null;

  const lines = rows.map((row, digit) => make(
    "div", { role: "row", class: "digitrec-contact-row" },
    make("div", { role: "rowheader" }, String(digit)),
    make("div", { role: "presentation", class: "digitrec-contact-cells" }, ...row.map(makeCell)),
  ));
  const grid = make(
    "div", { role: "grid", "aria-label": "All digits, by what was asked for", class: "digitrec-contact" },
    ...lines,
  );
  const list = make("ul", { class: "digitrec-left-out", "aria-label": "Left out" });
  const howMany = make("b");
  const element = make(
    "div", { class: "digitrec-contact-side" },
    make("p", {}, make("b", {}, `All ${places.length.toLocaleString("en")} digits, by what was asked for`)),
    make("p", { class: "digitrec-correction-legend" }, LEGEND),
    make("p", { class: "digitrec-correction-legend digitrec-correction-keys" }, KEYS),
    grid,
    make("p", {}, howMany),
    list,
    ...digits.empty.map((words) => make("p", {}, words)),
  );

  function thumbnail(tag, attributes, place) {
    const made = make(tag, { ...attributes, "data-lm-suppress-shortcuts": "true" });
    made.style.setProperty("--x", place % digits.columns);
    made.style.setProperty("--y", Math.floor(place / digits.columns));
    made.addEventListener("click", () => open(place));
    return made;
  }
  function makeCell(place) {
    const cell = thumbnail(
      "div", { role: "gridcell", class: "digitrec-thumbnail", tabindex: "-1", "data-place": place }, place,
    );
    cells.set(place, cell);
    return cell;
  }
  function focus(place) {
    cells.get(stop).tabIndex = -1;
    stop = place;
    cells.get(stop).tabIndex = 0;
    cells.get(stop).focus();
  }
  grid.addEventListener("focusin", (event) => {
    const place = Number(event.target.dataset.place);
    if (cells.has(place) && place !== stop) focus(place);
  });
  grid.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || !event.target.dataset.place) return;
    if ((event.key === "Enter" || event.key === " ") && !event.repeat) {
      event.preventDefault();
      open(stop);
      return;
    }
    const row = digits.asked[stop];
    const columns = getComputedStyle(lines[row].lastChild).gridTemplateColumns.split(" ").length;
    const next = placeAfterKey(event.key, rows, [row, rows[row].indexOf(stop)], columns);
    if (next === undefined) return;
    event.preventDefault();
    focus(rows[next[0]][next[1]]);
  });

  function makeItem(place) {
    const back = makeButton(`Take it back as ${withArticle(digits.asked[place])}`, () => takeBack(place));
    back.setAttribute("aria-label", `Take ${digits.names[place]} back as ${withArticle(digits.asked[place])}`);
    return make(
      "li", { "data-place": place },
      thumbnail("button", { type: "button", class: "digitrec-thumbnail" }, place), make("span"), back,
    );
  }
  function showOut(place, look) {
    if (look.kept) {
      out.get(place)?.remove();
      out.delete(place);
      return;
    }
    if (!out.has(place)) {
      out.set(place, makeItem(place));
      const next = [...out.keys()].filter((other) => other > place).sort((a, b) => a - b)[0];
      list.insertBefore(out.get(place), out.get(next) ?? null);
    }
    const [button, words] = out.get(place).children;
    button.setAttribute("aria-label", `Look at ${digitInWords(look)}`);
    words.textContent = `${capital(look.name)}, ${withArticle(look.asked)} was asked for: ${whyLeftOut(look)}`;
  }

  // Shows how each digit looks now, and which one is seen large.
  function show(lookAt, current) {
    for (const place of places) {
      const look = lookAt(place);
      const [words, mark] = [digitInWords(look), markOf(look)];
      if (states.get(place) === words + mark) continue;
      states.set(place, words + mark);
      const cell = cells.get(place);
      cell.dataset.state = look.state;
      cell.dataset.mark = mark;
      cell.setAttribute("aria-label", words);
      cell.title = words;
      showOut(place, look);
    }
    cells.get(shown)?.removeAttribute("aria-current");
    shown = current;
    cells.get(shown)?.setAttribute("aria-current", "true");
    howMany.textContent = out.size ? `Left out: ${out.size}` : "Nothing is left out.";
  }
  if (stop !== undefined) cells.get(stop).tabIndex = 0;
  return { element, show, focus };
}
