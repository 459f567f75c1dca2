// What the two networks say: a sentence and bars each, and whether they agree.

function sentenceOf(reading, resting) {
  const { digit, isDigit, reason } = reading;
  if (!resting) return `So far: ${isDigit ? withArticle(digit) : "no digit"}`;
  if (isDigit) return `The number is probably ${withArticle(digit)}`;
  return `This is probably not a digit (${reason})`;
}

function detailsOf({ digit, confidence, isDigit, isSure, notADigit, probabilities, runnersUp, reason }) {
  if (isSure) return `Sure: ${percentText(confidence)}.`;
  const [second] = runnersUp;
  const other = probabilities[second] < 0.01
    ? ""
    : ` It could be ${withArticle(second)} (${percentText(probabilities[second])}).`;
  if (isDigit) return `Not sure: ${percentText(confidence)}.${other}`;
  if (reason === "several shapes") return "Draw one digit alone.";
  if (notADigit > confidence) return `Not a digit: ${percentText(notADigit)}.`;
  return `Best guess: ${withArticle(digit)} (${percentText(confidence)}).`;
}

function agreementOf([one, two], resting) {
  const said = ({ isDigit, digit }) => (isDigit ? withArticle(digit) : "no digit");
  const agree = said(one) === said(two);
  if (agree) return { agree, text: `${resting ? "Both say" : "So far both say"}: ${said(one)}.` };
  const differ = resting ? "They disagree" : "So far they disagree";
  return { agree, text: `${differ}: ${said(one)}, or ${said(two)}?` };
}

// A card that shows the answers of one network; every place in it stays where it is.
function makeCard(name, network) {
  const sentence = make("p", { class: "sentence" });
  const details = make("p", { class: "details" });
  const rows = Array.from({ length: NOT_A_DIGIT + 1 }, (_, answer) => makeRow(answer, network));
  const table = make(
    "table", { class: "bars", "aria-label": `${name}: probability of each answer` },
    make("tbody", {}, ...rows.map(({ row }) => row)),
  );
  const said = make("div", { class: "said" }, sentence, details);
  const element = make("section", { class: `card ${network.name}` }, make("h2", {}, name), said, table);

  function show(reading, resting) {
    sentence.textContent = reading ? sentenceOf(reading, resting) : "Nothing is drawn yet";
    details.textContent = reading && resting ? detailsOf(reading) : "";
    const best = reading ? reading.probabilities.indexOf(Math.max(...reading.probabilities)) : -1;
    rows.forEach(({ row, bar, percent }, answer) => {
      if (answer >= network.answers) return;
      const share = reading ? reading.probabilities[answer] : 0;
      bar.style.width = `${100 * share}%`;
      percent.textContent = reading ? percentText(share, ">", "<") : "";
      row.classList.toggle("best", answer === best);
    });
  }
  return { element, show };
}

function makeRow(answer, network) {
  const name = make("th", { scope: "row" }, answer === NOT_A_DIGIT ? "not a\ndigit" : String(answer));
  if (answer >= network.answers) {
    const cell = make("td", { class: "missing", colspan: 2 }, "this network has no such answer");
    return { row: make("tr", { class: "last" }, name, cell) };
  }
  const bar = make("div", { class: "bar" });
  const percent = make("td", { class: "percent" });
  const row = make("tr", {}, name, make("td", { class: "track" }, bar), percent);
  if (answer === NOT_A_DIGIT) row.className = "last";
  return { row, bar, percent };
}
