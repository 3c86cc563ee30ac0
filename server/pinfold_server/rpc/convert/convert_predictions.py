"""Predictions: messages of the protocol to queries, and answers to messages in the form that was asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pinfold.v1 import prediction_pb2 as shapes
from pinfold.v1.explanation_pb2 import ExplainRequest
from pinfold.v1.failure_pb2 import ItemFailure
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictResponse
from pinfold_server.domain import names
from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.predictions.thresholds import ThresholdPolicy
from pinfold_server.errors import AppError, invalid
from pinfold_server.rpc.statuses import status_number
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.predictions.predictions import Answer, Query

_POLICIES: Mapping[int, ThresholdPolicy | None] = {
    shapes.THRESHOLD_POLICY_UNSPECIFIED: None,
    shapes.THRESHOLD_POLICY_HIGH_PRECISION: ThresholdPolicy.HIGH_PRECISION,
    shapes.THRESHOLD_POLICY_BALANCED: ThresholdPolicy.BALANCED,
    shapes.THRESHOLD_POLICY_HIGH_RECALL: ThresholdPolicy.HIGH_RECALL,
}
_FORMS = frozenset(shapes.ResponseForm.values())
_LIVE = VersionRef(None, names.LIVE)

#: Names that need not be checked again; callers use few.
NAMES_KEPT = 1_024


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """Everything of a PredictRequest but its texts, checked. `tag` is the one that was asked for; empty when a number
    was.
    """

    dataset_id: str
    wanted: VersionRef
    asked: Asked
    compact: bool
    tag: str

    def query(self, texts: Sequence[str]) -> Query:
        return Query(self.dataset_id, self.wanted, texts, self.asked)


def options_from_pb(request: PredictRequest) -> Options:
    """Raises AppError for options that are wrong whatever the version."""
    if request.response_form not in _FORMS:
        raise invalid("response_form", f"is not known to this server: {request.response_form}")
    asked = _asked_from_pb(request)
    asked.check()
    return Options(
        _dataset_id(request.dataset),
        asked_version(request),
        asked,
        compact=request.response_form == shapes.RESPONSE_FORM_COMPACT,
        tag=asked_tag(request),
    )


def answer_to_pb(answer: Answer, options: Options) -> PredictResponse:
    """The answer in the form that was asked for."""
    response = PredictResponse(version=answer.version, tag=options.tag)
    if options.compact:
        _fill_compact(response.compact, answer)
    else:
        fill_predictions(response, answer)
    return response


def failure_to_pb(place: int, error: AppError) -> ItemFailure:
    """The failure of item number `place`."""
    return ItemFailure(
        index=place,
        code=status_number(error.code),
        reason=error.reason,
        field=error.violations[0].field if error.violations else "",
        message=error.message,
    )


def fill_predictions(response: PredictResponse, answer: Answer) -> None:
    """The full form: one message for each text."""
    add, labels = response.predictions.add, answer.labels
    for picks in answer.picks.by_text():
        scores = add().labels
        for column, probability in picks:
            scores.add(name=labels[column], probability=probability)
    if answer.picks.sentiments is not None:
        answered = (score for prediction in response.predictions for score in prediction.labels)
        for score, sentiment in zip(answered, answer.picks.sentiments.tolist(), strict=True):
            score.sentiment = sentiment
    for place in answer.truncated.nonzero()[0].tolist():
        response.predictions[place].truncated = True
    for place, error in answer.failures.items():
        response.predictions[place].error.CopyFrom(failure_to_pb(place, error))


def _fill_compact(compact: shapes.CompactPredictions, answer: Answer) -> None:
    columns, indices = answer.picks.table()
    compact.label_names.extend([answer.labels[column] for column in columns])
    compact.counts.extend(answer.picks.counts.tolist())
    compact.label_indices.extend(indices)
    compact.probabilities.extend(answer.picks.probabilities.tolist())
    if answer.picks.sentiments is not None:
        compact.sentiments.extend(answer.picks.sentiments.tolist())
    compact.truncated.extend(answer.truncated.nonzero()[0].tolist())
    compact.failures.extend(failure_to_pb(place, error) for place, error in answer.failures.items())


def policy_from_pb(number: int, field: str = "threshold_policy") -> ThresholdPolicy | None:
    """None for none. Raises AppError INVALID naming `field`."""
    if number not in _POLICIES:
        raise invalid(field, f"is not known to this server: {number}")
    return _POLICIES[number]


def _asked_from_pb(request: PredictRequest) -> Asked:
    return Asked(
        tuple(request.thresholds.items()),
        policy_from_pb(request.threshold_policy),
        request.default_threshold if request.HasField("default_threshold") else None,
        tuple(request.labels),
        request.top_k,
        request.all_scores,
    )


@lru_cache(NAMES_KEPT)
def _dataset_id(name: str) -> str:
    return names.parse_dataset(name, "dataset")


@lru_cache(NAMES_KEPT)
def _tag_ref(tag: str) -> VersionRef:
    return VersionRef(None, tag if tag == names.LATEST else names.check_tag(tag, "tag"))


def asked_version(request: PredictRequest | ExplainRequest) -> VersionRef:
    """The tag `live` unless another version was asked for. Raises AppError for a wrong number or tag."""
    which = request.WhichOneof("version")
    if which == "number":
        if request.number < 1:
            raise invalid("number", f"must be at least 1, got {request.number}")
        return VersionRef(request.number, None)
    return _tag_ref(request.tag) if which == "tag" else _LIVE


def asked_tag(request: PredictRequest | ExplainRequest) -> str:
    """The tag that was asked for; empty when a number was."""
    return request.tag or ("" if request.WhichOneof("version") == "number" else names.LIVE)
