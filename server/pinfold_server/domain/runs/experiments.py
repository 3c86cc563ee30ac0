"""Runs that belong together: figures to order them by, and what people may say of a run."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from pinfold_server.domain.names import DESCRIPTION_CHARS_MAX, TITLE_CHARS_MAX, check_text_field, has_control
from pinfold_server.errors import invalid

SWEEP_RUNS_MAX = 64
EXPERIMENT_RUNS_MAX = 1_000
EXPERIMENTS_MAX = 1_000
METADATA_MAX = 32
METADATA_NAME_CHARS_MAX = 64
METADATA_VALUE_CHARS_MAX = 512


class RunMetric(enum.StrEnum):
    """A figure of a run's version on held-out documents; the values name the fields of a metrics record."""

    MICRO_F1 = "micro_f1"
    MACRO_F1 = "macro_f1"
    MEAN_AVERAGE_PRECISION = "mean_average_precision"
    ACCURACY = "accuracy"
    CALIBRATION_ERROR = "calibration_error"

    @property
    def lower_is_better(self) -> bool:
        return self is RunMetric.CALIBRATION_ERROR


@dataclass(frozen=True, slots=True)
class RunNotes:
    """What people say of a run; None leaves it as it is."""

    title: str | None = None
    notes: str | None = None
    metadata: Mapping[str, str] | None = None
    starred: bool | None = None

    def check(self, field: str = "") -> None:
        """Raises AppError INVALID naming what is out of rule, below `field`."""
        below = f"{field}." if field else ""
        check_text_field(self.title or "", f"{below}title", TITLE_CHARS_MAX)
        check_text_field(self.notes or "", f"{below}notes", DESCRIPTION_CHARS_MAX)
        _check_metadata(self.metadata or {}, f"{below}metadata")


def _check_metadata(metadata: Mapping[str, str], field: str) -> None:
    if len(metadata) > METADATA_MAX:
        raise invalid(field, f"must have at most {METADATA_MAX} properties, got {len(metadata):,}")
    for name, value in sorted(metadata.items()):
        place = f"{field}[{name[:METADATA_NAME_CHARS_MAX]!r}]"
        if not 1 <= len(name) <= METADATA_NAME_CHARS_MAX or has_control(name):
            description = f"must have a name of 1 to {METADATA_NAME_CHARS_MAX} characters without control characters"
            raise invalid(place, description)
        if len(value) > METADATA_VALUE_CHARS_MAX:
            raise invalid(place, f"must have at most {METADATA_VALUE_CHARS_MAX} characters, got {len(value):,}")
