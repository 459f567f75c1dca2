// A network in the browser: digitrec/browser/portable.py writes it, this computes it. Values lie in
// one array each, row by row, column by column, the channels of a place beside each other.
function floatsOf(text) {
  return new Float32Array(bytesOf(text).buffer);
}

function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function loadNetwork(text) {
  const network = JSON.parse(text);
  const layers = network.layers.map((layer) => {
    if (layer.kind === "normalisation") {
      return { ...layer, factor: floatsOf(layer.factor), offset: floatsOf(layer.offset) };
    }
    if (!layer.weights) return layer;
    const step = floatsOf(layer.step_of_weights);
    const whole = new Int16Array(bytesOf(layer.weights).buffer);
    const weights = Float32Array.from(whole, (value, i) => value * step[i % step.length]);
    return { ...layer, weights, bias: floatsOf(layer.bias) };
  });
  return { ...network, layers };
}

// The probabilities for a 28x28 image, uint8, 0 paper: the mean over the network's shifts.
function answersOf(network, image) {
  const mean = new Float32Array(network.answers);
  for (const shift of network.shifts) {
    const { data } = network.layers.reduce((values, layer) => apply(layer, values), look(image, shift));
    for (let i = 0; i < mean.length; i++) mean[i] += data[i] / network.shifts.length;
  }
  return mean;
}

// What stands between the layers at the first look, each with the window of the image that a unit
// sees: the unit at (row, column) from pixel windowTop + row * windowStep, windowSize pixels wide.
function mapsOf(network, image) {
  const maps = [];
  const shift = network.shifts[0];
  let values = look(image, shift);
  let window = { size: 1, step: 1, start: 0 };
  let name = "";
  const count = { convolution: 0, dense: 0 };
  for (const layer of network.layers) {
    window = windowAfter(window, layer, values);
    values = apply(layer, values);
    if (layer.kind in count) name = `${layer.kind} layer ${++count[layer.kind]}`;
    if (layer.kind !== "relu") continue;
    const dense = values.height * values.width === 1;
    maps.push({
      name,
      height: values.height,
      width: dense ? values.channels : values.width,
      channels: dense ? 1 : values.channels,
      data: values.data,
      shift,
      windowSize: window.size,
      windowStep: dense ? 0 : window.step,
      windowTop: window.start - shift[0],
      windowLeft: window.start - shift[1],
    });
  }
  return maps;
}

function windowAfter(window, layer, values) {
  const { size, step, start } = window;
  if (layer.kind === "pooling") {
    return { size: size + (layer.size - 1) * step, step: step * layer.size, start };
  }
  if (layer.kind === "convolution") {
    const [width] = layer.shape;
    const before = paddingBefore(layer, values.height);
    return { size: size + (width - 1) * step, step: step * layer.step, start: start - before * step };
  }
  return layer.kind === "flatten" || layer.kind === "mean" ? { size: 28, step: 0, start: 0 } : window;
}

function look(image, [down, right]) {
  const data = new Float32Array(28 * 28);
  for (let row = 0; row < 28; row++) {
    for (let column = 0; column < 28; column++) {
      const r = row - down, c = column - right;
      const inside = r >= 0 && r < 28 && c >= 0 && c < 28;
      if (inside) data[row * 28 + column] = image[r * 28 + c];
    }
  }
  return { height: 28, width: 28, channels: 1, data };
}

function apply(layer, values) {
  const change = (act) => ({ ...values, data: values.data.map(act) });
  const { channels } = values;
  switch (layer.kind) {
    case "scale": return change((value) => value * layer.factor);
    case "relu": return change((value) => Math.max(value, 0));
    case "normalisation":
      return change((value, i) => value * layer.factor[i % channels] + layer.offset[i % channels]);
    case "flatten":
      return { height: 1, width: 1, channels: values.data.length, data: values.data };
    case "dense": return convolved({ ...layer, shape: [1, 1, ...layer.shape], step: 1 }, values);
    case "convolution": return convolved(layer, values);
    case "pooling": return pooled(layer.size, values);
    case "mean": return meanOf(values);
    case "softmax": return softmaxOf(values);
  }
  throw new Error(`This page knows no layer of the kind ${layer.kind}.`);
}

