"""What a compiled lane needs to know to write messages instead of probabilities. Knows nothing of the protocol."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

SCORES, MESSAGES, COLUMNS = range(3)
"""What is made of texts: their probabilities, a message of each, a message of all texts of a part."""

FORM, CUTS, TOP_K, HEADS, HEADS_BYTES, STARTS, KEYS = range(7)
"""Of `Writing.layout`; the keys are the last. A change is a change of the text of `kernels.py` as well."""

#: Bytes at most of a text's message, or of a part's, that belong to none of its labels, and of each label behind its
#: head: its probability and its place.
_FRAME_BYTES = 32
_PICK_BYTES = 4 + 5

#: Of a text's labels and their bytes, beside those that every text has: for how many room is made at first.
_USUAL_PICKS, _USUAL_BYTES = 4, 64
_SPARE_BYTES = 256


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """What is written of each label of a version, laid end to end: uint8.

    `starts` int64 [labels + 1].
    """

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, heads: Sequence[bytes]) -> Self:
        starts = np.concatenate(([0], np.cumsum([len(head) for head in heads], dtype=np.int64)))
        return cls(np.frombuffer(b"".join(heads), np.uint8), starts)


@dataclass(frozen=True, slots=True)
class Messages:
    """A message of each text: of each label that it has the head, then its probability. `key`, a byte, and the length
    stand in front.
    """

    key: int


@dataclass(frozen=True, slots=True)
class Columns:
    """A message of all texts that belong together: the heads of the labels that occur, each once, in the order in which
    they come; then as packed fields how many labels each text has, of each answered label the place among those heads,
    and its probability. A field without values is left out. `key` is the byte in front of the message, the others are
    those in front of the fields.
    """

    key: int
    counts: int
    places: int
    probabilities: int


@dataclass(frozen=True, slots=True)
class Room:
    """For each text: bytes of messages, and picks of labels that are kept until their message is written.
    `picks_spare`: in all, because a text is begun only where there is room for all labels that it may have.
    """

    bytes: int
    picks: int
    picks_spare: int

    def of(self, texts: int) -> tuple[int, int]:
        """Bytes and picks of so many texts."""
        return _SPARE_BYTES + texts * self.bytes, self.picks_spare + texts * self.picks


@dataclass(frozen=True, slots=True, eq=False)
class Writing:
    """Messages of the labels that reach their thresholds: by falling probability and of equals by rising column, at
    most `top_k`, any number for 0.

    `thresholds` float32 [labels], C order. `layout` int64, as the kernel reads it: the form, the addresses of
    thresholds, heads and starts, which this object keeps alive, and the numbers. `usual`: room that is nearly always
    enough. `most`: that is always enough.
    """

    thresholds: NDArray[np.float32]
    heads: Heads
    top_k: int
    form: Messages | Columns
    layout: NDArray[np.int64] = field(init=False)
    usual: Room = field(init=False)
    most: Room = field(init=False)

    def __post_init__(self) -> None:
        usual, most = self._rooms()
        object.__setattr__(self, "layout", self._layout())
        object.__setattr__(self, "usual", usual)
        object.__setattr__(self, "most", most)

    def _rooms(self) -> tuple[Room, Room]:
        sizes = np.sort(np.diff(self.heads.starts))[::-1]
        labels_max = min(self.top_k or len(sizes), len(sizes))
        certain = min(labels_max, int((self.thresholds <= 0).sum()))  # labels that every text has
        mean = int(sizes.sum()) // max(1, len(sizes))
        kept = int(isinstance(self.form, Columns))  # the picks of a text that is written at once go to the spare room
        return (
            Room(_USUAL_BYTES + certain * (mean + _PICK_BYTES), kept * (1 + certain + _USUAL_PICKS), 1 + labels_max),
            Room(
                _FRAME_BYTES + int(sizes[:labels_max].sum()) + labels_max * _PICK_BYTES,
                kept * (1 + labels_max),
                1 + labels_max,
            ),
        )

    def _layout(self) -> NDArray[np.int64]:
        data, starts, form = self.heads.data, self.heads.starts, self.form
        addresses = (self.thresholds.ctypes.data, self.top_k, data.ctypes.data, len(data), starts.ctypes.data)
        if isinstance(form, Columns):
            layout = np.array((COLUMNS, *addresses, form.key, form.counts, form.places, form.probabilities), np.int64)
        else:
            layout = np.array((MESSAGES, *addresses, form.key), np.int64)
        layout.flags.writeable = False
        return layout
