// From the ink of a drawing to the 28x28 image, as digitrec/reading/preparation.py does it for clean
// ink on even paper: nothing here looks for light, sheets or printed lines.
const IMAGE_SIDE = 28;
const DIGIT_SIDE = 20;  // pixels, the longer side of the digit in the image
const LEAST_SHADE = 25.5;  // of 255; Python takes fainter ink for the paper's texture
const STROKE_SHADE = 64;  // of 255; ink as strong as this belongs to a stroke
const SPECK = 0.03;  // of the largest piece; smaller pieces are dust
const LARGE_PIECE = 0.5;  // of the digit's first piece; another of this size may be a digit
const NEAR_PIECE = 0.35;  // of the digit's longer side; pieces at most so far away belong to it

function prepareDigit(ink) {
  const { labels, pieces } = piecesOf(ink);
  if (pieces.length === 0) return null;
  const { members, candidates, first, box } = digitAmong(pieces);
  const fitted = fit(cutOut(ink, labels, new Set(members.map((piece) => piece.number)), box));
  const large = candidates.filter((piece) => sideOf(piece) >= LARGE_PIECE * sideOf(first));
  const inside = large.filter((piece) => members.includes(piece)).length;
  return {
    box: [box.left - MARGIN, box.top - MARGIN, box.right - box.left, box.bottom - box.top],
    shapes: [inside, large.length - inside],
    image: centred(fitted),
  };
}

// The classic way: the whole field shrunk, wherever the digit stands in it.
function shrinkWhole(ink) {
  const field = new Float32Array(FIELD_SIDE * FIELD_SIDE);
  for (let row = 0; row < FIELD_SIDE; row++) {
    const start = (row + MARGIN) * ink.side + MARGIN;
    field.set(ink.pixels.subarray(start, start + FIELD_SIDE), row * FIELD_SIDE);
  }
  const shrunk = resized({ width: FIELD_SIDE, height: FIELD_SIDE, data: field }, IMAGE_SIDE, IMAGE_SIDE);
  return Uint8Array.from(shrunk.data, roundHalfEven);
}

// Connected pieces of strokes, corners counting as connected, numbered from 1.
function piecesOf(ink) {
  const { side, pixels } = ink;
  const labels = new Int32Array(pixels.length);
  const pieces = [];
  const waiting = [];
  for (let start = 0; start < pixels.length; start++) {
    if (pixels[start] <= STROKE_SHADE || labels[start]) continue;
    const number = pieces.length + 1;
    const piece = { number, left: side, top: side, right: 0, bottom: 0, area: 0 };
    labels[start] = number;
    waiting.push(start);
    while (waiting.length) {
      const place = waiting.pop();
      const row = Math.floor(place / side), column = place % side;
      piece.area++;
      piece.left = Math.min(piece.left, column);
      piece.right = Math.max(piece.right, column + 1);
      piece.top = Math.min(piece.top, row);
      piece.bottom = Math.max(piece.bottom, row + 1);
      for (let r = Math.max(row - 1, 0); r <= Math.min(row + 1, side - 1); r++) {
        for (let c = Math.max(column - 1, 0); c <= Math.min(column + 1, side - 1); c++) {
          const next = r * side + c;
          if (pixels[next] <= STROKE_SHADE || labels[next]) continue;
          labels[next] = number;
          waiting.push(next);
        }
      }
    }
    pieces.push(piece);
  }
  return { labels, pieces };
}

function sideOf({ left, top, right, bottom }) {
  return Math.max(right - left, bottom - top);
}

