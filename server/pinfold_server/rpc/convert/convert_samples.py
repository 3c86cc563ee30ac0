"""Samples of documents: messages to queries, pages to messages."""

from pinfold.v1.prediction_pb2 import Prediction
from pinfold.v1.sampling_pb2 import DocumentCluster, Sample, SampleDocumentsRequest, SampleDocumentsResponse
from pinfold_server.domain import names
from pinfold_server.domain.labels.annotations import RetrievalMode
from pinfold_server.domain.labels.labels import check_path
from pinfold_server.domain.predictions.predictions import Pick
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_datasets import annotation_to_pb
from pinfold_server.rpc.convert.convert_documents import coverage_to_pb, document_to_pb
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.sampling.sample_queries import SampleQuery
from pinfold_server.services.sampling.samples import Sampled, SamplePage


def sample_query_from_pb(request: SampleDocumentsRequest) -> SampleQuery:
    return SampleQuery(
        dataset_id=names.parse_dataset(request.dataset, "dataset"),
        mode=_mode(request.mode),
        label=check_path(request.label, "label") if request.label else "",
        seed=request.seed,
        include_reviewed=request.include_reviewed,
        cluster=request.cluster if request.HasField("cluster") else None,
        filter_text=request.filter,
        page=PageRequest(request.page_size, request.page_token),
        top_k=request.top_k,
    )


def sample_page_to_pb(page: SamplePage) -> SampleDocumentsResponse:
    response = SampleDocumentsResponse(
        samples=map(_sample, page.samples),
        next_page_token=page.next_token,
        version=page.version,
        predicted_version=page.predicted_version,
        pool_size=page.pool_size,
        coverage=coverage_to_pb(page.scores),
        clusters=[
            DocumentCluster(
                id=number,
                document_count=cluster.document_count,
                reviewed_count=cluster.reviewed_count,
                keywords=cluster.keywords,
            )
            for number, cluster in enumerate(page.clusters)
        ],
    )
    for sample, picks, truncated in zip(response.samples, page.predictions, page.truncated, strict=False):
        _fill(sample.prediction, picks, page.label_names, truncated=truncated)
    for sample, sentiments in zip(response.samples, page.sentiments, strict=False):
        for score, sentiment in zip(sample.prediction.labels, sentiments, strict=True):
            score.sentiment = sentiment
    return response


def _mode(number: int) -> RetrievalMode:
    if not number:
        return RetrievalMode.SHUFFLE
    try:
        return RetrievalMode(number)
    except ValueError:
        raise invalid("mode", f"is not known to this server: {number}") from None


def _sample(sampled: Sampled) -> Sample:
    return Sample(
        document=document_to_pb(sampled.source_id, sampled.document_id, sampled.document),
        annotation=None if sampled.annotation is None else annotation_to_pb(sampled.annotation),
        score=sampled.score,
        label=sampled.label,
        cluster=sampled.cluster,
    )


def _fill(prediction: Prediction, picks: list[Pick], labels: tuple[str, ...], *, truncated: bool) -> None:
    prediction.SetInParent()
    prediction.truncated = truncated
    for column, probability in picks:
        prediction.labels.add(name=labels[column], probability=probability)
