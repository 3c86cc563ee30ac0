"""What `check` says of a store that breaks one of its invariants."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`place` names what is wrong, `problem` says how."""

    place: str
    problem: str
