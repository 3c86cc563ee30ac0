"""Choices of questions about quality as strings, and their values on the wire."""

from enum import StrEnum

from pinfold._enums import Wire
from pinfold.v1 import rating_pb2, split_pb2, validation_pb2


class Outcome(StrEnum):
    """Truth and prediction of one label for one document."""

    TRUE_POSITIVE = "true_positive"
    FALSE_POSITIVE = "false_positive"
    FALSE_NEGATIVE = "false_negative"
    TRUE_NEGATIVE = "true_negative"


class RatingGrade(StrEnum):
    """Band of a rating: poor below 50, average below 70, good below 90; none where too little is known."""

    NONE = "none"
    POOR = "poor"
    AVERAGE = "average"
    GOOD = "good"
    EXCELLENT = "excellent"


class RatingFactorKind(StrEnum):
    """What a rating is made of."""

    ALL_LABELS = "all_labels"
    UNDERPERFORMING_LABELS = "underperforming_labels"
    COVERAGE = "coverage"
    BALANCE = "balance"


class Split(StrEnum):
    """Which part of a training a document is for; without one a hash of its id decides.

    TRAIN is always learnt from and never tested on, TEST the other way round; to VALIDATION probabilities and
    thresholds are fitted, and nothing else; UNASSIGNED is left out of trainings.
    """

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    UNASSIGNED = "unassigned"


#: Instead of a part: an earlier choice is taken back, and the hash decides again.
DEFAULT_SPLIT = "default"

SPLITS = Wire(Split, split_pb2.Split, "SPLIT")
RATING_GRADES = Wire(RatingGrade, rating_pb2.RatingGrade, "RATING_GRADE")
RATING_FACTOR_KINDS = Wire(RatingFactorKind, rating_pb2.RatingFactorKind, "RATING_FACTOR_KIND")
OUTCOMES = Wire(Outcome, validation_pb2.Outcome, "OUTCOME")
