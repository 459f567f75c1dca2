// The rules of the challenges: what is asked, and what a drawing is worth. Nothing of the page.
//
// begin() gives the state of a try. judge(state, event) is called whenever something happens and
// gives {state, line, strokes, result, over}: what to say, what to lay on the paper if it has to
// change, what was reached ({score, text}, the higher the better), and whether the try is over.
// The event: {phase, look, strokes, now}; phases: "drawing" while the pen moves, "ended" when it is
// lifted, "settled" after a short rest, "resting" after a longer one, "tick" from time to time.
const TIME_LIMIT = 20;  // seconds
const UGLY_LEAST = 0.9;
const A_ONE = [[[163, 48], [158, 75], [152, 105], [146, 135], [140, 165], [133, 195], [127, 228]]];

const tenDigits = {
  id: "ten",
  title: "Ten digits in twenty seconds",
  goal: "Draw each digit that is asked for. The clock starts with your first stroke.",
  begin(withClock) {
    return { asked: shuffled([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), done: 0, start: null, withClock };
  },
  judge(before, { phase, look, now }) {
    const start = before.start ?? (phase === "drawing" || phase === "ended" ? now : null);
    const seconds = start === null ? 0 : (now - start) / 1000;
    const right = phase === "settled" && look && isRead(look.readings[0], before.asked[before.done]);
    const state = { ...before, start, done: before.done + (right ? 1 : 0) };
    const { done, withClock } = state;
    if (done === 10) {
      const text = `All ten in ${seconds.toFixed(1)} seconds.`;
      return { state, line: text, strokes: [], result: { score: 10 + 1 / seconds, text }, over: true };
    }
    if (withClock && seconds >= TIME_LIMIT) {
      const text = `${done} of 10 in ${TIME_LIMIT} seconds.`;
      return { state, line: text, result: { score: done, text }, over: true };
    }
    const clock = withClock ? `${Math.ceil(TIME_LIMIT - seconds)} s left` : `${Math.floor(seconds)} s`;
    const line = `Draw ${withArticle(state.asked[done])}. Done: ${done} of 10. ${clock}.`;
    return { state, line, strokes: right ? [] : null };
  },
};

const oneToSeven = {
  id: "seven",
  title: "Turn a 1 into a 7",
  goal: "A 1 is drawn. Add as little ink as you can, so that the network in the box reads a 7.",
  begin() {
    return { before: inkAmount(inkOf(A_ONE)) };
  },
  judge(state, { phase, look, strokes }) {
    const kept = JSON.stringify(strokes.slice(0, A_ONE.length)) === JSON.stringify(A_ONE);
    if (!kept && phase !== "drawing") return { state, line: "Add to this 1.", strokes: A_ONE };
    const added = look ? inkAmount(look.ink) / state.before - 1 : 0;
    const ink = `${Math.round(100 * added)}% more ink`;
    if (phase === "ended" && look && isRead(look.readings[0], 7)) {
      const text = `A 7 with ${ink}.`;
      return { state, line: text, result: { score: -added, text }, over: true };
    }
    const reading = look?.readings[0];
    const said = reading?.isDigit ? `It reads ${withArticle(reading.digit)}` : "It reads no digit";
    return { state, line: strokes.length > 1 ? `${said}. So far ${ink}.` : "Add to this 1." };
  },
};

const ugliest = {
  id: "ugly",
  title: "The ugliest digit",
  goal:
    "Draw any digit as ugly as you can, while the network in the box stays at least 90% sure. " +
    "Ugly means: far from the mean of all of MNIST's digits of that kind. The usual digit has 100.",
  begin: () => ({}),
  judge(state, { phase, look, usual }) {
    if (phase !== "resting" || !look) return { state, line: "Draw, then lift the pen." };
    const { digit, isDigit, confidence } = look.readings[0];
    if (!isDigit || confidence < UGLY_LEAST) {
      return { state, line: `Too ugly: ${percentText(confidence)} sure of ${withArticle(digit)}.` };
    }
    const { score, share } = uglinessOf(look.image, digit, usual);
    const others = share === 1 ? "every" : `${percentText(share)} of the`;
    const text = `${score}, with ${withArticle(digit)}`;
    const line = `Ugliness ${score}: uglier than ${others} ${digit}${share === 1 ? "" : "s"} of MNIST.`;
    return { state, line, result: { score, text } };
  },
};

const splitThem = {
  id: "split",
  title: "Split the two networks",
  goal:
    "Draw something that both networks take for a digit, but not for the same one. " +
    "What counts is how sure the less sure of the two is.",
  begin: () => ({}),
  judge(state, { phase, look }) {
    if (phase !== "resting" || !look) return { state, line: "Draw, then lift the pen." };
    const [one, two] = look.readings;
    if (!one.isDigit || !two.isDigit) return { state, line: "Not both of them see a digit." };
    if (one.digit === two.digit) return { state, line: `Both see ${withArticle(one.digit)}.` };
    const score = Math.min(one.confidence, two.confidence);
    const text = `${percentText(score)}, with ${withArticle(one.digit)} or ${withArticle(two.digit)}`;
    const line = `Split: ${withArticle(one.digit)} or ${withArticle(two.digit)}, ${percentText(score)}.`;
    return { state, line, result: { score, text } };
  },
};

function challengeRules() {
  return [tenDigits, oneToSeven, ugliest, splitThem];
}

function isRead(reading, digit) {
  return reading.isDigit && reading.digit === digit;
}

function shuffled(list) {
  const left = [...list];
  return list.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
}

function inkAmount(ink) {
  return ink.pixels.reduce((sum, shade) => sum + shade, 0) / 255;
}

// usual: {means: ten images, distances: for each digit, how far MNIST's digits lie from their mean,
// from the nearest to the farthest in equal steps}; scripts/build_page.py measures it.
function uglinessOf(image, digit, { means, distances }) {
  const mean = means.subarray(784 * digit, 784 * (digit + 1));
  const squares = image.reduce((sum, shade, i) => sum + (shade - mean[i]) ** 2, 0);
  const distance = Math.sqrt(squares), of = distances[digit];
  const nearer = of.filter((other) => other < distance).length;
  return {
    score: Math.round((100 * distance) / of[Math.floor(of.length / 2)]),
    share: nearer / of.length,
  };
}
