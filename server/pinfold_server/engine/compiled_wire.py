"""Requests read and answers written by machine code. Knows nothing of how the code came to be, nor of the protocol."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.ascii_texts import AsciiTexts
from pinfold_server.engine.spec import MAX_CODE_POINTS

SplitKernel = Callable[[bytes, int, int, NDArray[np.uint8], NDArray[np.uint8]], tuple[int, int, int]]
WriteKernel = Callable[..., int]

#: Bytes of an answer that room is made for at first, for each text and in all.
_USUAL_BYTES, _SPARE_BYTES = 64, 256
#: Bytes of a text's message that are neither of labels nor their probabilities, at most.
_FRAME_BYTES = 8


@dataclass(frozen=True, slots=True)
class Heads:
    """What is written of each label of a version in front of its probability, laid end to end: uint8.

    `starts` int64 [labels + 1].
    """

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, heads: list[bytes]) -> "Heads":
        starts = np.concatenate(([0], np.cumsum([len(head) for head in heads], dtype=np.int64)))
        starts.flags.writeable = False
        return cls(np.frombuffer(b"".join(heads), np.uint8), starts)

    def bytes_max(self, labels: int) -> int:
        """What a text with so many labels takes at most."""
        sizes = np.sort(np.diff(self.starts))[::-1][:labels]
        return int(sizes.sum()) + 4 * len(sizes) + _FRAME_BYTES


@dataclass(frozen=True, slots=True)
class Split:
    """A message, parted in its texts and everything else."""

    texts: AsciiTexts
    rest: bytes


class CompiledWire:
    """The kernels of `wire_kernels`, compiled."""

    def __init__(self, split: SplitKernel, write: WriteKernel) -> None:
        self._split = split
        self._write = write

    def split(self, message: bytes, field: int) -> Split | None:
        """Parts a message in the texts of field number `field` and its other fields; None where a text is not plain
        or too long for a model, or the message is broken: to be read in another way.
        """
        codes, rest = np.empty(len(message), np.uint8), np.empty(len(message), np.uint8)
        count, filled, other = self._split(message, field, MAX_CODE_POINTS, codes, rest)
        if count < 0:
            return None
        return Split(AsciiTexts(codes[:filled].tobytes(), count), rest[:other].tobytes())

    def write(
        self, probabilities: NDArray[np.float32], thresholds: NDArray[np.float32], top_k: int, heads: Heads, key: int
    ) -> bytes:
        """A message for each text, `key` in front of each, of the labels of [texts, labels] that reach their
        thresholds: by falling probability and of equals by rising column, at most `top_k`, any number for 0.
        """
        texts, labels = probabilities.shape
        out = np.empty(texts * _USUAL_BYTES + _SPARE_BYTES, np.uint8)
        arguments = (probabilities, thresholds, top_k, heads.data, heads.starts, key)
        filled = self._write(*arguments, out)
        if filled < 0:
            # Pages that stay empty cost nothing.
            out = np.empty(texts * heads.bytes_max(top_k or labels), np.uint8)
            filled = self._write(*arguments, out)
        return out[:filled].tobytes()
