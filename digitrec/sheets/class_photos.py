"""The photos of a class, read one after the other and kept, and one table of what they hold."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm.auto import tqdm

from digitrec.bounds import MOST_PHOTOS
from digitrec.hands.folder import Hands, load_hands, store_written
from digitrec.hands.names import FOLDER, in_counting_order
from digitrec.names import plain_name
from digitrec.networks import in_short, predict
from digitrec.paths import project_path, short_path
from digitrec.reading import boxed_model
from digitrec.sheets.class_table import ClassPhotos, Row
from digitrec.sheets.reading import read_sheet
from digitrec.storage import DENSE_MODEL, load_model, load_own_model

if TYPE_CHECKING:
    import keras

CONVOLUTIONAL = "models/convolutional.keras"  # what notebook 6 saves
NO_PHOTOS = {".csv", ".db", ".ini"}  # what this command and computers leave in a folder


def read_photos(
    folder: str | Path,
    into: str | Path = FOLDER,
    networks: Sequence[str | Path] | None = None,
) -> ClassPhotos:
    """Read all photos of sheets in a folder, keep what is on them, and measure networks on it.

    A photo that cannot be read is named, and stops nothing. Read again, or photographed twice,
    nothing is counted twice, and what was corrected holds. Ctrl-C, or the stop button of a
    notebook, ends the reading and keeps what was read.

    Args:
        folder: of photos; a relative one starts at the project folder. A sheet that was made for
            nobody in particular belongs to the name of its photo; anna.jpg and anna 2.jpg are both
            Anna's.
        into: where the digits are kept, likewise.
        networks: .keras files to measure beside the network in the box; None takes your own
            (models/handwritten_digits.keras), or the dense one that comes with the package, and
            models/convolutional.keras if it is there.

    Returns:
        A row for each writer on these photos, which prints as a table, and what went wrong.

    Raises:
        FileNotFoundError: there is no such folder, or no such network.
        ValueError: a file of `networks` is none.
    """
    photos, problems = photos_in(project_path(folder))
    models, wrong = open_networks(networks) if photos else ({}, [])
    kept: dict[tuple[str, str], str] = {}
    read = 0
    try:
        with tqdm(photos, desc="Reading photos", unit="photo") as bar:
            for photo in bar:
                try:
                    problems += added(photo, photos, into, kept)
                    read += 1
                except Exception as error:  # one bad photo stops nothing, whatever is wrong with it
                    problems.append(told(photo, error))
    except KeyboardInterrupt:
        problems.append(
            f"The reading was stopped: {len(photos) - read:,} of {len(photos):,} photos are not "
            "read. Run it again for the rest; nothing is counted twice."
        )
    if not kept:
        return ClassPhotos((), (), tuple(problems), read, len(photos), short_path(into))
    hands = load_hands(into)
    parts = [part for part in hands.parts if (part.writer, part.source) in kept]
    return ClassPhotos(
        tuple(models),
        measured(Hands(tuple(parts)), models.values()),
        (*problems, *hands.problems, *wrong),
        read,
        len(photos),
        short_path(into),
    )


def photos_in(folder: Path) -> tuple[list[Path], list[str]]:
    """Return what may be photos in a folder, photo2 before photo10, and what is not looked at.

    Raises:
        FileNotFoundError: there is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(
            f"There is no folder {folder}. Put the photos of the sheets into a folder, and give "
            "its name."
        )
    inside = [path for path in folder.iterdir() if not path.name.startswith(".")]
    photos = [path for path in inside if path.is_file() and path.suffix.lower() not in NO_PHOTOS]
    photos.sort(key=lambda path: (in_counting_order(path.stem), path.suffix))
    folders = sorted(plain_name(path.name) for path in inside if path.is_dir())
    problems = [
        f"{name} is a folder. Its photos are not read; give its name to read them."
        for name in folders
    ]
    if not photos:
        problems.append(f"There are no photos in {folder}. Put a photo of each sheet into it.")
    if len(photos) > MOST_PHOTOS:
        problems.append(
            f"{len(photos) - MOST_PHOTOS:,} photos are left out: {MOST_PHOTOS:,} are read at a "
            "time. Put them into another folder."
        )
    return photos[:MOST_PHOTOS], problems


