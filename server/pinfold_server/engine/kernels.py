# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="call-arg, unreachable, var-annotated"
"""The compiled lane: the graph of a stored file as one pass over the characters, in machine code made by numba.

Says the same as `training/export/graph.py` and `CompiledModel.probabilities`, bit for bit: sums are whole numbers
that fit their type, and every step after them is a single IEEE operation in the same order (no `fastmath`, which would
allow others). Nothing is allocated, so nothing is counted: numba counts the references to every array that is handed
to a helper, inlined or not, which took a fifth of the time; the caller's references outlive the call.

Importing this module compiles nothing: `compilation.py` does, or loads what is on the disk. Functions and constants of
other modules are compiled in, and numba takes code from the disk for as long as this file is the same: whoever changes
one of them changes the text of this file as well. Inputs are trusted: `tensors.py` has checked that every index lies in
its array.
"""

import numpy as np
from numba import njit, types

from pinfold_server.engine.answer_kernels import pick, write_columns, write_message
from pinfold_server.engine.compiled import WORDS_AT_ONCE
from pinfold_server.engine.kernel_memory import ADDRESS, ROWS, array_at, key_table
from pinfold_server.engine.model import CHUNK
from pinfold_server.engine.probability_kernels import sigmoids_of, softmax_of
from pinfold_server.engine.spec import (
    GRAM_FACTORS,
    GRAM_KIND,
    JOIN_FACTORS,
    MASK,
    MAX_WORD_NGRAM,
    SPACE,
    WORD_FACTORS,
    WORD_POSITIONS,
)
from pinfold_server.engine.tables import PRIME
from pinfold_server.engine.writing import COLUMNS, FORM, MESSAGES, SCORES

_BEFORE = MAX_WORD_NGRAM - 1
"""Places in front of the words in hand for the words before them, which n-grams reach back to."""
_KEYS_END = _BEFORE + WORDS_AT_ONCE
_SPANS_END = _KEYS_END + 2 * WORDS_AT_ONCE
_ROWS_END = _SPANS_END + MAX_WORD_NGRAM * WORDS_AT_ONCE
_KEPT_END = _ROWS_END + MAX_WORD_NGRAM * WORDS_AT_ONCE
"""Where the parts of the whole numbers of the scratch space end; the last, behind this, has room for all labels."""
_SECOND, _THIRD = (int(factor) for factor in JOIN_FACTORS[1:])
_CHAR_MAX, _SINGLE = 2, 4
"""Of the numbers of a model."""
_CAPITAL_A, _CAPITAL_Z, _TO_SMALL = ord("A"), ord("Z"), ord("a") - ord("A")

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
            position = _read_text(codes, position, model, space)
            _fill(row, model, space, places[:labels])
            if form == SCORES:
                text += 1
                continue
            picked = pick(row, writing, picks, picked)
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
def _read_text(codes, position, model, space):
    """Adds the rows of the text that begins at `position` up in the totals; where the next begins."""
    word_class, (known_words, word_rows), (known_grams, gram_rows), _, sizes = model
    keys, spans, rows, kept, line, sums, totals = space
    word_max, char_min, char_max, across = sizes[0], sizes[1], sizes[2], sizes[3]
    totals[:] = 0
    words, length, pending = 0, 0, 0
    more = True
    while more:
        position, count = _read_words(codes, position, word_class, keys, spans)
        more = count == WORDS_AT_ONCE
        found = _find_words(keys, count, min(words, _BEFORE), word_max, rows, known_words)
        pending = _add_rows(word_rows, rows[:found], kept, sums, totals, pending)
        if across:
            for word in range(count):
                length = _write(codes, spans[word, 0], spans[word, 1], line, length)
        elif char_max:
            for word in range(count):
                if rows[word] == 0:
                    size = _write(codes, spans[word, 0], spans[word, 1], line, 0)
                    pending = _add_grams(
                        line, size - 1, size + 1, char_min, char_max, known_grams, gram_rows, sums, totals, pending
                    )
        words += count
        for place in range(_BEFORE):
            keys[place] = keys[place + count]
    if across and length:
        pending = _add_grams(
            line, length + 1, length + 1, char_min, char_max, known_grams, gram_rows, sums, totals, pending
        )
    _empty(sums, totals)
    return position + 1


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


