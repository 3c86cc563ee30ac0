"""Answers written as bytes are the messages of the protocol."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinfold.v1.prediction_pb2 import RESPONSE_FORM_COMPACT, RESPONSE_FORM_FULL, RESPONSE_FORM_UNSPECIFIED
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictResponse
from pinfold_server.domain.predictions.predictions import Selection
from pinfold_server.engine import compilation
from pinfold_server.engine.model import FeatureOptions
from pinfold_server.engine.session import Model, Scores
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_predictions import Options, answer_to_pb, options_from_pb
from pinfold_server.rpc.predictions.answer_bytes import VERSIONS_KEPT, AnswerForm
from pinfold_server.services.predictions.predictions import Outcome
from tests.engine.models import TEXTS, loaded, random_model

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
    st.lists(st.sampled_from([*TEXTS, "", "?", "late refund"]), max_size=4), min_size=1, max_size=4
).filter(any)


def compiled(labels: tuple[str, ...] = LABELS) -> Model:
    model = loaded(replace(random_model(FeatureOptions(2, 3, 5)), labels=labels)).compiled(compilation.build())
    assert model is not None
    return model


MODEL = compiled()


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


@given(PROBABILITIES, CUTS, TOP_K, COLUMNS, VERSION, FORMS)
@example([[0.5] * len(LABELS)] * 3, [0.0] * len(LABELS), 0, None, None, RESPONSE_FORM_COMPACT)  # all equal, all wanted
def test_the_bytes_of_an_outcome_say_what_the_message_says(probabilities, cuts, top_k, columns, version, form):
    options = asking(version, form)
    found = outcome(probabilities, Selection(np.array(cuts, np.float32), columns, top_k))

    assert PredictResponse.FromString(AnswerForm(options).of(found)) == answer_to_pb(found.answer(), options)


@given(PROBABILITIES, FORMS, st.data())
def test_texts_that_failed_or_were_cut_are_told(probabilities, form, data):
    failed = data.draw(st.lists(st.integers(0, len(probabilities)), unique=True, max_size=1).map(tuple))
    cut = data.draw(st.lists(st.integers(0, len(probabilities) - 1), unique=True).map(tuple))
    found = outcome(probabilities, Selection(np.full(len(LABELS), 0.5, np.float32)), cut=cut, failed=failed)

    told = PredictResponse.FromString(AnswerForm(asking(form=form)).of(found))

    assert told == answer_to_pb(found.answer(), asking(form=form))


@given(PARTS, CUTS, TOP_K, COLUMNS, VERSION)
@example([list(TEXTS) * 30], [0.0] * len(LABELS), 0, None, None)  # more than there is room for at first
def test_machine_code_writes_what_the_message_says_of_every_part(parts, cuts, top_k, columns, version):
    options, selection = asking(version), Selection(np.array(cuts, np.float32), columns, top_k)
    shortcut = AnswerForm(options).shortcut(7, LABELS, selection)
    assert shortcut is not None

    written = MODEL.write([text for part in parts for text in part], [len(part) for part in parts], shortcut.writing)

    assert written is not None
    for part, messages in zip(parts, written, strict=True):
        expected = answer_to_pb(Outcome(7, LABELS, MODEL.score(part), selection, {}).answer(), options)
        assert PredictResponse.FromString(shortcut.finish(messages)) == expected


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
