"""How questions about stored documents become calls, and answers predictions by document (pure)."""

from collections.abc import Callable, Iterable, Iterator

from pinfold import _convert, _methods, _names
from pinfold._calls import Call, Stream, call
from pinfold._predict import Question, request_without_texts
from pinfold._predictions import answer
from pinfold._review_types import DocumentPrediction
from pinfold._types import PredictionCoverage
from pinfold.filters import Filter, text_of
from pinfold.v1 import prediction_service_pb2 as pb
from pinfold.v1.prediction_pb2 import RESPONSE_FORM_COMPACT

DOCUMENTS_A_REQUEST = 512

Batch = list[DocumentPrediction]


class NamedDocuments:
    """The requests of one predict_documents() call, however many documents it names.

    As for texts, the version that answered the first request is named by number in the others.
    """

    def __init__(self, question: Question, source_id: str, ids: Iterable[str]) -> None:
        """Raises TypeError or ValueError naming the argument that cannot be sent."""
        self._options = _options(question)
        names = [_names.document(source_id, document_id) for document_id in _names.text_list(ids, "ids")]
        self._parts = [
            names[start : start + DOCUMENTS_A_REQUEST] for start in range(0, len(names), DOCUMENTS_A_REQUEST)
        ]

    def first(self) -> Call[Batch] | None:
        """None when no document is named."""
        return self._call(0, self._options, None) if self._parts else None

    def rest(self, answered: Batch) -> Iterator[Call[Batch]]:
        """The requests after the first."""
        first = answered[0].prediction
        options = _fixed(self._options, first.version)
        return (self._call(place, options, first.tag) for place in range(1, len(self._parts)))

    def _call(self, place: int, options: pb.PredictRequest, tag: str | None) -> Call[Batch]:
        request = pb.PredictDocumentsRequest(options=options, documents=self._parts[place])
        offset = place * DOCUMENTS_A_REQUEST
        return call(
            _methods.PREDICT_DOCUMENTS,
            request,
            lambda response: _batch(response.documents, response.answer, tag, offset),
        )


class AllDocuments:
    """A stream of predictions that goes on where it broke, with the version that it began with."""

    def __init__(
        self,
        question: Question,
        sources: Iterable[str] | None,
        wanted: str | Filter | None,
        told: Callable[[PredictionCoverage], object] | None = None,
    ) -> None:
        """`told` gets what a filter on predictions could see. Raises TypeError or ValueError naming the argument that
        cannot be sent.
        """
        self._told = told
        names = [] if sources is None else [_names.source(name) for name in _names.text_list(sources, "sources")]
        self._request = pb.PredictMatchingDocumentsRequest(
            options=_options(question), sources=names, filter=text_of(wanted)
        )
        self._tag: str | None = None
        self._read = 0

    def stream(self) -> Stream[Batch]:
        """What is still to come."""
        return Stream(_methods.PREDICT_MATCHING_DOCUMENTS, self._request, self._take)

    def _take(self, response: pb.PredictMatchingDocumentsResponse) -> Batch:
        self._tag = self._tag or response.answer.tag or None
        coverage = _convert.coverage(response)
        if self._told is not None and coverage is not None:
            self._told(coverage)
        batch = _batch(response.documents, response.answer, self._tag, self._read)
        self._read += len(batch)
        request = pb.PredictMatchingDocumentsRequest()
        request.CopyFrom(self._request)
        request.options.number = response.answer.version
        request.page_token = response.next_page_token
        self._request = request
        return batch


def _options(question: Question) -> pb.PredictRequest:
    request = request_without_texts(question)
    request.response_form = RESPONSE_FORM_COMPACT
    return request


def _fixed(options: pb.PredictRequest, version: int) -> pb.PredictRequest:
    fixed = pb.PredictRequest()
    fixed.CopyFrom(options)
    fixed.number = version
    return fixed


def _batch(names: Iterable[str], response: pb.PredictResponse, tag: str | None, offset: int) -> Batch:
    parts = map(_names.document_parts, names)
    predictions = answer(response, tag, offset).predictions
    return [
        DocumentPrediction(document_id, source_id, prediction)
        for (source_id, document_id), prediction in zip(parts, predictions, strict=True)
    ]
