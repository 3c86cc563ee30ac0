"""The lane that answers with machine code on the tables of a file. Knows nothing of how the code came to be."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.model import leaves_of
from pinfold_server.engine.spec import MAX_WORD_NGRAM
from pinfold_server.engine.tensors import StoredModel
from pinfold_server.engine.text import read_codes
from pinfold_server.engine.writing import SCORES, Writing

Kernel = Callable[..., int]
"""`kernels.score`, compiled. A type of its own, because importing `kernels` brings numba along."""

WORDS_AT_ONCE = 64
"""Words of a text that the kernel has in hand at a time; a change is a change of the text of `kernels.py` as well."""
_WHOLE_NUMBERS = MAX_WORD_NGRAM - 1 + (3 + 2 * MAX_WORD_NGRAM) * WORDS_AT_ONCE
_SCORES_ONLY = np.array((SCORES,), np.int64)
_SCORES_ONLY.flags.writeable = False  # as `Writing.layout` is: compiled code tells the two apart
_NO_ROOM = np.zeros(0, np.uint8)


class CompiledLane:
    """Answers a batch in one call that lets other threads run; nothing is padded, so nothing needs planning."""

    name = "compiled"

    def __init__(self, stored: StoredModel, kernel: Kernel) -> None:
        self._foldings = stored.description.foldings
        self._labels = len(stored.description.labels)
        self._reads_characters = stored.model.options.char_max > 0
        self._kernel = kernel
        self._arrays = _arrays(stored)  # kept, because the kernel knows their addresses only
        self._tables = _frozen(np.array([(array.ctypes.data, len(array)) for array in self._arrays], np.int64))

    def score(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[int]]:
        """Probabilities [texts, labels], and the indices of the texts that were cut."""
        read = read_codes(texts, self._foldings)
        probabilities = np.empty((len(texts), self._labels), np.float32)
        parts, ends = np.array((len(texts),)), np.empty(1, np.int64)
        scratch = self._scratch(read.codes)
        self._kernel(read.codes, probabilities, self._tables, scratch, parts, _SCORES_ONLY, _NO_ROOM, ends)
        return probabilities, read.truncated

    def write(self, texts: Sequence[str], parts: Sequence[int], writing: Writing) -> list[bytes] | None:
        """The messages of the texts of each part, which has so many of them; None where a text is cut: a message does
        not say so.
        """
        read = read_codes(texts, self._foldings)
        if read.truncated:
            return None
        codes, sizes = read.codes, np.array(parts)
        written = self._written(codes, sizes, writing, writing.usual.of(len(texts)))
        return written or self._written(codes, sizes, writing, writing.most.of(len(texts)))

    def _written(
        self, codes: NDArray[Any], parts: NDArray[np.int64], writing: Writing, room: tuple[int, int]
    ) -> list[bytes] | None:
        """The messages of each part; None where there is too little room: bytes and picks. Pages that stay empty cost
        nothing.
        """
        row, ends = np.empty((1, self._labels), np.float32), np.empty(len(parts), np.int64)
        out, scratch = np.empty(room[0], np.uint8), self._scratch(codes, room[1])
        if self._kernel(codes, row, self._tables, scratch, parts, writing.layout, out, ends) < 0:
            return None
        return [out[begin:end].tobytes() for begin, end in pairwise((0, *ends.tolist()))]

    def _scratch(self, codes: NDArray[Any], picks: int = 0) -> NDArray[np.int64]:
        """What the kernel computes in: whole numbers, two for each label, totals, sums, line, picks."""
        line = (len(codes) + 3) // 2 if self._reads_characters else 0
        labels = self._labels
        return np.empty(_WHOLE_NUMBERS + 2 * labels + (labels + 1) + (labels // 2 + 1) + line + picks, np.int64)


def _arrays(stored: StoredModel) -> tuple[NDArray[Any], ...]:
    """The tables that `kernels.score` reads, in its order; small things are rearranged."""
    model, options = stored.model, stored.model.options
    leaves = np.zeros(len(model.labels), np.bool_)
    leaves[leaves_of(len(model.labels), model.closure)[0]] = True
    sizes = (options.word_max, options.char_min, options.char_max, options.char_across, model.single)
    arrays = (
        model.word_class,
        *(model.words.multipliers, model.words.slots, model.words.keys, model.word_rows),
        *(model.grams.multipliers, model.grams.slots, model.grams.keys, model.gram_rows),
        *(np.stack((model.steps, model.offsets)), stored.arrays["curve"]),
        *(model.closure, leaves, np.array(sizes, np.int64)),
    )
    return tuple(_frozen(array) for array in arrays)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The kernel reads in C order, and tells arrays that are read-only by their type."""
    array = np.ascontiguousarray(array).view()
    array.flags.writeable = False
    return array
