"""The error core: what can go wrong, in our own words.

No gRPC here; `rpc/statuses.py` holds the one table to status codes.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Code(enum.Enum):
    """Kinds of failure, named after what the caller should think."""

    INVALID = enum.auto()
    NOT_FOUND = enum.auto()
    EXISTS = enum.auto()
    PRECONDITION = enum.auto()
    CONFLICT = enum.auto()
    EXHAUSTED = enum.auto()
    UNAVAILABLE = enum.auto()
    DATA_LOSS = enum.auto()


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One wrong field of a request: its path, such as `documents[3].text`, and what was expected."""

    field: str
    description: str

    def within(self, parent: str) -> "FieldViolation":
        """The same violation, seen from the message that holds `parent`."""
        return FieldViolation(f"{parent}.{self.field}", self.description)


class AppError(Exception):
    """A failure that the caller is told about.

    `reason` is UPPER_SNAKE_CASE and part of the contract; `message` says what was expected and what to do.
    `retry_after` (seconds) is set where a repeat can help. `preconditions`: what is not met, each with its subject,
    where there is more to say than the message.
    """

    def __init__(
        self,
        code: Code,
        reason: str,
        message: str,
        *,
        violations: tuple[FieldViolation, ...] = (),
        preconditions: tuple[FieldViolation, ...] = (),
        metadata: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.violations = violations
        self.preconditions = preconditions
        self.metadata = dict(metadata or {})
        self.retry_after = retry_after


class StoreFormatError(Exception):
    """The data folder was written by a newer Pinfold, or is not one of ours."""


class StoreBroken(Exception):
    """The store can be used only by a new process: this one must end, and the supervisor starts another."""


def invalid(field: str, description: str, reason: str = "INVALID_FIELD") -> AppError:
    """A request field is out of rule."""
    violation = FieldViolation(field, description)
    return AppError(Code.INVALID, reason, f"{field}: {description}", violations=(violation,))


def not_found(kind: str, name: str, field: str = "") -> AppError:
    """`kind` is the noun in lower case, such as `dataset`; its reason becomes `DATASET_NOT_FOUND`.

    `field` is told where one request names many resources.
    """
    message = f"there is no {kind} {name!r}"
    violations = (FieldViolation(field, message),) if field else ()
    reason = f"{kind.upper().replace(' ', '_')}_NOT_FOUND"
    return AppError(Code.NOT_FOUND, reason, message, violations=violations, metadata={"name": name})


def exists(kind: str, name: str) -> AppError:
    """A resource with this id is there already."""
    reason = f"{kind.upper().replace(' ', '_')}_EXISTS"
    return AppError(Code.EXISTS, reason, f"{kind} {name!r} exists already", metadata={"name": name})


def precondition(reason: str, message: str, **metadata: str) -> AppError:
    """The request is fine, the state of the resource is not."""
    return AppError(Code.PRECONDITION, reason, message, metadata=metadata)


def too_many(what: str, message: str, **metadata: str) -> AppError:
    """A limit on how many there may be is reached, such as `labels` of a dataset; its reason is `TOO_MANY_LABELS`.

    Not for what one request holds: that is INVALID.
    """
    return AppError(Code.EXHAUSTED, f"TOO_MANY_{what.upper().replace(' ', '_')}", message, metadata=metadata)


def stale_etag(name: str, current: str) -> AppError:
    """Compare-and-set failed: somebody changed the resource in between."""
    return AppError(
        Code.CONFLICT,
        "ETAG_MISMATCH",
        f"{name} was changed by somebody else; read it again, then repeat the change with its new etag",
        metadata={"name": name, "etag": current},
    )
