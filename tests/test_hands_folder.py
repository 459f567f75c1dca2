"""The folder of hands: what is saved is there again, once, and nothing of it is ever lost."""

import io
import itertools
import json
import os
import subprocess
import sys
import textwrap
import zipfile
from dataclasses import fields, replace

import numpy as np
import pytest
from conftest import KILLED, ROOT
from written import pad_of, photographed, sheet_of

import digitrec
from digitrec import bounds
from digitrec.files import one_at_a_time
from digitrec.hands import hand_path
from digitrec.hands.same_sheet import CHANGED, EARLIER_ONLY
from digitrec.hands.written import decided


@pytest.fixture
def twenty(mnist):
    return mnist.validation[:20]


@pytest.fixture
def others(mnist):
    """Two writers' sheets of twenty digits, neither like the first twenty."""
    return mnist.validation[100:120], mnist.validation[200:220]


def start(code, *arguments):
    """Start another Python that knows what the tests know."""
    code = "import sys; sys.path.insert(0, 'tests')\n" + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def same(first, second):
    """Whether two pieces of writing are alike to the last bit."""
    return all(
        np.array_equal(getattr(first, field.name), getattr(second, field.name))
        if isinstance(getattr(first, field.name), np.ndarray)
        else getattr(first, field.name) == getattr(second, field.name)
        for field in fields(first)
    )


def only_part(folder="my_digits"):
    hands = digitrec.load_hands(folder)
    assert hands.problems == ()  # a sheet that is there twice would be told
    (part,) = hands.parts
    return part


def test_everything_that_was_written_comes_back(twenty, others, home):
    sheet = sheet_of(twenty, doubts=("crosses its frame", *[""] * 19), kept=np.arange(20) != 3)
    sheet = decided(sheet, 5, (twenty.labels[5] + 1) % 10)
    second, pad = sheet_of(others[0], source="sheet 412-17-2"), pad_of(others[1])
    other = sheet_of(others[1], "Zoë", "sheet 500-1")
    paths = {digitrec.save_written(written) for written in (sheet, second, pad, other)}
    assert paths == {home / "my_digits/412-17.npz", hand_path("Zoë")}
    hands = digitrec.load_hands()
    assert hands.problems == ()
    assert all(map(same, hands.parts, (sheet, second, pad, other)))
    assert len(hands) == len(hands.digits) == 19 + 20 + 20 + 20
    assert np.array_equal(hands.digits.images[:19], twenty.images[np.arange(20) != 3])
    assert hands.digits.labels[4] == (twenty.labels[5] + 1) % 10
    assert hands.writers.tolist() == ["412-17"] * 59 + ["Zoë"] * 20
    assert set(hands.sheets[hands.writers == "Zoë"]) == {"sheet 500-1"}
    assert hands.sheets.tolist().count("pad 2026-11-29 10:02:03") == 20


def test_the_record_in_a_file_says_when_from_what_and_how_many(twenty, home):
    sheet = decided(decided(sheet_of(twenty), 4, None), 7, (twenty.labels[7] + 1) % 10)
    with np.load(digitrec.save_written(sheet), allow_pickle=False) as archive:
        record = json.loads(archive["record"].tobytes())
    assert record["writer"] == "412-17"
    assert set(record["versions"]) == {"digitrec", "numpy"}
    (part,) = record["parts"]
    assert part["when"] == "2026-11-29T10:00:00"
    assert (part["source"], part["origin"]) == ("sheet 412-17-1", "photo1.jpg")
    assert (part["digits"], part["kept"], part["refused"]) == (20, 19, 1)
    assert part["relabelled"] == [7]
    assert part["seen"] == [4, 7]


