// A native list in a label: the label names it, the browser brings the keyboard.
function renderChoice({ model, el }) {
  const list = make("select", {
    "data-lm-suppress-shortcuts": "true",  // or JupyterLab takes the arrow keys
  });
  for (const option of model.get("options")) list.add(new Option(option));
  const silence = make("p", { class: "digitrec-silence" });
  el.append(make("label", { class: "digitrec-control" }, model.get("description"), list), silence);

  function update() {
    list.value = model.get("value");
  }
  model.on("change:value", update);
  update();

  const tell = askInTurn(model);
  list.addEventListener("change", () => tell({ value: list.value }));
  watchAnswers(model, silence);
}
