"""What a compiled lane needs to know to write messages instead of probabilities. Knows nothing of the protocol."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

#: Bytes of a text's message that are neither of labels nor their probabilities, at most.
_FRAME_BYTES = 8
_FLOAT_BYTES = 4


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """What is written of each label of a version in front of its probability, laid end to end: uint8.

    `starts` int64 [labels + 1].
    """

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, heads: Sequence[bytes]) -> Self:
        starts = np.concatenate(([0], np.cumsum([len(head) for head in heads], dtype=np.int64)))
        return cls(np.frombuffer(b"".join(heads), np.uint8), starts)


@dataclass(frozen=True, slots=True, eq=False)
class Writing:
    """A message for each text, `key` (a byte) in front of each, of the labels that reach their thresholds: by falling
    probability and of equals by rising column, at most `top_k`, any number for 0.

    `thresholds` float32 [labels], C order. `layout` int64, as the kernel reads it: the addresses of thresholds, heads
    and starts, which this object keeps alive, and the numbers. `bytes_max`: of the message of one text.
    """

    thresholds: NDArray[np.float32]
    heads: Heads
    top_k: int
    key: int
    layout: NDArray[np.int64] = field(init=False)
    bytes_max: int = field(init=False)

    def __post_init__(self) -> None:
        data, starts = self.heads.data, self.heads.starts
        addresses = (self.thresholds.ctypes.data, self.top_k, data.ctypes.data, len(data), starts.ctypes.data, self.key)
        layout = np.array(addresses, np.int64)
        layout.flags.writeable = False
        sizes = np.sort(np.diff(starts))[::-1][: self.top_k or len(self.thresholds)]
        object.__setattr__(self, "layout", layout)
        object.__setattr__(self, "bytes_max", int(sizes.sum()) + _FLOAT_BYTES * len(sizes) + _FRAME_BYTES)
