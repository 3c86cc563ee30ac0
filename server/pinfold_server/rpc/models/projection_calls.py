"""The part of pinfold.v1.ModelService that draws documents in a plane."""

import itertools
from collections.abc import AsyncIterator, Iterator

from pinfold.v1 import projection_pb2 as pb
from pinfold_server.domain import names
from pinfold_server.domain.quality.projections import ProjectionMethod
from pinfold_server.errors import invalid
from pinfold_server.services.quality.projections import (
    ProjectedDocument,
    Projection,
    ProjectionQuery,
    ProjectionService,
)

DOCUMENTS_A_MESSAGE = 500

_METHODS = {
    pb.PROJECTION_METHOD_UNSPECIFIED: ProjectionMethod.PCA,
    pb.PROJECTION_METHOD_PCA: ProjectionMethod.PCA,
    pb.PROJECTION_METHOD_UMAP: ProjectionMethod.UMAP,
}


class ProjectionCalls:
    """Each method converts, calls one use case and converts back."""

    def __init__(self, projections: ProjectionService) -> None:
        self._projections = projections

    async def GetProjection(self, request: pb.GetProjectionRequest) -> AsyncIterator[pb.GetProjectionResponse]:
        found = await self._projections.project(_query(request))
        documents = iter(found.documents)
        first = _part(documents)
        _describe(first, found)
        yield first
        while (part := _part(documents)).documents:
            yield part


def _query(request: pb.GetProjectionRequest) -> ProjectionQuery:
    dataset, version = names.parse_version(request.version, "version")
    if request.method not in _METHODS:
        raise invalid("method", f"is not known to this server: {request.method}")
    return ProjectionQuery(dataset, version, _METHODS[request.method], request.max_documents, request.seed)


def _part(documents: Iterator[ProjectedDocument]) -> pb.GetProjectionResponse:
    """The next documents; none once they have all been sent."""
    some = itertools.islice(documents, DOCUMENTS_A_MESSAGE)
    return pb.GetProjectionResponse(documents=map(_document_to_pb, some))


def _document_to_pb(document: ProjectedDocument) -> pb.ProjectedDocument:
    return pb.ProjectedDocument(
        document=names.document_name(document.source_id, document.document_id),
        x=document.x,
        y=document.y,
        true_labels=document.true_labels,
        predicted_labels=document.predicted_labels,
    )


def _describe(message: pb.GetProjectionResponse, found: Projection) -> None:
    message.version, message.total_count = found.version, found.total
    if found.explained is not None:
        message.explained_variance = found.explained
