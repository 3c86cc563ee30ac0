# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="call-arg, unreachable, var-annotated"
"""The compiled lane: the graph of a stored file as one pass over the characters, in machine code made by numba.

Says the same as `training/export/graph.py` and `CompiledModel.probabilities`, bit for bit: sums are whole numbers
that fit their type, and every step after them is a single IEEE operation in the same order (no `fastmath`, which would
allow others). Nothing is allocated, so nothing is counted: numba counts the references to every array that is handed
to a helper, inlined or not, which took a fifth of the time; the caller's references outlive the call.

Importing this module compiles nothing: `compilation.py` does, or loads what is on the disk. Functions and constants of
other modules are compiled in, and numba takes code from the disk for as long as this file is the same: whoever changes
one of them changes the text of this file as well, for functions by `PARTS`. Inputs are trusted: `tensors.py` has
checked that every index lies in its array.
"""

import numpy as np
from numba import njit, types

from pinfold_server.engine.answer_kernels import pick, write_columns, write_message
from pinfold_server.engine.compiled import WORDS_AT_ONCE
from pinfold_server.engine.kernel_memory import ADDRESS, ROWS, array_at, key_table
from pinfold_server.engine.probability_kernels import sigmoids_of, softmax_of
from pinfold_server.engine.spec import MAX_WORD_NGRAM
from pinfold_server.engine.text_kernels import BEFORE, read_text
from pinfold_server.engine.writing import COLUMNS, FORM, MESSAGES, SCORES

PARTS = "7c055f7dedca9d89"
"""Digest of the modules whose functions are compiled in: a change of one of them has to be a change of this text."""

_KEYS_END = BEFORE + WORDS_AT_ONCE
_SPANS_END = _KEYS_END + 2 * WORDS_AT_ONCE
_ROWS_END = _SPANS_END + MAX_WORD_NGRAM * WORDS_AT_ONCE
_KEPT_END = _ROWS_END + MAX_WORD_NGRAM * WORDS_AT_ONCE
"""Where the parts of the whole numbers of the scratch space end; the last, behind this, has room for all labels."""
_CHAR_MAX, _SINGLE = 2, 4
"""Of the numbers of a model."""

_NUMBERS = types.Array(types.int64, 1, "C", readonly=True)
_OWN = types.Array(types.int64, 1, "C")
SIGNATURES = tuple(
    types.int64(
        types.Array(kind, 1, "C", readonly=True),
        types.Array(types.float32, 2, "C"),
        types.Array(types.int64, 2, "C", readonly=True),
        *(_OWN, _OWN, _NUMBERS, types.Array(types.uint8, 1, "C"), _OWN),
    )
    for kind in (types.uint8, types.int32)
)
"""What `score` is compiled for: ASCII texts as bytes, all others as code points. Called with any other types (numba
tells read-only arrays from others) it would compile again, there and then.
"""


@njit(cache=True, nogil=True, error_model="numpy", _nrt=False)  # type: ignore[call-overload]  # not of the public options
def score(codes, probabilities, tables, scratch, parts, writing, out, ends):
    """Scores texts, and keeps their probabilities or writes messages of them. How much of `out` was filled; -1 where
    there is too little room, and then it holds nothing of use.

    codes: uint8 or int32; normalised code points, each text ended by 0, as many 0s as there are texts. Capital ASCII
        letters are read as small ones, and control characters need not have been replaced.
    probabilities: float32 [texts, labels], to be filled; where messages are written [1, labels] of scratch space.
    tables: int64 [tables, 2], address and rows of each of `CompiledLane`'s. scratch: int64, any bits; what of it is
        left is room for picks of labels.
    parts: int64; how many texts belong together, in the order of the texts.
    writing: int64, `Writing.layout`, or SCORES alone. out: uint8. ends: int64 [parts], to be filled with where the
        messages of each part end in `out`.

    Tables come as addresses, because taking twenty arrays apart costs a call two microseconds, and five with cold
    caches.
    """
    labels = probabilities.shape[1]
    model = _model(tables, labels)
    space, places, picks = _space(scratch, labels, (len(codes) + 3) // 2 if model[-1][_CHAR_MAX] else 0)
    form = writing[FORM]
    position, text, written = 0, 0, 0
    for part in range(len(parts)):
        picked = 0
        for _ in range(parts[part]):
            row = probabilities[text]
            position = read_text(codes, position, model, space)
            _fill(row, model, space, places[:labels])
            if form == SCORES:
                text += 1
                continue
            picked = pick(row, writing, picks, picked, places)
            if picked < 0:
                return -1
            if form == MESSAGES:
                written = write_message(picks[:picked], labels, writing, out, written)
                picked = 0
                if written < 0:
                    return -1
        if form == COLUMNS and picked:
            written = write_columns(picks[:picked], places, labels, writing, out, written)
            if written < 0:
                return -1
        ends[part] = written
    return written


@njit(inline="always")
def _model(tables, labels):
    """The tables of a model: of characters, of words, of n-grams, of probabilities, and the numbers that are left."""
    words = array_at(tables[4, ADDRESS], tables[4, ROWS] * (labels + 1), np.float32)
    grams = array_at(tables[8, ADDRESS], tables[8, ROWS] * (labels + 1), np.float32)
    curve = array_at(tables[10, ADDRESS], tables[10, ROWS] * 2, np.float64)
    closure = array_at(tables[11, ADDRESS], tables[11, ROWS] * 2, np.int64)
    return (
        array_at(tables[0, ADDRESS], tables[0, ROWS], np.bool_),
        (key_table(tables[1], tables[2], tables[3]), words.reshape((tables[4, ROWS], labels + 1))),
        (key_table(tables[5], tables[6], tables[7]), grams.reshape((tables[8, ROWS], labels + 1))),
        (
            array_at(tables[9, ADDRESS], 2 * labels, np.float64).reshape((2, labels)),
            curve.reshape((tables[10, ROWS], 2)),
            closure.reshape((tables[11, ROWS], 2)),
            array_at(tables[12, ADDRESS], labels, np.bool_),
        ),
        array_at(tables[13, ADDRESS], 5, np.int64),
    )


@njit(inline="always")
def _space(scratch, labels, line):
    """What a text is read in: keys, spans, rows twice, line, sums and totals; two numbers for each label; the rest."""
    keys, spans = scratch[:_KEYS_END], scratch[_KEYS_END:_SPANS_END].reshape((WORDS_AT_ONCE, 2))
    rows, kept = scratch[_SPANS_END:_ROWS_END], scratch[_ROWS_END:_KEPT_END]
    rest = scratch[_KEPT_END:]
    places, rest = rest[: 2 * labels], rest[2 * labels :]
    totals, rest = rest[: labels + 1].view(np.float64), rest[labels + 1 :]
    sums, rest = rest[: labels // 2 + 1].view(np.float32)[: labels + 1], rest[labels // 2 + 1 :]
    sums[:] = 0
    return (keys, spans, rows, kept, rest[:line].view(np.int32), sums, totals), places, rest[line:]


@njit(inline="always")
def _fill(probabilities, model, space, shares):
    """Fills in the probabilities of a text by its totals, which are of no use after it."""
    places, curve, closure, leaves = model[3]
    totals = space[-1]
    norm = np.sqrt(max(totals[-1], 1.0))
    if model[-1][_SINGLE]:
        softmax_of(totals, norm, places, curve, closure, leaves, shares, probabilities)
    else:
        sigmoids_of(totals, norm, places, curve, closure, probabilities)
