"""One PredictStream call: batches are scored while earlier answers are on their way, and answered in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Any, Self

from pinfold.v1.prediction_service_pb2 import PredictStreamRequest, PredictStreamResponse
from pinfold_server.errors import AppError, invalid
from pinfold_server.rpc.convert.convert_predictions import Options, answer_to_pb, failure_to_pb, options_from_pb
from pinfold_server.services.predictions.predictions import PredictionService

#: Batches of one stream that are scored or wait to be sent. More would be read from the caller only to lie here: a
#: stream that is not read stops reading, and HTTP/2 then stops its caller.
BATCHES_MAX = 4

_Answering = asyncio.Task[PredictStreamResponse]


class PredictionStream:
    """Reads ahead in a task of its own, which ends with the `async with` block."""

    def __init__(self, predictions: PredictionService, requests: AsyncIterator[PredictStreamRequest]) -> None:
        self._predictions = predictions
        self._requests = requests
        self._room = asyncio.Semaphore(BATCHES_MAX)
        # None ends the stream.
        self._answering: asyncio.Queue[_Answering | None] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        left: list[asyncio.Task[Any]] = [self._reading]
        while not self._answering.empty():
            if (answering := self._answering.get_nowait()) is not None:
                left.append(answering)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def answers(self) -> AsyncIterator[PredictStreamResponse]:
        """One for each batch. Raises AppError, after the answers to the batches before, for what ends a stream."""
        while (task := await self._answering.get()) is not None:
            with contextlib.ExitStack() as undo:
                undo.callback(task.cancel)
                yield await task
            self._room.release()
        await self._reading

    async def _read(self) -> None:
        try:
            first = await anext(self._requests, None)
            if first is None:
                return
            options = _options(first)
            number = await self._begin(0, options, first)
            async for request in self._requests:
                if request.HasField("options"):
                    raise invalid("options", "must come in the first message only", "REPEATED_OPTIONS")
                if not request.texts:
                    raise invalid("texts", "must not be empty in a message after the first", "TEXT_COUNT")
                number = await self._begin(number, options, request)
        finally:
            self._answering.put_nowait(None)

    async def _begin(self, number: int, options: Options, request: PredictStreamRequest) -> int:
        """Starts the batch of a message, as soon as there is room; the number of the next batch."""
        if not request.texts:
            return number
        await self._room.acquire()
        answering = self._answer(number, options, list(request.texts))
        self._answering.put_nowait(asyncio.create_task(answering))
        return number + 1

    async def _answer(self, number: int, options: Options, texts: Sequence[str]) -> PredictStreamResponse:
        try:
            answer = await self._predictions.predict_patiently(options.query(texts))
        except AppError as error:
            return PredictStreamResponse(batch=number, error=failure_to_pb(number, error))
        return PredictStreamResponse(batch=number, answer=answer_to_pb(answer, options))


def _options(first: PredictStreamRequest) -> Options:
    if not first.HasField("options"):
        raise invalid("options", "must come in the first message", "MISSING_OPTIONS")
    if first.options.texts:
        raise invalid("options.texts", "must be empty: texts come in the messages themselves")
    return options_from_pb(first.options)
