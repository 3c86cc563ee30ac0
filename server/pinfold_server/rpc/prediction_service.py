"""pinfold.v1.PredictionService."""

from collections.abc import AsyncIterator

from pinfold.v1.prediction_service_pb2 import (
    PredictRequest,
    PredictStreamRequest,
    PredictStreamResponse,
)
from pinfold_server.rpc.answer_bytes import AnswerWriter
from pinfold_server.rpc.calls import Context
from pinfold_server.rpc.convert_predictions import OptionsReader
from pinfold_server.rpc.handlers import parser, takes_bytes
from pinfold_server.rpc.prediction_stream import PredictionStream
from pinfold_server.services.predictions import PredictionService

_parse = parser(PredictRequest)


class PredictionServicer:
    """Each method converts, calls one use case and converts back."""

    def __init__(self, predictions: PredictionService) -> None:
        self._predictions = predictions
        self._options = OptionsReader()
        self._writer = AnswerWriter()

    @takes_bytes
    async def Predict(self, raw: bytes, context: Context) -> bytes:
        """A message that cannot be answered in time is refused unread: under overload most of them are."""
        self._predictions.check_unread(len(raw), context.time_remaining)
        request = _parse(raw)
        texts = list(request.texts)
        request.ClearField("texts")
        options = self._options.read(request)
        answer = await self._predictions.predict(options.query(texts), len(raw), context.time_remaining)
        return self._writer.write(answer, options)

    async def PredictStream(
        self, requests: AsyncIterator[PredictStreamRequest]
    ) -> AsyncIterator[PredictStreamResponse]:
        async with PredictionStream(self._predictions, requests) as stream:
            async for response in stream.answers():
                yield response
