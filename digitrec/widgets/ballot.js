// Images to vote on, one after the other: what each label should have been. The votes are one list,
// so that an old message can never undo a newer one; the image that is shown is the first without
// a vote. Everything is drawn here, so a reader never votes on another image than the one seen.

const NOBODY_CAN_TELL = 10;  // as in ballot.py; 0 to 9 are digits

const KEYS =
  "Keys: r for right, a digit for what it is, n for nobody can tell, u or Backspace to undo.";

// Returns what a key votes for an image with this label, or undefined for a key that votes nothing.
function voteOfKey(key, label) {
  if (/^[0-9]$/.test(key)) return Number(key);
  return { r: label, n: NOBODY_CAN_TELL }[key.toLowerCase()];
}

// Returns the votes so far in words.
function tallyOf(votes, labels) {
  const right = votes.filter((vote, place) => vote === labels[place]).length;
  const nobody = votes.filter((vote) => vote === NOBODY_CAN_TELL).length;
  const wrong = votes.length - right - nobody;
  return (
    `Label right: ${right}. Label wrong: ${wrong}. Nobody can tell: ${nobody}. ` +
    `Still to look at: ${labels.length - votes.length}.`
  );
}

function voteInWords(vote, label) {
  if (vote === NOBODY_CAN_TELL) return "Nobody can tell.";
  return vote === label ? "The label is right." : `The label is wrong: it is a ${vote}.`;
}

function renderBallot({ model, el }) {
  const labels = model.get("labels");
  const pictures = model.get("pictures");
  const says = model.get("says");
  if (labels.length === 0) {
    el.append(make("p", {}, "There is no image to vote on."));
    return;
  }
  let votes = [...model.get("votes")];

  const picture = make("img", { class: "digitrec-ballot-picture" });
  const number = make("p", { class: "digitrec-ballot-number" });
  const label = make("p", { class: "digitrec-ballot-label" });
  const said = make("p", {});
  const former = make("p", {});
  const right = makeButton("The label is right", () => vote(labels[votes.length]));
  const nobody = makeButton("Nobody can tell", () => vote(NOBODY_CAN_TELL));
  const undo = makeButton("Undo", () => change(votes.slice(0, -1), "Undone. "));
  const digits = labels.length ? [...Array(10).keys()].map((d) => makeButton(String(d), () => vote(d))) : [];
  digits.forEach((made, digit) => made.setAttribute("aria-label", `It is a ${digit}`));
  const tally = make("p", { class: "digitrec-ballot-tally" });
  const silence = make("p", { class: "digitrec-silence" });
  const status = make("div", { role: "status", class: "digitrec-said" });
  const group = make(
    "div", { class: "digitrec-ballot digitrec-keyed", role: "group", "aria-label": "Vote on labels" },
    make("div", { class: "digitrec-ballot-seen" }, picture,
      make("div", {}, number, label, said, former)),
    make("div", { class: "digitrec-ballot-row" }, right, nobody, undo),
    make("div", { class: "digitrec-ballot-row" },
      make("span", { "aria-hidden": "true" }, "Wrong, it is a"), ...digits),
    tally,
    make("p", { class: "digitrec-ballot-keys" }, KEYS),
    silence,
    status,
  );
  el.append(group);

  const tell = askInTurn(model);
  function vote(given) {
    if (votes.length < labels.length) change([...votes, given], "");
  }
  function change(next, first) {
    votes = next;
    tell({ votes });
    show(first);
  }
  function show(first) {
    const place = votes.length;
    const over = place === labels.length;
    const last = place - 1;
    picture.src = pictures[over ? last : place];
    picture.alt = over ? "The last image" : `Image ${place + 1}, drawn by hand`;
    number.textContent = over
      ? `You have voted on all ${labels.length} images.`
      : `Image ${place + 1} of ${labels.length}`;
    label.textContent = over ? "" : `Its label: ${labels[place]}`;
    said.textContent = over ? "" : says[place];
    former.textContent = place === 0 ? "" : `Your last vote: ${voteInWords(votes[last], labels[last])}`;
    tally.textContent = tallyOf(votes, labels);
    for (const made of [right, nobody, ...digits]) made.setAttribute("aria-disabled", String(over));
    undo.setAttribute("aria-disabled", String(place === 0));
    const seen = [number, label, said].map((part) => part.textContent).filter(Boolean).join(". ");
    if (first !== null) status.textContent = `${first}${seen} ${over ? tally.textContent : ""}`;
  }
  group.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const place = votes.length;
    if (event.key === "Backspace" || event.key.toLowerCase() === "u") {
      if (place > 0) change(votes.slice(0, -1), "Undone. ");
    } else {
      const given = voteOfKey(event.key, labels[place]);
      if (given === undefined) return;
      vote(given);
    }
    event.preventDefault();
    event.stopPropagation();
  });
  function takeVotes() {  // another tab voted, or Python did
    const told = model.get("votes");
    if (isWaiting(model) || told.join() === votes.join()) return;
    votes = [...told];
    show("");
  }
  model.on("change:votes", takeVotes);
  model.on("change:answered", takeVotes);  // until then, the question of the other tab is ours, too
  show(null);
  watchAnswers(model, silence);
}
