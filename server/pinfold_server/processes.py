"""What a child process shares with its supervisor: a line that tells readiness one way and death the other way."""

import os
import socket
import threading
from collections.abc import Callable

READY = b"ready\n"

#: Exit status of a child for which another start would end the same way.
HOPELESS = 78


class Lifeline:
    """The child's end. When the supervisor dies, however suddenly, the other end closes and the child follows."""

    def __init__(self, fileno: int) -> None:
        self._socket = socket.socket(fileno=fileno)
        self._socket.setblocking(True)

    def ready(self) -> None:
        """Tells the supervisor that this process does its work."""
        try:
            self._socket.sendall(READY)
        except OSError:
            return  # the supervisor is gone: `follow` ends this process

    def follow(self, on_death: Callable[[], None] = lambda: os._exit(3)) -> None:
        """Calls `on_death` from a thread of its own once the supervisor is gone."""

        def wait() -> None:
            try:
                while self._socket.recv(64):
                    pass
            except OSError:
                pass
            on_death()

        threading.Thread(target=wait, name="lifeline", daemon=True).start()
