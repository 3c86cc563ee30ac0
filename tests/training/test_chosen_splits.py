"""Parts of a training that people choose: what is learnt from, what is tested on, and what that does to the file."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.runs.splits import TEST_FOLD, Split, ValidationMode, fold_of, split_digest
from pinfold_server.training.contract import RefusalReason, TrainingRefused, TrainingSet
from pinfold_server.training.validate.holding_out import learnt_rows, plan, roles
from tests.training.tickets import tickets, trained

PARTS = st.sampled_from([Split.DEFAULT, Split.TRAIN, Split.VALIDATION, Split.TEST])


def some(documents: int, parts: list[Split] | None = None) -> TrainingSet:
    return TrainingSet(
        source_ids=("mail",) * documents,
        document_ids=tuple(f"d{number}" for number in range(documents)),
        texts=("text",) * documents,
        label_names=("A",),
        assigned=np.zeros((documents, 1), np.bool_),
        parts=None if parts is None else np.array(parts, np.int8),
    )


def with_parts(data: TrainingSet, part: Split, rows: slice) -> TrainingSet:
    parts = np.zeros(len(data.texts), np.int8)
    parts[rows] = part
    return replace(data, parts=parts)


@given(st.lists(PARTS, min_size=1, max_size=60), st.booleans())
def test_every_document_has_the_role_that_was_chosen(chosen: list[Split], large: bool) -> None:
    parts = chosen + [Split.DEFAULT] * (5_000 if large else 0)
    data = some(len(parts), parts)
    planned = plan(data)
    assert planned.mode is (ValidationMode.HOLDOUT if large else ValidationMode.K_FOLD)
    learnt, tested = np.zeros(len(parts), int), np.zeros(len(parts), int)
    for turn in planned.turns:
        assert not set(turn.train.tolist()) & set(turn.test.tolist())
        learnt[turn.train] += 1
        tested[turn.test] += 1
    assert np.array_equal(learnt > 0, planned.fitted)
    for row, part in enumerate(parts):
        in_test_fold = fold_of("mail", f"d{row}") == TEST_FOLD
        if part in (Split.TEST, Split.VALIDATION):
            assert (learnt[row], tested[row]) == (0, 1)
        elif part is Split.TRAIN:
            assert (learnt[row], tested[row]) == (len(planned.turns), 0)
        elif large:
            assert (learnt[row], tested[row]) == (not in_test_fold, in_test_fold)
        else:
            assert (learnt[row], tested[row]) == (4, 1)


def test_without_a_choice_all_is_as_it_was() -> None:
    data = some(40)
    assert learnt_rows(data) is None
    assert learnt_rows(some(40, [Split.TRAIN] * 40)) is None
    assert roles(data, np.arange(40)) == (slice(None), slice(None))
    for chosen, unchosen in zip(plan(some(40, [Split.DEFAULT] * 40)).turns, plan(data).turns, strict=True):
        assert np.array_equal(chosen.train, unchosen.train)
        assert np.array_equal(chosen.test, unchosen.test)


def test_a_test_document_is_not_learnt_from_by_the_file_that_is_published() -> None:
    data = tickets()
    held = with_parts(data, Split.TEST, slice(0, 40, 4))
    rows = learnt_rows(held)
    assert rows is not None
    model = trained(held)
    assert model.sha256 == trained(held).sha256 != trained(data).sha256
    assert set(range(0, 40, 4)) <= set(model.held_out.rows.tolist())
    assert model.train_size == len(rows) == len(data.texts) - 10
    # Its curves were fitted on other documents, but what it knows is what the others taught it.
    assert model.feature_count == trained(replace(data.only(rows), parts=None)).feature_count


def test_figures_are_of_test_documents_only_where_others_were_chosen_to_tune_with() -> None:
    data = tickets()
    model = trained(with_parts(data, Split.VALIDATION, slice(0, None, 2)))
    assert sorted(model.held_out.rows.tolist()) == list(range(1, len(data.texts), 2))
    assert model.test_size == len(model.held_out.rows)
    assert all(label.thresholds is not None for label in model.labels)
    assert model.summary.micro_f1 > 0.5


def test_a_dataset_of_which_nothing_is_tested_has_a_model_without_figures() -> None:
    model = trained(with_parts(tickets(), Split.TRAIN, slice(None)))
    assert (model.test_size, model.summary.mean_average_precision) == (0, None)
    assert model.train_size == len(tickets().texts)


def test_a_dataset_of_which_nothing_may_be_learnt_is_refused() -> None:
    with pytest.raises(TrainingRefused) as refused:
        trained(with_parts(tickets(), Split.TEST, slice(None)))
    assert refused.value.reason is RefusalReason.NO_ANNOTATIONS


def test_a_digest_names_the_mode_and_every_choice_in_any_order() -> None:
    chosen = [("mail", "a", Split.TEST), ("mail", "b", Split.TRAIN)]
    known = split_digest(ValidationMode.K_FOLD, chosen)
    assert known == split_digest(ValidationMode.K_FOLD, reversed(chosen))
    others = {
        split_digest(ValidationMode.HOLDOUT, chosen),
        split_digest(ValidationMode.K_FOLD, []),
        split_digest(ValidationMode.K_FOLD, chosen[:1]),
        split_digest(ValidationMode.K_FOLD, [("mail", "a", Split.TRAIN), chosen[1]]),
        split_digest(ValidationMode.K_FOLD, [("mai", "la", Split.TEST), chosen[1]]),
    }
    assert len(others | {known}) == 6
