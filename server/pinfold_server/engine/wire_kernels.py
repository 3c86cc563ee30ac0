# mypy: allow-untyped-defs, allow-untyped-calls
"""Messages of texts taken apart in machine code made by numba.

`split` reads what protobuf would, for requests that are as they nearly always are; for others it says so. As in
`kernels.py` importing this module compiles nothing. Wire format: https://protobuf.dev/programming-guides/encoding/
"""

import numpy as np
from numba import njit, types

_VARINT, _FIXED64, _DELIMITED, _FIXED32 = 0, 1, 2, 5
_MORE, _SEVEN_BITS = 0x80, 0x7F
_NUMBER_BYTES = 5
"""Of a key, or of the length of what lies in memory, at most: 7 bits in each."""
_FLOAT_BYTES = 4

_BUFFER = types.Array(types.uint8, 1, "C")
SPLIT_SIGNATURE = types.UniTuple(types.int64, 3)(
    types.Bytes(types.uint8, 1, "C", readonly=True), types.int64, types.int64, _BUFFER, _BUFFER
)


@njit(cache=True, nogil=True, error_model="numpy")
def split(message, field, longest, codes, rest):
    """Parts a message in the strings of its repeated field number `field` and all its other fields.

    message: bytes. codes, rest: uint8, each as long as the message at least; are filled with the strings, each ended
        by 0, and with the other fields as they are.
    The number of strings, and how much of `codes` and of `rest` was filled. The number is -1 for a message that is
    broken, or has a group or a string that is blank, longer than `longest`, not ASCII or that holds a 0.
    """
    count, filled, other, position = 0, 0, 0, 0
    size = len(message)
    while position < size:
        begin = position
        key, position = _varint(message, position)
        kind = key & 7
        length = 0
        if kind == _DELIMITED and position > 0:
            length, position = _varint(message, position)
        elif kind == _VARINT and position > 0:
            position = _end_of_varint(message, position)
        elif kind in (_FIXED64, _FIXED32):
            length = 8 if kind == _FIXED64 else _FLOAT_BYTES
        else:
            return -1, 0, 0
        if position <= begin or length > size - position or key < 8:
            return -1, 0, 0
        position += length
        if key == field << 3 | _DELIMITED:
            if length > longest or not _copy_plain(message, position - length, length, codes, filled):
                return -1, 0, 0
            codes[filled + length] = 0
            filled += length + 1
            count += 1
        else:
            for place in range(begin, position):
                rest[other + place - begin] = message[place]
            other += position - begin
    return count, filled, other


@njit(inline="always")
def _varint(message, position):
    """The number that begins there, and where it ends; ends at 0 where it has more than `_NUMBER_BYTES`."""
    value = np.int64(0)
    for place in range(position, min(position + _NUMBER_BYTES, len(message))):
        byte = np.int64(message[place])
        value |= (byte & _SEVEN_BITS) << 7 * (place - position)
        if byte < _MORE:
            return value, place + 1
    return value, 0


@njit(inline="always")
def _end_of_varint(message, position):
    """Where the number ends, of whatever size; 0 where it does not end."""
    last = min(position + 10, len(message))
    while position < last:
        position += 1
        if message[position - 1] < _MORE:
            return position
    return 0


@njit(inline="always")
def _copy_plain(message, begin, length, codes, filled):
    """Copies a string; whether it is of ASCII without 0, and more than space as `str.isspace` has it."""
    all_bits, zeros, letters = np.uint8(0), 0, 0
    for place in range(length):
        byte = message[begin + place]
        codes[filled + place] = byte
        all_bits |= byte
        zeros |= byte == 0
        letters |= (byte > 32) | (byte < 9) | ((byte > 13) & (byte < 28))
    return all_bits < _MORE and not zeros and letters != 0
