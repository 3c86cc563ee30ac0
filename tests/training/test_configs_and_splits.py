from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.runs.configs import Algorithm, CharScope, ClassWeight, RunConfig, effective_min_df, validate
from pinfold_server.domain.runs.splits import FOLDS, ValidationMode, fold_of, validation_mode

ACROSS = CharScope.ACROSS_WORDS
NGRAMS = ("word_ngram_min", "word_ngram_max", "char_ngram_min", "char_ngram_max")


def test_the_defaults_are_in_rule() -> None:
    assert validate(RunConfig()) == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"word_ngram_max": 4}, ["word_ngram_max"]),
        ({"word_ngram_min": 3}, ["word_ngram_min"]),
        ({"word_ngram_min": 0}, ["word_ngram_min"]),
        ({"char_ngram_min": 1}, ["char_ngram_min"]),
        ({"char_ngram_max": 7}, ["char_ngram_max"]),
        ({"char_ngram_min": 0}, ["char_ngram_min"]),
        ({"max_features": 99}, ["max_features"]),
        ({"max_features": 1_000_001}, ["max_features"]),
        ({"min_df": 0, "seed": -1}, ["min_df", "seed"]),
        ({"regularization": 0.0}, ["regularization"]),
        ({"regularization": float("nan")}, ["regularization"]),
        ({"regularization": float("inf")}, ["regularization"]),
        ({"algorithm": "forest"}, ["algorithm"]),
        ({"class_weight": "heavy", "char_scope": "everywhere"}, ["char_scope", "class_weight"]),
        ({"char_scope": ACROSS, "char_ngram_min": 0, "char_ngram_max": 0}, ["char_scope"]),
        ({"char_scope": ACROSS, "stop_words": ("the",), "word_ngram_min": 0, "word_ngram_max": 0}, ["stop_words"]),
        ({"algorithm": Algorithm.MULTINOMIAL_NAIVE_BAYES, "class_weight": ClassWeight.BALANCED}, ["class_weight"]),
        ({"stop_words": ("a",) * 1_001}, ["stop_words"]),
        ({"stop_words": ("the", "", "x" * 65)}, ["stop_words[1]", "stop_words[2]"]),
        (dict.fromkeys(NGRAMS, 0), ["word_ngram_max"]),
    ],
)
def test_options_out_of_rule_are_named(changes: dict[str, object], fields: list[str]) -> None:
    assert [violation.field for violation in validate(replace(RunConfig(), **changes))] == fields  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"word_ngram_min": 0, "word_ngram_max": 0},
        {"char_ngram_min": 0, "char_ngram_max": 0},
        {"word_ngram_min": 3, "word_ngram_max": 3},
        {"char_scope": ACROSS, "stop_words": ("the",), "class_weight": ClassWeight.BALANCED},
        {"stop_words": ("x" * 64,) * 1_000, "word_ngram_min": 0, "word_ngram_max": 0},
        {"max_features": 100, "min_df": 1_000, "regularization": 0.001, "seed": 2**31 - 1},
    ],
)
def test_options_at_the_edge_are_in_rule(changes: dict[str, object]) -> None:
    assert validate(replace(RunConfig(), **changes)) == []  # type: ignore[arg-type]


def test_rare_features_are_kept_in_small_data() -> None:
    assert [effective_min_df(RunConfig(min_df=3), documents) for documents in (10, 500, 1_000, 5_000)] == [1, 2, 3, 3]


def test_the_fold_of_a_document_never_changes() -> None:
    assert [fold_of("emails", str(number)) for number in range(8)] == FOLDS_OF_EMAILS
    assert fold_of("a", "bc") != fold_of("ab", "c") or fold_of("a", "bcd") != fold_of("ab", "cd")


def test_folds_are_about_equally_large() -> None:
    sizes = [0] * FOLDS
    for number in range(10_000):
        sizes[fold_of("source", f"document-{number}")] += 1
    assert min(sizes) > 1_850
    assert max(sizes) < 2_150


@given(st.text(), st.text())
def test_any_ids_have_a_fold(source_id: str, document_id: str) -> None:
    assert 0 <= fold_of(source_id, document_id) < FOLDS


def test_small_data_are_validated_fold_by_fold() -> None:
    assert validation_mode(4_999) is ValidationMode.K_FOLD
    assert validation_mode(5_000) is ValidationMode.HOLDOUT


FOLDS_OF_EMAILS = [3, 3, 4, 2, 2, 0, 0, 4]