def test_a_second_photo_of_a_sheet_is_not_counted_twice_and_keeps_all_decisions(mnist, home):
    digits = mnist.validation[:60]
    first = sheet_of(digits, doubts=tuple("odd" if i in (2, 5) else "" for i in range(60)))
    wrong = int(digits.labels[3] + 1) % 10
    first = decided(decided(first, 2, int(digits.labels[2])), 3, wrong)  # confirmed, relabelled
    digitrec.save_written(decided(first, 4, None))  # dropped
    images = photographed(digits.images)
    doubts = tuple("new doubt" if i in (2, 3, 4, 6) else "" for i in range(60))
    again = sheet_of(digits, images=images, doubts=doubts, origin="photo2.jpg")
    digitrec.save_written(again)
    part = only_part()
    assert np.array_equal(part.images, images)
    assert part.origin == "photo2.jpg"
    assert part.labels[3] == wrong
    assert np.flatnonzero(~part.kept).tolist() == [4]
    assert part.doubtful.tolist() == [6]  # nobody decided on that one, and 5 is clear now
    assert part.seen == (2, 3, 4)
    digitrec.save_written(decided(only_part(), 3, int(digits.labels[3])))  # a change of mind
    assert only_part().labels[3] == digits.labels[3]
    assert only_part().seen == (2, 3, 4)


def test_what_was_relabelled_or_dropped_by_other_means_holds_as_well(twenty, home):
    labels, kept = twenty.labels.copy(), np.arange(20) != 1
    labels[0] = (labels[0] + 1) % 10
    digitrec.save_written(sheet_of(twenty, labels=labels, kept=kept))
    digitrec.save_written(sheet_of(twenty, images=photographed(twenty.images)))
    assert only_part().labels[0] == labels[0]
    assert np.array_equal(only_part().kept, kept)


def test_a_digit_that_only_the_older_photo_shows_stays_as_a_doubtful_one(twenty, home):
    digitrec.save_written(decided(sheet_of(twenty), 18, 0))
    half = sheet_of(twenty[:18], images=photographed(twenty.images[:18]), empty=(18, 19, 90))
    digitrec.save_written(half)
    part = only_part()
    assert np.array_equal(part.images[18:], twenty.images[18:])
    assert part.doubts[18:] == ("", EARLIER_ONLY)  # the first of the two was looked at
    assert part.labels[18] == 0
    assert np.isnan(part.boxes[18:]).all()
    assert np.array_equal(part.boxes[:18], half.boxes)
    assert part.empty == (90,)


def test_a_box_that_was_written_over_keeps_its_decision_and_is_looked_at_again(mnist, home):
    digits = mnist.validation[:20]
    digitrec.save_written(decided(sheet_of(digits), 6, 0))
    images = photographed(digits.images)
    other = mnist.validation.images[100:][
        mnist.validation.labels[100:] == (digits.labels[6] + 5) % 10
    ]
    images[6] = other[0]
    digitrec.save_written(sheet_of(digits, images=images))
    for _ in range(2):  # read again, it is still to be looked at
        assert only_part().labels[6] == 0
        assert only_part().doubts[6] == CHANGED
        digitrec.save_written(sheet_of(digits, images=images))
    digitrec.save_written(decided(only_part(), 6, 0))
    digitrec.save_written(sheet_of(digits, images=images))
    assert only_part().doubts[6] == ""


def test_copies_of_one_printed_sheet_are_two(twenty, others, home):
    digitrec.save_written(sheet_of(twenty))
    digitrec.save_written(sheet_of(others[0]))
    digitrec.save_written(sheet_of(others[1]))
    names = ["sheet 412-17-1", "sheet 412-17-1 (2)", "sheet 412-17-1 (3)"]
    assert [part.source for part in digitrec.load_hands().parts] == names
    again = photographed(others[0].images)
    digitrec.save_written(sheet_of(others[0], images=again))
    parts = digitrec.load_hands().parts
    assert [part.source for part in parts] == names
    assert np.array_equal(parts[1].images, again)
    digitrec.save_written(decided(parts[2], 0, None))  # loaded, corrected and saved
    assert [int(part.kept.sum()) for part in digitrec.load_hands().parts] == [20, 20, 19]


def test_a_turn_at_the_pad_goes_on(twenty, others, home):
    digitrec.save_written(pad_of(twenty[:1]))
    digitrec.save_written(pad_of(twenty[:12]))
    digitrec.save_written(pad_of(others[0][:1]))  # the first one undone, and written anew
    digitrec.save_written(pad_of(twenty[12:], numbers=np.arange(12, 20)))
    part = only_part()
    assert np.array_equal(part.images[1:], twenty.images[1:])
    assert np.array_equal(part.images[0], others[0].images[0])
    assert not len(part.doubtful)
    assert part.boxes is None
    digitrec.save_written(decided(part, 4, None))
    asked = part.asked.copy()
    asked[4] = (asked[4] + 1) % 10  # undone, and another digit asked for in its turn
    digitrec.save_written(replace(part, asked=asked, labels=asked))
    assert only_part().kept.all()
    assert only_part().labels[4] == asked[4]


