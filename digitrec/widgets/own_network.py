"""What the learner's own network says to images that the network in the box has read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitrec.networks import speaker
from digitrec.reading.digit import Reading, second_opinions

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class OwnAnswers:
    """What the learner's own network says.

    Attributes:
        speaker: what to call it, such as "Your network (dense, notebook 3)".
        readings: one for each of those of the network in the box; empty if it cannot answer.
        problem: why it cannot; empty if it can.
    """

    speaker: str
    readings: tuple[Reading, ...]
    problem: str = ""


def ask_own(model: "keras.Model | None", readings: Sequence[Reading]) -> OwnAnswers | None:
    """Ask the learner's network; whatever is wrong with it, the answers of the box stand.

    Args:
        model: the network; None where the learner has none.
        readings: those of the network in the box.

    Returns:
        Its answers, or why it has none; None without a network.
    """
    if model is None:
        return None
    try:
        return OwnAnswers(speaker(model), second_opinions(readings, model))
    except Exception as error:  # a network of any form may be handed over
        return OwnAnswers(speaker(model), (), str(error))
