"""Arguments that the sync and the async handles read in the same way (pure)."""

from collections.abc import Sized
from typing import Protocol

from pinfold._types import DatasetInfo


class Numbered(Protocol):
    """A version that the caller holds."""

    @property
    def number(self) -> int: ...


def version_or_tag(version: int | str | Numbered) -> int | str:
    return version if isinstance(version, int | str) else version.number


def default_source(info: DatasetInfo) -> str:
    """The source that is meant when none is named: the only one, or the dataset's own.

    Raises ValueError naming the choices when there is neither.
    """
    if len(info.sources) == 1:
        return info.sources[0]
    if info.id in info.sources:
        return info.id
    raise ValueError(f"dataset {info.id!r} reads several sources; name one: {', '.join(info.sources)}")


def length_of(rows: object) -> int | None:
    return len(rows) if isinstance(rows, Sized) else None


def not_seen(what: str) -> RuntimeError:
    """An async handle was asked for what only a call can tell."""
    return RuntimeError(f"{what} has not been read yet; `await` its refresh() first")
