"""Labels as they were: what happened to them since is undone, newest first. Labels are numbers with paths here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pinfold_server.domain.labels.label_moves import LabelEventKind


@dataclass(frozen=True, slots=True)
class LabelStep:
    """One thing that happened to a label."""

    kind: LabelEventKind
    number: int
    from_name: str


def names_before(names: Mapping[int, str], steps: Iterable[LabelStep]) -> dict[int, str]:
    """Paths by number before the steps, which come newest first; `names` are those after them."""
    earlier = dict(names)
    for step in steps:
        if step.kind is LabelEventKind.CREATED:
            earlier.pop(step.number, None)
        else:
            earlier[step.number] = step.from_name
    return earlier
