// The challenges on the page: cards to start them, and a line above the paper while one is on.

function startChallenges({ pad, usual, showPad }) {
  const banner = byId("challenge");
  const line = byId("challenge-line");
  const bests = loadBests();
  const cards = challengeRules().map((rule) => makeChallengeCard(rule, () => start(rule)));
  let rule = null, state = null, over = false, ticking = 0;
  byId("challenge-cards").append(...cards.map((card) => card.element));
  cards.forEach((card) => card.showBest(bests[card.rule.id]));

  function start(chosen) {
    clearInterval(ticking);
    const card = cards.find((each) => each.rule === chosen);
    rule = chosen;
    over = false;
    state = rule.begin(card.withClock());
    banner.hidden = false;
    byId("challenge-title").textContent = rule.title;
    byId("challenge-goal").textContent = rule.goal;
    pad.setStrokes([]);
    apply(rule.judge(state, eventOf({ phase: "begun", look: null, strokes: [] })));
    showPad();
    say(`${rule.title}. ${rule.goal} ${line.textContent}`);
    pad.element.scrollIntoView({ block: "nearest" });
    banner.scrollIntoView({ block: "nearest" });
    pad.focus();
    ticking = setInterval(() => on({ phase: "tick", look: null, strokes: pad.strokes() }), 200);
  }

  function stop() {
    clearInterval(ticking);
    const card = cards.find((each) => each.rule === rule);
    rule = null;
    banner.hidden = true;
    card?.button.focus();
  }

  function on(event) {
    if (!rule || over) return;
    if (event.phase === "tick" && rule !== tenDigits) return;
    apply(rule.judge(state, eventOf(event)));
  }

  const eventOf = (event) => ({ ...event, usual, now: performance.now() });

  function apply(outcome) {
    const before = line.textContent;
    state = outcome.state;
    over = Boolean(outcome.over);
    if (over) clearInterval(ticking);
    line.textContent = outcome.line;
    banner.classList.toggle("over", over);
    if (outcome.result) keep(outcome.result);
    if (outcome.result || (outcome.strokes && before)) say(line.textContent);
    if (outcome.strokes) {
      pad.setStrokes(outcome.strokes);
      showPad();
    }
  }

  function keep(result) {
    const best = bests[rule.id];
    const better = !best || result.score > best.score;
    if (better) {
      bests[rule.id] = result;
      saveBests(bests);
      cards.find((card) => card.rule === rule).showBest(result);
    }
    line.textContent += better ? " Your best so far." : ` Your best: ${best.text}`;
  }

  byId("challenge-again").addEventListener("click", () => start(rule));
  byId("challenge-stop").addEventListener("click", stop);
  return { on };
}

function makeChallengeCard(rule, onStart) {
  const button = make("button", { type: "button", class: "digitrec-button digitrec-small" }, "Start");
  const best = make("p", { class: "best-result" });
  const clock = make("input", { type: "checkbox", checked: "" });
  const element = make(
    "section", { class: "challenge-card" },
    make("h3", {}, rule.title), make("p", {}, rule.goal), best, button,
  );
  button.setAttribute("aria-label", `Start: ${rule.title}`);
  if (rule === tenDigits) button.before(make("label", { class: "digitrec-choice" }, clock, " with the clock"));
  button.addEventListener("click", onStart);
  return {
    rule,
    element,
    button,
    withClock: () => clock.checked,
    showBest(result) {
      best.textContent = result ? `Best: ${result.text}` : "No result yet.";
    },
  };
}

// The best results outlast the visit where the browser lets a page keep something.
function loadBests() {
  try {
    const kept = JSON.parse(localStorage.getItem("digitrec-best"));
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

function saveBests(bests) {
  try {
    localStorage.setItem("digitrec-best", JSON.stringify(bests));
  } catch {
    // The visit goes on; the best results end with it.
  }
}
