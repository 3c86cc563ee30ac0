"""How a wish for documents to annotate becomes calls, and pages become samples (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypedDict

from pinfold import _convert, _methods, _model_convert, _names
from pinfold._calls import Call, call
from pinfold._enums import RETRIEVAL_MODES, RetrievalMode
from pinfold._errors import PinfoldError
from pinfold._review_types import Cluster, Sample, SamplePage
from pinfold.filters import Filter, text_of
from pinfold.v1 import sampling_pb2 as pb


class SampleOptions(TypedDict, total=False):
    """Options of sample() and sample_page()."""

    label: str | None
    seed: int
    include_reviewed: bool
    cluster: int | None
    filter: str | Filter | None
    top_k: int


def sample_call(
    dataset_id: str, mode: RetrievalMode | str, options: SampleOptions, page_size: int, token: str
) -> Call[SamplePage]:
    """One page. Raises TypeError or ValueError naming the argument that cannot be sent."""
    if unknown := sorted(options.keys() - SampleOptions.__optional_keys__):
        raise TypeError(f"sample() has no option {unknown[0]!r}")
    request = pb.SampleDocumentsRequest(
        dataset=_names.dataset(dataset_id),
        seed=options.get("seed", 0),
        include_reviewed=options.get("include_reviewed", False),
        cluster=options.get("cluster"),
        filter=text_of(options.get("filter")),
        page_size=_names.number_argument(page_size, "page_size"),
        page_token=token,
        top_k=_names.number_argument(options.get("top_k", 5), "top_k"),
    )
    request.MergeFrom(pb.SampleDocumentsRequest(mode=RETRIEVAL_MODES.encode(mode, "mode")))
    label = options.get("label")
    if label is not None:
        request.label = _names.text_argument(label, "label")
    return call(_methods.SAMPLE_DOCUMENTS, request, sample_page)


@dataclass(slots=True)
class Sampled:
    """What an iteration over pages has told already.

    When the documents are ranked anew, the iteration begins again and passes over these.
    """

    token: str = ""
    ended: bool = False
    _told: set[tuple[str, str]] = field(default_factory=set)

    def fresh(self, page: SamplePage) -> Iterator[Sample]:
        """The samples of the next page that were not told yet."""
        self.token, self.ended = page.next_token, not page.next_token
        for sample in page.samples:
            key = (sample.document.source, sample.document.id)
            if key not in self._told:
                self._told.add(key)
                yield sample

    def begin_again(self, error: PinfoldError) -> None:
        """Raises the error when it is of another kind."""
        if error.reason != "SAMPLE_EXPIRED" or not self.token:
            raise error
        self.token = ""


def sample_page(response: pb.SampleDocumentsResponse) -> SamplePage:
    return SamplePage(
        samples=tuple(_sample(one, response.predicted_version) for one in response.samples),
        next_token=response.next_page_token,
        version=response.version or None,
        pool_size=response.pool_size,
        clusters=tuple(
            Cluster(one.id, one.document_count, one.reviewed_count, tuple(one.keywords)) for one in response.clusters
        ),
        coverage=_convert.coverage(response),
    )


def _sample(sample: pb.Sample, version: int) -> Sample:
    predicted = sample.HasField("prediction")
    return Sample(
        document=_convert.document(sample.document),
        annotation=_convert.annotation(sample.annotation) if sample.HasField("annotation") else None,
        score=sample.score,
        label=sample.label or None,
        prediction=_model_convert.prediction(sample.prediction, version, None) if predicted else None,
        cluster=sample.cluster if sample.HasField("cluster") else None,
    )
