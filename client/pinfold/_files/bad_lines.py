"""Lines of a file that cannot be read: fatal, or skipped and told."""

KEPT = 1_000


class InputError(Exception):
    """A file, or a line of it, cannot be read as told; the message says where and what to do."""


class BadLines:
    """Collects what is wrong with lines when they may be skipped; otherwise the first one ends the reading.

    `encoding` is that in which the file was read, empty where it is not text.
    """

    def __init__(self, *, skip: bool = False) -> None:
        self._skip = skip
        self.count = 0
        self.encoding = ""
        self.messages: list[str] = []

    def add(self, error: InputError) -> None:
        """Raises `error` unless bad lines are skipped. The first 1,000 messages are kept."""
        if not self._skip:
            raise error
        self.count += 1
        if self.count <= KEPT:
            self.messages.append(str(error))
