"""A vote on doubtful labels: each is right, or wrong, or nobody can tell."""

import io
from base64 import b64encode
from collections.abc import Sequence

import numpy as np
import traitlets
from PIL import Image

from digitrec.browser import joined
from digitrec.mnist import Digits
from digitrec.widgets.answering import Answering
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import script

NOBODY_CAN_TELL = 10  # a vote; 0 to 9 say which digit it is, which may be that of the label


class Ballot(Answering):
    """Images that are voted on one after the other, by buttons and keys.

    Attributes:
        pictures: a PNG of each image, as an address that holds it.
        labels: the label of each image.
        says: a sentence for each image about what the networks say.
        votes: what was voted so far, from the first image on: a digit, or `NOBODY_CAN_TELL`.
    """

    _esm = (
        joined("elements.js", "waiting.js")
        + script("buttons.js")
        + script("ballot.js")
        + "export default { render: renderBallot };\n"
    )
    _css = "".join(
        script(f"{name}.css") for name in ("controls", "buttons", "answer_view", "ballot")
    )
    pictures = traitlets.List(traitlets.Unicode()).tag(sync=True)
    labels = traitlets.List(traitlets.Int()).tag(sync=True)
    says = traitlets.List(traitlets.Unicode()).tag(sync=True)
    votes = traitlets.List(traitlets.Int()).tag(sync=True)

    @traitlets.validate("votes")
    def _possible(self, proposal: dict) -> list[int]:
        votes = proposal["value"]
        if len(votes) > len(self.labels) or not all(0 <= v <= NOBODY_CAN_TELL for v in votes):
            raise traitlets.TraitError(
                f"Found {votes!r:.40}, expected up to {len(self.labels)} votes, each 0 to "
                f"{NOBODY_CAN_TELL}."
            )
        return votes


class LabelVote(CellBox):
    """Vote on doubtful labels, one image after the other.

    Args:
        digits: the set that the images are from.
        places: where the images stand in it, the first to be voted on first; there may be none.
        says: a sentence for each of them about what the networks say.

    Raises:
        ValueError: there are not as many sentences as places, or a place comes twice.
    """

    without_browser = "Run this cell in JupyterLab to vote on the labels."

    def __init__(self, digits: Digits, places: Sequence[int], says: Sequence[str]) -> None:
        if len(says) != len(places) or len(set(places)) != len(places):
            raise ValueError(
                f"{len(places)} places, {len(set(places))} of them different, came with "
                f"{len(says)} sentences, expected one for each place, and each place once"
            )
        self._labels = {int(place): int(digits.labels[place]) for place in places}
        self._ballot = Ballot(
            pictures=[as_address(digits.images[place]) for place in self._labels],
            labels=list(self._labels.values()),
            says=list(says),
        )
        super().__init__([self._ballot])

    @property
    def voted(self) -> dict[int, int | None]:
        """By place in the set, in the order of voting: the digit it is, None if nobody can tell."""
        with_places = zip(self._labels, self._ballot.votes, strict=False)
        return {p: None if vote == NOBODY_CAN_TELL else int(vote) for p, vote in with_places}

    @property
    def right(self) -> list[int]:
        """The places of the images whose label is right."""
        return [place for place, vote in self.voted.items() if vote == self._labels[place]]

    @property
    def wrong(self) -> dict[int, int]:
        """By place: which digit it is, where the label is wrong."""
        votes = self.voted.items()
        return {p: vote for p, vote in votes if vote not in (None, self._labels[p])}

    @property
    def unclear(self) -> list[int]:
        """The places of the images of which nobody can tell."""
        return [place for place, vote in self.voted.items() if vote is None]


def as_address(image: np.ndarray) -> str:
    """Return an image, 0 is paper and 255 ink, as an address that holds its PNG."""
    buffer = io.BytesIO()
    Image.fromarray(255 - image).save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + b64encode(buffer.getvalue()).decode()
