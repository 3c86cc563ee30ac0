"""pinfold.v1.PredictionService."""

from collections.abc import AsyncIterator

from pinfold.v1.explanation_pb2 import ExplainRequest, ExplainResponse
from pinfold.v1.prediction_service_pb2 import (
    PredictDocumentsRequest,
    PredictDocumentsResponse,
    PredictMatchingDocumentsRequest,
    PredictMatchingDocumentsResponse,
    PredictRequest,
)
from pinfold_server.domain import names
from pinfold_server.errors import invalid
from pinfold_server.rpc.calls import Context
from pinfold_server.rpc.convert import convert_explanations
from pinfold_server.rpc.convert.convert_documents import coverage_to_pb
from pinfold_server.rpc.convert.convert_predictions import Options, answer_to_pb, options_from_pb
from pinfold_server.rpc.handlers import takes_bytes
from pinfold_server.rpc.poller import Poller
from pinfold_server.rpc.predictions.prediction_stream import PredictionStream
from pinfold_server.rpc.predictions.request_bytes import RequestReader
from pinfold_server.services.predictions.acceleration import CompiledWire
from pinfold_server.services.predictions.document_predictions import DocumentPredictionService, Which
from pinfold_server.services.predictions.explanations import ExplanationService
from pinfold_server.services.predictions.predictions import PredictionService


class PredictionServicer:
    """Each method converts, calls one use case and converts back."""

    def __init__(
        self,
        predictions: PredictionService,
        documents: DocumentPredictionService,
        explanations: ExplanationService,
        poller: Poller,
    ) -> None:
        self._predictions = predictions
        self._documents = documents
        self._explanations = explanations
        self._poller = poller
        self._reader = RequestReader()

    def accelerate(self, wire: CompiledWire) -> None:
        """From now on machine code reads requests where it can."""
        self._reader.accelerate(wire)

    @takes_bytes
    async def Predict(self, raw: bytes, context: Context) -> bytes:
        """A message that cannot be answered in time is refused unread: under overload most of them are."""
        self._poller.call_came()
        self._predictions.check_unread(len(raw), context.time_remaining)
        asking = self._reader.read(raw)
        query = asking.form.options.query(asking.texts)
        return await self._predictions.predict_as(asking.form, query, len(raw), context.time_remaining)

    @takes_bytes
    def PredictStream(self, raw: AsyncIterator[bytes], _context: Context) -> AsyncIterator[bytes]:
        return PredictionStream(self._predictions, self._reader, self._poller, raw).answers()

    async def Explain(self, request: ExplainRequest) -> ExplainResponse:
        explained = await self._explanations.explain(convert_explanations.query_from_pb(request))
        return convert_explanations.explained_to_pb(explained, request)

    async def PredictDocuments(self, request: PredictDocumentsRequest) -> PredictDocumentsResponse:
        options = _without_texts(request.options)
        answer = await self._documents.predict(options.query(()), request.documents)
        return PredictDocumentsResponse(answer=answer_to_pb(answer, options), documents=request.documents)

    async def PredictMatchingDocuments(
        self, request: PredictMatchingDocumentsRequest
    ) -> AsyncIterator[PredictMatchingDocumentsResponse]:
        sources = tuple(names.parse_source(name, f"sources[{place}]") for place, name in enumerate(request.sources))
        options = _without_texts(request.options)
        which = Which(sources, request.filter)
        scored = self._documents.predict_all(options.query(()), which, request.page_token)
        async for some in scored:
            yield PredictMatchingDocumentsResponse(
                answer=answer_to_pb(some.answer, options),
                documents=some.names,
                next_page_token=some.next_token,
                coverage=coverage_to_pb(some.scores),
            )


def _without_texts(request: PredictRequest) -> Options:
    if request.texts:
        raise invalid("options.texts", "must be empty: the texts are those of the documents")
    return options_from_pb(request)
