// A native list in a label: the label names it, the browser brings the keyboard.
function render({ model, el }) {
  const label = document.createElement("label");
  const list = document.createElement("select");
  list.dataset.lmSuppressShortcuts = "true";  // or JupyterLab takes the arrow keys
  label.style.cssText = "display: flex; flex-wrap: wrap; gap: 8px; padding: 4px 2px";
  for (const option of model.get("options")) list.add(new Option(option));
  label.append(model.get("description"), list);
  el.append(label);

  function update() {
    list.value = model.get("value");
  }
  model.on("change:value", update);
  update();

  list.addEventListener("change", () => {
    model.set("value", list.value);
    model.save_changes();
  });
}
export default { render };
