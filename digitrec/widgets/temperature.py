"""A slider for the temperature: what it does to the confidence, and what it cannot change."""

import html
from collections.abc import Mapping

import numpy as np

from digitrec.calibration import Reliability, log_loss, reliability, softened
from digitrec.figures.calibration import LOOKS
from digitrec.widgets import markup
from digitrec.widgets.answer_view import AnswerView
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import Slider

SIDE = 240  # pixels of a diagram; drawn by hand, because Matplotlib takes longer than a hand moves
EDGE = 42  # pixels for the numbers beside it
FORMS = {
    "o": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0",
    "v": "M-6 -5h12l-6 11z",
    "^": "M-6 5h12l-6 -11z",
}
LEGEND = "\u25cf fits, \u25bc too sure, \u25b2 not sure enough; the line is the 95% interval."
UNCHANGED = "No answer changes, and so no accuracy: only how sure the network is."


class TemperatureExplorer(CellBox):
    """Move the temperature, and see confidence, calibration error and log loss follow.

    Args:
        judged: by what they were measured on, such as "at home", probabilities (n, answers) and
            the true labels (n,).
        temperature: where the slider stands at first, 0.3 to 3.
    """

    without_browser = "Run this cell in JupyterLab to move the temperature."

    def __init__(
        self, judged: Mapping[str, tuple[np.ndarray, np.ndarray]], temperature: float = 1.0
    ) -> None:
        self._judged = dict(judged)
        self._temperature = Slider(
            description="Temperature", min=0.3, max=3, step=0.05, value=temperature
        )
        self._shown = AnswerView()
        super().__init__([self._temperature, self._shown])
        self._follow(self._temperature, "value", self._on_move)
        self._on_move()

    def _on_move(self) -> None:
        temperature = self._temperature.value
        parts, said = [], [f"Temperature {temperature:.2f}."]
        for name, (probabilities, labels) in self._judged.items():
            scaled = softened(probabilities, temperature)
            measured = reliability(scaled, labels)
            words = (
                f"{name}: sure to {measured.confidence:.1%} on average, "
                f"{measured.accuracy:.1%} right. Calibration error "
                f"{100 * measured.error:.1f} percentage points, log loss "
                f"{log_loss(scaled, labels):.3f}."
            )
            said.append(words)
            parts.append(diagram(measured, words))
        self._shown.show(
            markup.beside(*parts) + markup.paragraph(UNCHANGED, LEGEND),
            " ".join([*said, UNCHANGED]),
        )


def diagram(measured: Reliability, words: str) -> str:
    """Return accuracy against confidence as a drawing in the colours of the theme, with words.

    Args:
        measured: what to draw; its dots look as in `figures.plot_reliability`.
        words: what it shows; below it, and for screen readers.
    """

    def place(confidence: float, accuracy: float) -> tuple[float, float]:
        return EDGE + SIDE * confidence, 8 + SIDE * (1 - accuracy)

    marks = []
    for share in (0, 0.5, 1):
        x, y = place(share, share)
        bottom = place(0, 0)[1]
        marks.append(
            f'<text x="{x:.0f}" y="{bottom + 16:.0f}" text-anchor="middle">{share:.0%}</text>'
        )
        marks.append(f'<text x="{EDGE - 6}" y="{y + 4:.0f}" text-anchor="end">{share:.0%}</text>')
    for part in measured.bins:
        x, y = place(part.confidence, part.accuracy)
        (_, low), (_, high) = (place(0, end) for end in part.interval)
        colour, form = LOOKS[part.verdict]
        colour = "currentColor" if colour == "black" else colour
        marks.append(
            f'<g fill="{colour}" stroke="{colour}"><path d="M{x:.1f} {low:.1f}V{high:.1f}"/>'
            f'<path transform="translate({x:.1f} {y:.1f})" d="{FORMS[form]}"/></g>'
        )
    (left, bottom), (right, top) = place(0, 0), place(1, 1)
    width, height = EDGE + SIDE + 20, SIDE + 46
    return (
        f'<figure style="margin: 0; max-width: {width}px">'
        f'<svg role="img" aria-label="{html.escape(words)}" viewBox="0 0 {width} {height}" '
        f'width="{width}" style="max-width: 100%; font-size: 11px" fill="currentColor">'
        f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="currentColor"/>'
        f'<path d="M{left} {bottom}L{right} {top}" stroke="currentColor" stroke-dasharray="4"/>'
        f"{''.join(marks)}"
        f'<text x="{(left + right) / 2}" y="{bottom + 32}" text-anchor="middle">confidence</text>'
        f'<text x="{left + 6}" y="{top + 8}">share that is right</text></svg>'
        f"<figcaption>{html.escape(words)}</figcaption></figure>"
    )
