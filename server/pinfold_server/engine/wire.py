"""Just enough of the protobuf wire format to look into an ONNX file, and to write one with fields left out or added.

Reading fields by number costs a millisecond whatever the size of the weights, needs no `onnx` package in the workers,
and copies nothing: values are views of the file.
"""

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5

Value = int | memoryview


class MalformedError(ValueError):
    """The bytes are no protobuf message."""


def fields(message: memoryview) -> Iterator[tuple[int, Value]]:
    """Number and value of each field in order: an int for a varint, a view for everything else."""
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        kind = tag & 7
        if kind == VARINT:
            number, position = _varint(message, position)
            yield tag >> 3, number
            continue
        if kind == BYTES:
            size, position = _varint(message, position)
        elif kind in (FIXED64, FIXED32):
            size = 8 if kind == FIXED64 else 4
        else:
            raise MalformedError(f"wire type {kind} at byte {position}")
        if size > len(message) - position:
            raise MalformedError(f"a field of {size} bytes at byte {position} of {len(message)}")
        yield tag >> 3, message[position : position + size]
        position += size


def messages(message: memoryview, field: int) -> Iterator[memoryview]:
    """All values of a repeated message field."""
    for number, value in fields(message):
        if number == field:
            if isinstance(value, int):
                raise MalformedError(f"field {field} is a number where a message belongs")
            yield value


def strings(message: memoryview, field: int) -> Iterator[str]:
    """All values of a string field."""
    for value in messages(message, field):
        yield str(value, "utf-8", "strict")


def numbers(value: Value) -> list[int]:
    """The values of one entry of a repeated integer field, packed or not."""
    if isinstance(value, int):
        return [value]
    found, position = [], 0
    while position < len(value):
        number, position = _varint(value, position)
        found.append(number)
    return found


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(message):
            break
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, position
    raise MalformedError(f"no end of a varint before byte {position}")


def encoded(number: int, value: int | bytes | memoryview) -> list[bytes | memoryview]:
    """A field in pieces to be joined: a varint, or bytes with their length."""
    if isinstance(value, int):
        return [_encoded_varint(number << 3 | VARINT), _encoded_varint(value)]
    return [_encoded_varint(number << 3 | BYTES), _encoded_varint(len(value)), value]


def _encoded_varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*found, value))
