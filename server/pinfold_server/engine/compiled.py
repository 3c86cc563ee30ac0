"""The lane that answers with machine code on the tables of a file. Knows nothing of how the code came to be."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.model import leaves_of
from pinfold_server.engine.spec import MAX_WORD_NGRAM
from pinfold_server.engine.tables import KeyTable
from pinfold_server.engine.tensors import StoredModel
from pinfold_server.engine.text import read_codes

Kernel = Callable[..., None]
"""`kernels.score`, compiled. A type of its own, because importing `kernels` brings numba along."""


WORDS_AT_ONCE = 64
"""Words of a text that the kernel has in hand at a time; a change is a change of the text of `kernels.py` as well."""
_WHOLE_NUMBERS = MAX_WORD_NGRAM - 1 + (3 + 2 * MAX_WORD_NGRAM) * WORDS_AT_ONCE


class CompiledLane:
    """Answers a batch in one call that lets other threads run; nothing is padded, so nothing needs planning."""

    name = "compiled"

    def __init__(self, stored: StoredModel, kernel: Kernel) -> None:
        self._foldings = stored.description.foldings
        self._labels = len(stored.description.labels)
        self._reads_characters = stored.model.options.char_max > 0
        self._kernel = kernel
        self._arguments = _arguments(stored)

    def score(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[int]]:
        """Probabilities [texts, labels], and the indices of the texts that were cut."""
        read = read_codes(texts, self._foldings)
        probabilities = np.empty((len(texts), self._labels), np.float32)
        self._kernel(read.codes, probabilities, *self._arguments, *self._scratch(len(read.codes)))
        return probabilities, read.truncated

    def _scratch(self, codes: int) -> tuple[NDArray[Any], ...]:
        """What the kernel computes in, for a batch of so many code points; any bits."""
        return (
            np.empty(self._labels + 1, np.float32),
            np.empty(self._labels + 1, np.float64),
            np.empty(_WHOLE_NUMBERS + self._labels, np.int64),
            np.empty(codes + 2 if self._reads_characters else 0, np.int32),
        )


def _arguments(stored: StoredModel) -> tuple[NDArray[Any], ...]:
    """What `kernels.score` takes between probabilities and scratch space, in its order; small things are rearranged."""
    model, options = stored.model, stored.model.options
    leaves = np.zeros(len(model.labels), np.bool_)
    leaves[leaves_of(len(model.labels), model.closure)[0]] = True
    sizes = (options.word_max, options.char_min, options.char_max, options.char_across, model.single)
    arrays = (
        model.word_class,
        *(*_unsigned(model.words), model.word_rows),
        *(*_unsigned(model.grams), model.gram_rows),
        *(np.stack((model.steps, model.offsets)), stored.arrays["curve"]),
        *(model.closure, leaves, np.array(sizes, np.int64)),
    )
    return tuple(_frozen(array) for array in arrays)


def _unsigned(table: KeyTable) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.uint64]]:
    """Remainders of unsigned numbers are cheaper; no key is negative but that of row 0, which no key equals."""
    return table.multipliers.view(np.uint64), table.slots, table.keys.view(np.uint64)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Compiled code tells arrays that are read-only or in another order by their type."""
    array = np.ascontiguousarray(array).view()
    array.flags.writeable = False
    return array
