"""Texts that are the bytes which a kernel reads: plain ASCII, laid end to end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload


@dataclass(slots=True)  # not frozen: one is made for every request, and that would take four times as long
class AsciiTexts(Sequence[str]):
    """Texts like any others, for whoever wants strings. None is blank, holds a 0 or is cut by a model.

    `codes`: each text ended by 0; `number` of them.
    """

    codes: bytes
    number: int

    @property
    def characters(self) -> int:
        """Length of all texts together."""
        return len(self.codes) - self.number

    def strings(self) -> list[str]:
        return self.codes.decode("ascii").split("\0")[:-1]

    def __len__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[str]:
        return iter(self.strings())

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        return self.strings()[place]


def joined(parts: Sequence[Sequence[str]]) -> Sequence[str]:
    """All texts of the parts in one; bytes where all parts are."""
    plain = [part for part in parts if isinstance(part, AsciiTexts)]
    if len(plain) == len(parts):
        return AsciiTexts(b"".join([part.codes for part in plain]), sum([part.number for part in plain]))
    return [text for part in parts for text in part]
