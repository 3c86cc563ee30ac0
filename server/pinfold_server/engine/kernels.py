# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="call-arg, unreachable, var-annotated"
"""The compiled lane: the graph of a stored file as one pass over the characters, in machine code made by numba.

Says the same as `training/export/graph.py` and `CompiledModel.probabilities`, bit for bit: sums are whole numbers
that fit their type, and every step after them is a single IEEE operation in the same order (no `fastmath`, which would
allow others). Nothing is allocated, so nothing is counted: numba counts the references to every array that is handed
to a helper, inlined or not, which took a fifth of the time; the caller's references outlive the call.

Importing this module compiles nothing: `compilation.py` does, or loads what is on the disk. Constants of other modules
are compiled in, and numba takes code from the disk for as long as this file is the same: whoever changes one of them
changes the text of this file as well. Inputs are trusted: `tensors.py` has checked that every index lies in its array.
"""

import numpy as np
from numba import njit, types

from pinfold_server.engine import sigmoid, softmax
from pinfold_server.engine.compiled import WORDS_AT_ONCE
from pinfold_server.engine.kernel_memory import ADDRESS, ROWS, array_at, key_table
from pinfold_server.engine.model import CHUNK
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
from pinfold_server.engine.wire_kernels import choose, write_text

_BEFORE = MAX_WORD_NGRAM - 1
"""Places in front of the words in hand for the words before them, which n-grams reach back to."""
_KEYS_END = _BEFORE + WORDS_AT_ONCE
_SPANS_END = _KEYS_END + 2 * WORDS_AT_ONCE
_ROWS_END = _SPANS_END + MAX_WORD_NGRAM * WORDS_AT_ONCE
_KEPT_END = _ROWS_END + MAX_WORD_NGRAM * WORDS_AT_ONCE
"""Where the parts of the whole numbers of the scratch space end; the last, behind this, has room for all labels."""
_SECOND, _THIRD = (int(factor) for factor in JOIN_FACTORS[1:])
_CAPITAL_A, _CAPITAL_Z, _TO_SMALL = ord("A"), ord("Z"), ord("a") - ord("A")
_SIGMOID_LAST, _SOFTMAX_LAST, _FINER = sigmoid.LAST, softmax.LAST, softmax.FINER


