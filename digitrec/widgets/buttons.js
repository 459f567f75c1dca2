// Returns a button that does something, unless it is aria-disabled: then it keeps the focus.
function makeButton(words, act) {
  const button = make("button", {
    type: "button",
    class: "digitrec-button",
    "data-lm-suppress-shortcuts": "true",  // or JupyterLab takes the keys
  }, words);
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") !== "true") act();
  });
  return button;
}
