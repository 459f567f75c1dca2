"""How much is taken from outside at most: pictures, marks, uploads and networks, with the reasons.

Whatever is beyond a bound gets a sentence that names it, and nothing is read of it.
"""

# pictures
MOST_PIXELS = 2**26  # a larger picture is refused before it fills the memory
LONGEST = 2048  # pixels; a larger photo is reduced, for finer detail does not help reading

# pages
MOST_MARKS = 400  # the largest are kept; reading more would take longer than anybody waits
MOST_TRIED = 400  # wholes of several marks, or parts of one, that are read at most
MOST_LINES = 2000  # candidates for printed lines that are looked at; each line makes a few

# uploads
LARGEST_PICTURE = 9_000_000  # bytes; Jupyter lets 10 MiB through wherever it runs
LARGEST_REDUCED = 400_000  # bytes, four seconds on a line of 0.75 Mbit/s
LARGEST_CHOICE = 100_000_000  # bytes of all pictures together; they stay in memory to be read again
MOST_PICTURES = 100  # of one choice
LONGEST_NAME = 200  # characters
LARGEST_UPLOAD = 20_000_000  # bytes, by the plain button; etc/jupyter lets 100 MB through together
MOST_UPLOADS = 20  # by the plain button, whose answers travel together, up to 0.4 MB each
KEPT = 512  # pixels of the longer side of what is kept of each; a hundred photos would be 2.8 GB

# training in a notebook
LARGEST_BATCH = 5_000  # images; the strong network needs 2.5 GB for 20,000, and Binder gives 2

# drawings
MOST_POINTS = 20_000  # of all strokes; minutes of drawing, and a second or two of reading

# networks
LARGEST_NETWORK = 100_000_000  # bytes of a .keras file, packed or not
LARGEST_CONFIG = 1_000_000  # bytes of the description of its layers; the box has 18,000
DEEPEST_CONFIG = 60  # lists and dictionaries inside each other; the box has 15
MOST_ARRAYS = 5_000  # with their folders; the box has 72
MOST_CALLS = 500  # of layers, an image; building each takes a moment
MOST_WEIGHTS = 10_000_000  # the box has 243,243
MOST_VALUES = 4_000_000  # of all layers, an image; 128 images go through at once
MOST_PRODUCTS = 2_000_000_000  # an image; one second
