"""Learn handwritten-digit recognition, and read your own digits.

    import digitrec

    mnist = digitrec.load_mnist()
    reading = digitrec.read_digit("digits/digit1.png")
    print(reading.sentence)

Importing this package loads no TensorFlow; that happens with the first network.

The rooms, from the ground up; each uses only those above it in this list:

    paths, files, quiet                       where files are, writing them whole, a quiet start
    mnist, other_hands, network_files         the digits; opening networks of anybody's
    damage, augmentation, corruptions         how they are changed, for training and in lessons
    networks, storage                         building, asking, saving and loading networks
    calibration                               how far their probabilities can be taken at their word
    training/                                 training them
    reading/                                  from a picture to its digit, or to a page's rows
    browser/                                  what runs in the reader's browser, and what it needs
    ladder, cards                             recognisers compared, and the card of a network
    hands/                                    what readers wrote, kept in files and split
    parameters, expectations, exercises,
    figures/                                  what the lessons check, expect, ask and draw
    sheets/                                   paper to write digits on, printed and read
    widgets/, commands/                       what answers in a notebook, and in a terminal
"""

from digitrec.augmentation import Augmentation, augment
from digitrec.corruptions import CORRUPTIONS, corrupt
from digitrec.expectations import expect
from digitrec.hands import Hands, load_hands, save_written
from digitrec.mnist import Digits, Mnist, load_mnist
from digitrec.networks import build_cnn, build_mlp, predict, speaker
from digitrec.other_hands import OtherHands, load_other_hands
from digitrec.parameters import check_parameters
from digitrec.paths import project_path, short_path
from digitrec.reading import Reading, boxed_model, read_digit, second_opinions
from digitrec.reading.digit import percent
from digitrec.reading.drawings import draw_strokes, load_drawings
from digitrec.reading.folders import list_pictures, load_labels, readable_pictures
from digitrec.reading.page import Page, read_page
from digitrec.reading.pictures import load_picture
from digitrec.reading.preparation import Steps, prepare_digit
from digitrec.storage import (
    load_model,
    load_own_model,
    load_record,
    save_model,
    save_results,
    training_record,
)
from digitrec.training import fine_tune, progress, train

__all__ = [
    "CORRUPTIONS",
    "Augmentation",
    "Digits",
    "Hands",
    "Mnist",
    "OtherHands",
    "Page",
    "Reading",
    "Steps",
    "augment",
    "boxed_model",
    "build_cnn",
    "build_mlp",
    "check_parameters",
    "corrupt",
    "draw_strokes",
    "expect",
    "fine_tune",
    "list_pictures",
    "load_drawings",
    "load_hands",
    "load_labels",
    "load_mnist",
    "load_model",
    "load_other_hands",
    "load_own_model",
    "load_picture",
    "load_record",
    "percent",
    "predict",
    "prepare_digit",
    "progress",
    "project_path",
    "read_digit",
    "read_page",
    "readable_pictures",
    "save_model",
    "save_results",
    "save_written",
    "second_opinions",
    "short_path",
    "speaker",
    "train",
    "training_record",
]