def test_a_save_that_is_killed_leaves_what_was_there(twenty, others, home):
    path = digitrec.save_written(sheet_of(twenty))
    before = path.read_bytes()
    killed = start("""
        import psutil
        import digitrec, digitrec.files
        from written import sheet_of

        def die(*_):
            psutil.Process().kill()

        digitrec.files.replace = die  # all is written, and has not taken its name
        digits = digitrec.load_mnist().validation[100:120]
        digitrec.save_written(sheet_of(digits, source="sheet 412-17-2"))
    """)
    assert killed.wait() in KILLED, killed.stderr.read()
    assert path.read_bytes() == before
    assert len(list(path.parent.glob(".saving-*"))) == 1
    assert len(digitrec.load_hands()) == 20
    assert digitrec.load_hands().problems == ()
    digitrec.save_written(sheet_of(others[0], source="sheet 412-17-2"))  # nobody holds the lock
    assert len(digitrec.load_hands()) == 40
    assert not list(path.parent.glob(".saving-*"))


def test_saves_that_are_killed_at_any_moment_leave_whole_sheets(twenty, home):
    for seconds in (0.0, 0.005, 0.02):
        saving = start("""
            import digitrec
            from written import sheet_of
            digits = digitrec.load_mnist().validation[:20]
            print("ready", flush=True)
            for number in range(10_000):
                written = sheet_of(digits, source=f"sheet {number % 7}")
                digitrec.save_written(written)
        """)
        assert saving.stdout.readline() == "ready\n", saving.stderr.read()
        while not (home / "my_digits/412-17.npz").exists():
            pass
        with pytest.raises(subprocess.TimeoutExpired):
            saving.wait(seconds)
        saving.kill()
        saving.wait()
        hands = digitrec.load_hands()
        assert hands.problems == ()
        assert len(hands) == 20 * len(hands.parts) > 0


def test_two_programs_that_save_one_writer_at_once_lose_nothing(home):
    code = """
        import sys, digitrec
        from written import sheet_of
        validation = digitrec.load_mnist().validation
        print("ready", flush=True)
        sys.stdin.readline()
        for number in range(15):
            start = 1000 * int(sys.argv[1]) + 20 * number
            sheet = sheet_of(validation[start:start + 20], source=f"sheet {sys.argv[1]}-{number}")
            digitrec.save_written(sheet)
    """
    code = "import sys; sys.path.insert(0, 'tests')\n" + textwrap.dedent(code)
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(number)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in (1, 2)
    ]
    for program in programs:
        program.stdout.readline()
    for program in programs:
        program.stdin.write("go\n")
        program.stdin.flush()
    assert [program.wait() for program in programs] == [0, 0]
    hands = digitrec.load_hands()
    assert hands.problems == ()
    assert {part.source for part in hands.parts} == {
        f"sheet {program}-{number}" for program in (1, 2) for number in range(15)
    }


def test_a_folder_that_somebody_else_keeps_is_waited_for_and_then_told(twenty, home, monkeypatch):
    monkeypatch.setattr("digitrec.files.TURN", 0.2)
    with (
        one_at_a_time(home / "my_digits"),
        pytest.raises(TimeoutError, match=r"Another program has been changing .*my_digits for"),
    ):
        digitrec.save_written(sheet_of(twenty))
    digitrec.save_written(sheet_of(twenty))
    assert repr(digitrec.load_hands()) == "<Hands: 20 digits by 1 writers, 0 problems>"


