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
AUTO_SECONDS_RANGE = (1, 3_600)
STOP_WORDS_MAX = 1_000
STOP_WORD_LENGTH_MAX = 64


class Algorithm(enum.StrEnum):
    """How the weights of a label are fitted; all are linear in the features and give calibrated probabilities.

    AUTO stands for the best of the others on held-out documents.
    """

    LINEAR_SVM = "linear_svm"
    LOGISTIC_REGRESSION = "logistic_regression"
    COMPLEMENT_NAIVE_BAYES = "complement_naive_bayes"
    MULTINOMIAL_NAIVE_BAYES = "multinomial_naive_bayes"
    AUTO = "auto"


class CharScope(enum.StrEnum):
    """Where character n-grams lie."""

    WITHIN_WORDS = "within_words"
    ACROSS_WORDS = "across_words"


class FeatureSelection(enum.StrEnum):
    """Which n-grams are kept when there are more than `max_features`."""

    FREQUENCY = "frequency"
    CHI_SQUARE = "chi_square"


class StopWordList(enum.StrEnum):
    """A built-in list of stop words."""

    NONE = "none"
    ENGLISH = "english"


class ClassWeight(enum.StrEnum):
    """How much the few documents with a label count against the many without it."""

    NONE = "none"
    BALANCED = "balanced"


class LabelMode(enum.StrEnum):
    """What the probabilities of a text's labels have to do with each other.

    SINGLE_LABEL: those of the leaf labels add up to 1. AUTO: SINGLE_LABEL when every reviewed document has exactly one
    leaf label, otherwise MULTI_LABEL.
    """

    AUTO = "auto"
    MULTI_LABEL = "multi_label"
    SINGLE_LABEL = "single_label"


NAIVE_BAYES = (Algorithm.COMPLEMENT_NAIVE_BAYES, Algorithm.MULTINOMIAL_NAIVE_BAYES)


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Options of one training; the same data and the same options give the same model file.

    algorithm: how weights are fitted.
    word_ngram_min, word_ngram_max: word n-grams of min..max neighbouring words, each 1..3; both 0 = none.
    char_ngram_min, char_ngram_max: n-grams of min..max characters, each 2..6; both 0 = none.
    max_features: most n-grams kept, 100..1,000,000.
    min_df: an n-gram must occur in this many documents, 1..1,000; relaxed for small data, see `effective_min_df`.
    regularization: weight of the training errors against the size of the weights ("C") of a label with 100 examples,
        0.001..1,000; it falls with the root of the examples, because frequent labels are noisier. Logistic regression
        takes 30 times the number; naive Bayes smooths the more the smaller it is. Labels that exclude each other take
        1.4 times the number, others half of it.
    seed: of the solver's order of examples, 0..2**31 - 1.
    char_scope: whether character n-grams end with their word.
    feature_selection: which n-grams are kept, those in most documents or those that tell the labels apart best.
    stop_word_list, stop_words: words that are not read, the built-in list and up to 1,000 of one's own.
    fold_urls, fold_numbers: every web address, every run of digits is read as the same word.
    class_weight: whether documents with a label count as much, together, as all without it.
    label_mode: what the probabilities of a text's labels have to do with each other.
    auto_seconds: after these, 1..3,600, AUTO tries no further algorithm.
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
    char_scope: CharScope = CharScope.WITHIN_WORDS
    feature_selection: FeatureSelection = FeatureSelection.FREQUENCY
    stop_word_list: StopWordList = StopWordList.NONE
    stop_words: tuple[str, ...] = ()
    fold_urls: bool = False
    fold_numbers: bool = False
    class_weight: ClassWeight = ClassWeight.NONE
    label_mode: LabelMode = LabelMode.AUTO
    auto_seconds: int = 60

    @property
    def reads_across(self) -> bool:
        """Whether there are character n-grams that span words."""
        return self.char_ngram_max > 0 and self.char_scope is CharScope.ACROSS_WORDS


CHOICES: dict[str, type[enum.StrEnum]] = {
    "algorithm": Algorithm,
    "char_scope": CharScope,
    "feature_selection": FeatureSelection,
    "stop_word_list": StopWordList,
    "class_weight": ClassWeight,
    "label_mode": LabelMode,
}
"""The options that are one of several words."""


def validate(config: RunConfig) -> list[FieldViolation]:
    """Every rule that the options break; empty when they can be trained with."""
    return [*_choices(config), *_ngrams(config), *_ranges(config), *_stop_words(config), *_combinations(config)]


def effective_min_df(config: RunConfig, documents: int) -> int:
    """`min_df`, but at most 1 + documents / 500: in a few hundred texts nearly every word is rare."""
    return min(config.min_df, 1 + documents // 500)


def _choices(config: RunConfig) -> Iterator[FieldViolation]:
    for field, choices in CHOICES.items():
        if getattr(config, field) not in tuple(choices):
            yield FieldViolation(field, f"must be one of {', '.join(choices)}")


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
        ("auto_seconds", config.auto_seconds, AUTO_SECONDS_RANGE),
    ):
        if not (math.isfinite(value) and low <= value <= high):
            yield FieldViolation(field, f"must be between {low:,} and {high:,}; got {value}")


def _stop_words(config: RunConfig) -> Iterator[FieldViolation]:
    if len(config.stop_words) > STOP_WORDS_MAX:
        yield FieldViolation("stop_words", f"must be at most {STOP_WORDS_MAX:,}; got {len(config.stop_words):,}")
    for place, word in enumerate(config.stop_words[:STOP_WORDS_MAX]):
        if not 1 <= len(word) <= STOP_WORD_LENGTH_MAX:
            yield FieldViolation(f"stop_words[{place}]", f"must have 1 to {STOP_WORD_LENGTH_MAX} characters")


def _combinations(config: RunConfig) -> Iterator[FieldViolation]:
    """Options that would do nothing beside the others: whoever sets them expects that they do something."""
    if config.char_scope is CharScope.ACROSS_WORDS and config.char_ngram_max == 0:
        yield FieldViolation("char_scope", "must not be across_words when character n-grams are off")
    stops = bool(config.stop_words) or config.stop_word_list is not StopWordList.NONE
    if stops and config.word_ngram_max == 0 and config.reads_across:
        field = "stop_words" if config.stop_words else "stop_word_list"
        yield FieldViolation(field, "have no effect on character n-grams across words, and nothing else is read")
    if config.class_weight is ClassWeight.BALANCED and config.algorithm in NAIVE_BAYES:
        yield FieldViolation("class_weight", "must not be balanced with naive Bayes, which compares shares already")
