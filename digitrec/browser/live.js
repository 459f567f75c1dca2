// Reading while the pen moves: often enough to feel alive, seldom enough for the line not to lag.
const RESTING = 700;  // milliseconds after the pen is lifted, when a verdict is due
const LEAST_PAUSE = 50;  // milliseconds between two answers while the pen moves

// Returns {onChange(strokes, drawing), now(strokes)}. `read(strokes)` gives what is to be shown, and
// `show(look, phase)` shows it: "drawing", "ended" when the pen was lifted, "resting" when a verdict
// is due. What is shown always belongs to the latest strokes.
function readLive(read, show) {
  let strokes = [], look = null;
  let lastRead = 0, cost = 0;  // milliseconds
  let pending = 0, rest = 0;  // timers

  function act(phase) {
    clearTimeout(pending);
    pending = 0;
    const start = performance.now();
    look = read(strokes);
    show(look, phase);
    lastRead = performance.now();
    cost = lastRead - start;
  }

  function now(latest) {
    strokes = latest;
    clearTimeout(rest);
    act("ended");
    rest = setTimeout(() => show(look, "resting"), RESTING);
  }

  function onChange(latest, drawing) {
    if (!drawing) return now(latest);
    strokes = latest;
    clearTimeout(rest);
    const wait = lastRead + Math.max(LEAST_PAUSE, 3 * cost) - performance.now();  // a third of the time
    if (wait <= 0) act("drawing");
    else pending ||= setTimeout(() => act("drawing"), wait);
  }
  return { onChange, now };
}
