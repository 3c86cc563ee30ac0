"""What stands before the value of a field in a message. https://protobuf.dev/programming-guides/encoding/"""

VARINT, LENGTH_DELIMITED, FIXED32 = 0, 2, 5


def key(number: int, wire_type: int) -> bytes:
    """Of a field number below 16."""
    return bytes([number << 3 | wire_type])


def varint(value: int) -> bytes:
    """A number that is not negative."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
