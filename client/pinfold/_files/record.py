"""One row of a file or of another table."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """Its place for error messages, such as `tickets.csv, line 7`, and its values by column."""

    place: str
    values: Mapping[str, object]
