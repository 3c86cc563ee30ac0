"""pinfold.v1.PredictionService."""

from collections.abc import AsyncIterator

from pinfold.v1.explanation_pb2 import ExplainRequest, ExplainResponse
from pinfold.v1.prediction_service_pb2 import (
    PredictRequest,
    PredictResponse,
    PredictStreamRequest,
    PredictStreamResponse,
)
from pinfold_server.rpc import convert_explanations
from pinfold_server.rpc.convert_predictions import answer_to_pb, query_from_pb
from pinfold_server.rpc.prediction_stream import PredictionStream
from pinfold_server.services.explanations import ExplanationService
from pinfold_server.services.predictions import PredictionService


class PredictionServicer:
    """Each method converts, calls one use case and converts back."""

    def __init__(self, predictions: PredictionService, explanations: ExplanationService) -> None:
        self._predictions = predictions
        self._explanations = explanations

    async def Predict(self, request: PredictRequest) -> PredictResponse:
        return answer_to_pb(await self._predictions.predict(query_from_pb(request)), request)

    async def PredictStream(
        self, requests: AsyncIterator[PredictStreamRequest]
    ) -> AsyncIterator[PredictStreamResponse]:
        async with PredictionStream(self._predictions, requests) as stream:
            async for response in stream.answers():
                yield response

    async def Explain(self, request: ExplainRequest) -> ExplainResponse:
        explained = await self._explanations.explain(convert_explanations.query_from_pb(request))
        return convert_explanations.explained_to_pb(explained, request)
