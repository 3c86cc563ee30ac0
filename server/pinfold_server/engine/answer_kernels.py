# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="call-arg, unreachable, var-annotated"
"""From probabilities to the bytes of answers, in machine code made by numba; part of `kernels.score`.

Picks are the labels that are answered, int64: of each text how many, then a number for each of them. Its lower 32 bits
are the label, the upper ones say by how much the probability, its bits read as a whole number, lies below the largest:
picks rise as probabilities fall, and of equals as labels rise. Wire format: https://protobuf.dev/programming-guides/encoding/
"""

import numpy as np
from numba import njit

from pinfold_server.engine.kernel_memory import array_at
from pinfold_server.engine.writing import CUTS, HEADS, HEADS_BYTES, KEYS, STARTS, TOP_K

_MORE, _SEVEN_BITS = 0x80, 0x7F
_NUMBER_BYTES = 5
"""Of a length of what lies in memory, at most: 7 bits in each."""
_FLOAT_BYTES = 4
_LARGEST, _LABEL = 0x7FFFFFFF, 0xFFFFFFFF


@njit(inline="always")
def pick(scores, writing, picks, end, space):
    """Adds the picks of a text, scores float32 [labels], behind those that end at `end`; where they end, -1 where there
    may be no room. space: int64 [labels], scratch.
    """
    labels = len(scores)
    top_k = writing[TOP_K]
    room = top_k if 0 < top_k < labels else labels
    if end + 1 + room > len(picks):
        return -1
    thresholds = array_at(writing[CUTS], labels, np.float32)
    chosen = picks[end + 1 : end + 1 + room]
    count = _first(scores, thresholds, chosen) if room < labels else _all(scores, thresholds, chosen, space)
    picks[end] = count
    return end + 1 + count


@njit(inline="always")
def _first(scores, thresholds, chosen):
    """Fills `chosen` with the first picks of the labels that reach their thresholds; how many there are."""
    bits = scores.view(np.uint32)
    count = 0
    for label in range(len(scores)):
        if scores[label] >= thresholds[label]:
            picked = (_LARGEST - bits[label]) << 32 | label
            if count < len(chosen):
                count += 1
            elif picked > chosen[count - 1]:
                continue
            place = count - 1
            while place > 0 and chosen[place - 1] > picked:
                chosen[place] = chosen[place - 1]
                place -= 1
            chosen[place] = picked
    return count


@njit(inline="always")
def _all(scores, thresholds, chosen, space):
    """Fills `chosen` with the picks of all labels that reach their thresholds; how many there are."""
    bits = scores.view(np.uint32)
    count = 0
    for label in range(len(scores)):
        if scores[label] >= thresholds[label]:
            space[count] = (_LARGEST - bits[label]) << 32 | label
            count += 1
    # Counting for each pick those before it needs no branch, and several are compared at a time: of 77 labels as of
    # 1,024 that takes less than half of the time that moving one after the other to its place takes.
    for place in range(count):
        picked, rank = space[place], 0
        for other in range(count):
            rank += space[other] < picked
        chosen[rank] = picked
    return count


@njit(inline="always")
def write_message(picks, labels, writing, out, position):
    """Writes the message of a text, whose picks they are; where it ends, -1 where there is no room.

    `writing` has the layout of a `Writing` with `Messages`.
    """
    heads = array_at(writing[HEADS], writing[HEADS_BYTES], np.uint8)
    starts = array_at(writing[STARTS], labels + 1, np.int64)
    size = 0
    for picked in picks[1:]:
        label = picked & _LABEL
        size += starts[label + 1] - starts[label] + _FLOAT_BYTES
    if position + 1 + _NUMBER_BYTES + size > len(out):
        return -1
    out[position] = writing[KEYS]
    position = _write_varint(out, position + 1, size)
    for picked in picks[1:]:
        position = _write_head(out, position, heads, starts, picked & _LABEL)
        position = _write_float(out, position, picked)
    return position


@njit(inline="always")
def write_columns(picks, places, labels, writing, out, position):
    """Writes the message of the texts whose picks they are; where it ends, -1 where there is no room.

    `writing` has the layout of a `Writing` with `Columns`. places: int64 [2 * labels], scratch.
    """
    heads = array_at(writing[HEADS], writing[HEADS_BYTES], np.uint8)
    starts = array_at(writing[STARTS], labels + 1, np.int64)
    place_of, order = places[:labels], places[labels:]
    found, names, counts, indices, floats = _measure(picks, starts, place_of, order)
    size = names + _column(counts) + _column(indices) + _column(floats)
    if position + 1 + _NUMBER_BYTES + size > len(out):
        return -1
    out[position] = writing[KEYS]
    position = _write_varint(out, position + 1, size)
    for label in order[:found]:
        position = _write_head(out, position, heads, starts, label)
    position = _write_column_head(out, position, writing[KEYS + 1], counts)
    at = 0
    while at < len(picks):
        position = _write_varint(out, position, picks[at])
        at += 1 + picks[at]
    if floats:
        position = _write_column_head(out, position, writing[KEYS + 2], indices)
        end = _write_column_head(out, position + indices, writing[KEYS + 3], floats)
        at = 0
        while at < len(picks):
            for picked in picks[at + 1 : at + 1 + picks[at]]:
                position = _write_varint(out, position, place_of[picked & _LABEL])
                end = _write_float(out, end, picked)
            at += 1 + picks[at]
        position = end
    return position


@njit(inline="always")
def _measure(picks, starts, place_of, order):
    """Fills `order` with the labels that occur, by their first occurrence, and `place_of` with where they stand there.

    How many they are; bytes of their heads, and of the columns of counts, of places and of probabilities.
    """
    place_of[:] = -1
    found, names, counts, indices, floats, at = 0, 0, 0, 0, 0, 0
    while at < len(picks):
        count = picks[at]
        counts += _varint_bytes(count)
        floats += _FLOAT_BYTES * count
        for picked in picks[at + 1 : at + 1 + count]:
            label = picked & _LABEL
            if place_of[label] < 0:
                place_of[label], order[found] = found, label
                found += 1
                names += starts[label + 1] - starts[label]
            indices += _varint_bytes(place_of[label])
        at += 1 + count
    return found, names, counts, indices, floats


@njit(inline="always")
def _column(size):
    """Bytes of a packed field with values of so many bytes; one without values is left out."""
    return 1 + _varint_bytes(size) + size if size else 0


@njit(inline="always")
def _write_column_head(out, position, key, size):
    out[position] = key
    return _write_varint(out, position + 1, size)


@njit(inline="always")
def _write_head(out, position, heads, starts, label):
    for at in range(starts[label], starts[label + 1]):
        out[position] = heads[at]
        position += 1
    return position


@njit(inline="always")
def _write_float(out, position, picked):
    """The probability of a pick, the last byte of a float first."""
    bits = _LARGEST - (picked >> 32)
    for byte in range(_FLOAT_BYTES):
        out[position + byte] = bits >> 8 * byte & 0xFF
    return position + _FLOAT_BYTES


@njit(inline="always")
def _varint_bytes(value):
    size = 1
    while value > _SEVEN_BITS:
        value >>= 7
        size += 1
    return size


@njit(inline="always")
def _write_varint(out, position, value):
    while value > _SEVEN_BITS:
        out[position] = value & _SEVEN_BITS | _MORE
        value >>= 7
        position += 1
    out[position] = value
    return position + 1
