"""Answers written as bytes are the messages of the protocol."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from pinfold.v1.prediction_pb2 import RESPONSE_FORM_COMPACT, RESPONSE_FORM_FULL, RESPONSE_FORM_UNSPECIFIED
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictResponse
from pinfold_server.domain.predictions.predictions import Picks, Selection
from pinfold_server.engine import compilation
from pinfold_server.engine.session import Scores
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_predictions import Options, answer_to_pb, options_from_pb
from pinfold_server.rpc.predictions.answer_bytes import VERSIONS_KEPT, AnswerWriter
from pinfold_server.services.predictions.predictions import Answer, Outcome

#: Names around the lengths at which a length takes another byte.
LABELS = ("Billing > Refund", "é", "x" * 119, "y" * 120, "z" * 121, "w" * 200, "Größe > 名前", "l" * 16_400)
SCORE = st.tuples(st.integers(0, len(LABELS) - 1), st.floats(0, 1, width=32))
TEXTS = st.lists(st.lists(SCORE, max_size=5), min_size=1, max_size=12)
VERSION = st.one_of(st.none(), st.sampled_from(["live", "latest"]), st.integers(1, 2**31 - 1))
FORMS = st.sampled_from([RESPONSE_FORM_UNSPECIFIED, RESPONSE_FORM_FULL, RESPONSE_FORM_COMPACT])


def answer(
    texts: list[list[tuple[int, float]]],
    *,
    cut: tuple[int, ...] = (),
    failed: tuple[int, ...] = (),
    labels: tuple[str, ...] = LABELS,
) -> Answer:
    picks = Picks(
        np.array([len(text) for text in texts]),
        np.array([column for text in texts for column, _ in text], np.int64),
        np.array([probability for text in texts for _, probability in text], np.float32),
    )
    truncated = np.zeros(len(texts), np.bool_)
    truncated[list(cut)] = True
    return Answer(7, labels, picks, truncated, {place: invalid(f"texts[{place}]", "is empty") for place in failed})


def request(version: str | int | None = None, form: int = RESPONSE_FORM_UNSPECIFIED) -> Options:
    asked = PredictRequest(dataset="datasets/tickets", response_form=form)
    if isinstance(version, int):
        asked.number = version
    elif version is not None:
        asked.tag = version
    return options_from_pb(asked)


@given(TEXTS, VERSION, FORMS)
def test_the_bytes_say_what_the_message_says(texts, version, form):
    found, asked = answer(texts), request(version, form)

    assert PredictResponse.FromString(AnswerWriter().write(found, asked)) == answer_to_pb(found, asked)


@given(TEXTS, st.data())
def test_texts_that_failed_or_were_cut_are_told(texts, data):
    places = st.lists(st.integers(0, len(texts) - 1), unique=True).map(tuple)
    failed = data.draw(places)
    texts = [[] if place in failed else text for place, text in enumerate(texts)]
    found = answer(texts, cut=data.draw(places), failed=failed)

    assert PredictResponse.FromString(AnswerWriter().write(found, request())) == answer_to_pb(found, request())


def test_versions_with_other_labels_do_not_get_mixed_up_however_many_there_are():
    writer = AnswerWriter()
    versions = [(f"label {number}", f"other {number}") for number in range(3 * VERSIONS_KEPT)]

    for labels in versions * 2:
        found = answer([[(0, 0.9)], [(1, 0.8), (0, 0.7)]], labels=labels)
        assert PredictResponse.FromString(writer.write(found, request())) == answer_to_pb(found, request())


def test_counts_and_places_of_two_bytes_are_written_too():
    labels = tuple(f"label {number}" for number in range(300))
    found = answer([[(column, 0.5) for column in range(300)], [(299, 0.25)], []], labels=labels)
    asked = request(form=RESPONSE_FORM_COMPACT)

    assert PredictResponse.FromString(AnswerWriter().write(found, asked)) == answer_to_pb(found, asked)


PROBABILITIES = st.lists(
    st.lists(st.floats(0, 1, width=32), min_size=len(LABELS), max_size=len(LABELS)), min_size=1, max_size=6
)
CUTS = st.lists(st.floats(0, 1, width=32) | st.just(float("inf")), min_size=len(LABELS), max_size=len(LABELS))


def outcome(
    probabilities: list[list[float]],
    cuts: list[float],
    top_k: int,
    *,
    columns: tuple[int, ...] | None = None,
    cut: bool = False,
) -> Outcome:
    thresholds = np.array(cuts, np.float32)
    scores = Scores(np.array(probabilities, np.float32), np.full(len(probabilities), cut))
    return Outcome(7, LABELS, scores, Selection(thresholds, columns, top_k), {})


COLUMNS = st.none() | st.lists(st.integers(0, len(LABELS) - 1), min_size=1, max_size=3).map(tuple)


@given(PROBABILITIES, CUTS, st.integers(0, len(LABELS) + 1), COLUMNS, FORMS)
@example([[0.5] * len(LABELS)] * 3, [0.0] * len(LABELS), 0, None, RESPONSE_FORM_FULL)  # all are equal, all are wanted
def test_machine_code_selects_and_writes_what_the_message_says(probabilities, cuts, top_k, columns, form):
    found, asked = outcome(probabilities, cuts, top_k, columns=columns), request(form=form)
    writer = AnswerWriter()
    plain = writer.write_outcome(found, asked)
    writer.accelerate(compilation.build_wire())

    assert PredictResponse.FromString(writer.write_outcome(found, asked)) == answer_to_pb(found.answer(), asked)
    assert PredictResponse.FromString(plain) == answer_to_pb(found.answer(), asked)


def test_machine_code_leaves_texts_that_were_cut_to_the_messages():
    writer = AnswerWriter()
    writer.accelerate(compilation.build_wire())
    found = outcome([[0.5] * len(LABELS)], [0.25] * len(LABELS), 2, cut=True)

    (prediction,) = PredictResponse.FromString(writer.write_outcome(found, request())).predictions

    assert prediction.truncated
    assert len(prediction.labels) == 2
