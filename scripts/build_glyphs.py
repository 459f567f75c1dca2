"""Rebuild scripts/glyphs.npz: letters and digits in the hands of forty handwriting fonts.

    python scripts/build_glyphs.py     # or: make glyphs; fetches the fonts with npm

The network in the box learns from these what MNIST lacks: a 1 with a long upstroke, a crossed 7, an
open 4, and letters, which are no digits. GLYPHS-NOTICE.md names their authors.
"""

import io
import string
import subprocess
import tarfile
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from digitrec.reading.preparation import digit_box

FONTS = [
    "annie-use-your-telescope",
    "architects-daughter",
    "bad-script",
    "caveat",
    "caveat-brush",
    "cedarville-cursive",
    "covered-by-your-grace",
    "delius",
    "gaegu",
    "gloria-hallelujah",
    "gochi-hand",
    "handlee",
    "homemade-apple",
    "indie-flower",
    "kalam",
    "mansalva",
    "marck-script",
    "nanum-pen-script",
    "neucha",
    "patrick-hand",
    "permanent-marker",
    "playwrite-at",
    "playwrite-cz",
    "playwrite-de-grund",
    "playwrite-es",
    "playwrite-fr-moderne",
    "playwrite-it-moderna",
    "playwrite-nl",
    "playwrite-pl",
    "playwrite-us-trad",
    "reenie-beanie",
    "rock-salt",
    "schoolbell",
    "shadows-into-light",
    "short-stack",
    "sriracha",
    "sue-ellen-francisco",
    "swanky-and-moo-moo",
    "the-girl-next-door",
    "zen-kurenaido",
]
VERSION = "5.3.0"
CHARACTERS = string.digits + string.ascii_letters
SIDE = 48  # pixels of a stored glyph
LONGEST = 36  # pixels of its longer side; the rest is room for a thicker pen


def load_font(folder: Path, name: str) -> ImageFont.FreeTypeFont:
    """Fetch the npm package of a font into a folder and return the font."""
    command = ["npm", "pack", f"@fontsource/{name}@{VERSION}", "--silent"]
    packed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    with tarfile.open(folder / packed.strip()) as archive:
        member = f"package/files/{name}-latin-400-normal.woff"
        return ImageFont.truetype(io.BytesIO(archive.extractfile(member).read()), 120)


def render(font: ImageFont.FreeTypeFont, character: str) -> np.ndarray:
    """Draw a character; return it (48, 48), uint8, 255 is ink, in the middle."""
    canvas = Image.new("L", (480, 480))
    ImageDraw.Draw(canvas).text((160, 120), character, fill=255, font=font)
    left, top, width, height = digit_box(np.asarray(canvas))
    scale = LONGEST / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    glyph = canvas.crop((left, top, left + width, top + height)).resize(size, Image.Resampling.BOX)
    field = Image.new("L", (SIDE, SIDE))
    field.paste(glyph, ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    return np.asarray(field)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        fonts = [load_font(Path(folder), name) for name in FONTS]
    glyphs = np.array([[render(font, character) for character in CHARACTERS] for font in fonts])
    path = Path(__file__).with_name("glyphs.npz")
    np.savez_compressed(path, glyphs=glyphs, fonts=FONTS, characters=list(CHARACTERS))
    print(f"{len(fonts)} fonts, {len(CHARACTERS)} characters, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
