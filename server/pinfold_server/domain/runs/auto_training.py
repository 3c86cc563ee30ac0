"""When a dataset trains by itself."""

from dataclasses import dataclass

from pinfold_server.errors import invalid

AFTER_CHANGES = 100
AFTER_QUIET_SECONDS = 60
AFTER_CHANGES_MAX = 1_000_000
AFTER_QUIET_SECONDS_MAX = 86_400


@dataclass(frozen=True, slots=True)
class AutoTraining:
    """Two conditions, each of which is enough; 0 turns one off. Raises AppError INVALID for values out of rule.

    `after_changes`: the revision is so many changes ahead of what was trained on. `after_quiet_seconds`: something
    changed, and nothing more for so long. `configuration_id` empty: the default options.
    """

    enabled: bool = False
    after_changes: int = AFTER_CHANGES
    after_quiet_seconds: int = AFTER_QUIET_SECONDS
    configuration_id: str = ""

    def __post_init__(self) -> None:
        _check_range(self.after_changes, "after_changes", AFTER_CHANGES_MAX)
        _check_range(self.after_quiet_seconds, "after_quiet_seconds", AFTER_QUIET_SECONDS_MAX)
        if self.enabled and not (self.after_changes or self.after_quiet_seconds):
            description = "must have a condition: after_changes, after_quiet_seconds or both"
            raise invalid("dataset.auto_training", description)

    def is_due(self, changes: int, quiet_seconds: float) -> bool:
        """Whether to train, `changes` after what was trained on and so long after the last of them."""
        if not self.enabled or changes <= 0:
            return False
        if self.after_changes and changes >= self.after_changes:
            return True
        return bool(self.after_quiet_seconds) and quiet_seconds >= self.after_quiet_seconds


def _check_range(value: int, name: str, most: int) -> None:
    if not 0 <= value <= most:
        raise invalid(f"dataset.auto_training.{name}", f"must be 0 to {most:,}, got {value:,}")
