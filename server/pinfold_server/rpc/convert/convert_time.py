"""Times: microseconds since 1970, UTC, to google.protobuf.Timestamp and back."""

from google.protobuf.timestamp_pb2 import Timestamp

from pinfold_server.errors import invalid


def timestamp(microseconds: int) -> Timestamp | None:
    """None, which leaves a field unset, for 0."""
    if microseconds == 0:
        return None
    return Timestamp(seconds=microseconds // 1_000_000, nanos=microseconds % 1_000_000 * 1_000)


def microseconds(value: Timestamp, field: str) -> int:
    """Raises AppError INVALID for a time outside the years 1 to 9999."""
    if not -62_135_596_800 <= value.seconds <= 253_402_300_799 or not 0 <= value.nanos < 1_000_000_000:
        raise invalid(field, "must lie in the years 1 to 9999", "INVALID_TIMESTAMP")
    return value.seconds * 1_000_000 + value.nanos // 1_000
