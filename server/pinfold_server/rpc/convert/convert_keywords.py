"""Keywords: records to messages."""

from collections.abc import Iterable, Iterator

from pinfold.v1 import keyword_pb2 as pb
from pinfold_server.domain.predictions.explanations import FeatureKind
from pinfold_server.rpc.convert.convert_explanations import KINDS
from pinfold_server.services.versions.keywords import ListedKeywords
from pinfold_server.store.storage_pb2 import KeywordRecord


def keywords_to_pb(listed: ListedKeywords) -> pb.ListKeywordsResponse:
    labels = [
        pb.LabelKeywords(
            label=record.label, positive=_keywords_to_pb(record.towards), negative=_keywords_to_pb(record.against)
        )
        for record in listed.labels
    ]
    return pb.ListKeywordsResponse(labels=labels, version=listed.version, next_page_token=listed.next_token)


def _keywords_to_pb(records: Iterable[KeywordRecord]) -> Iterator[pb.Keyword]:
    for record in records:
        kind = KINDS[FeatureKind(record.kind)]
        yield pb.Keyword(feature=record.feature, kind=kind, weight=record.weight, document_count=record.document_count)
