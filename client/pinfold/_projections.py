"""Held-out documents in a plane: the call, and what callers hold of the answer (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pinfold import _methods, _names
from pinfold._calls import Stream
from pinfold._enums import Wire
from pinfold.v1 import projection_pb2 as pb

# UMAP compiles itself and then works for seconds to minutes.
PROJECTION_SECONDS = 300.0


class ProjectionMethod(StrEnum):
    """Principal components, or uniform manifold approximation, which needs umap-learn beside the server."""

    PCA = "pca"
    UMAP = "umap"


PROJECTION_METHODS = Wire(ProjectionMethod, pb.ProjectionMethod, "PROJECTION_METHOD")


@dataclass(frozen=True, slots=True)
class ProjectedDocument:
    """A held-out document in the plane; the scale of `x` and `y` means nothing."""

    document_id: str
    source: str
    x: float
    y: float
    true_labels: tuple[str, ...]
    predicted_labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """Held-out documents of a version, all of `total` or a part; `explained_variance` 0 to 1, None for UMAP."""

    version: int
    total: int
    explained_variance: float | None
    documents: tuple[ProjectedDocument, ...]


def get_projection(
    dataset_id: str, number: int, method: ProjectionMethod | str, limit: int | None, seed: int
) -> Stream[pb.GetProjectionResponse]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    request = pb.GetProjectionRequest(
        version=_names.version(dataset_id, number),
        method=PROJECTION_METHODS.encode(method, "method"),
        max_documents=0 if limit is None else _names.number_argument(limit, "limit"),
        seed=_names.number_argument(seed, "seed") if seed else 0,
    )
    return Stream(_methods.GET_PROJECTION, request, lambda message: message)


def projection(parts: Iterable[pb.GetProjectionResponse]) -> Projection:
    """Of the messages of one stream, at least one."""
    first, *others = parts
    return Projection(
        version=first.version,
        total=first.total_count,
        explained_variance=first.explained_variance if first.HasField("explained_variance") else None,
        documents=tuple(_document(each) for part in (first, *others) for each in part.documents),
    )


def _document(message: pb.ProjectedDocument) -> ProjectedDocument:
    source, document = _names.document_parts(message.document)
    labels = (tuple(message.true_labels), tuple(message.predicted_labels))
    return ProjectedDocument(document, source, message.x, message.y, *labels)
