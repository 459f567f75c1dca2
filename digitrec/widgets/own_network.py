"""What the learner's own network says to images that the network in the box has read."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digitrec.networks import predict, speaker
from digitrec.reading.digit import Reading, boxed_model, second_opinions
from digitrec.storage import load_own_model

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


class LateNetwork:
    """The learner's own network, if there is one, for boxes that are shown before it is loaded.

    It is loaded in the background, after TensorFlow and the network in the box, which take longer.
    """

    def __init__(self) -> None:
        background = ThreadPoolExecutor(1)
        self._model = background.submit(loaded_networks)
        background.shutdown(wait=False)

    def get(self) -> "keras.Model | None":
        """Return the network, or None without one; wait for it if need be.

        Raises:
            Exception: the file is damaged, or what it holds is no network for 28x28 images.
        """
        return self._model.result()

    def then(self, act: Callable[["keras.Model | None"], None]) -> None:
        """Call a function with the network once it is there; never if it is damaged."""
        self._model.add_done_callback(lambda done: done.exception() or act(done.result()))


def loaded_networks() -> "keras.Model | None":
    """Load the network in the box and the learner's, and ask each once: the next is fast.

    Returns:
        The learner's network; None without one.
    """
    paper = np.zeros((1, 28, 28), np.uint8)
    predict(boxed_model(), paper)
    own = load_own_model()
    if own is not None:
        predict(own, paper)
    return own


def ask_own(
    model: "keras.Model | LateNetwork | None", readings: Sequence[Reading]
) -> OwnAnswers | None:
    """Ask the learner's network; whatever is wrong with it, the answers of the box stand.

    Args:
        model: the network, perhaps on its way; None where the learner has none.
        readings: those of the network in the box.

    Returns:
        Its answers, or why it has none; None without a network.
    """
    if isinstance(model, LateNetwork):
        try:
            model = model.get()
        except Exception as error:  # a damaged file, or a network of any form
            return OwnAnswers("Your network", (), str(error))
    if model is None:
        return None
    try:
        return OwnAnswers(speaker(model), second_opinions(readings, model))
    except Exception as error:  # a network of any form may be handed over
        return OwnAnswers(speaker(model), (), str(error))
