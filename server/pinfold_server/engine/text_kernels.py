# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="arg-type, assignment"
"""From the characters of a text to the sums of its rows, in machine code made by numba; part of `kernels.score`."""

import numpy as np
from numba import njit

from pinfold_server.engine.compiled import WORDS_AT_ONCE
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

BEFORE = MAX_WORD_NGRAM - 1
"""Places in front of the words in hand for the words before them, which n-grams reach back to."""
_SECOND, _THIRD = (int(factor) for factor in JOIN_FACTORS[1:])
_CAPITAL_A, _CAPITAL_Z, _TO_SMALL = ord("A"), ord("Z"), ord("a") - ord("A")


@njit(inline="always")
def read_text(codes, position, model, space):
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
        found = _find_words(keys, count, min(words, BEFORE), word_max, rows, known_words)
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
        for place in range(BEFORE):
            keys[place] = keys[place + count]
    if across and length:
        pending = _add_grams(
            line, length + 1, length + 1, char_min, char_max, known_grams, gram_rows, sums, totals, pending
        )
    _empty(sums, totals)
    return position + 1


@njit(inline="always")
def _read_words(codes, position, word_class, keys, spans):
    """Reads until WORDS_AT_ONCE words or the 0 that ends the text; where it stopped, and how many words.

    Every character takes the same steps, whether it belongs to a word or not: where words end cannot be foreseen, and a
    branch that was foreseen wrongly costs as much as five characters. Places are unsigned where they are used, so that
    nobody looks whether they count from the end.
    """
    count, inside, key, begin = 0, 0, 0, position
    last = len(word_class) - 1
    while count < WORDS_AT_ONCE:
        point = np.int64(codes[np.uint64(position)])
        word = np.int64(word_class[np.uint64(min(point, last))])
        # What is noted of a word that goes on is overwritten.
        keys[np.uint64(BEFORE + count)] = key & MASK
        spans[np.uint64(count), 0], spans[np.uint64(count), 1] = begin, position
        count += inside & (1 - word)
        small = point + _TO_SMALL * np.int64((point >= _CAPITAL_A) & (point <= _CAPITAL_Z))
        factor = WORD_FACTORS[np.uint64(min(position - begin, WORD_POSITIONS - 1))]
        key = (key + (small + 1) * factor) & -word
        inside = word
        if point == 0:
            break
        position += 1
        begin = begin if word else position
    return position, count


@njit(inline="always")
def _find_words(keys, count, before, word_max, rows, known):
    """Rows of the words, then of the n-grams that end with each, of which `before` words came earlier; how many."""
    for word in range(count):
        rows[word] = _find(keys[BEFORE + word], known)
    found = count
    if word_max > 1:
        for word in range(BEFORE + 1 - min(before, 1), BEFORE + count):
            key = (keys[word - 1] + keys[word] * _SECOND) & MASK
            rows[found] = _find(key + 1, known)
            found += 1
    if word_max > 2:
        for word in range(BEFORE + 2 - before, BEFORE + count):
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
