// Choose, drop, paste or photograph pictures. Each is made small, sent and answered, one by one.

const SILENCE = 5000;  // milliseconds without a word from Python, until that is said
const SLOW_LINE = 50;  // bytes a millisecond that even a slow line carries

function renderUploader({ model, el, signal }) {
  const rules = model.get("rules");
  const root = make("div", { class: "digitrec-uploader" });
  const area = make("div", { class: "digitrec-area" });
  const silence = make("p", { class: "digitrec-silence" });
  silence.hidden = true;
  const list = make("div", { class: "digitrec-list" });
  const region = makeLiveRegion();
  area.append(
    ...chooser("Choose pictures of digits", "digitrec-choose", { multiple: "" }),
    ...chooser("Take a photo", "digitrec-camera", { capture: "environment" }),
    make("span", { class: "digitrec-hint" }, "or drop them here, or paste one"),
  );
  const nothing = make("p", { class: "digitrec-nothing" }, "Nothing is chosen yet.");
  list.append(nothing);
  root.append(area, silence, list, region);
  el.append(root);

  let batch = 0;  // the choice that is shown; the time at which it was made, so that later ones are larger
  let latest = 0;  // the largest that Python knows; another computer's clock may be fast
  let lines = [];  // one a file of it
  let answered = () => {};  // called with each number that is answered
  let timer = null;

  // A button, and the browser's own field for files that it opens.
  function chooser(name, className, options) {
    const button = make("button", { class: className }, name);
    const field = make("input", { type: "file", accept: "image/*", hidden: "", ...options });
    button.addEventListener("click", () => field.click());
    field.addEventListener("change", () => {
      const files = [...field.files];
      field.value = "";  // so that the same file can be chosen again
      take(files);
    });
    return [button, field];
  }

  // Forget the former choice, and show the files of a new one.
  function begin(newBatch, names) {
    batch = newBatch;
    list.style.minHeight = `${list.offsetHeight}px`;  // until the answers are there
    lines = names.map(newLine);
    list.replaceChildren(...lines.map((line) => line.section));
  }

  function newLine(name) {
    const section = make("section", { class: "digitrec-file" });
    const progress = make("p", { class: "digitrec-progress" });
    const state = make("span", { class: "digitrec-state" }, "waiting");
    progress.append(shortened(name), state);
    const place = makePlace();
    section.append(progress, place);
    return { name, section, progress, state, place };
  }

  // A name that loses its middle where there is no room: its end stays, for it tells the kind.
  function shortened(name) {
    const cut = Math.max(0, name.length - 12);
    const whole = make("bdi", { class: "digitrec-name" });
    whole.title = name;
    whole.append(
      make("span", { class: "digitrec-head" }, name.slice(0, cut)), make("span", {}, name.slice(cut)),
    );
    return whole;
  }

  // As Python does it: one line, in which every character is seen.
  function plainName(name) {
    return name.slice(0, rules.longestName).replace(new RegExp(rules.unseen, "gu"), "\ufffd");
  }

  function leaveOut(count) {
    const said = make("p", { class: "digitrec-refused" });
    said.append(make("b", {}, `${count} more were left out.`), ` ${rules.tooMany}`);
    list.prepend(said);
    region.textContent += ` ${said.textContent}`;
  }

  function showState(line, state) {
    line.state.textContent = state;
    line.progress.hidden = false;
  }

  function refuse(line, why) {
    const said = make("p", { class: "digitrec-refused" });
    said.append(make("b", {}, `${line.name} cannot be read.`), ` ${why}`);
    line.place.replaceChildren(said);
    line.progress.hidden = true;
    region.textContent = said.textContent;
  }

  async function take(files) {
    if (files.length === 0) return;
    const mine = Math.max(Date.now(), batch + 1, latest + 1);
    const left = files.splice(rules.mostPictures).length;
    begin(mine, files.map((file) => plainName(file.name)));
    region.textContent = `Reading ${files.length} ${files.length === 1 ? "picture" : "pictures"}.`;
    if (left > 0) leaveOut(left);
    send({ kind: "start", batch, count: files.length });
    let former = null;
    const reduced = files.map((file, number) => (former = reduceAfter(former, file, number, mine)));
    for (const [number, coming] of reduced.entries()) {
      const picture = await coming;
      if (batch !== mine) return;
      if (picture === null) continue;
      const isAnswered = new Promise((resolve) => {
        answered = (other) => other === number && resolve();
      });
      showState(lines[number], "sending");
      const name = lines[number].name;
      const message = { kind: "picture", batch, count: files.length, number, name };
      send(message, [await picture.arrayBuffer()]);
      await isAnswered;
      if (batch !== mine) return;
    }
    list.style.minHeight = "";
    clearTimeout(timer);  // where all were refused, nobody waits for Python
  }

  // One after the other, while those before are sent: a phone has no room for many large pictures.
  async function reduceAfter(former, file, number, mine) {
    await former;
    if (batch !== mine) return null;
    const line = lines[number];
    try {
      showState(line, "making it smaller");
      const picture = await reducePicture(file, rules);
      if (batch === mine) showState(line, "waiting");
      return picture;
    } catch (error) {
      if (batch === mine) refuse(line, error.message);
      return null;
    }
  }

  function send(message, buffers = []) {
    const bytes = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
    expectWord(SILENCE + bytes / SLOW_LINE);
    try {
      model.send(message, undefined, buffers);
    } catch (error) {  // a kernel that has stopped; the silence is said in words
      console.warn(error);
    }
  }

  function expectWord(patience) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      silence.textContent = region.textContent = rules.silence;
      silence.hidden = false;
    }, patience);
  }

  function hear(message) {
    clearTimeout(timer);
    silence.hidden = true;
    if (message.kind === "problem") {
      silence.textContent = region.textContent = message.said;
      silence.hidden = false;
    }
    latest = Math.max(latest, message.batch ?? 0);
    if (!(message.batch >= batch) || message.number === undefined) return;
    if (message.batch > batch) begin(message.batch, []);  // chosen in another view of this widget
    while (lines.length <= message.number) {
      lines.push(newLine(message.name));
      list.append(lines.at(-1).section);
    }
    const line = lines[message.number];
    if (message.kind === "reading") {
      showState(line, "reading");
      expectWord(SILENCE);
    } else if (message.kind === "answer") {
      replaceAnswer(line.place, message.html);
      line.progress.hidden = true;
      region.textContent = message.said;
      answered(message.number);
    }
  }
  model.on("msg:custom", hear);
  model.send({ kind: "again" });  // the answers of before, where the page is loaded again

  // JupyterLab takes plain keys for its own: "d d" on a button would delete the cell. Ctrl+S stays.
  addEventListener("keydown", (event) => {
    if (!root.contains(event.target)) return;
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey);
    event.target.toggleAttribute("data-lm-suppress-shortcuts", isPlain);
  }, { capture: true, signal });

  const hasFiles = (data) => data?.types.includes("Files");
  root.addEventListener("dragover", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    area.classList.add("digitrec-lit");
  });
  root.addEventListener("dragleave", (event) => {
    if (!root.contains(event.relatedTarget)) area.classList.remove("digitrec-lit");
  });
  root.addEventListener("drop", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.stopPropagation();
    area.classList.remove("digitrec-lit");
    take([...event.dataTransfer.files]);
  });
  document.addEventListener("paste", (event) => {
    const isHere = root.contains(document.activeElement) || root.matches(":hover");
    if (!isHere || !hasFiles(event.clipboardData)) return;
    event.preventDefault();
    event.stopPropagation();
    take([...event.clipboardData.files]);
  }, { capture: true, signal });  // before a cell that is being edited takes it
  signal.addEventListener("abort", () => clearTimeout(timer));
}
