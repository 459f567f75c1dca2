// One value of a map taken apart: its window, its filter, their products, and what became of the
// sum. digitrec/inside/windows.py does the same in Python.

// The value at a place of the maps with this number in `mapsOf`: {values, weights, size, channels,
// bias, sums, total, steps}. Values and weights lie row by row, the channels of a place beside each
// other; sums are those of each channel. Steps are {words, value}, from the sum to the value.
function arithmeticOf(network, image, number, { tile, row, column }) {
  const passed = passedThrough(network, image);
  const ends = passed.flatMap(({ layer }, i) => (layer.kind === "relu" ? [i] : []));
  let start = ends[number];
  while (start > 0 && !passed[start].layer.weights) start--;
  let place = { row, column };
  const steps = [];
  for (let i = ends[number]; i > start; i--) {
    const { layer, inputs, outputs } = passed[i];
    const value = outputs.data[(place.row * outputs.width + place.column) * outputs.channels + tile];
    steps.unshift({ words: stepInWords(layer, tile), value });
    if (layer.kind === "pooling") place = largestOf(layer.size, inputs, place, tile);
  }
  return { ...windowSum(passed[start], place, tile), steps };
}

function passedThrough(network, image) {
  const passed = [];
  let values = look(image, network.shifts[0]);
  for (const layer of network.layers) {
    const outputs = apply(layer, values);
    passed.push({ layer, inputs: values, outputs });
    values = outputs;
  }
  return passed;
}

function stepInWords(layer, tile) {
  if (layer.kind === "pooling") return `the largest of ${layer.size}x${layer.size} neighbours`;
  if (layer.kind === "normalisation") {
    const offset = layer.offset[tile];
    return `batch normalisation: times ${signed(layer.factor[tile])}, ` +
      `${offset < 0 ? "minus" : "plus"} ${Math.abs(offset).toFixed(2)}`;
  }
  return { relu: "ReLU: 0 in place of what is negative" }[layer.kind] ?? layer.kind;
}

// Which of its neighbours a pooling has kept.
function largestOf(size, { width, channels, data }, { row, column }, tile) {
  let best = null, most = -Infinity;
  for (let r = row * size; r < (row + 1) * size; r++) {
    for (let c = column * size; c < (column + 1) * size; c++) {
      const value = data[(r * width + c) * channels + tile];
      if (value > most) [most, best] = [value, { row: r, column: c }];
    }
  }
  return best;
}

// A unit of a dense layer has a window, too: everything. The first one sees the image as it lies.
function windowSum({ layer, inputs }, { row, column }, tile) {
  const dense = layer.kind === "dense";
  const image = dense && inputs.channels === IMAGE_SIDE * IMAGE_SIDE;
  const size = image ? IMAGE_SIDE : dense ? 1 : layer.shape[0];
  const channels = image ? 1 : inputs.channels;
  const outputs = layer.bias.length;
  const values = new Float32Array(size * size * channels);
  const top = dense ? 0 : row * layer.step - paddingBefore(layer, inputs.height);
  const left = dense ? 0 : column * layer.step - paddingBefore(layer, inputs.width);
  const width = image ? IMAGE_SIDE : inputs.width, height = image ? IMAGE_SIDE : inputs.height;
  for (let n = 0; n < values.length; n++) {
    const r = top + Math.floor(n / channels / size), c = left + (Math.floor(n / channels) % size);
    if (r < 0 || r >= height || c < 0 || c >= width) continue;  // beyond the edge: 0
    values[n] = inputs.data[(r * width + c) * channels + (n % channels)];
  }
  const weights = values.map((_, n) => layer.weights[n * outputs + tile]);
  const sums = new Float32Array(channels);
  for (let n = 0; n < values.length; n++) sums[n % channels] += values[n] * weights[n];
  const bias = layer.bias[tile];
  const total = sums.reduce((all, sum) => all + sum, bias);
  return { values, weights, size, channels, bias, sums, total };
}

// With a sign that is as long as that of a positive number: "+0.25", "−0.25".
function signed(value, places = 2) {
  const text = Math.abs(value).toFixed(places);
  return Number(text) === 0 ? text : `${value < 0 ? "\u2212" : "+"}${text}`;
}
