"""How much is taken from outside at most: pictures, marks, uploads and networks, with the reasons.

Whatever is beyond a bound gets a sentence that names it, and nothing is read of it.
"""

# pictures
MOST_PIXELS = 2**26  # a larger picture is refused before it fills the memory
LONGEST = 2048  # pixels; a larger photo is reduced, for finer detail does not help reading
BAND = 2**20  # pixels that are converted at a time, so that no whole copy fills the memory
LARGEST_FILE = 2**27  # bytes; 67 megapixels of grey, or a page in colour at 600 dots an inch
LONGEST_SIDE = 2**16  # pixels; a JPEG or a GIF cannot be longer, and each row costs time
MOST_UNPACKED = 3 * MOST_PIXELS  # bytes of pixels in a PNG or a TIFF: as many as in colour
MOST_PIXELS_WEBP = 2**24  # a photo of 16 megapixels; its decoder keeps four copies, and is slow
MOST_PIXELS_RLE = 2**22  # of a packed BMP, which Pillow unpacks in Python, in part pixel by pixel
LARGEST_PROGRESSIVE = 24_000_000  # bytes; each comes again and again, which takes six times as long
MOST_SCANNED = 16 * MOST_PIXELS  # by all passes of a JPEG; a progressive one makes ten
MOST_PARTS = 2**16  # chunks, blocks or strips; Pillow looks at each in Python, and most hold 8 kB
MOST_EXIF_PARTS = 64  # of 64 kB each; Pillow copies all that came before with each
LARGEST_TABLE = 100_000  # bytes of labels.csv, some 5,000 pictures; csv lets no field be longer

# pages
MOST_MARKS = 400  # the largest are kept; reading more would take longer than anybody waits
MOST_TRIED = 400  # wholes of several marks, or parts of one, that are read at most
MOST_INK = 2**25  # pixels of the boxes around all marks; eight large pages on top of each other
MOST_LINES = 2000  # candidates for printed lines that are looked at; each line makes a few

# uploads
LARGEST_PICTURE = 9_000_000  # bytes; Jupyter lets 10 MiB through wherever it runs
LARGEST_REDUCED = 400_000  # bytes, four seconds on a line of 0.75 Mbit/s
LARGEST_CHOICE = 100_000_000  # bytes of all pictures together; they stay in memory to be read again
MOST_PICTURES = 100  # of one choice, or of a folder
LONGEST_NAME = 200  # characters
LARGEST_UPLOAD = 20_000_000  # bytes, by the plain button; etc/jupyter lets 100 MB through together
MOST_UPLOADS = 20  # by the plain button, whose answers travel together, up to 0.4 MB each
KEPT = 512  # pixels of the longer side of what is kept of each; a hundred photos would be 2.8 GB

# training in a notebook
LARGEST_BATCH = 5_000  # images; the strong network needs 2.5 GB for 20,000, and Binder gives 2

# drawings
MOST_POINTS = 20_000  # of all strokes; minutes of drawing, and a second or two of reading
LARGEST_DRAWINGS = 20_000_000  # bytes of a file of them, some 20,000 digits

# what readers wrote themselves
MOST_WRITTEN = 10_000  # digits of one writer, a hundred full sheets
LARGEST_RECORD = 2_000_000  # bytes; that of as many digits, a third of them doubtful
LARGEST_HAND = 12_000_000  # bytes of one writer's file with as many digits, never packed
LARGEST_HANDS = 240_000_000  # bytes of all files of a folder; they are in memory together
MOST_HANDS = 500  # files of a folder
MOST_SHEETS = 1_000  # and turns at the pad, of a folder; each is compared with those of its page
MOST_PHOTOS = 1_000  # of a class, some twenty minutes

# networks
LARGEST_NETWORK = 100_000_000  # bytes of a .keras file, packed or not
LARGEST_CONFIG = 1_000_000  # bytes of the description of its layers; the box has 18,000
DEEPEST_CONFIG = 60  # lists and dictionaries inside each other; the box has 12
MOST_ARRAYS = 5_000  # with their folders; the box has 72
MOST_CALLS = 2_000  # of layers while a network is built, about a millisecond each; the box: 981
MOST_WEIGHTS = 10_000_000  # the box has 243,243
MOST_VALUES = 4_000_000  # of all layers, an image; 128 images go through at once
MOST_PRODUCTS = 2_000_000_000  # an image; one second
