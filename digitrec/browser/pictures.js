// Pictures of the drawing and of the 28x28 image, with the part that is looked at outlined.
const SQUARE = "#0072b2", LOOK = "#d55e00";

function drawImage(canvas, image, window = null) {
  const side = 20;  // canvas pixels to a pixel of the image
  canvas.width = canvas.height = side * IMAGE_SIDE;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  image?.forEach((shade, place) => {
    if (!shade) return;
    pen.fillStyle = `rgb(${255 - shade}, ${255 - shade}, ${255 - shade})`;
    pen.fillRect(side * (place % IMAGE_SIDE), side * Math.floor(place / IMAGE_SIDE), side, side);
  });
  pen.scale(side, side);
  if (window) outline(pen, { ...window, width: window.size, height: window.size }, LOOK, 0.5);
  canvas.setAttribute("aria-label", image ? imageInWords(image) : "28x28 empty pixels");
}

// The square of 20x20 pixels that the digit was fitted into.
function drawSquare(canvas, image) {
  const [first, last, above, below] = inkedPart(image);
  const pen = canvas.getContext("2d");
  pen.setLineDash([0.8, 0.4]);
  const left = Math.round((first + last - DIGIT_SIDE) / 2);
  const top = Math.round((above + below - DIGIT_SIDE) / 2);
  outline(pen, { left, top, width: DIGIT_SIDE, height: DIGIT_SIDE }, SQUARE, 0.25);
}

function imageInWords(image) {
  const [first, last, above, below] = inkedPart(image);
  const inked = image.filter((shade) => shade > 0).length;
  return (
    `28x28 pixels, ${inked} of them with ink: ` +
    `${below - above} rows high, ${last - first} columns wide`
  );
}

function drawDrawing(canvas, strokes, window = null) {
  fitCanvas(canvas, 200);
  clearPaper(canvas);
  for (const stroke of strokes) drawStroke(canvas, stroke);
  if (window) outline(canvas.getContext("2d"), window, LOOK, 5);
}

// White beside the colour, so that it is seen on ink and on paper.
function outline(pen, { left, top, width, height }, colour, thickness) {
  for (const [style, line] of [["white", 2 * thickness], [colour, thickness]]) {
    pen.strokeStyle = style;
    pen.lineWidth = line;
    pen.strokeRect(left, top, width, height);
  }
}

// From dark to bright: black, violet, orange, pale yellow.
const HEAT = [[12, 8, 38], [101, 21, 110], [212, 72, 66], [250, 193, 39], [252, 255, 200]];

function heat(share) {
  const place = Math.min(Math.max(share, 0), 1) * (HEAT.length - 1);
  const below = Math.min(Math.floor(place), HEAT.length - 2);
  const mix = HEAT[below].map((low, i) => Math.round(low + (place - below) * (HEAT[below + 1][i] - low)));
  return `rgb(${mix.join(", ")})`;
}