def added(
    photo: Path, photos: Sequence[Path], into: str | Path, kept: dict[tuple[str, str], str]
) -> list[str]:
    """Read a photo, keep what is on it, and return what is special about it, in sentences.

    Args:
        photo: one of the photos.
        photos: all of them, by whose names two of one writer are told.
        into: the folder of hands.
        kept: the photo of each sheet that was read, by its writer and source; this one is added.
    """
    written, writer = read_sheet(photo), writer_by_name(photo, photos)
    nameless = written.writer == photo.stem  # the sheet does not know its writer
    if nameless and writer != photo.stem:
        written = read_sheet(photo, writer)
    stored = store_written(written, into)
    name, sheet = plain_name(photo.name), (stored.writer, stored.source)
    special = []
    if sheet in kept:
        special.append(f"{name} shows the same sheet as {kept[sheet]}. It is counted once.")
    elif stored.source != written.source and not nameless:
        special.append(
            f"{name} shows another copy of {written.source}, with other handwriting. Both are "
            f"kept, as {stored.writer}'s. If others wrote on copies, print sheets with a number "
            "for each writer."
        )
    kept[sheet] = name
    return special


def writer_by_name(photo: Path, photos: Sequence[Path]) -> str:
    """Return whose photo it is by its name: anna 2.jpg is by anna, if there is an anna.jpg.

    Not so where a camera or a messenger gave the name: IMG_2034 (1).jpg may be by anybody.
    """
    bare = re.sub(r"[ _-]\(?\d{1,2}\)?$", "", photo.stem)
    is_counted = re.search(r"\d{4}", bare) is not None  # or dated, as no pen name is
    is_there = any(other.stem == bare for other in photos)
    return bare if is_there and not is_counted else photo.stem


def told(photo: Path, error: Exception) -> str:
    """Say that a photo could not be read, and why."""
    name = plain_name(photo.name)
    if not isinstance(error, (ValueError, OSError)):
        return (
            f"{name}: reading it broke off ({type(error).__name__}: {in_short(error)}). The others "
            "are read. Take the photo again; if that does not help, report it."
        )
    why = str(error.strerror or error) if isinstance(error, OSError) else str(error)
    return why if why.startswith(name) else f"{name}: {why}"


def open_networks(
    paths: Sequence[str | Path] | None,
) -> tuple[dict[str, "keras.Model"], list[str]]:
    """Return the networks to measure, by what they are called, and what is wrong with others.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: a file is no network.
    """
    models = {"in the box": boxed_model()}
    if paths is not None:
        stems = [Path(path).stem for path in paths]
        names = stems if len(set(stems)) == len(stems) else map(str, paths)
        return models | dict(zip(names, map(load_model, paths), strict=True)), []
    problems = []
    try:
        own = load_own_model()
        models |= {"dense": load_model(DENSE_MODEL)} if own is None else {"yours": own}
        if project_path(CONVOLUTIONAL).is_file():
            models["convolutional"] = load_model(CONVOLUTIONAL)
    except ValueError as error:  # a lesson's network is damaged, and nobody asked for it by name
        problems.append(str(error))
    return models, problems


def measured(hands: Hands, models: Iterable["keras.Model"]) -> tuple[Row, ...]:
    """Return a row for each writer, with how many digits each network reads right."""
    images, labels = hands.digits.images, hands.digits.labels
    right = [
        predict(model, images)[:, :10].argmax(axis=1) == labels if len(labels) else labels
        for model in models
    ]
    rows = []
    for writer in sorted({part.writer for part in hands.parts}, key=in_counting_order):
        parts = [part for part in hands.parts if part.writer == writer]
        own = hands.writers == writer
        rows.append(
            Row(
                writer,
                sheets=len(parts),
                digits=sum(map(len, parts)),
                doubtful=sum(len(part.doubtful) for part in parts),
                empty=sum(len(part.empty) for part in parts),
                counted=int(own.sum()),
                unseen=sum(int(part.kept[part.doubtful].sum()) for part in parts),
                right=tuple(int(answers[own].sum()) for answers in right),
            )
        )
    return tuple(rows)
