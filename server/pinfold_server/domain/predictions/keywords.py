"""Keywords of a label: what, on average, speaks for it and against it."""

from dataclasses import dataclass

from pinfold_server.domain.predictions.explanations import FeatureKind

KEPT = 50
"""Keywords that a version keeps of each label, for it and against it."""
SHOWN_DEFAULT = 10


@dataclass(frozen=True, slots=True)
class Keyword:
    """`weight`: mean log-odds that the feature added in the training documents with the label (towards it) or without
    it (against it); `document_count`: those of them that have the feature.
    """

    feature: str
    kind: FeatureKind
    weight: float
    document_count: int


@dataclass(frozen=True, slots=True)
class LabelKeywords:
    """By falling magnitude."""

    label: str
    towards: tuple[Keyword, ...]
    against: tuple[Keyword, ...]
