"""A slow line between a browser and a server; Chromium slows down no WebSocket by itself."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

PIECE = 4096  # bytes that go through at once


class SlowLine:
    """A port that leads to a server.

    Attributes:
        address: of that port, as a browser needs it.
        rate: bytes a second in each direction; None is as fast as it goes.
    """

    def __init__(self, server: str) -> None:
        self.rate: float | None = None
        self._target = ("127.0.0.1", urlsplit(server).port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._open, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _open(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:  # closed
                return
            far = socket.create_connection(self._target)
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while piece := source.recv(PIECE):
                if self.rate:
                    time.sleep(len(piece) / self.rate)
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:  # either side has gone
            source.close()
            sink.close()


@contextmanager
def slow_line(server: str) -> Iterator[SlowLine]:
    """Open a line to a server, fast at first."""
    line = SlowLine(server)
    try:
        yield line
    finally:
        line.close()
