"""Explanations: messages of the protocol to queries, and answers to messages."""

from pinfold.v1 import explanation_pb2 as pb
from pinfold_server.domain import names
from pinfold_server.domain.predictions.explanations import Contribution, FeatureKind, LabelExplanation
from pinfold_server.rpc.convert.convert_predictions import asked_tag, asked_version
from pinfold_server.services.predictions.explanations import Explained, ExplainQuery

KINDS = {
    FeatureKind.WORD: pb.FEATURE_KIND_WORD,
    FeatureKind.WORD_NGRAM: pb.FEATURE_KIND_WORD_NGRAM,
    FeatureKind.CHAR_NGRAM: pb.FEATURE_KIND_CHAR_NGRAM,
}


def query_from_pb(request: pb.ExplainRequest) -> ExplainQuery:
    return ExplainQuery(
        dataset_id=names.parse_dataset(request.dataset, "dataset"),
        wanted=asked_version(request),
        text=request.text,
        labels=tuple(request.labels),
        top_k=request.top_k,
        max_contributions=request.max_contributions,
        expand_ngrams=request.expand_ngrams,
    )


def explained_to_pb(explained: Explained, request: pb.ExplainRequest) -> pb.ExplainResponse:
    return pb.ExplainResponse(
        labels=[_label_to_pb(label) for label in explained.labels],
        version=explained.version,
        tag=asked_tag(request),
        truncated=explained.truncated,
    )


def _label_to_pb(label: LabelExplanation) -> pb.LabelExplanation:
    return pb.LabelExplanation(
        name=label.name,
        probability=label.probability,
        threshold=label.threshold,
        score=label.score,
        bias=label.bias,
        contributions=[_contribution_to_pb(each) for each in label.contributions],
        remaining=label.remaining,
        remaining_count=label.remaining_count,
        raised_by=label.raised_by or "",
        sum_of=label.sum_of,
    )


def _contribution_to_pb(contribution: Contribution) -> pb.Contribution:
    return pb.Contribution(
        feature=contribution.feature,
        kind=KINDS[contribution.kind],
        weight=contribution.weight,
        spans=[pb.TextSpan(start=start, end=end) for start, end in contribution.spans],
        known=contribution.known,
        occurrence_count=contribution.occurrences,
    )
