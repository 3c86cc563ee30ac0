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
    """Bytes of messages, and picks of labels that are kept until their message is written."""

    bytes: int
    picks: int


@dataclass(frozen=True, slots=True, eq=False)
class Writing:
    """Messages of the labels that reach their thresholds: by falling probability and of equals by rising column, at
    most `top_k`, any number for 0.

    `thresholds` float32 [labels], C order. `layout` int64, as the kernel reads it: the form, the addresses of
    thresholds, heads and starts, which this object keeps alive, and the numbers.
    """

    thresholds: NDArray[np.float32]
    heads: Heads
    top_k: int
    form: Messages | Columns
    layout: NDArray[np.int64] = field(init=False)
    _usual: Room = field(init=False)
    _most: Room = field(init=False)

    def __post_init__(self) -> None:
        sizes = np.sort(np.diff(self.heads.starts))[::-1]
        labels_max = min(self.top_k or len(sizes), len(sizes))
        certain = min(labels_max, int((self.thresholds <= 0).sum()))  # labels that every text has
        mean = int(sizes.sum()) // max(1, len(sizes))
        usual = Room(_USUAL_BYTES + certain * (mean + _PICK_BYTES), 1 + certain + _USUAL_PICKS)
        most = Room(_FRAME_BYTES + int(sizes[:labels_max].sum()) + labels_max * _PICK_BYTES, 1 + labels_max)
        object.__setattr__(self, "layout", self._layout())
        object.__setattr__(self, "_usual", usual)
        object.__setattr__(self, "_most", most)

    def usual(self, texts: int) -> Room:
        """What nearly always is enough for so many texts."""
        return self._room(texts, self._usual)

    def most(self, texts: int) -> Room:
        """What is always enough."""
        return self._room(texts, self._most)

    def _room(self, texts: int, each: Room) -> Room:
        kept = texts if isinstance(self.form, Columns) else 1
        # Each text begins with room for all labels that it may have.
        return Room(_SPARE_BYTES + texts * each.bytes, kept * each.picks + self._most.picks)

    def _layout(self) -> NDArray[np.int64]:
        data, starts, form = self.heads.data, self.heads.starts, self.form
        addresses = (self.thresholds.ctypes.data, self.top_k, data.ctypes.data, len(data), starts.ctypes.data)
        if isinstance(form, Columns):
            layout = np.array((COLUMNS, *addresses, form.key, form.counts, form.places, form.probabilities), np.int64)
        else:
            layout = np.array((MESSAGES, *addresses, form.key), np.int64)
        layout.flags.writeable = False
        return layout
