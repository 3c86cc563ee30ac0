"""Options of trainings: checked before anything is queued, and stored with every default filled in."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from pinfold_server.domain.runs.configs import CHOICES, RunConfig, validate
from pinfold_server.engine.features import find_words
from pinfold_server.engine.text import encode, word_characters
from pinfold_server.errors import AppError, Code, FieldViolation
from pinfold_server.store.storage_pb2 import RunConfigRecord


def check(config: RunConfig, field: str = "config") -> None:
    """Raises AppError INVALID_CONFIG with a violation for each option that is out of rule, below `field`."""
    violations = tuple(found.within(field) for found in (*validate(config), *_stop_words(config)))
    if violations:
        told = "; ".join(f"{found.field}: {found.description}" for found in violations)
        raise AppError(Code.INVALID, "INVALID_CONFIG", told, violations=violations)


def _stop_words(config: RunConfig) -> Iterator[FieldViolation]:
    """Entries that a text is never read as: those would stop other words than the one that was meant, or none."""
    for place, word in enumerate(config.stop_words):
        count = len(find_words(encode([word]), word_characters()).keys)
        if word and count != 1:
            yield FieldViolation(f"stop_words[{place}]", f"must be one word, but {word!r} is read as {count}")


def to_record(config: RunConfig) -> RunConfigRecord:
    return RunConfigRecord(**{item.name: getattr(config, item.name) for item in fields(config)})


def from_record(record: RunConfigRecord) -> RunConfig:
    """Options that a record of an earlier server does not hold take their defaults."""
    values: dict[str, Any] = {item.name: getattr(record, item.name) for item in fields(RunConfig)}
    values["stop_words"] = tuple(record.stop_words)
    values["auto_seconds"] = record.auto_seconds or RunConfig().auto_seconds
    for name, choices in CHOICES.items():
        chosen = values.pop(name)
        if chosen:
            values[name] = choices(chosen)
    return RunConfig(**values)
