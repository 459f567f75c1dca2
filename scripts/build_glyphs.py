"""Rebuild scripts/glyphs.npz: letters, digits and signs in the hands of handwriting fonts.

    python scripts/build_glyphs.py     # or: make glyphs; fetches the fonts with npm

The network in the box learns from these what MNIST lacks: a 1 with a long upstroke, a crossed 7, an
open 4, and letters and signs, which are no digits. Few handwriting fonts have Greek letters, so
those come from italics and round fonts, too. GLYPHS-NOTICE.md names the authors.
"""

import io
import string
import subprocess
import tarfile
import tempfile
from pathlib import Path

import numpy as np
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

FONTS = [
    "annie-use-your-telescope",
    "architects-daughter",
    "bad-script",
    "caveat",
    "caveat-brush",
    "cedarville-cursive",
    "chilanka",
    "comic-neue",
    "coming-soon",
    "covered-by-your-grace",
    "crafty-girls",
    "dawning-of-a-new-day",
    "dekko",
    "delicious-handrawn",
    "delius",
    "gaegu",
    "give-you-glory",
    "gloria-hallelujah",
    "gochi-hand",
    "handlee",
    "homemade-apple",
    "indie-flower",
    "just-me-again-down-here",
    "kalam",
    "kristi",
    "la-belle-aurore",
    "loved-by-the-king",
    "mali",
    "mansalva",
    "marck-script",
    "mynerve",
    "nanum-brush-script",
    "nanum-pen-script",
    "neucha",
    "nothing-you-could-do",
    "over-the-rainbow",
    "pangolin",
    "patrick-hand",
    "permanent-marker",
    "playpen-sans",
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
    "waiting-for-the-sunrise",
    "zen-kurenaido",
    "zeyada",
]
GREEK_FONTS = {  # only their Greek letters are drawn; the slanted ones are nearest to a hand
    "cardo": "italic",
    "comfortaa": "normal",
    "comic-relief": "normal",
    "eb-garamond": "italic",
    "jura": "normal",
    "literata": "italic",
    "mynerve": "normal",
    "vollkorn": "italic",
}
VERSION = "5.3.0"
SIGNS = "+-=\N{MULTIPLICATION SIGN}÷?#%&@"  # not the ! which is a 1 with a gap
GREEK = "αβγεηκλμνπρτφχψωΓΔΠΣΦΨΩ"  # without those that look like a digit
CHARACTERS = string.digits + string.ascii_letters + SIGNS + GREEK
SIDE = 48  # pixels of a stored glyph
FAINT = 64  # of 255; weaker ink is the soft edge of a stroke
LONGEST = 36  # pixels of its longer side; the rest is room for a thicker pen


def load_font(folder: Path, name: str, subset: str, style: str = "normal") -> bytes:
    """Fetch the npm package of a font into a folder and return the file of a subset and style."""
    packed = folder / f"fontsource-{name}-{VERSION}.tgz"
    if not packed.is_file():
        command = ["npm", "pack", f"@fontsource/{name}@{VERSION}", "--silent"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    with tarfile.open(packed) as archive:
        member = f"package/files/{name}-{subset}-400-{style}.woff"
        return archive.extractfile(member).read()


def draw_all(font: bytes, characters: str) -> np.ndarray:
    """Draw those of the characters that a font has; return (n, 48, 48), empty for the others."""
    known = TTFont(io.BytesIO(font)).getBestCmap()
    opened = ImageFont.truetype(io.BytesIO(font), 120)
    glyphs = np.zeros((len(CHARACTERS), SIDE, SIDE), np.uint8)
    for index, character in enumerate(CHARACTERS):
        if character in characters and ord(character) in known:
            glyphs[index] = render(opened, character)
    return glyphs


def render(font: ImageFont.FreeTypeFont, character: str) -> np.ndarray:
    """Draw a character; return it (48, 48), uint8, 255 is ink, in the middle."""
    canvas = Image.new("L", (480, 480))
    ImageDraw.Draw(canvas).text((160, 120), character, fill=255, font=font)
    box = canvas.point(lambda grey: 255 * (grey > FAINT)).getbbox()
    width, height = box[2] - box[0], box[3] - box[1]
    scale = LONGEST / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    glyph = canvas.crop(box).resize(size, Image.Resampling.BOX)
    field = Image.new("L", (SIDE, SIDE))
    field.paste(glyph, ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    return np.asarray(field)


def main() -> None:
    latin = CHARACTERS.replace(GREEK, "")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        glyphs = [draw_all(load_font(folder, font, "latin"), latin) for font in FONTS]
        glyphs += [
            draw_all(load_font(folder, font, "greek", style), GREEK)
            for font, style in GREEK_FONTS.items()
        ]
    fonts = [*FONTS, *(f"{font} (Greek)" for font in GREEK_FONTS)]
    path = Path(__file__).with_name("glyphs.npz")
    np.savez_compressed(path, glyphs=glyphs, fonts=fonts, characters=list(CHARACTERS))
    print(f"{len(fonts)} fonts, {len(CHARACTERS)} characters, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
