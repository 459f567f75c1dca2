// What networks say to a drawing: for each a card with a sentence and bars, and whether they agree.
// Nothing in a card moves when the answer changes.
function sentenceOf(reading, resting) {
  const { digit, isDigit, reason } = reading;
  if (!resting) return `So far: ${isDigit ? withArticle(digit) : "no digit"}`;
  if (isDigit) return `The number is probably ${withArticle(digit)}.`;
  return `This is probably not a digit (${reason}).`;
}

function detailsOf({ digit, confidence, isDigit, isSure, notADigit, probabilities, runnersUp, reason }) {
  if (isSure) return `Sure: ${percentText(confidence)}.`;
  const [second] = runnersUp;
  const other = probabilities[second] < 0.01
    ? ""
    : ` It could also be ${withArticle(second)} (${percentText(probabilities[second])}).`;
  if (isDigit) return `Not sure: ${percentText(confidence)}.${other}`;
  if (reason === "several shapes") return "Draw one digit alone.";
  if (notADigit > confidence) return `Not a digit: ${percentText(notADigit)}.`;
  return `Best guess: ${withArticle(digit)} (${percentText(confidence)}).`;
}

function agreementOf(readings, resting) {
  const said = ({ isDigit, digit }) => (isDigit ? withArticle(digit) : "no digit");
  const [one, other] = readings.map(said);
  if (one === other) return { agree: true, text: `${resting ? "Both say" : "So far both say"}: ${one}.` };
  const differ = resting ? "They disagree" : "So far they disagree";
  return { agree: false, text: `${differ}: ${one}, or ${other}?` };
}

function makeCard(name, network, heading = "h3") {
  const sentence = make("p", { class: "digitrec-sentence" });
  const details = make("p", { class: "digitrec-details" });
  const rows = Array.from({ length: NOT_A_DIGIT + 1 }, (_, answer) => makeRow(answer, network));
  const table = make(
    "table", { class: "digitrec-bars", "aria-label": `${name}: probability of each answer` },
    make("tbody", {}, ...rows.map(({ row }) => row)),
  );
  const element = make(
    "section", { class: "digitrec-card" },
    make(heading, {}, name), make("div", { class: "digitrec-verdict" }, sentence, details), table,
  );

  function show(reading, resting) {
    sentence.textContent = reading ? sentenceOf(reading, resting) : "Nothing is drawn yet";
    details.textContent = reading && resting ? detailsOf(reading) : "";
    const best = reading ? reading.probabilities.indexOf(Math.max(...reading.probabilities)) : -1;
    rows.forEach(({ row, bar, percent }, answer) => {
      if (answer >= network.answers) return;
      const share = reading ? reading.probabilities[answer] : 0;
      bar.style.width = `${100 * share}%`;
      percent.textContent = reading ? percentText(share, ">", "<") : "";
      row.classList.toggle("digitrec-best", answer === best);
    });
  }
  show(null);
  return { element, show };
}

function makeRow(answer, network) {
  const name = make("th", { scope: "row" }, answer === NOT_A_DIGIT ? "not a digit" : String(answer));
  if (answer >= network.answers) {
    const cell = make("td", { class: "digitrec-missing", colspan: 2 }, "has no such answer");
    return { row: make("tr", {}, name, cell) };
  }
  const bar = make("div", { class: "digitrec-bar" });
  const percent = make("td", { class: "digitrec-percent" });
  return { row: make("tr", {}, name, make("td", {}, bar), percent), bar, percent };
}

// What a screen reader says once the pen rests.
function readingsInWords(names, readings) {
  const each = readings.map((reading, i) =>
    `${names[i]}: ${sentenceOf(reading, true)} ${detailsOf(reading)}`);
  return readings.length > 1 ? `${agreementOf(readings, true).text} ${each.join(" ")}` : each[0];
}
