// Changes on their way to Python: each goes at once, as a message of its own, and stays here until it
// is answered. They are kept by the place that they are about; a later one replaces an earlier one.

// Returns {put(place, change), take(place, number), changes(), questions}. `questions` is what
// waiting.js wants to know of a model. As long as anything waits, the browser asks before it leaves.
function makeOutbox(model, signal) {
  const waiting = new Map();  // by place: the change with its number
  const acts = { "change:asked": [], "change:answered": [] };
  let number = Math.floor(Math.random() * 2 ** 40);  // another tab counts elsewhere
  let sent = 0;

  function put(place, change) {
    waiting.delete(place);
    number += 1;
    sent += 1;
    waiting.set(place, { ...change, number });
    try {
      model.send({ turn: place, number, ...change });
    } catch (error) {  // a kernel that has stopped; the silence is said in words
      console.warn(error);
    }
    acts["change:asked"].forEach((act) => act());
  }

  // Takes out what was answered. What went before it and was not answered has been lost on the way,
  // with a line that broke: it goes once more.
  function take(place, answered) {
    if (waiting.get(place)?.number !== answered) return;
    waiting.delete(place);
    for (const [other, { number: former, ...change }] of [...waiting]) {
      if (former < answered) put(other, change);
    }
    acts["change:answered"].forEach((act) => act());
  }

  addEventListener("beforeunload", (event) => {
    if (waiting.size) event.preventDefault();
  }, { signal });
  const questions = {
    get: (name) => (name === "asked" ? sent : sent - waiting.size),
    on: (event, act) => acts[event].push(act),
  };
  return { put, take, changes: () => [...waiting], questions };
}