@njit(inline="always")
def _read_words(codes, position, word_class, keys, spans):
    """Reads until WORDS_AT_ONCE words or the 0 that ends the text; where it stopped, and how many words."""
    count = 0
    last = len(word_class) - 1
    while count < WORDS_AT_ONCE:
        point = np.int64(codes[position])
        if word_class[min(point, last)]:
            begin, key = position, 0
            while word_class[min(point, last)]:
                if _CAPITAL_A <= point <= _CAPITAL_Z:
                    point += _TO_SMALL
                key += (point + 1) * WORD_FACTORS[min(position - begin, WORD_POSITIONS - 1)]
                position += 1
                point = np.int64(codes[position])
            keys[_BEFORE + count] = key & MASK
            spans[count, 0], spans[count, 1] = begin, position
            count += 1
        elif point == 0:
            break
        else:
            position += 1
    return position, count


@njit(inline="always")
def _find_words(keys, count, before, word_max, rows, known):
    """Rows of the words, then of the n-grams that end with each, of which `before` words came earlier; how many."""
    for word in range(count):
        rows[word] = _find(keys[_BEFORE + word], known)
    found = count
    if word_max > 1:
        for word in range(_BEFORE + 1 - min(before, 1), _BEFORE + count):
            key = (keys[word - 1] + keys[word] * _SECOND) & MASK
            rows[found] = _find(key + 1, known)
            found += 1
    if word_max > 2:
        for word in range(_BEFORE + 2 - before, _BEFORE + count):
            key = (keys[word - 2] + keys[word - 1] * _SECOND + keys[word] * _THIRD) & MASK
            rows[found] = _find(key + 2, known)
            found += 1
    return found


@njit(inline="always")
def _find(key, table):
    """`KeyTable.find` for one key."""
    multipliers, slots, stored = table
    wanted = np.uint64(key)
    multiplier = multipliers[wanted % np.uint64(len(multipliers))]
    row = slots[wanted * multiplier % np.uint64(PRIME) % np.uint64(len(slots))]
    return row if stored[row] == wanted else 0


@njit(inline="always")
def _add_rows(table, rows, kept, sums, totals, pending):
    """Adds the rows found; `pending` of them are in `sums` before, and as many as it returns after. `kept` is scratch.

    Four at a time, which is as exact: every partial sum is a whole number that fits.
    """
    count = 0
    for place in range(len(rows)):
        kept[count] = rows[place]
        count += rows[place] != 0
    place = 0
    while place < count:
        last = place + min(count - place, CHUNK - pending)
        pending += last - place
        while place + 4 <= last:
            one, two = np.uint64(kept[place]), np.uint64(kept[place + 1])
            three, four = np.uint64(kept[place + 2]), np.uint64(kept[place + 3])
            for column in range(len(sums)):
                first, second = table[one, column] + table[two, column], table[three, column] + table[four, column]
                sums[column] += first + second
            place += 4
        while place < last:
            row = np.uint64(kept[place])
            for column in range(len(sums)):
                sums[column] += table[row, column]
            place += 1
        if pending == CHUNK:
            _empty(sums, totals)
            pending = 0
    return pending


@njit(inline="always")
def _add_row(table, row, sums, totals, pending):
    for column in range(len(sums)):
        sums[column] += table[row, column]
    if pending + 1 < CHUNK:
        return pending + 1
    _empty(sums, totals)
    return 0


@njit(inline="always")
def _empty(sums, totals):
    """Moves the sums of a chunk to the totals."""
    for column in range(len(sums)):
        totals[column] += sums[column]
        sums[column] = 0


@njit(inline="always")
def _write(codes, begin, end, line, length):
    """Appends a space and a word to the line; the new length. A space follows, which the next word overwrites."""
    line[length] = SPACE
    for place in range(begin, end):
        point = codes[place]
        if _CAPITAL_A <= point <= _CAPITAL_Z:
            point += _TO_SMALL
        line[length + 1 + place - begin] = point
    length += 1 + end - begin
    line[length] = SPACE
    return length


@njit(inline="always")
def _add_grams(line, starts, length, smallest, largest, known, table, sums, totals, pending):
    """Adds the character n-grams that begin at the first `starts` places of the line and end within it."""
    for start in range(starts):
        key = 0
        for place in range(min(largest, length - start)):
            key += ((np.int64(line[start + place]) + 1) * GRAM_FACTORS[place]) & MASK
            if place + 1 >= smallest:
                row = _find((key & MASK) + GRAM_KIND, known)
                if row:
                    pending = _add_row(table, row, sums, totals, pending)
    return pending
