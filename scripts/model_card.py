"""Write the card of the network in the box from the record beside it.

    python scripts/model_card.py                # writes the card anew
    python scripts/model_card.py scores.json    # after adding what was measured on real pictures

`scores.json` holds, under "by kind", for each kind of picture the share that was read right and how
many there were.
"""

import json
import sys
from pathlib import Path

import numpy as np

import digitrec
from digitrec.calibration import wilson_interval
from digitrec.storage import BOXED_MODEL

CARD = """# The network in the box

`handwritten_digits.keras` reads single handwritten digits from 28x28 images prepared by
`digitrec.prepare_digit`. `make model` rebuilds it and writes this card. Shares come with their 95%
intervals (Wilson).

- **Network:** `digitrec.build_cnn(width={width}, answers=11)`, four convolutions,
  {weights:,} weights; the mean over three shifts by a pixel. The eleventh answer is "no digit".
- **Data:** MNIST, 55,000 images to train and 5,000 to choose; {drawn_digits:,} digits and
  {drawn_others:,} non-digits drawn by `scripts/other_hands.py`, half of the digits from handwriting
  fonts, half from strokes. Nothing else.
- **Augmentation:** another hand (rotation, scale, shear, shift, elastic displacement, stroke
  thickness; the defaults of `digitrec.Augmentation`) and damage (digits cut by the frame, faint
  ink, lines, grey paper, blur, noise, two levels only). In the last {last_epochs} epochs less of
  both.
- **Recipe:** Adam, {epochs} epochs with one rise and fall of the learning rate up to
  {learning_rate}, then {last_epochs} up to {last_learning_rate}, in batches of {batch_size};
  {minutes} minutes by seed on two cores.
- **Seed:** {seed}, of {seeds} the one with the lowest loss on the validation set.
- **Calibration:** a temperature of {temperature:.2f}, chosen on the validation set and on drawings
  with five fonts that are not learned from. Calibration error on the test set: {calibration:.4f},
  the mean gap between confidence and accuracy.

| MNIST's test set | {seed_names} | mean | this network |
|---|{rules}---|---|
| right over the ten digits | {ten} |
| right over all eleven answers | {eleven} |
| right and believed (confidence 50% or more) | {believed} |

| other hands, drawn | share |
|---|---|
| digits of five other fonts that are not learned from, read right | {fonts} |
| digits of strokes, read right | {strokes} |
| of both, believed | {accepted} |
| non-digits refused | {refused} |
| non-digits refused where 99% of the digits are accepted | {refused_at_99:.1%} |
| area under the ROC curve | {area:.4f} |
{real}
Held out are fonts without near twins: fonts whose digits' glyphs correlate by less than 0.85 with
those of each font to learn from (the nine `playwrite` fonts, which are one hand, all went to
training). The strokes are the same program's as in training, drawn anew, so their figure says less.

**Known weaknesses.** All real handwriting it has seen is of people in the United States around
1990; what others write otherwise, it knows from fonts and programs only. Letters that look like a
digit (O, l, S, Z, ...) are read as that digit. Digits of which more than a tenth is cut off, or
that are turned by more than some 20 degrees, are misread.

The weights were learned from MNIST (CC BY-SA 3.0, see `MNIST-NOTICE.md`) and from drawings of
fonts under the SIL Open Font License or Apache 2.0 (`scripts/GLYPHS-NOTICE.md`).
"""
REAL = """
| real pictures, never trained on or chosen with | read right |
|---|---|
{rows}
"""


def share(right: int, count: int) -> str:
    """Return a share of a count with its interval, as text.

    >>> share(95, 100)
    '95.0% (88.8% to 97.8%) of 100'
    """
    low, high = wilson_interval(right, count)
    return f"{right / count:.1%} ({low:.1%} to {high:.1%}) of {count:,}"


def row(accuracies: list[float], chosen: int, images: int) -> str:
    """Return a row of the card: the accuracy of each seed, their mean, and the boxed one's."""
    low, high = wilson_interval(round(accuracies[chosen] * images), images)
    cells = [f"{accuracy:.2%}" for accuracy in accuracies]
    mean = f"{np.mean(accuracies):.2%} ± {np.std(accuracies, ddof=1):.2%}"
    return " | ".join([*cells, mean, f"{accuracies[chosen]:.2%} ({low:.2%} to {high:.2%})"])


def card(record: dict) -> str:
    """Return the card of the network, made from the record beside it."""
    seeds, chosen = record["seeds"], record["seeds"].index(record["seed"])
    accuracies = {
        "ten": record["test_accuracy_by_seed"],
        "eleven": record["test_accuracy_eleven_by_seed"],
        "believed": record["test_right_and_believed_by_seed"],
    }
    counts = {name: share(*record["other_hands"][name]) for name in OTHER_HANDS}
    real = [
        f"| {kind.replace('_', ' ')} | {share(right, count)} |"
        for kind, (right, count) in record.get("real_pictures", {}).items()
    ]
    return CARD.format(
        **record["parameters"],
        **{name: row(values, chosen, record["test_images"]) for name, values in accuracies.items()},
        **counts,
        weights=record["weights"],
        minutes=", ".join(map(str, record["training_minutes_by_seed"])),
        seed=record["seed"],
        seeds=", ".join(map(str, seeds)),
        seed_names=" | ".join(f"seed {seed}" for seed in seeds),
        rules="---|" * len(seeds),
        temperature=record["temperature"],
        calibration=record["test_calibration_error"],
        refused_at_99=record["other_hands"]["refused_at_99"],
        area=record["other_hands"]["area_under_roc"],
        real=REAL.format(rows="\n".join(real)) if real else "",
    )


OTHER_HANDS = "fonts", "strokes", "accepted", "refused"  # pairs: how many, of how many


def main() -> None:
    record = digitrec.load_record(BOXED_MODEL)
    for path in sys.argv[1:]:
        kinds = json.loads(Path(path).read_text(encoding="utf-8"))["by kind"]
        record["real_pictures"] = {
            kind: [round(part * count), count] for kind, (part, count) in kinds.items()
        }
        text = json.dumps(record, indent=2) + "\n"
        BOXED_MODEL.with_suffix(".json").write_text(text, encoding="utf-8")
    (BOXED_MODEL.parent / "MODEL-CARD.md").write_text(card(record), encoding="utf-8")


if __name__ == "__main__":
    main()
