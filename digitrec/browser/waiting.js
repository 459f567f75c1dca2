// Questions to Python: one under way at a time, and words for the reader while none is answered.
// The model has two counters, `asked` and `answered`, as Python's class `Answering` keeps them.

const PATIENCE = 5000;  // milliseconds
const NO_ANSWER =
  "Python has not answered for 5 seconds. It is busy with another cell, or has stopped: " +
  "wait for the other cell, or run this one again.";

function isWaiting(model) {
  return model.get("answered") < model.get("asked");
}

// Sends values to Python, and counts them as a question.
function ask(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.set("asked", model.get("asked") + 1);
  model.save_changes();
}

// Returns a function that sends values at once, or, while Python has not answered the former, keeps
// the latest and sends them then: a slow line or kernel is never flooded, and the last value wins.
function askInTurn(model) {
  let latest = null;
  function send() {
    if (latest === null || isWaiting(model)) return;
    const values = latest;
    latest = null;
    ask(model, values);
  }
  model.on("change:answered", send);
  return (values) => {
    latest = { ...latest, ...values };
    send();
  };
}

// Writes words into an element when Python has not answered for 5 seconds, and takes them away when
// it answers. Screen readers hear them from the one live region of the box.
function watchAnswers(model, element, words = NO_ANSWER) {
  let timer = null;
  function watch() {
    clearTimeout(timer);
    timer = isWaiting(model) ? setTimeout(() => write(words), PATIENCE) : null;
    if (timer === null) write("");
  }
  function write(text) {
    element.textContent = text;
    const region = element.closest(".widget-vbox")?.querySelector(".digitrec-said");
    if (region && (text || region.textContent === words)) region.textContent = text;
  }
  model.on("change:asked", () => timer ?? watch());  // a second question makes the first no younger
  model.on("change:answered", watch);
  watch();
}
