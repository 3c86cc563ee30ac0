"""What speaks for the labels of a version, and against them: the call, and what callers hold of the answer (pure)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pinfold import _methods, _names
from pinfold._calls import Listing, listing
from pinfold._enums import FEATURE_KINDS, FeatureKind
from pinfold.v1 import keyword_pb2 as pb


@dataclass(frozen=True, slots=True)
class Keyword:
    """A feature that speaks for or against a label.

    `weight`: mean log-odds that it added to the label's score, over the training documents with the label (for it) or
    without (against it); `document_count`: those of them that have the feature. `kind` is None for one that this
    release of the client does not know.
    """

    feature: str
    kind: FeatureKind | None
    weight: float
    document_count: int


@dataclass(frozen=True, slots=True)
class LabelKeywords:
    """What speaks for a label and against it, the strongest first."""

    label: str
    positive: tuple[Keyword, ...]
    negative: tuple[Keyword, ...]


def list_keywords(dataset_id: str, number: int, labels: Iterable[str] | None, limit: int) -> Listing[LabelKeywords]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    request = pb.ListKeywordsRequest(
        parent=_names.version(dataset_id, number), max_keywords=_names.number_argument(limit, "limit")
    )
    if labels is not None:
        request.labels.extend(_names.text_list(labels, "labels"))
    return listing(_methods.LIST_KEYWORDS, request, lambda page: page.labels, _label_keywords)


def _label_keywords(label: pb.LabelKeywords) -> LabelKeywords:
    return LabelKeywords(label.label, tuple(_keywords(label.positive)), tuple(_keywords(label.negative)))


def _keywords(keywords: Iterable[pb.Keyword]) -> Iterator[Keyword]:
    for keyword in keywords:
        kind = FEATURE_KINDS.decode(keyword.kind)
        yield Keyword(keyword.feature, kind, keyword.weight, keyword.document_count)
