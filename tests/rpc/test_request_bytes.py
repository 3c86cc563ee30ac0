"""Requests that machine code takes apart are read as protobuf reads them, or left to it."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinfold.v1.prediction_pb2 import RESPONSE_FORM_COMPACT
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictStreamRequest
from pinfold_server.engine import compilation
from pinfold_server.engine.ascii_texts import AsciiTexts
from pinfold_server.engine.spec import MAX_CODE_POINTS
from pinfold_server.errors import AppError
from pinfold_server.rpc.predictions.request_bytes import Asking, RequestReader

WIRE = compilation.build_wire()
FIELD = PredictRequest.TEXTS_FIELD_NUMBER

plain = st.text(st.characters(min_codepoint=1, max_codepoint=126), min_size=1, max_size=200).filter(
    lambda text: not text.isspace()
)
options = st.builds(
    PredictRequest,
    dataset=st.just("datasets/tickets"),
    tag=st.sampled_from(["live", "staging"]),
    labels=st.lists(st.sampled_from(["Billing", "é" * 70]), max_size=2),
    thresholds=st.dictionaries(st.sampled_from(["a", "b"]), st.floats(0, 1), max_size=2),
    top_k=st.sampled_from([0, 1, 2**31 - 1]),
    default_threshold=st.sampled_from([0.25, 0.5]),
)


def reader(*, compiled: bool) -> RequestReader:
    made = RequestReader()
    if compiled:
        made.accelerate(WIRE)
    return made


def read(message: bytes, *, compiled: bool) -> tuple[object, ...] | str:
    """What comes out, or the reason of the refusal."""
    try:
        asking = reader(compiled=compiled).read(message)
    except AppError as error:
        return error.reason
    told = asking.form.options
    # A map comes in any order, and in another one when it was written anew.
    asked = replace(told.asked, thresholds=tuple(sorted(told.asked.thresholds)))
    return told.dataset_id, told.wanted, asked, told.compact, told.tag, list(asking.texts)


@given(options, st.lists(plain, max_size=6))
def test_plain_texts_are_taken_apart_and_are_what_protobuf_reads(asked: PredictRequest, texts: list[str]) -> None:
    asked.texts.extend(texts)
    message = asked.SerializeToString()

    split = WIRE.split(message, FIELD)

    assert split is not None
    assert list(split.texts) == texts
    assert len(split.texts) == len(texts)
    assert split.texts.characters == sum(map(len, texts))
    assert read(message, compiled=True) == read(message, compiled=False)


@given(options, st.lists(st.text(max_size=9), max_size=4), st.data())
@example(PredictRequest(dataset="datasets/a"), ["\x1c\x1f \t"], None)
@example(PredictRequest(dataset="datasets/a"), ["ends\0here"], None)
def test_any_texts_are_read_alike(asked: PredictRequest, texts: list[str], data: st.DataObject | None) -> None:
    asked.texts.extend(texts)
    message = asked.SerializeToString()
    if data is not None:  # fields may come in any order, in pieces and more than once
        message = data.draw(st.sampled_from([b"", message, b"\x22\x02ab"])) + message

    assert read(message, compiled=True) == read(message, compiled=False)


def read_batch(message: bytes, *, compiled: bool) -> tuple[object, ...] | str:
    """What comes out, or the reason of the refusal."""
    try:
        batch = reader(compiled=compiled).read_batch(message)
    except AppError as error:
        return error.reason
    return batch.options, list(batch.texts)


@given(st.none() | options, st.lists(plain, max_size=6))
def test_plain_texts_of_a_batch_are_taken_apart_and_are_what_protobuf_reads(
    asked: PredictRequest | None, texts: list[str]
) -> None:
    batch = reader(compiled=True).read_batch(PredictStreamRequest(options=asked, texts=texts).SerializeToString())

    assert isinstance(batch.texts, AsciiTexts)
    assert (batch.options, list(batch.texts)) == (asked, texts)


@given(
    st.none() | options, st.lists(st.text(max_size=9), max_size=4), st.sampled_from([b"", b"\x12\x02ab", b"\x0a\x00"])
)
def test_any_texts_of_a_batch_are_read_alike(asked: PredictRequest | None, texts: list[str], before: bytes) -> None:
    message = before + PredictStreamRequest(options=asked, texts=texts).SerializeToString()

    assert read_batch(message, compiled=True) == read_batch(message, compiled=False)


@given(st.binary(max_size=60))
@example(b"\x0a\x02\x22\x05")  # options that end within a text
@example(b"\x0a\x03\x0a\x01\xff")  # a name that is not UTF-8
@example(b"\x12\x05ab")  # a length beyond the end
@example(b"\x10\x07")  # texts that are a number
@example(b"\x13\x14")  # a group
def test_any_bytes_of_a_batch_are_read_or_refused_alike(message: bytes) -> None:
    assert read_batch(message, compiled=True) == read_batch(message, compiled=False)


@given(st.binary(max_size=60))
@example(b"\x22\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")  # a length that is negative in 64 bits
@example(b"\x22\x05ab")  # a length beyond the end
@example(b"\x22")
@example(b"\x02\x01a")  # there is no field 0
@example(b"\x0a\x01\xff")  # a name that is not UTF-8
@example(b"\x23\x24")  # a group
@example(b"\x38" + b"\xff" * 10 + b"\x01")  # a number that does not end
@example(b"\x20\x07")  # texts that are a number
@example(b"\xaa\x88\x80\x80\x80\x80\x00\x01a")  # a key in more bytes than it needs
def test_any_bytes_are_read_or_refused_alike(message: bytes) -> None:
    assert read(message, compiled=True) == read(message, compiled=False)


@pytest.mark.parametrize("text", ["", " \t", "naïve", "a\0b", "x" * (MAX_CODE_POINTS + 1)])
def test_a_text_that_is_not_plain_is_left_to_protobuf(text: str) -> None:
    message = PredictRequest(dataset="datasets/tickets", texts=["plain", text]).SerializeToString()

    assert WIRE.split(message, FIELD) is None
    assert not isinstance(reader(compiled=True).read(message).texts, AsciiTexts)


def test_a_text_as_long_as_a_model_reads_is_plain() -> None:
    message = PredictRequest(texts=["x" * MAX_CODE_POINTS]).SerializeToString()

    assert WIRE.split(message, FIELD) is not None


@pytest.mark.parametrize("compiled", [False, True])
def test_equal_options_have_one_form(compiled: bool) -> None:
    shared = reader(compiled=compiled)

    def ask(text: str, form: int = 0) -> Asking:
        request = PredictRequest(dataset="datasets/tickets", texts=[text])
        request.response_form = form  # type: ignore[assignment]  # an int is what the wire brings
        return shared.read(request.SerializeToString())

    assert ask("one").form is ask("two").form
    assert ask("one").form is not ask("one", RESPONSE_FORM_COMPACT).form


@pytest.mark.parametrize("compiled", [False, True])
def test_a_stream_shares_the_form_of_requests_with_equal_options(compiled: bool) -> None:
    shared = reader(compiled=compiled)
    asked = PredictRequest(dataset="datasets/tickets", top_k=2)
    batch = shared.read_batch(PredictStreamRequest(options=asked, texts=["one"]).SerializeToString())
    assert batch.options is not None

    form = shared.form(batch.options)

    asked.texts.append("two")
    assert form is shared.read(asked.SerializeToString()).form
