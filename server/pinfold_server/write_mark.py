"""Who holds the store's one write lock, and since when: told through a few shared bytes beside the store.

LMDB frees the lock of a process that dies, but waits for ever for one that is paused. The supervisor reads the mark,
and ends a child that holds the lock too long.
"""

import mmap
import os
import struct
import time
from pathlib import Path

_CELL = struct.Struct("<qd")  # process id, 0 while nobody writes; time.monotonic(), which all processes share


class WriteMark:
    """The mark of a data folder. Only the holder of the write lock sets it, so it needs no lock of its own."""

    def __init__(self, folder: Path) -> None:
        handle = os.open(folder / "writer.mark", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(handle, _CELL.size)
            self._cell = mmap.mmap(handle, _CELL.size)
        finally:
            os.close(handle)

    def take(self) -> None:
        """Says that this process writes from now on."""
        _CELL.pack_into(self._cell, 0, os.getpid(), time.monotonic())

    def clear(self) -> None:
        """Says that nobody writes, unless another process has taken the lock meanwhile."""
        if _CELL.unpack_from(self._cell, 0)[0] == os.getpid():
            _CELL.pack_into(self._cell, 0, 0, 0.0)

    def held(self) -> tuple[int, float]:
        """Process id of the writer, 0 for none, and the seconds since it began."""
        pid, since = _CELL.unpack_from(self._cell, 0)
        return pid, time.monotonic() - since

    def close(self) -> None:
        self._cell.close()
