// A native list in a label: the label names it, the browser brings the keyboard.
function renderChoice({ model, el }) {
  const label = document.createElement("label");
  const list = document.createElement("select");
  const silence = document.createElement("p");
  label.className = "digitrec-control";
  list.dataset.lmSuppressShortcuts = "true";  // or JupyterLab takes the arrow keys
  silence.className = "digitrec-silence";
  silence.setAttribute("role", "status");
  for (const option of model.get("options")) list.add(new Option(option));
  label.append(model.get("description"), list);
  el.append(label, silence);

  function update() {
    list.value = model.get("value");
  }
  model.on("change:value", update);
  update();

  const tell = askInTurn(model);
  list.addEventListener("change", () => tell({ value: list.value }));
  watchAnswers(model, silence);
}
