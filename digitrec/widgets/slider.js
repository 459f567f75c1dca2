// A native slider in a label: the label names it, the browser brings keyboard and touch.
function render({ model, el }) {
  const label = document.createElement("label");
  const name = document.createElement("span");
  const slider = document.createElement("input");
  const number = document.createElement("output");
  slider.dataset.lmSuppressShortcuts = "true";  // or JupyterLab takes the arrow keys
  label.style.cssText = "display: flex; flex-wrap: wrap; gap: 8px; padding: 4px 2px";
  slider.type = "range";
  slider.style.width = "300px";
  label.append(name, slider, number);
  el.append(label);

  function update() {
    name.textContent = model.get("description");
    for (const limit of ["min", "max", "step"]) slider[limit] = model.get(limit);
    slider.value = model.get("value");
    number.textContent = slider.value;
  }
  model.on("change", update);
  update();

  slider.addEventListener("input", () => (number.textContent = slider.value));
  slider.addEventListener("change", () => {  // let go: one message a move suits a slow line
    model.set("value", Number(slider.value));
    model.save_changes();
  });
}
export default { render };
