"""What becomes of labels when one of them is renamed, merged or deleted. Labels are numbers with paths here."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from pinfold_server.domain.labels.annotations import LevelsOf, Marks, closed, without_ancestors
from pinfold_server.domain.labels.labels import SEPARATOR, levels, missing_levels


class LabelEventKind(enum.IntEnum):
    """What happened to a label; the numbers are those of the protocol."""

    UNSPECIFIED = 0
    CREATED = 1
    RENAMED = 2
    MERGED = 3
    DELETED = 4


@dataclass(frozen=True, slots=True)
class Moves:
    """`renamed`: new paths by number. `merged`: numbers that stand for them from now on, None where nothing does.

    `created`: paths that must exist besides, parents first.
    """

    renamed: Mapping[int, str]
    merged: Mapping[int, int | None]
    created: tuple[str, ...] = ()

    @property
    def touched(self) -> frozenset[int]:
        """Labels whose annotations may say something else afterwards, or count for others."""
        return frozenset(self.renamed) | frozenset(self.merged)


def below(names: Mapping[int, str], path: str) -> dict[int, str]:
    """The label and all labels below it, by number."""
    head = path + SEPARATOR
    return {number: name for number, name in names.items() if name == path or name.startswith(head)}


def renaming(names: Mapping[int, str], old: str, new: str) -> Moves:
    """The label `old` and those below it under the path `new`, which is not below `old`.

    A label that meets one that exists, and is not moved itself, goes into it.
    """
    moved = below(names, old)
    staying = {name: number for number, name in names.items() if number not in moved}
    renamed: dict[int, str] = {}
    merged: dict[int, int | None] = {}
    for number, name in moved.items():
        path = new + name[len(old) :]
        if path in staying:
            merged[number] = staying[path]
        else:
            renamed[number] = path
    known = {*staying, *renamed.values()}
    return Moves(renamed, merged, tuple(missing_levels([new], known)))


def deletion(names: Mapping[int, str], path: str, target: int | None) -> Moves:
    """The label and those below it are gone; documents get `target` instead, or nothing."""
    return Moves({}, dict.fromkeys(below(names, path), target))


def moved_marks(marks: Marks, merged: Mapping[int, int | None], levels_of: LevelsOf) -> Marks:
    """An annotation after the moves; `levels_of` tells the new levels. What is assigned wins over what is dismissed,
    and the sentiment of a label that stays over that of one that goes into it.
    """
    assigned = without_ancestors(_mapped(marks.assigned, merged), levels_of)
    dismissed = _mapped(marks.dismissed, merged) - closed(assigned, levels_of)
    positive_and_stays = marks.assigned - marks.negative - merged.keys()
    negative = (_mapped(marks.negative, merged) - positive_and_stays) & assigned
    return Marks(assigned, dismissed, marks.reviewed, negative)


def parent_of(path: str) -> str:
    """The path of the level above; empty for a root."""
    return (("", *levels(path))[-2]) if SEPARATOR in path else ""


def _mapped(numbers: frozenset[int], merged: Mapping[int, int | None]) -> frozenset[int]:
    targets = (merged.get(number, number) for number in numbers)
    return frozenset(number for number in targets if number is not None)
