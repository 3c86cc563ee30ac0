"""PredictStream and the compact form, through a real server."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence

import grpc
import pytest
from google.protobuf.message import Message

from pinfold.v1.prediction_pb2 import RESPONSE_FORM_COMPACT, RESPONSE_FORM_FULL
from pinfold.v1.prediction_service_pb2 import (
    PredictRequest,
    PredictResponse,
    PredictStreamRequest,
    PredictStreamResponse,
)
from pinfold.v1.prediction_service_pb2_grpc import PredictionServiceStub
from tests.compact_form import expanded
from tests.serving import HANG_SECONDS, Trained, ticket_rows

TEXTS = [str(row["text"]) for row in ticket_rows()]


@pytest.fixture
async def stub(trained: Trained) -> AsyncIterator[PredictionServiceStub]:
    async with grpc.aio.insecure_channel(trained.server.target) as channel:
        yield PredictionServiceStub(channel)


def options(trained: Trained, **more: object) -> PredictRequest:
    return PredictRequest(dataset=f"datasets/{trained.dataset}", **more)  # type: ignore[arg-type]


def messages(first: PredictRequest, batches: Iterable[Sequence[str]]) -> list[PredictStreamRequest]:
    return [PredictStreamRequest(options=first), *(PredictStreamRequest(texts=texts) for texts in batches)]


async def ask(stub: PredictionServiceStub, requests: Iterable[Message]) -> list[PredictStreamResponse]:
    return [response async for response in stub.PredictStream(iter(requests), timeout=HANG_SECONDS)]


async def refusal(stub: PredictionServiceStub, requests: Iterable[Message]) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(stub, requests)
    return caught.value


@pytest.mark.parametrize("form", [RESPONSE_FORM_FULL, RESPONSE_FORM_COMPACT])
async def test_batches_are_answered_in_order_with_the_bits_of_unary_calls(stub, trained: Trained, form: int) -> None:
    batches = [TEXTS[place % 40 :][: 1 + place % 7] for place in range(140)]
    asked = options(trained, all_scores=True, response_form=form)

    answers = await ask(stub, messages(asked, batches))

    assert [answer.batch for answer in answers] == list(range(140))
    for answer, texts in zip(answers, batches, strict=True):
        assert answer.answer == await stub.Predict(options(trained, all_scores=True, response_form=form, texts=texts))


@pytest.mark.parametrize("form", [RESPONSE_FORM_FULL, RESPONSE_FORM_COMPACT])
async def test_batches_of_any_texts_are_answered_as_unary_calls_are(stub, trained: Trained, form: int) -> None:
    """Plain ones and others, one and many, with texts that fail or are cut, in one stream."""
    batches = [["where is my refund"], ["naïve", "é"], TEXTS * 4, ["", "a"], ["x" * 70_000, "b"], [" ", "a\0b"]]

    answers = await ask(stub, messages(options(trained, response_form=form), batches))

    for answer, texts in zip(answers, batches, strict=True):
        assert answer.answer == await stub.Predict(options(trained, response_form=form, texts=texts))


async def test_the_compact_form_says_the_same_as_the_full_one(stub, trained: Trained) -> None:
    texts = [*TEXTS[:50], "", "x" * 70_000, " "]
    for more in ({}, {"all_scores": True}, {"top_k": 1, "default_threshold": 0.9}):
        full = await stub.Predict(options(trained, texts=texts, **more))
        packed = await stub.Predict(options(trained, texts=texts, response_form=RESPONSE_FORM_COMPACT, **more))

        assert expanded(packed.compact) == list(full.predictions)
        assert (packed.version, packed.tag, len(packed.predictions)) == (full.version, full.tag, 0)
        assert not full.HasField("compact")
        assert len(set(packed.compact.label_names)) == len(packed.compact.label_names)


async def test_a_stream_may_be_compact_and_start_with_texts(stub, trained: Trained) -> None:
    first = PredictStreamRequest(options=options(trained, response_form=RESPONSE_FORM_COMPACT), texts=TEXTS[:3])

    (answer,) = await ask(stub, [first])

    full: PredictResponse = await stub.Predict(options(trained, texts=TEXTS[:3]))
    assert expanded(answer.answer.compact) == list(full.predictions)


async def test_a_batch_that_fails_does_not_end_the_stream(stub, trained: Trained) -> None:
    batches = [["a"], ["a"] * 4_097, ["", "b"], ["c"]]

    answers = await ask(stub, messages(options(trained), batches))

    assert [answer.error.reason for answer in answers] == ["", "TEXT_COUNT", "", ""]
    assert answers[1].error.index == 1
    assert [one.error.reason for one in answers[2].answer.predictions] == ["EMPTY_TEXT", ""]


async def test_a_tag_that_is_not_set_fails_batches_and_not_the_stream(stub, trained: Trained) -> None:
    answers = await ask(stub, messages(options(trained, tag="nowhere"), [["a"], ["b"]]))

    assert [answer.error.code for answer in answers] == [grpc.StatusCode.NOT_FOUND.value[0]] * 2


@pytest.mark.parametrize(
    ("requests", "reason"),
    [
        ([PredictStreamRequest(texts=["a"])], "MISSING_OPTIONS"),
        ([PredictStreamRequest(options=PredictRequest(dataset="nonsense"))], "INVALID_NAME"),
        ([PredictStreamRequest(options=PredictRequest(dataset="datasets/a", texts=["a"]))], "INVALID_FIELD"),
        (
            [PredictStreamRequest(options=PredictRequest(dataset="datasets/a", default_threshold=2))],
            "INVALID_THRESHOLD",
        ),
        ([PredictStreamRequest(options=PredictRequest(dataset="datasets/a"))] * 2, "REPEATED_OPTIONS"),
        ([PredictStreamRequest(options=PredictRequest(dataset="datasets/a")), PredictStreamRequest()], "TEXT_COUNT"),
    ],
)
async def test_wrong_options_end_the_stream(stub, requests: list[PredictStreamRequest], reason: str) -> None:
    error = await refusal(stub, requests)

    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert reason.encode() in error.trailing_metadata()["grpc-status-details-bin"]


async def test_what_came_before_a_wrong_message_is_answered_first(stub, trained: Trained) -> None:
    call = stub.PredictStream(
        iter([*messages(options(trained), [["a"], ["b"]]), PredictStreamRequest()]), timeout=HANG_SECONDS
    )

    assert [(await call.read()).batch for _ in range(2)] == [0, 1]
    with pytest.raises(grpc.aio.AioRpcError):
        await call.read()


async def test_an_empty_stream_ends_well(stub, trained: Trained) -> None:
    assert await ask(stub, []) == []
    assert await ask(stub, messages(options(trained), [])) == []


async def test_a_caller_that_does_not_read_is_slowed_down_and_harms_nobody(stub, trained: Trained) -> None:
    sent = 0

    async def endless() -> AsyncIterator[PredictStreamRequest]:
        nonlocal sent
        yield PredictStreamRequest(options=options(trained, all_scores=True))
        while True:
            sent += 1
            yield PredictStreamRequest(texts=TEXTS * 8)

    # Windows of HTTP/2 that do not grow with the speed of the line.
    small_windows = [("grpc.http2.bdp_probe", 0)]
    async with grpc.aio.insecure_channel(trained.server.target, options=small_windows) as channel:
        slow = PredictionServiceStub(channel)
        calls = [slow.PredictStream(endless(), timeout=HANG_SECONDS) for _ in range(3)]
        for call in calls:
            await call.read()
        before = -1
        while sent != before:
            before = sent
            await asyncio.sleep(0.5)
        answer = await stub.Predict(options(trained, texts=["where is my refund"]), timeout=HANG_SECONDS)

    assert answer.version == trained.first
    # What they sent before they came to a stand lies in the windows of the server.
    assert sent * sum(map(len, TEXTS * 8)) < 64 << 20


async def test_concurrent_calls_with_different_options_get_the_bits_they_get_alone(stub, trained: Trained) -> None:
    variants = [{}, {"all_scores": True}, {"top_k": 1}, {"labels": ["Login"], "all_scores": True}, {"number": 2}]
    requests = [
        options(trained, texts=TEXTS[place : place + 1 + place % 3], **variants[place % len(variants)])
        for place in range(100)
    ]

    together = await asyncio.gather(*(stub.Predict(request) for request in requests))

    for request, answer in zip(requests, together, strict=True):
        assert answer == await stub.Predict(request)