def test_damaged_bytes_are_noticed_or_harm_nothing(twenty, others, home):
    """Flip a byte of each region of a file, and break it off in each: a small property test."""
    digitrec.save_written(sheet_of(others[0], "500", "sheet 500-1"))
    whole = sheet_of(twenty)
    path = digitrec.save_written(whole)
    content = path.read_bytes()
    places = [*range(0, len(content), 331), *range(len(content) - 700, len(content), 9)]
    noticed = 0
    for place, broken in itertools.product(places, ("flipped", "cut")):
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged if broken == "flipped" else content[:place])
        hands = digitrec.load_hands()
        read = {part.writer: part for part in hands.parts}
        assert "500" in read
        if hands.problems:
            assert set(read) == {"500"}
            (problem,) = hands.problems
            assert problem.startswith("412-17.npz is left out. ")
            noticed += 1
        else:
            assert same(read["412-17"], whole), f"byte {place} {broken}"
    assert noticed > 1.8 * len(places)  # what is not, are times and versions in the archive's list


def changed_file(content, name=None, array=None, record=None, packed=zipfile.ZIP_STORED):
    """A file of digits with one array or some entries of its record replaced."""
    with np.load(io.BytesIO(content)) as archive:
        arrays = dict(archive)
    text = json.loads(arrays["record"].tobytes())
    for key, value in (record or {}).items():
        (text["parts"][0] if key in text["parts"][0] else text)[key] = value
    arrays["record"] = np.frombuffer(json.dumps(text).encode(), np.uint8)
    if name:
        arrays[name] = array
    new = io.BytesIO()
    with zipfile.ZipFile(new, "w", packed) as archive:
        for key, value in arrays.items():
            with archive.open(f"{key}.npy", "w") as entry:
                np.lib.format.write_array(entry, value)
    return new.getvalue()


class Trap:
    """An object whose pickle says that it was opened."""

    def __reduce__(self):
        return (os.mkdir, ("trapped",))


HOSTILE = {
    "empty": lambda content: b"",
    "text": lambda content: b"Dear diary",
    "archive": lambda content: b"PK\5\6" + bytes(18),
    "bomb": lambda content: changed_file(content, packed=zipfile.ZIP_DEFLATED),
    "pickled": lambda content: changed_file(content, "kept", np.array([Trap()] * 20, object)),
    "more": lambda content: changed_file(content, "extra", np.zeros(3)),
    "floats": lambda content: changed_file(content, "images", np.zeros((20, 28, 28))),
    "short": lambda content: changed_file(content, "labels", np.zeros(19, np.uint8)),
    "labels": lambda content: changed_file(content, "labels", np.full(20, 10, np.uint8)),
    "twice": lambda content: changed_file(content, "numbers", np.zeros(20, np.int32)),
    "negative": lambda content: changed_file(content, record={"digits": -20}),
    "true": lambda content: changed_file(content, record={"digits": True}),
    "no parts": lambda content: changed_file(content, record={"parts": []}),
    "writer": lambda content: changed_file(content, record={"writer": 7}),
    "lines": lambda content: changed_file(content, record={"writer": "a\nb"}),
    "long": lambda content: changed_file(content, record={"source": "s" * 201}),
    "doubts": lambda content: changed_file(content, record={"doubts": {"3": ["x"]}}),
    "seen": lambda content: changed_file(content, record={"seen": [1.5]}),
    "deep": lambda content: changed_file(
        content, "record", np.frombuffer(b"[" * 100_000, np.uint8).copy()
    ),
    "other": lambda content: changed_file(content, record={"kind": "recipes"}),
    "newer": lambda content: changed_file(content, record={"format": 2}),
}


def test_foreign_and_hostile_files_are_named_and_the_others_are_read(twenty, home, monkeypatch):
    path = digitrec.save_written(sheet_of(twenty))
    monkeypatch.chdir(home)
    content = path.read_bytes()
    assert len(changed_file(content)) > 0
    for name, make in HOSTILE.items():
        (path.parent / f"{name}.npz").write_bytes(make(content))
    with (path.parent / "large.npz").open("wb") as file:
        file.truncate(bounds.LARGEST_HAND + 1)  # costs the disk nothing
    (path.parent / "letter.txt").write_text("Dear diary")
    (path.parent / "folder.npz").mkdir()
    (path.parent / ".hidden").write_text("what an editor left")
    hands = digitrec.load_hands()
    assert len(hands) == 20
    named = {problem.split(" is left out. ")[0]: problem for problem in hands.problems}
    assert set(named) == {f"{name}.npz" for name in HOSTILE} | {
        "large.npz",
        "letter.txt",
        "folder.npz",
    }
    assert len(hands.problems) == len(named)
    assert "A newer version of digitrec wrote it." in named["newer.npz"]
    assert "more than 12 MB" in named["large.npz"]
    assert "It is no file of digits." in named["letter.txt"]
    assert all(
        "It is damaged, or no file of digits." in named[f"{name}.npz"]
        for name in HOSTILE
        if name != "newer"
    )
    assert not (home / "trapped").exists()
    path.write_bytes(changed_file(content))  # the way they were made is not what was refused
    assert len(digitrec.load_hands()) == 20


