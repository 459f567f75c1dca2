// What the networks make of the strokes, and where a pixel of the image lies on the drawing.

// Returns null where there is no ink. Unprepared, the whole field is shrunk as it is.
function lookAt(strokes, networks, prepare) {
  const ink = inkOf(strokes);
  const prepared = strokes.length ? prepareDigit(ink) : null;
  if (!prepared) return null;
  const image = prepare ? prepared.image : shrinkWhole(ink);
  const shapes = prepare ? prepared.shapes : [1, 0];
  const readings = networks.map((network) => {
    const probabilities = answersOf(network, image);
    return { ...interpretAnswers(probabilities, { shapes }), probabilities };
  });
  const step = FIELD_SIDE / IMAGE_SIDE;
  const placement = prepare ? placementOf(prepared) : { x: 0, y: 0, acrossStep: step, downStep: step };
  return { strokes, prepare, ink, image, readings, placement };
}

// Where the image lies on the drawing: its corner, and the units of the field to a pixel.
function placementOf({ box: [left, top, width, height], image }) {
  const [first, last, above, below] = inkedPart(image);
  const acrossStep = width / (last - first), downStep = height / (below - above);
  return { x: left - first * acrossStep, y: top - above * downStep, acrossStep, downStep };
}

// Columns and rows of an image that hold ink: from, to, from, to; the ends are not included.
function inkedPart(image) {
  const columns = [], rows = [];
  image.forEach((shade, place) => {
    if (!shade) return;
    columns.push(place % IMAGE_SIDE);
    rows.push(Math.floor(place / IMAGE_SIDE));
  });
  return [Math.min(...columns), Math.max(...columns) + 1, Math.min(...rows), Math.max(...rows) + 1];
}

// A window of the image, in pixels, as a part of the drawing, in units of the field.
function windowOnDrawing({ left, top, size }, { x, y, acrossStep, downStep }) {
  return { left: x + left * acrossStep, top: y + top * downStep, width: size * acrossStep, height: size * downStep };
}

// The window of the image that the unit at a row and a column of some maps looks at.
function windowOf(maps, row, column) {
  return {
    left: maps.windowLeft + column * maps.windowStep,
    top: maps.windowTop + row * maps.windowStep,
    size: maps.windowSize,
  };
}
