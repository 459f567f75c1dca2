// A picture file made small in the browser, and encoded anew, so that nothing but the picture is sent:
// no place, no camera, no earlier version. What is no picture is refused with a plain sentence.

const PHOTO_QUALITIES = [0.92, 0.8, 0.65, 0.5, 0.35];
const JPEG_MARK = "\xff\xd8\xff";

// The picture as PNG, or JPEG where that is too large; an Error says in words why there is none.
// `rules` are what Python keeps to as well: the kinds of files, the sentences and the limits.
async function reducePicture(file, rules) {
  const beginning = await beginningOf(file, rules);
  if (beginning === "") throw new Error(rules.empty);
  const size = await sizeOf(file);
  if (size !== null && size.width * size.height > rules.mostPixels) throw new Error(rules.tooLarge);
  const bitmap = size === null ? null : await decodePicture(file);
  if (bitmap !== null) return encodePicture(drawReduced(bitmap, rules.longest), beginning, rules);
  const isForPython = rules.readByPythonAlone.some((mark) => beginning.startsWith(mark));
  if (!isForPython) throw new Error(whyUnreadable(beginning, rules));
  if (file.size > rules.mostBytes) throw new Error(rules.tooManyBytes);
  return file;
}

// The first 64 bytes as characters 0-255, which compare with the marks as Python writes them.
async function beginningOf(file, rules) {
  try {
    return String.fromCharCode(...new Uint8Array(await file.slice(0, 64).arrayBuffer()));
  } catch {
    throw new Error(rules.unopened);
  }
}

function whyUnreadable(beginning, rules) {
  const kind = rules.kinds.find(([start, mark]) => beginning.startsWith(mark, start));
  if (kind) return kind[2];
  return /^[\t\n\f\r\x20-\xff]*$/.test(beginning) ? rules.text : rules.unknown;
}

// Width and height without decoding the whole, which a giant would fill the memory with.
async function sizeOf(file) {
  const image = new Image();
  const address = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
      image.src = address;
    });
    return { width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function decodePicture(file) {
  try {  // turned upright; the numbers of the file, as Python takes them, and not another colour space
    return await createImageBitmap(file, { colorSpaceConversion: "none" });
  } catch {
    return null;
  }
}

function drawReduced(bitmap, longest) {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}

async function encodePicture(canvas, beginning, rules) {
  const encode = (type, quality) =>
    new Promise((resolve) => canvas.toBlob(resolve, type, quality));
  if (!beginning.startsWith(JPEG_MARK)) {
    const png = await encode("image/png");
    if (png !== null && png.size <= rules.mostBytesReduced) return png;
  }
  const pen = canvas.getContext("2d");
  pen.globalCompositeOperation = "destination-over";
  pen.fillStyle = "white";  // JPEG knows no transparency; Python lays pictures on white, too
  pen.fillRect(0, 0, canvas.width, canvas.height);
  let photo = null;
  for (const quality of PHOTO_QUALITIES) {
    photo = await encode("image/jpeg", quality);
    if (photo !== null && photo.size <= rules.mostBytesReduced) break;
  }
  if (photo === null) throw new Error(rules.tooLarge);
  return photo;
}
