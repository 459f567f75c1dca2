"""A box of widgets that belongs to the cell that made it."""

import threading
from collections.abc import Callable, Sequence
from typing import ClassVar

import ipywidgets
from IPython import get_ipython


class CellBox(ipywidgets.VBox):
    """Widgets below each other, closed when the cell that made them runs again.

    ipywidgets keeps every widget until it is closed. Without this, a cell that runs ten times
    leaves ten boxes in the memory of the kernel and of the browser.

    Args:
        children: what the box shows, from top to bottom.

    Attributes:
        without_browser: what is there to read where no widgets can be shown.
    """

    without_browser = "Run this cell in JupyterLab to see its controls."
    _open: ClassVar[dict[str, tuple[str, list["CellBox"]]]] = {}  # by cell: its run, and its boxes

    def __init__(self, children: Sequence[ipywidgets.Widget]) -> None:
        super().__init__(children)
        self._turn = threading.RLock()
        self._acting = False
        cell, run = running_cell()
        if cell:
            former, boxes = self._open.get(cell, ("", []))
            if former != run:
                while boxes:
                    boxes.pop()._make_way(self)
                self._open[cell] = run, boxes
            boxes.append(self)

    def _follow(self, control: ipywidgets.Widget, name: str, act: Callable[[], None]) -> None:
        """Act on each change of a control by the reader, never on two at once.

        JupyterLab hands the messages of widgets to a second thread of the kernel a moment after the
        first ones. Two threads would answer side by side, and the older answer could come last.
        What acting changes in the controls is no reason to act again.

        Args:
            control: one of the widgets in the box.
            name: which of its traits to follow.
            act: what to do. It looks up the state of the controls, so that the last one in turn
                answers to the latest.
        """

        def act_in_turn(change: dict) -> None:
            with self._turn:
                if self._acting:
                    return
                self._acting = True
                try:
                    act()
                finally:
                    self._acting = False

        control.observe(act_in_turn, names=name)

    def _make_way(self, successor: "CellBox") -> None:
        """Close, because the cell runs again; the first box of that run is the successor."""
        self.close()

    def close(self) -> None:
        """Close the box and every widget in it."""
        for widget in self.children:
            close_whole(widget)
        self.layout.close()
        super().close()

    def __repr__(self) -> str:
        """Return what is stored in the notebook beside the widgets, and shown without them."""
        return self.without_browser


def close_whole(widget: ipywidgets.Widget) -> None:
    """Close a widget, those inside it, and what says how they look."""
    for child in getattr(widget, "children", ()):
        close_whole(child)
    for part in ("layout", "style"):
        if isinstance(getattr(widget, part, None), ipywidgets.Widget):
            getattr(widget, part).close()
    widget.close()


def running_cell() -> tuple[str, str]:
    """Return the id of the cell that is running, and that of this run.

    The first is empty where cells have none, as in papermill, and while nothing runs.
    """
    shell = get_ipython()
    if not hasattr(shell, "get_parent"):
        return "", ""
    request = shell.get_parent()
    cell = request.get("metadata", {}).get("cellId", "")
    return cell, request.get("header", {}).get("msg_id", "")
