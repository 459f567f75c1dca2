// A native slider in a label: the label names it, the browser brings keyboard and touch. It asks
// Python while it moves, one question at a time.
function renderSlider({ model, el }) {
  const name = make("span");
  const slider = make("input", {
    type: "range",
    "data-lm-suppress-shortcuts": "true",  // or JupyterLab takes the arrow keys
  });
  // hidden from screen readers, because the slider says its value itself
  const number = make("span", { class: "digitrec-number", "aria-hidden": "true" });
  const silence = make("p", { class: "digitrec-silence" });
  el.append(make("label", { class: "digitrec-control" }, name, slider, number), silence);

  function update() {
    name.textContent = model.get("description");
    for (const limit of ["min", "max", "step"]) slider[limit] = model.get(limit);
    slider.value = model.get("value");
    number.textContent = slider.value;
  }
  for (const trait of ["description", "min", "max", "step", "value"]) {
    model.on(`change:${trait}`, update);
  }
  update();

  const tell = askInTurn(model);
  slider.addEventListener("input", () => {
    number.textContent = slider.value;
    tell({ value: Number(slider.value) });
  });
  watchAnswers(model, silence);
}
