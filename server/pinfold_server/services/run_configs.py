"""Run configurations: checked before anything is queued, and stored with every default filled in."""

from dataclasses import fields

from pinfold_server.domain.configs import Algorithm, RunConfig, validate
from pinfold_server.errors import AppError, Code
from pinfold_server.store.storage_pb2 import RunConfigRecord


def check(config: RunConfig) -> None:
    """Raises AppError INVALID_CONFIG with a violation for each option that is out of rule."""
    violations = tuple(validate(config))
    if violations:
        told = "; ".join(f"config.{found.field}: {found.description}" for found in violations)
        raise AppError(
            Code.INVALID, "INVALID_CONFIG", told, violations=tuple(found.within("config") for found in violations)
        )


def to_record(config: RunConfig) -> RunConfigRecord:
    return RunConfigRecord(**{item.name: getattr(config, item.name) for item in fields(config)})


def from_record(record: RunConfigRecord) -> RunConfig:
    values = {item.name: getattr(record, item.name) for item in fields(RunConfig)}
    return RunConfig(**{**values, "algorithm": Algorithm(record.algorithm)})
