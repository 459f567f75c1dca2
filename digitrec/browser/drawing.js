// A drawing: strokes in units of the field, and the ink they leave. digitrec/reading/drawings.py
// does the same in Python, to the last grey level.
const FIELD_SIDE = 280;  // units, whatever the size on the screen
const PEN = 22;  // units, the width of its round tip
const MARGIN = 20;  // units of paper around the field, so that no stroke runs along the frame
const INK_SIDE = FIELD_SIDE + 2 * MARGIN;

function newInk() {
  return { side: INK_SIDE, pixels: new Uint8Array(INK_SIDE * INK_SIDE) };  // 0 paper, 255 ink
}

// Draws one piece of a stroke: each pixel is as dark as the pen covers it.
function addSegment(ink, from, to) {
  const [x0, y0] = [from[0] + MARGIN, from[1] + MARGIN];
  const [x1, y1] = [to[0] + MARGIN, to[1] + MARGIN];
  const [along, down] = [x1 - x0, y1 - y0];
  const length = along * along + down * down;
  const reach = PEN / 2 + 1;
  const limit = (value) => Math.min(Math.max(value, 0), INK_SIDE - 1);
  const left = limit(Math.floor(Math.min(x0, x1) - reach));
  const right = limit(Math.ceil(Math.max(x0, x1) + reach));
  const top = limit(Math.floor(Math.min(y0, y1) - reach));
  const bottom = limit(Math.ceil(Math.max(y0, y1) + reach));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const x = column + 0.5 - x0, y = row + 0.5 - y0;
      const share = length ? Math.min(Math.max((x * along + y * down) / length, 0), 1) : 0;
      const dx = x - share * along, dy = y - share * down;
      const cover = Math.min(Math.max(PEN / 2 + 0.5 - Math.sqrt(dx * dx + dy * dy), 0), 1);
      const shade = Math.floor(255 * cover + 0.5), place = row * INK_SIDE + column;
      if (shade > ink.pixels[place]) ink.pixels[place] = shade;
    }
  }
}

function inkOf(strokes) {
  const ink = newInk();
  for (const stroke of strokes) {
    addSegment(ink, stroke[0], stroke[0]);
    for (let i = 1; i < stroke.length; i++) addSegment(ink, stroke[i - 1], stroke[i]);
  }
  return ink;
}
