// What a network's probabilities mean, by the rules of digitrec/reading/digit.py.
const LEAST_CONFIDENCE = 0.5;  // below it the network does not prefer one digit to all the others
const SURE = 0.9;
const NOT_A_DIGIT = 10;  // the place of the eleventh answer

function interpretAnswers(probabilities, prepared) {
  const digits = Array.from(probabilities).slice(0, NOT_A_DIGIT);
  const order = digits.map((_, digit) => digit).sort((a, b) => digits[b] - digits[a] || a - b);
  const confidence = digits[order[0]];
  const [inside, outside] = prepared.shapes;
  let reason = "";
  if (outside || (inside + outside > 1 && confidence < LEAST_CONFIDENCE)) reason = "several shapes";
  else if (confidence < LEAST_CONFIDENCE) reason = "looks like no digit";
  return {
    digit: order[0],
    confidence,
    isDigit: reason === "",
    isSure: reason === "" && confidence >= SURE,
    reason,
    notADigit: probabilities.length > NOT_A_DIGIT ? probabilities[NOT_A_DIGIT] : null,
    runnersUp: order.slice(1, 3),
  };
}

// No network is certain, so nothing is 0% or 100%.
function percentText(share, more = "more than ", less = "less than ") {
  if (share > 0.99) return `${more}99%`;
  if (share < 0.01) return `${less}1%`;
  return `${Math.round(100 * share)}%`;
}

function withArticle(digit) {
  return `${digit === 8 ? "an" : "a"} ${digit}`;
}
