"""How much a dataset and a document may hold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DatasetLimits:
    """What an operator can choose; everything else that is limited has a constant beside its rule."""

    labels_max: int = 1_024
    text_bytes_max: int = 1 << 20
