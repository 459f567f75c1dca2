// A native slider in a label: the label names it, the browser brings keyboard and touch. It asks
// Python while it moves, one question at a time.
function renderSlider({ model, el }) {
  const label = document.createElement("label");
  const name = document.createElement("span");
  const slider = document.createElement("input");
  const number = document.createElement("span");
  const silence = document.createElement("p");
  label.className = "digitrec-control";
  slider.type = "range";
  slider.dataset.lmSuppressShortcuts = "true";  // or JupyterLab takes the arrow keys
  number.className = "digitrec-number";
  number.setAttribute("aria-hidden", "true");  // the slider says it already
  silence.className = "digitrec-silence";
  silence.setAttribute("role", "status");
  label.append(name, slider, number);
  el.append(label, silence);

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