function paddingBefore(layer, side) {
  if (layer.padding !== "same") return 0;
  const covered = (Math.ceil(side / layer.step) - 1) * layer.step + layer.shape[0];
  return Math.floor(Math.max(covered - side, 0) / 2);
}

function sideAfter(layer, side) {
  const reach = layer.padding === "same" ? side : side - layer.shape[0] + 1;
  return Math.ceil(reach / layer.step);
}

function convolved(layer, { height, width, channels, data }) {
  const [size, , , outputs] = layer.shape;
  const { weights, bias, step } = layer;
  const [top, left] = [paddingBefore(layer, height), paddingBefore(layer, width)];
  const [rows, columns] = [sideAfter(layer, height), sideAfter(layer, width)];
  const sums = new Float32Array(rows * columns * outputs);
  const values = new Float32Array(size * size * channels);  // of one window, without the zeros:
  const starts = new Int32Array(size * size * channels);  // paper, and what ReLU cut off
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let count = 0;
      for (let i = 0; i < size; i++) {
        const r = row * step + i - top;
        if (r < 0 || r >= height) continue;
        for (let j = 0; j < size; j++) {
          const c = column * step + j - left;
          if (c < 0 || c >= width) continue;
          const from = (r * width + c) * channels, kernel = (i * size + j) * channels;
          for (let channel = 0; channel < channels; channel++) {
            if (data[from + channel] === 0) continue;
            values[count] = data[from + channel];
            starts[count++] = (kernel + channel) * outputs;
          }
        }
      }
      addProducts(values, starts, count, weights, bias, sums, (row * columns + column) * outputs);
    }
  }
  return { height: rows, width: columns, channels: outputs, data: sums };
}

// Each sum is its bias and the values times its weights. Four at a time stay in the processor's
// registers, which halves the time.
function addProducts(values, starts, count, weights, bias, sums, place) {
  const outputs = bias.length, whole = outputs - (outputs % 4);
  for (let o = 0; o < whole; o += 4) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let n = 0; n < count; n++) {
      const value = values[n], w = starts[n] + o;
      a += value * weights[w];
      b += value * weights[w + 1];
      c += value * weights[w + 2];
      d += value * weights[w + 3];
    }
    sums[place + o] = a + bias[o];
    sums[place + o + 1] = b + bias[o + 1];
    sums[place + o + 2] = c + bias[o + 2];
    sums[place + o + 3] = d + bias[o + 3];
  }
  for (let o = whole; o < outputs; o++) {
    let sum = bias[o];
    for (let n = 0; n < count; n++) sum += values[n] * weights[starts[n] + o];
    sums[place + o] = sum;
  }
}

function pooled(size, { height, width, channels, data }) {
  const [rows, columns] = [Math.floor(height / size), Math.floor(width / size)];
  const largest = new Float32Array(rows * columns * channels).fill(-Infinity);
  for (let row = 0; row < rows * size; row++) {
    for (let column = 0; column < columns * size; column++) {
      const to = (Math.floor(row / size) * columns + Math.floor(column / size)) * channels;
      const from = (row * width + column) * channels;
      for (let i = 0; i < channels; i++) {
        if (data[from + i] > largest[to + i]) largest[to + i] = data[from + i];
      }
    }
  }
  return { height: rows, width: columns, channels, data: largest };
}

function meanOf({ height, width, channels, data }) {
  const mean = new Float32Array(channels);
  for (let i = 0; i < data.length; i++) mean[i % channels] += data[i] / (height * width);
  return { height: 1, width: 1, channels, data: mean };
}

function softmaxOf(values) {
  const most = Math.max(...values.data);
  const powers = values.data.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return { ...values, data: powers.map((power) => power / sum) };
}
