"""Why a text got a label: what its words and n-grams added to the label's score."""

import enum
from dataclasses import dataclass

CONTRIBUTIONS_DEFAULT = 10
CONTRIBUTIONS_MAX = 1_000
LABELS_MAX = 64
LISTED_MAX = 16_000
"""Contributions of all labels together: an answer must fit a message."""
SPANS_MAX = 100
FEATURE_CHARACTERS_MAX = 100


class FeatureKind(enum.StrEnum):
    """What a feature is made of."""

    WORD = "word"
    WORD_NGRAM = "word_ngram"
    CHAR_NGRAM = "char_ngram"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature of a text added to a score.

    `feature`: as the model reads it; a character n-gram has a space where a word begins or ends. `known`: the model
    knows the feature itself; a word that it does not know adds through its character n-grams. `weight`: log-odds.
    `spans`: start and end of the first `SPANS_MAX` of `occurrences` in code points of the original text. `feature` is
    cut to its first `FEATURE_CHARACTERS_MAX` characters; none that a model knows is longer.
    """

    kind: FeatureKind
    feature: str
    known: bool
    weight: float
    spans: tuple[tuple[int, int], ...]
    occurrences: int


@dataclass(frozen=True, slots=True)
class LabelExplanation:
    """bias + weights of `contributions` + remaining = score, in log-odds before the sigmoid or softmax.

    `contributions` by falling magnitude; `remaining` is the sum of `remaining_count` others. `threshold`: the cut at
    which the label is predicted unless a request says otherwise. `raised_by`: the descendant whose probability this
    label was raised to. `sum_of`: the leaves whose probabilities add up to this one's, most probable first; such a
    label has no score of its own.
    """

    name: str
    probability: float
    threshold: float
    score: float | None
    bias: float | None
    contributions: tuple[Contribution, ...]
    remaining: float
    remaining_count: int
    raised_by: str | None
    sum_of: tuple[str, ...]
