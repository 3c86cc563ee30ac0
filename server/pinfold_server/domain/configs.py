"""What a training run may be asked to do; every option is implemented, every default was measured."""

import enum
import math
from collections.abc import Iterator
from dataclasses import dataclass

from pinfold_server.errors import FieldViolation

MAX_FEATURES_RANGE = (100, 1_000_000)
MIN_DF_RANGE = (1, 1_000)
WORD_NGRAM_RANGE = (0, 3)
CHAR_NGRAM_RANGE = (2, 6)
REGULARIZATION_RANGE = (1e-3, 1e3)
SEED_RANGE = (0, 2**31 - 1)


class Algorithm(enum.StrEnum):
    """How the weights of a label are fitted; both are linear in the features and give calibrated probabilities."""

    LINEAR_SVM = "linear_svm"
    LOGISTIC_REGRESSION = "logistic_regression"


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Options of one training; the same data and the same options give the same model file.

    algorithm: how weights are fitted.
    word_ngram_min, word_ngram_max: word n-grams of min..max neighbouring words, each 1..3; both 0 = none.
    char_ngram_min, char_ngram_max: n-grams of min..max characters within words, each 2..6; both 0 = none.
    max_features: most n-grams kept, 100..1,000,000; the ones found in most documents are kept.
    min_df: an n-gram must occur in this many documents, 1..1,000; relaxed for small data, see `effective_min_df`.
    regularization: weight of the training errors against the size of the weights ("C") of a label with 100 examples,
        0.001..1,000; it falls with the root of the examples, because frequent labels are noisier.
    seed: of the solver's order of examples, 0..2**31 - 1.
    """

    algorithm: Algorithm = Algorithm.LINEAR_SVM
    word_ngram_min: int = 1
    word_ngram_max: int = 2
    char_ngram_min: int = 3
    char_ngram_max: int = 5
    max_features: int = 200_000
    min_df: int = 2
    regularization: float = 0.7
    seed: int = 0


def validate(config: RunConfig) -> list[FieldViolation]:
    """Every rule that the options break, in the order of the fields; empty when they can be trained with."""
    return [*_algorithm(config), *_ngrams(config), *_ranges(config)]


def effective_min_df(config: RunConfig, documents: int) -> int:
    """`min_df`, but at most 1 + documents / 500: in a few hundred texts nearly every word is rare."""
    return min(config.min_df, 1 + documents // 500)


def _algorithm(config: RunConfig) -> Iterator[FieldViolation]:
    if config.algorithm not in tuple(Algorithm):
        yield FieldViolation("algorithm", f"must be one of {', '.join(Algorithm)}")


def _ngrams(config: RunConfig) -> Iterator[FieldViolation]:
    yield from _span("word_ngram", config.word_ngram_min, config.word_ngram_max, (1, WORD_NGRAM_RANGE[1]))
    yield from _span("char_ngram", config.char_ngram_min, config.char_ngram_max, CHAR_NGRAM_RANGE)
    if config.word_ngram_max == 0 and config.char_ngram_max == 0:
        yield FieldViolation("word_ngram_max", "must not be 0 when character n-grams are off: nothing is left to read")


def _span(name: str, smallest: int, largest: int, allowed: tuple[int, int]) -> Iterator[FieldViolation]:
    if smallest == 0 and largest == 0:
        return
    low, high = allowed
    for field, value in ((f"{name}_min", smallest), (f"{name}_max", largest)):
        if not low <= value <= high:
            yield FieldViolation(field, f"must be between {low} and {high}, or 0 with the other; got {value}")
    if smallest > largest:
        yield FieldViolation(f"{name}_min", f"must not exceed {name}_max; got {smallest} > {largest}")


def _ranges(config: RunConfig) -> Iterator[FieldViolation]:
    for field, value, (low, high) in (
        ("max_features", config.max_features, MAX_FEATURES_RANGE),
        ("min_df", config.min_df, MIN_DF_RANGE),
        ("regularization", config.regularization, REGULARIZATION_RANGE),
        ("seed", config.seed, SEED_RANGE),
    ):
        if not (math.isfinite(value) and low <= value <= high):
            yield FieldViolation(field, f"must be between {low:,} and {high:,}; got {value}")
