"""Which column of a table is the text, the labels, the id and the time. Pure: names in, a choice out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

TEXT_NAMES = (
    "text",
    "body",
    "message",
    "comment",
    "content",
    "sentence",
    "utterance",
    "question",
    "description",
)
LABEL_NAMES = ("labels", "label", "category", "categories", "intent", "topic", "class", "target", "tags")
ID_NAMES = ("id", "document_id", "doc_id", "uid", "uuid", "key")
#: Of a file that Pinfold wrote; "sentiment" is too often the name of a label column to be guessed.
SENTIMENT_COLUMN = "label_sentiments"
SPLIT_NAMES = ("split",)
TIME_NAMES = ("timestamp", "date", "datetime", "time", "created_at", "created")


class ColumnError(ValueError):
    """No column fits, or a named one does not exist; the message lists those that there are."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Columns named by the user; None or empty means guess. An empty `split` means that there is none.

    `split_of_others` is the split of rows that name none.
    """

    text: str | None = None
    labels: tuple[str, ...] = ()
    id: str | None = None
    timestamp: str | None = None
    keep_others: bool = False
    sentiments: str | None = None
    split: str | None = None
    split_of_others: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns to read; `metadata` holds the others when they are kept. `split_of_others` is that of the choice."""

    text: str
    labels: tuple[str, ...] = ()
    id: str | None = None
    timestamp: str | None = None
    metadata: tuple[str, ...] = field(default=())
    sentiments: str | None = None
    split: str | None = None
    split_of_others: str | None = None

    def describe(self) -> str:
        """The choice in one line, so that the user can see a wrong guess."""
        parts = [f"text: {self.text}"]
        if self.labels:
            parts.append(f"labels: {', '.join(self.labels)}")
        if self.sentiments:
            parts.append(f"sentiments: {self.sentiments}")
        if self.split:
            parts.append(f"split: {self.split}")
        if self.id:
            parts.append(f"id: {self.id}")
        if self.timestamp:
            parts.append(f"timestamp: {self.timestamp}")
        if self.metadata:
            parts.append(f"metadata: {', '.join(self.metadata)}")
        return " · ".join(parts)


def choose_columns(names: Sequence[str], choice: ColumnChoice) -> Columns:
    """The columns that `choice` names, and a guess by name for the rest, letter case ignored.

    Raises ColumnError when a named column does not exist or nothing looks like a text.
    """
    text = _named(names, choice.text) if choice.text else _guess(names, TEXT_NAMES)
    if text is None and len(names) == 1:
        text = names[0]
    if text is None:
        raise ColumnError(f"none of the columns {_listed(names)} looks like the text; name it with --text-column")
    if choice.labels:
        labels = tuple(_named(names, name) for name in choice.labels)
    else:
        labels = tuple(name for name in (_guess(names, LABEL_NAMES, taken={text}),) if name)
    sentiments = _named(names, choice.sentiments) if choice.sentiments else _guess(names, (SENTIMENT_COLUMN,))
    taken = {text, *labels, *([sentiments] if sentiments else [])}
    identifier = _named(names, choice.id) if choice.id else _guess(names, ID_NAMES, taken)
    time = _named(names, choice.timestamp) if choice.timestamp else _guess(names, TIME_NAMES, taken)
    split = _split(names, choice, taken)
    taken |= {name for name in (identifier, time, split) if name}
    others = tuple(name for name in names if name not in taken) if choice.keep_others else ()
    return Columns(text, labels, identifier, time, others, sentiments, split, choice.split_of_others)


def _split(names: Sequence[str], choice: ColumnChoice, taken: set[str]) -> str | None:
    if choice.split is None:
        return _guess(names, SPLIT_NAMES, taken)
    return _named(names, choice.split) if choice.split else None


def _named(names: Sequence[str], wanted: str) -> str:
    if wanted not in names:
        raise ColumnError(f"there is no column {wanted!r}; the file has {_listed(names)}")
    return wanted


def _guess(names: Sequence[str], known: Sequence[str], taken: set[str] | None = None) -> str | None:
    by_key = {name.strip().lower(): name for name in reversed(names) if name not in (taken or set())}
    return next((by_key[key] for key in known if key in by_key), None)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names[:20]) + (", …" if len(names) > 20 else "")
