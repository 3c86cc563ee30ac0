"""Answers written as bytes are the messages of the protocol."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinfold.v1.prediction_pb2 import RESPONSE_FORM_COMPACT, RESPONSE_FORM_FULL, RESPONSE_FORM_UNSPECIFIED
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictResponse, PredictStreamResponse
from pinfold_server.domain.predictions.predictions import Selection
from pinfold_server.engine import compilation
from pinfold_server.engine.model import CompiledModel, FeatureOptions
from pinfold_server.engine.session import Model, Scores
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_predictions import Options, answer_to_pb, options_from_pb
from pinfold_server.rpc.predictions.answer_bytes import VERSIONS_KEPT, AnswerForm, batch_bytes
from pinfold_server.services.predictions.predictions import Outcome
from tests.compact_form import expanded
from tests.engine.models import TEXTS, loaded, random_model, widened

#: Names around the lengths at which a length takes another byte.
LABELS = ("Billing > Refund", "é", "x" * 119, "y" * 121, "l" * 16_400)
VERSION = st.one_of(st.none(), st.sampled_from(["live", "latest"]), st.integers(1, 2**31 - 1))
FORMS = st.sampled_from([RESPONSE_FORM_UNSPECIFIED, RESPONSE_FORM_FULL, RESPONSE_FORM_COMPACT])
PROBABILITIES = st.lists(
    st.lists(st.floats(0, 1, width=32), min_size=len(LABELS), max_size=len(LABELS)), min_size=1, max_size=6
)
CUTS = st.lists(st.floats(0, 1, width=32) | st.just(float("inf")), min_size=len(LABELS), max_size=len(LABELS))
COLUMNS = st.none() | st.lists(st.integers(0, len(LABELS) - 1), min_size=1, max_size=3).map(tuple)
TOP_K = st.integers(0, len(LABELS) + 1)
PARTS = st.lists(
    st.lists(st.sampled_from([*TEXTS, "", "?", "late refund"]), min_size=1, max_size=4), min_size=1, max_size=4
)


def answered_by_machine_code(model: CompiledModel) -> Model:
    made = loaded(model).compiled(compilation.build())
    assert made is not None
    return made


def compiled(labels: tuple[str, ...] = LABELS) -> Model:
    return answered_by_machine_code(replace(random_model(FeatureOptions(2, 3, 5)), labels=labels))


MODEL = compiled()
WIDE = answered_by_machine_code(widened(random_model(FeatureOptions(2, 3, 5)), 300))


def asking(version: str | int | None = None, form: int = RESPONSE_FORM_UNSPECIFIED) -> Options:
    asked = PredictRequest(dataset="datasets/tickets", response_form=form)
    if isinstance(version, int):
        asked.number = version
    elif version is not None:
        asked.tag = version
    return options_from_pb(asked)


def outcome(
    probabilities: list[list[float]],
    selection: Selection,
    *,
    cut: tuple[int, ...] = (),
    failed: tuple[int, ...] = (),
) -> Outcome:
    truncated = np.zeros(len(probabilities), np.bool_)
    truncated[list(cut)] = True
    scores = Scores(np.array(probabilities, np.float32), truncated)
    return Outcome(7, LABELS, scores, selection, {place: invalid(f"texts[{place}]", "is empty") for place in failed})


@given(PROBABILITIES, CUTS, TOP_K, COLUMNS, st.data())
def test_both_forms_say_the_same_and_which_texts_failed_or_were_cut(probabilities, cuts, top_k, columns, data):
    failed = data.draw(st.lists(st.integers(0, len(probabilities)), max_size=1).map(tuple))
    cut = data.draw(st.lists(st.integers(0, len(probabilities) - 1), unique=True).map(tuple))
    found = outcome(probabilities, Selection(np.array(cuts, np.float32), columns, top_k), failed=failed, cut=cut)

    full, compact = (
        PredictResponse.FromString(AnswerForm(asking(form=form)).of(found))
        for form in (RESPONSE_FORM_FULL, RESPONSE_FORM_COMPACT)
    )

    assert expanded(compact.compact) == list(full.predictions)
    assert len(full.predictions) == len(probabilities) + len(failed)
    assert tuple(place for place, told in enumerate(full.predictions) if told.HasField("error")) == failed
    assert sum(told.truncated for told in full.predictions) == len(cut)


def assert_written_as_told(model: Model, parts: list[list[str]], selection: Selection, options: Options) -> None:
    """That machine code writes of every part what the message says of it."""
    shortcut = AnswerForm(options).shortcut(7, model.labels, selection)
    assert shortcut is not None

    written = model.write([text for part in parts for text in part], [len(part) for part in parts], shortcut.writing)

    assert written is not None
    for part, messages in zip(parts, written, strict=True):
        expected = answer_to_pb(Outcome(7, model.labels, model.score(part), selection, {}).answer(), options)
        assert PredictResponse.FromString(shortcut.finish(messages)) == expected
        if options.compact:  # of several ways to write the same, that of protobuf
            assert messages == PredictResponse(compact=expected.compact).SerializeToString()


@given(PARTS, CUTS, TOP_K, COLUMNS, VERSION, FORMS)
@example([list(TEXTS) * 30] * 2, [0.0] * len(LABELS), 0, None, None, RESPONSE_FORM_FULL)  # all labels
@example([list(TEXTS) * 30] * 2, [0.0] * len(LABELS), 0, None, None, RESPONSE_FORM_COMPACT)
@example([list(TEXTS)] * 99, [1e-30] * len(LABELS), 0, None, None, RESPONSE_FORM_FULL)  # more than there is room for
@example([list(TEXTS)] * 99, [1e-30] * len(LABELS), 0, None, None, RESPONSE_FORM_COMPACT)  # at first
@example([["late"], ["?"], ["refund"] * 4], [np.inf] * len(LABELS), 0, None, None, RESPONSE_FORM_COMPACT)  # no labels
def test_machine_code_writes_what_the_message_says_of_every_part(parts, cuts, top_k, columns, version, form):
    selection = Selection(np.array(cuts, np.float32), columns, top_k)

    assert_written_as_told(MODEL, parts, selection, asking(version, form))


@given(
    parts=st.lists(st.lists(st.sampled_from([*TEXTS, "?"]), min_size=1, max_size=3), min_size=1, max_size=3),
    cut=st.sampled_from([0.0, 0.5, 0.9]),
    top_k=st.sampled_from([0, 1, 129, 300, 400]),
    form=FORMS,
)
@example([["?"] * 130, ["?"]], 1e-30, 0, RESPONSE_FORM_FULL)
@example([["?"] * 130, ["?"]], 1e-30, 0, RESPONSE_FORM_COMPACT)
def test_places_and_numbers_of_labels_may_take_two_bytes(parts, cut, top_k, form):
    assert_written_as_told(WIDE, parts, Selection(np.full(300, cut, np.float32), None, top_k), asking(form=form))


def test_a_text_that_is_cut_is_left_to_the_message():
    shortcut = AnswerForm(asking()).shortcut(7, LABELS, Selection(np.zeros(len(LABELS), np.float32)))
    assert shortcut is not None

    assert MODEL.write(["short", "x" * 65_537], [2], shortcut.writing) is None


@pytest.mark.parametrize("single", [False, True])
def test_a_text_has_the_same_message_in_any_company(single: bool):
    model = loaded(random_model(FeatureOptions(2, 3, 5), 3, single=single)).compiled(compilation.build())
    assert model is not None
    shortcut = AnswerForm(asking()).shortcut(7, model.labels, Selection(np.full(len(LABELS), 0.1, np.float32)))
    assert shortcut is not None

    together = model.write(TEXTS * 20, [1] * len(TEXTS) * 20, shortcut.writing)
    alone = [model.write([text], [1], shortcut.writing) for text in TEXTS]

    assert together == [messages for written in alone * 20 for messages in written or ()]


def test_versions_with_other_labels_do_not_get_mixed_up_however_many_there_are():
    form = AnswerForm(asking())
    versions = [tuple(f"{name} {number}" for name in "abcde") for number in range(VERSIONS_KEPT + 2)]
    models = {labels: compiled(labels) for labels in (versions[0], versions[-1])}

    for labels in (*versions, *versions):
        selection = Selection(np.zeros(len(labels), np.float32))
        shortcut = form.shortcut(7, labels, selection)
        assert shortcut is not None
        if (model := models.get(labels)) is not None:
            (messages,) = model.write(TEXTS, [len(TEXTS)], shortcut.writing) or ()
            expected = answer_to_pb(Outcome(7, labels, model.score(TEXTS), selection, {}).answer(), asking())
            assert PredictResponse.FromString(shortcut.finish(messages)) == expected


def test_a_shortcut_is_one_object_for_as_long_as_the_selection_is():
    form, selection = AnswerForm(asking()), Selection(np.zeros(len(LABELS), np.float32))

    assert form.shortcut(7, LABELS, selection) is form.shortcut(7, LABELS, selection)
    assert form.shortcut(7, LABELS, selection) is not form.shortcut(7, LABELS, Selection(selection.thresholds))


@given(st.integers(0, 2**63 - 1), st.integers(0, 20_000))
@example(0, 0)
@example(128, 128)
def test_the_answer_to_a_batch_is_the_answer_and_its_number(number: int, size: int):
    answer = PredictResponse(version=7, tag="x" * size)

    told = batch_bytes(number, answer.SerializeToString())

    assert told == PredictStreamResponse(batch=number, answer=answer).SerializeToString()