def test_all_files_together_and_their_number_are_bounded(twenty, others, home, monkeypatch):
    size = digitrec.save_written(sheet_of(twenty)).stat().st_size
    digitrec.save_written(sheet_of(others[0], "500", "sheet 500-1"))
    monkeypatch.setattr("digitrec.hands.folder.LARGEST_HANDS", int(1.5 * size))
    (problem,) = digitrec.load_hands().problems
    assert problem.startswith("500.npz is left out. All files together have more than")
    monkeypatch.setattr("digitrec.hands.folder.LARGEST_HANDS", 10 * size)
    monkeypatch.setattr("digitrec.hands.folder.MOST_SHEETS", 1)
    (problem,) = digitrec.load_hands().problems
    assert problem.startswith("500.npz is left out. All files together have more than 1 sheets.")
    monkeypatch.setattr("digitrec.hands.folder.MOST_HANDS", 1)
    (problem,) = digitrec.load_hands().problems
    assert problem.startswith("1 files are left out: 1 of a folder are read.")


def test_saving_beside_a_damaged_file_puts_it_aside(twenty, others, home):
    path = digitrec.save_written(sheet_of(twenty))
    for number, damage in enumerate((b"half a", b"another")):
        path.write_bytes(damage)
        digitrec.save_written(sheet_of(others[0]))
        aside = path.with_name(("412-17.damaged", "412-17 (2).damaged")[number])
        assert aside.read_bytes() == damage
    hands = digitrec.load_hands()
    assert len(hands) == 20
    assert [problem.split(" is ")[0] for problem in hands.problems] == [
        "412-17.damaged",
        "412-17 (2).damaged",
    ]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"format": 2}, "A newer version of digitrec wrote it"),
        ({"writer": "Anna"}, "holds the digits of Anna, not of 412-17"),
    ],
)
def test_what_may_not_be_added_to_is_left_as_it_is(record, message, twenty, others, home):
    path = digitrec.save_written(sheet_of(twenty))
    path.write_bytes(changed_file(path.read_bytes(), record=record))
    before = path.read_bytes()
    with pytest.raises(ValueError, match=message):
        digitrec.save_written(sheet_of(others[0]))
    assert path.read_bytes() == before


def test_more_than_can_be_read_again_is_not_saved(twenty, home, monkeypatch):
    path = digitrec.save_written(sheet_of(twenty))
    before = path.read_bytes()
    monkeypatch.setattr("digitrec.hands.hand_file.MOST_WRITTEN", 30)
    with pytest.raises(ValueError, match=r"would be 40, and one writer has 30 at most"):
        digitrec.save_written(sheet_of(twenty, source="sheet 412-17-2"))
    with pytest.raises(ValueError, match=r"cannot be saved: two digits are from one box"):
        digitrec.save_written(sheet_of(twenty, "500", numbers=np.zeros(20, int)))
    assert path.read_bytes() == before
    assert not hand_path("500").exists()


NAMES = [
    *("412-17", "Anna", "anna", "ANNA", "an-na", "an_na", "Zoë", "Zoe", "ß", "ss"),
    *("日本", "日木", "🙂", "🙃", "\N{MAN}\N{ZERO WIDTH JOINER}\N{GIRL}", "anna_4fb9b4d1f2"),
    *("../../etc/passwd", "..", ".", "a/b", "a\\b", "a:b", "C:", "-rf", ".hidden", "~", "*"),
    *("con", "CON", "nul", "com1", "lpt9", "a b", "a.b", "412-17.npz", "*?<>|"),
    *("x" * 200, "x" * 199, "x" * 40, "x" * 41),
]


