// The place of an answer: HTML that is replaced without a jump, and one live region that stays.

// An element that screen readers listen to. It stays in the page, and only its text changes.
function makeLiveRegion() {
  const region = document.createElement("div");
  region.className = "digitrec-said";
  region.setAttribute("role", "status");
  return region;
}

// An element for an answer. What is below it does not jump when `replaceAnswer` changes it: it never
// becomes lower, until its width changes.
function makePlace() {
  const place = document.createElement("div");
  place.className = "digitrec-answer";
  let width = 0;
  new ResizeObserver(() => {
    if (place.clientWidth !== width) place.style.minHeight = "";
    width = place.clientWidth;
  }).observe(place);
  return place;
}

// Show other HTML in a place. What was unfolded stays unfolded, and the focus on such a line stays on
// it. The HTML has to come from our own functions, which escape every name.
function replaceAnswer(place, html) {
  const linesOf = () => [...place.querySelectorAll("details > summary")];
  const former = linesOf();
  const open = new Map(former.map((line) => [line.textContent, line.parentElement.open]));
  const focused = former.find((line) => line === document.activeElement)?.textContent;
  const unfolded = [...open.values()].includes(true);
  if (!unfolded) place.style.minHeight = `${place.offsetHeight}px`;

  place.innerHTML = html;
  for (const line of linesOf()) {
    const text = line.textContent;
    if (open.has(text)) line.parentElement.open = open.get(text);
    if (text === focused) line.focus({ preventScroll: true });
  }
}

function renderAnswerView({ model, el }) {
  const place = makePlace();
  const region = makeLiveRegion();
  el.classList.add("digitrec-view");
  el.append(place, region);

  model.on("msg:custom", ({ html, said }) => {
    replaceAnswer(place, html);
    region.textContent = said;
  });
  model.send({});  // asks for the latest
}
