"""A learning rate to move, and what comes of it on a parabola."""

from digitrec.figures.descent import LOWEST, STEPS, Descent, descent, plot_descent
from digitrec.widgets import markup
from digitrec.widgets.answer_view import AnswerView
from digitrec.widgets.cell_box import CellBox
from digitrec.widgets.controls import Slider


def description(steps: Descent) -> tuple[str, str]:
    """Say what the steps do, and in numbers how far they come.

    Args:
        steps: from `digitrec.figures.descent.descent`.
    """
    times = f"{abs(steps.factor):.2f} times its distance from 3"
    where = f"to {times}" if steps.factor >= 0 else f"across, to {times} on the other side"
    last = steps.places[-1]
    return (
        steps.sentence,
        f"Each step takes w {where}. After {STEPS} steps, w = {last:,.2f} and the loss is "
        f"{(last - LOWEST) ** 2:,.2f}.",
    )


class DescentExplorer(CellBox):
    """Move the learning rate, and see the steps creep, converge, jump or diverge.

    Args:
        rate: the learning rate at first, 0.01 to 1.1.
    """

    without_browser = "Run this cell in JupyterLab to move the learning rate with a slider."

    def __init__(self, rate: float = 0.2) -> None:
        self._rate = Slider(description="Learning rate", min=0.01, max=1.1, step=0.01, value=rate)
        self._shown = AnswerView()
        super().__init__([self._rate, self._shown])
        self._follow(self._rate, "value", self._on_move)
        self._on_move()

    def _on_move(self) -> None:
        steps = descent(self._rate.value)
        sentence, details = description(steps)
        alt = f"A parabola with the way of {STEPS} steps on it. {sentence}"
        picture = markup.figure_tag(plot_descent(steps).figure, alt)
        self._shown.show(markup.paragraph(sentence, details) + picture, f"{sentence} {details}")
