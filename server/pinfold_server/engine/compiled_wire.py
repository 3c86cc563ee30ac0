"""Requests read by machine code. Knows nothing of how the code came to be, nor of the protocol."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.ascii_texts import AsciiTexts
from pinfold_server.engine.spec import MAX_CODE_POINTS

SplitKernel = Callable[[bytes, int, int, NDArray[np.uint8], NDArray[np.uint8]], tuple[int, int, int]]


@dataclass(slots=True)  # not frozen: one is made for every request, and that would take four times as long
class Split:
    """A message, parted in its texts and everything else."""

    texts: AsciiTexts
    rest: bytes


class CompiledWire:
    """The kernel of `wire_kernels`, compiled."""

    def __init__(self, split: SplitKernel) -> None:
        self._split = split

    def split(self, message: bytes, field: int) -> Split | None:
        """Parts a message in the texts of field number `field` and its other fields; None where a text is not plain
        or too long for a model, or the message is broken: to be read in another way.
        """
        codes, rest = np.empty(len(message), np.uint8), np.empty(len(message), np.uint8)
        count, filled, other = self._split(message, field, MAX_CODE_POINTS, codes, rest)
        if count < 0:
            return None
        return Split(AsciiTexts(codes[:filled].tobytes(), count), rest[:other].tobytes())
