"""Where a tag points, and where a rollback leads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

EARLIER_MAX = 1_000


@dataclass(frozen=True, slots=True)
class TagPosition:
    """The version that a tag points to, and those that rollbacks return to, oldest first."""

    version: int
    earlier: tuple[int, ...]


def move(current: TagPosition | None, version: int) -> TagPosition:
    """The position after the tag is pointed to `version`; the same version again changes nothing."""
    if current is None:
        return TagPosition(version, ())
    if current.version == version:
        return current
    return TagPosition(version, (*current.earlier, current.version)[-EARLIER_MAX:])


def roll_back(current: TagPosition, is_pinned: Callable[[int], bool]) -> TagPosition | None:
    """The position before the last move; versions no longer pinned are passed over. None when there is no such
    position.
    """
    earlier = list(current.earlier)
    while earlier:
        version = earlier.pop()
        if version != current.version and is_pinned(version):
            return TagPosition(version, tuple(earlier))
    return None


def previous_version(earlier: Sequence[int]) -> int:
    """The version before the last move; 0 when there was none."""
    return earlier[-1] if earlier else 0