// The largest piece, and those near it; dust stays outside.
function digitAmong(pieces) {
  const largest = Math.max(...pieces.map((piece) => piece.area));
  const candidates = pieces.filter((piece) => piece.area >= SPECK * largest);
  const weight = (piece) => piece.area * sideOf(piece);
  const first = candidates.reduce((best, piece) => (weight(piece) > weight(best) ? piece : best));
  let members = [first];
  for (;;) {
    const box = {
      left: Math.min(...members.map((piece) => piece.left)),
      top: Math.min(...members.map((piece) => piece.top)),
      right: Math.max(...members.map((piece) => piece.right)),
      bottom: Math.max(...members.map((piece) => piece.bottom)),
    };
    const reach = NEAR_PIECE * sideOf(box);
    const near = candidates.filter((piece) => {
      const across = Math.max(piece.left - box.right, box.left - piece.right, 0);
      const down = Math.max(piece.top - box.bottom, box.top - piece.bottom, 0);
      return Math.max(across, down) <= reach;
    });
    if (near.length === members.length) return { members, candidates, first, box };
    members = near;
  }
}

// The ink of some pieces and of the soft edge around them, within a box.
function cutOut(ink, labels, numbers, { left, top, right, bottom }) {
  const width = right - left, height = bottom - top;
  const data = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let own = false;
      for (let r = Math.max(row - 1, 0); r <= Math.min(row + 1, height - 1); r++) {
        for (let c = Math.max(column - 1, 0); c <= Math.min(column + 1, width - 1); c++) {
          own ||= numbers.has(labels[(top + r) * ink.side + left + c]);
        }
      }
      const shade = ink.pixels[(top + row) * ink.side + left + column];
      if (own && shade >= LEAST_SHADE) data[row * width + column] = shade;
    }
  }
  return { width, height, data };
}

// Python rounds a half to the even neighbour.
function roundHalfEven(value) {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

function fit({ width, height, data }) {
  const scale = DIGIT_SIDE / Math.max(width, height);
  const columns = Math.max(1, roundHalfEven(width * scale));
  const rows = Math.max(1, roundHalfEven(height * scale));
  const small = resized({ width, height, data }, columns, rows);
  const most = small.data.reduce((a, b) => Math.max(a, b));
  const gain = Math.fround(255 / most);  // a thin pen must not fade
  small.data = small.data.map((value) => roundHalfEven(Math.fround(value * gain)));
  return small;
}

// Each new pixel is the mean of the area that it covers, as OpenCV's INTER_AREA.
function resized({ width, height, data }, columns, rows) {
  const across = new Float32Array(columns * height);
  for (let column = 0; column < columns; column++) {
    for (const [source, share] of sharesOf(column, width / columns, width)) {
      for (let row = 0; row < height; row++) {
        across[row * columns + column] += Math.fround(share * data[row * width + source]);
      }
    }
  }
  const result = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (const [source, share] of sharesOf(row, height / rows, height)) {
      for (let column = 0; column < columns; column++) {
        result[row * columns + column] += Math.fround(share * across[source * columns + column]);
      }
    }
  }
  return { width: columns, height: rows, data: result };
}

// How much of each old pixel a new one takes, in 32-bit floats, so that halves round as in Python.
function sharesOf(place, step, count) {
  const [start, end] = [place * step, Math.min((place + 1) * step, count)];
  const shares = [];
  for (let source = Math.floor(start); source < end && source < count; source++) {
    const covered = Math.min(source + 1, end) - Math.max(source, start);
    if (covered > 1e-3) shares.push([source, Math.fround(covered / (end - start))]);
  }
  return shares;
}

// Lays the digit into the image, its centre of mass in row 14 and column 14.
function centred({ width, height, data }) {
  let [mass, alongX, alongY] = [0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    mass += data[i];
    alongX += data[i] * (i % width);
    alongY += data[i] * Math.floor(i / width);
  }
  const middle = IMAGE_SIDE / 2;
  const place = (moment, side) =>
    Math.min(Math.max(roundHalfEven(middle - moment / mass), 0), IMAGE_SIDE - side);
  const [left, top] = [place(alongX, width), place(alongY, height)];
  const image = new Uint8Array(IMAGE_SIDE * IMAGE_SIDE);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      image[(top + row) * IMAGE_SIDE + left + column] = data[row * width + column];
    }
  }
  return image;
}
