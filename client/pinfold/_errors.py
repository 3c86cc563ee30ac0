"""The exceptions that callers see. Nothing of gRPC's own leaves the library."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import grpc


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One wrong field of a request: its path, such as `thresholds["Billing"]`, and what was expected."""

    field: str
    description: str


@dataclass(frozen=True, slots=True)
class ErrorDetails:
    """What a server tells about a failure beside status code and message (`google.rpc` error details)."""

    reason: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    field_violations: tuple[FieldViolation, ...] = ()
    retry_delay: float | None = None
    unmet: tuple[str, ...] = ()


class PinfoldError(Exception):
    """A call failed. Catch this to catch everything that the library raises for a call.

    Wrong arguments that can be seen without a call raise TypeError or ValueError instead.
    """

    def __init__(self, message: str, code: grpc.StatusCode, details: ErrorDetails | None = None) -> None:
        # All three are positional arguments, so that the exception survives pickling between processes.
        super().__init__(message, code, details)
        self.message = message
        self.code = code
        self._details = details or ErrorDetails()

    @property
    def reason(self) -> str:
        """Machine-readable reason in UPPER_SNAKE_CASE, such as `VERSION_NOT_PINNED`; empty where none was told."""
        return self._details.reason

    @property
    def metadata(self) -> Mapping[str, str]:
        """What the reason is about, such as the `name` of a missing resource."""
        return self._details.metadata

    @property
    def field_violations(self) -> tuple[FieldViolation, ...]:
        """Every wrong field of the request."""
        return self._details.field_violations

    @property
    def unmet(self) -> tuple[str, ...]:
        """What the state of the resource lacks, in words: one for each condition of a gate that is not met."""
        return self._details.unmet

    @property
    def retry_delay(self) -> float | None:
        """Seconds after which a repeat may succeed; None where the server named none."""
        return self._details.retry_delay

    @property
    def error_id(self) -> str | None:
        """Finds an unexpected failure in the log of the server."""
        return self._details.metadata.get("error_id")

    def __str__(self) -> str:
        untold = [v for v in self.field_violations if v.field not in self.message]
        fields = "".join(f"; {v.field}: {v.description}" for v in untold)
        return f"{self.message}{fields} [{self.reason or self.code.name}]"


class InvalidArgument(PinfoldError):
    """The request is wrong whatever the state of the server; `field_violations` say where."""


class NotFound(PinfoldError):
    """The dataset, document, version, tag or run does not exist."""


class AlreadyExists(PinfoldError):
    """The id is taken."""


class FailedPrecondition(PinfoldError):
    """The request is fine, the state of the resource is not, such as predicting with a version that is not pinned."""


class Conflict(PinfoldError):
    """Somebody else changed the resource in between: read it again, then repeat with the new etag."""


class ResourceExhausted(PinfoldError):
    """A limit was reached or the server is overloaded; with `retry_delay` a repeat can help."""


class Unavailable(PinfoldError):
    """No server answered, also after the retries."""


class DeadlineExceeded(PinfoldError):
    """The time given to the call was over. Whether the server did the work is not known."""


class DataLoss(PinfoldError):
    """Stored or transferred bytes do not have the digest that they must have."""


class ServerError(PinfoldError):
    """The server failed unexpectedly, or does not know the call; `error_id` finds the failure in its log."""


class TrainingFailed(PinfoldError):
    """A run ended without a model version; `reason` and `message` say why and what would help."""


class TrainingCancelled(PinfoldError):
    """A run was cancelled before it had made a model version."""