def test_names_become_safe_files_and_never_share_one(twenty, home):
    paths = [
        digitrec.save_written(sheet_of(twenty[:1], name, f"sheet {i}"))
        for i, name in enumerate(NAMES)
    ]
    assert len({str(path).casefold() for path in paths}) == len(NAMES)
    for path in paths:
        assert path.parent == home / "my_digits"
        assert not set('/\\:*?"<>|~') & set(path.name)
        assert path.stem.rstrip(". ") == path.stem
        assert path.stem.lower() not in {"con", "nul", "com1", "lpt9"}
        assert len(os.fsencode(path.name)) < 200
    assert sorted(digitrec.load_hands().writers) == sorted(NAMES)


def test_accents_and_spaces_make_no_second_writer(home):
    assert hand_path("Zoe\u0308 ") == hand_path(" Zo\u00eb")
    assert hand_path("a  b") == hand_path("a\tb")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "has no name"),
        ("  \n", "has no name"),
        ("x" * 201, "has 201 letters, expected 200 at most"),
        ("a\0b", "not seen"),
        ("\u202egnp.exe", "not seen"),
        ("half \ud83d", "not seen"),
        (None, "The writer is None, expected a text"),
    ],
)
def test_names_that_cannot_be_one_are_told(name, message, twenty, home):
    with pytest.raises(ValueError, match=rf"{message}.*Choose a pen name or a number"):
        digitrec.save_written(sheet_of(twenty, name))
    assert not (home / "my_digits").exists()


def test_a_missing_and_an_empty_folder_say_what_to_do(home):
    with pytest.raises(FileNotFoundError, match=r"no folder .*my_digits\. .*save_written"):
        digitrec.load_hands()
    (home / "my_digits").mkdir()
    (home / "my_digits/.lock").touch()
    with pytest.raises(FileNotFoundError, match=r"no digits in .*my_digits yet\. .*save_written"):
        digitrec.load_hands()


def test_a_folder_that_cannot_be_one_is_told(twenty, home):
    (home / "taken").write_text("a file")
    with pytest.raises(OSError, match=r"could not be written .* Choose another folder"):
        digitrec.save_written(sheet_of(twenty), "taken")
    with pytest.raises(FileNotFoundError, match="no folder"):
        digitrec.load_hands("taken")


def test_a_sheet_in_two_files_is_counted_once(twenty, home):
    path = digitrec.save_written(decided(sheet_of(twenty), 3, None))
    path.with_name("copy.npz").write_bytes(path.read_bytes())
    hands = digitrec.load_hands()
    assert len(hands) == 19
    assert hands.problems == (
        "sheet 412-17-1 of 412-17 is in 412-17.npz and in copy.npz. It is counted once.",
    )


def test_a_sheet_under_two_names_is_counted_once_as_the_later_one(twenty, others, home):
    digitrec.save_written(decided(sheet_of(twenty, "zed"), 3, None))
    again = sheet_of(twenty, "Anna", images=photographed(twenty.images), when="2026-11-29T11:00:00")
    digitrec.save_written(again)
    digitrec.save_written(sheet_of(others[0], "copied"))  # another hand on a copy of the sheet
    hands = digitrec.load_hands()
    assert {part.writer for part in hands.parts} == {"Anna", "copied"}
    assert len(hands) == 19 + 20  # and what was decided under the other name holds
    (problem,) = hands.problems
    assert "under two names, zed (zed.npz) and Anna (" in problem
    assert problem.endswith("It is counted once, as Anna's, because that was read later.")


def test_deleting_ones_digits_is_one_line(twenty, others, home):
    digitrec.save_written(sheet_of(twenty))
    digitrec.save_written(sheet_of(others[0], "Zoë", "sheet 500-1"))
    hand_path("Zoë").unlink()
    assert set(digitrec.load_hands().writers) == {"412-17"}
    assert [path.name for path in (home / "my_digits").glob("[!.]*")] == ["412-17.npz"]


def test_git_ignores_the_folder():
    assert "/my_digits/" in (ROOT / ".gitignore").read_text().splitlines()
