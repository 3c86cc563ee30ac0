"""pinfold.v1.PredictionService."""

from collections.abc import AsyncIterator

from pinfold.v1.prediction_service_pb2 import (
    PredictDocumentsRequest,
    PredictDocumentsResponse,
    PredictMatchingDocumentsRequest,
    PredictMatchingDocumentsResponse,
    PredictRequest,
    PredictResponse,
    PredictStreamRequest,
    PredictStreamResponse,
)
from pinfold_server.domain import names
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert_predictions import answer_to_pb, query_from_pb
from pinfold_server.rpc.prediction_stream import PredictionStream
from pinfold_server.services.document_predictions import DocumentPredictionService, Which
from pinfold_server.services.predictions import PredictionService, Query


class PredictionServicer:
    """Each method converts, calls one use case and converts back."""

    def __init__(self, predictions: PredictionService, documents: DocumentPredictionService) -> None:
        self._predictions = predictions
        self._documents = documents

    async def Predict(self, request: PredictRequest) -> PredictResponse:
        return answer_to_pb(await self._predictions.predict(query_from_pb(request)), request)

    async def PredictStream(
        self, requests: AsyncIterator[PredictStreamRequest]
    ) -> AsyncIterator[PredictStreamResponse]:
        async with PredictionStream(self._predictions, requests) as stream:
            async for response in stream.answers():
                yield response

    async def PredictDocuments(self, request: PredictDocumentsRequest) -> PredictDocumentsResponse:
        answer = await self._documents.predict(_without_texts(request.options), request.documents)
        return PredictDocumentsResponse(answer=answer_to_pb(answer, request.options), documents=request.documents)

    async def PredictMatchingDocuments(
        self, request: PredictMatchingDocumentsRequest
    ) -> AsyncIterator[PredictMatchingDocumentsResponse]:
        sources = tuple(names.parse_source(name, f"sources[{place}]") for place, name in enumerate(request.sources))
        which = Which(sources, request.filter)
        scored = self._documents.predict_all(_without_texts(request.options), which, request.page_token)
        async for some in scored:
            yield PredictMatchingDocumentsResponse(
                answer=answer_to_pb(some.answer, request.options), documents=some.names, next_page_token=some.next_token
            )


def _without_texts(options: PredictRequest) -> Query:
    if options.texts:
        raise invalid("options.texts", "must be empty: the texts are those of the documents")
    return query_from_pb(options)