_CUTS, _TOP_K, _HEADS, _HEADS_BYTES, _STARTS, _KEY = range(6)
"""Of `Writing.layout`."""

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
    """Scores texts, and keeps their probabilities or writes their messages. How much of `out` was filled; -1 where it
    is too small, and then it holds nothing of use.

    codes: uint8 or int32; normalised code points, each text ended by 0, as many 0s as there are texts. Capital ASCII
        letters are read as small ones, and control characters need not have been replaced.
    probabilities: float32 [texts, labels], to be filled; where messages are written [1, labels] of scratch space.
    tables: int64 [tables, 2], address and rows of each of `CompiledLane`'s. scratch: int64, any bits.
    parts: int64; how many texts belong together, in the order of the texts.
    writing: int64, `Writing.layout`; empty where nothing is written. out: uint8. ends: int64 [parts], to be filled with
        where the messages of each part end in `out`.

    Tables come as addresses, because taking twenty arrays apart costs a call two microseconds, and five with cold
    caches.
    """
    labels = probabilities.shape[1]
    word_class = array_at(tables[0, ADDRESS], tables[0, ROWS], np.bool_)
    known = key_table(tables[1], tables[2], tables[3])
    word_rows = array_at(tables[4, ADDRESS], tables[4, ROWS] * (labels + 1), np.float32).reshape(
        (tables[4, ROWS], labels + 1)
    )
    gram_table = key_table(tables[5], tables[6], tables[7])
    gram_rows = array_at(tables[8, ADDRESS], tables[8, ROWS] * (labels + 1), np.float32).reshape(
        (tables[8, ROWS], labels + 1)
    )
    places = array_at(tables[9, ADDRESS], 2 * labels, np.float64).reshape((2, labels))
    curve = array_at(tables[10, ADDRESS], tables[10, ROWS] * 2, np.float64).reshape((tables[10, ROWS], 2))
    closure = array_at(tables[11, ADDRESS], tables[11, ROWS] * 2, np.int64).reshape((tables[11, ROWS], 2))
    leaves = array_at(tables[12, ADDRESS], labels, np.bool_)
    sizes = array_at(tables[13, ADDRESS], 5, np.int64)
    word_max, char_min, char_max, across, single = sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]
    keys, spans = scratch[:_KEYS_END], scratch[_KEYS_END:_SPANS_END].reshape((WORDS_AT_ONCE, 2))
    rows, kept = scratch[_SPANS_END:_ROWS_END], scratch[_ROWS_END:_KEPT_END]
    shares, rest = scratch[_KEPT_END : _KEPT_END + labels], scratch[_KEPT_END + labels :]
    chosen, rest = rest[:labels], rest[labels:]
    totals, rest = rest[: labels + 1].view(np.float64), rest[labels + 1 :]
    sums, line = rest[: labels // 2 + 1].view(np.float32)[: labels + 1], rest[labels // 2 + 1 :].view(np.int32)
    sums[:] = 0
    position, written, text = 0, 0, 0
    for part in range(len(parts)):
        for _ in range(parts[part]):
            totals[:] = 0
            words, length, pending = 0, 0, 0
            more = True
            while more:
                position, count = _read_words(codes, position, word_class, keys, spans)
                more = count == WORDS_AT_ONCE
                found = _find_words(keys, count, min(words, _BEFORE), word_max, rows, known)
                pending = _add_rows(word_rows, rows[:found], kept, sums, totals, pending)
                if across:
                    for word in range(count):
                        length = _write(codes, spans[word, 0], spans[word, 1], line, length)
                elif char_max:
                    for word in range(count):
                        if rows[word] == 0:
                            size = _write(codes, spans[word, 0], spans[word, 1], line, 0)
                            pending = _add_grams(
                                line,
                                size - 1,
                                size + 1,
                                char_min,
                                char_max,
                                gram_table,
                                gram_rows,
                                sums,
                                totals,
                                pending,
                            )
                words += count
                for place in range(_BEFORE):
                    keys[place] = keys[place + count]
            position += 1
            if across and length:
                pending = _add_grams(
                    line, length + 1, length + 1, char_min, char_max, gram_table, gram_rows, sums, totals, pending
                )
            _empty(sums, totals)
            norm = np.sqrt(max(totals[-1], 1.0))
            row = probabilities[text]
            if single:
                _softmax(totals, norm, places, curve, closure, leaves, shares, row)
            else:
                _sigmoids(totals, norm, places, curve, closure, row)
            if len(writing):
                written = _message(row, writing, chosen, out, written)
                if written < 0:
                    return -1
            else:
                text += 1
        ends[part] = written
    return written


@njit(inline="always")
def _message(scores, writing, chosen, out, position):
    """`write_text` as `Writing.layout` says."""
    labels = len(scores)
    thresholds = array_at(writing[_CUTS], labels, np.float32)
    heads = array_at(writing[_HEADS], writing[_HEADS_BYTES], np.uint8)
    starts = array_at(writing[_STARTS], labels + 1, np.int64)
    top_k = writing[_TOP_K]
    count = choose(scores, thresholds, top_k if 0 < top_k < labels else labels, chosen)
    return write_text(scores, chosen[:count], heads, starts, writing[_KEY], out, position)


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


@njit(inline="always")
def _sigmoids(totals, norm, places, curve, closure, probabilities):
    """`sigmoid.probability`, then each label raised to the largest one below it; `closure` is transitive."""
    for label in range(len(probabilities)):
        place = totals[label] / norm * places[0, label] + places[1, label]
        # In this order what is no number becomes 0, and every place lies within the table.
        place = place if place > 0.0 else 0.0
        place = place if place < _SIGMOID_LAST else _SIGMOID_LAST
        point = np.int32(place)
        probabilities[label] = curve[point, 0] + curve[point, 1] * (place - point)
    for pair in range(len(closure)):
        above, below_it = closure[pair, 0], closure[pair, 1]
        probabilities[above] = max(probabilities[above], probabilities[below_it])


@njit(inline="always")
def _softmax(totals, norm, places, curve, closure, leaves, shares, probabilities):
    """`softmax.probability`; `totals` become places, `shares` int64 [labels] is scratch."""
    labels = len(probabilities)
    for label in range(labels):
        totals[label] = totals[label] / norm * places[0, label] + places[1, label]
    largest = -np.inf
    for label in range(labels):
        if leaves[label]:
            largest = max(largest, totals[label])
    # Loops of one kind of step each, which the compiler does for several labels at a time.
    for label in range(labels):
        distance = (largest - totals[label]) * _FINER
        distance = distance if distance > 0.0 else 0.0
        totals[label] = distance if distance < _SOFTMAX_LAST else _SOFTMAX_LAST
    for label in range(labels):
        below = np.int32(totals[label])
        point = np.uint64(below)
        shares[label] = np.int64(curve[point, 0] + curve[point, 1] * (totals[label] - below))
    total = 0
    for label in range(labels):
        shares[label] = shares[label] if leaves[label] else 0
        total += shares[label]
    for pair in range(len(closure)):
        shares[closure[pair, 0]] += shares[closure[pair, 1]]
    for label in range(labels):
        probabilities[label] = np.float64(shares[label]) / np.float64(total)
