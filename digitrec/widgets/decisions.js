// What a reader decides about each digit, what a digit is by that, and how it is said.

const LEFT_OUT = 10;  // a decision, as in correction.py; 0 to 9 are digits

function withArticle(digit) {
  return digit === 8 ? "an 8" : `a ${digit}`;
}

function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// Returns steps with one more. So that they never grow without end, the oldest of those that a later
// one has replaced is forgotten at last.
function withStep(steps, step, most) {
  const all = [...steps, step];
  if (all.length <= most) return all;
  const last = new Map(all.map(([place], index) => [place, index]));
  const forgotten = all.findIndex(([place], index) => last.get(place) !== index);
  return all.filter((_, index) => index !== forgotten);
}

// Returns what one digit is now: as it was read, or as the latest step on it says.
function lookAtDigit(digits, place, decision) {
  const asked = digits.asked[place];
  const looked = decision !== undefined;
  const kept = looked ? decision !== LEFT_OUT : digits.kept[place];
  const label = looked ? (kept ? decision : asked) : digits.labels[place];
  const doubt = digits.doubts[place];
  const state = !kept ? "left-out" : label !== asked ? "relabelled"
    : looked ? "looked-at" : doubt ? "doubtful" : "plain";
  return { name: digits.names[place], asked, looked, kept, label, doubt, state };
}

const MARKS = { "left-out": "✕", "looked-at": "✓", doubtful: "?", plain: "" };

function markOf({ state, label }) {
  return state === "relabelled" ? `→${label}` : MARKS[state];
}

function decisionInWords({ kept, label, looked }) {
  if (kept) return `${looked ? "you say it is" : "relabelled as"} ${withArticle(label)}`;
  return looked ? "you left it out" : "left out when it was read";
}

function isDecided({ looked, kept, label, asked }) {
  return looked || !kept || label !== asked;
}

function digitInWords(look) {
  const decided = isDecided(look) ? decisionInWords(look) : "";
  return [look.name, `${withArticle(look.asked)} was asked for`, look.doubt, decided]
    .filter(Boolean).join(", ");
}

// Returns what is doubtful about a digit, and what was decided.
function thoughtsOn(look) {
  const doubt = look.doubt ? `Doubtful: ${look.doubt}.` : "";
  return `${doubt} ${isDecided(look) ? `${capital(decisionInWords(look))}.` : ""}`.trim();
}

// Returns why a digit is left out.
function whyLeftOut(look) {
  return [look.doubt, decisionInWords(look)].filter(Boolean).join("; ");
}

// Returns the digit of a key, or null. French keyboards write it with the Shift key alone; there the
// key itself is enough.
function digitOfKey({ key, code, shiftKey }) {
  if (/^[0-9]$/.test(key)) return Number(key);
  const found = shiftKey ? null : /^Digit([0-9])$/.exec(code);
  return found ? Number(found[1]) : null;
}
