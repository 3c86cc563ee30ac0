"""pinfold.v1.PredictionService."""

from pinfold.v1 import prediction_pb2 as shapes
from pinfold.v1.failure_pb2 import ItemFailure
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictResponse
from pinfold_server.domain import names
from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.thresholds import RequestedThresholds, ThresholdPolicy
from pinfold_server.errors import AppError, invalid
from pinfold_server.rpc.statuses import status_number
from pinfold_server.services.predictions import Answer, PredictionService, Query

_POLICIES = {
    shapes.THRESHOLD_POLICY_UNSPECIFIED: None,
    shapes.THRESHOLD_POLICY_HIGH_PRECISION: ThresholdPolicy.HIGH_PRECISION,
    shapes.THRESHOLD_POLICY_BALANCED: ThresholdPolicy.BALANCED,
    shapes.THRESHOLD_POLICY_HIGH_RECALL: ThresholdPolicy.HIGH_RECALL,
}


class PredictionServicer:
    """Each method converts, calls one use case and converts back."""

    def __init__(self, predictions: PredictionService) -> None:
        self._predictions = predictions

    async def Predict(self, request: PredictRequest) -> PredictResponse:
        query = query_from_pb(request)
        return answer_to_pb(await self._predictions.predict(query), query.wanted.tag or "")


def query_from_pb(request: PredictRequest) -> Query:
    if request.threshold_policy not in _POLICIES:
        raise invalid("threshold_policy", f"is not known to this server: {request.threshold_policy}")
    thresholds = RequestedThresholds(
        dict(request.thresholds),
        _POLICIES[request.threshold_policy],
        request.default_threshold if request.HasField("default_threshold") else None,
    )
    return Query(
        dataset_id=names.parse_dataset(request.dataset, "dataset"),
        wanted=_version_from_pb(request),
        texts=list(request.texts),
        thresholds=thresholds,
        labels=list(request.labels),
        top_k=request.top_k,
        all_scores=request.all_scores,
    )


def answer_to_pb(answer: Answer, tag: str) -> PredictResponse:
    response = PredictResponse(version=answer.version, tag=tag)
    add, labels = response.predictions.add, answer.labels
    for picks in answer.picks:
        scores = add().labels
        for column, probability in picks:
            scores.add(name=labels[column], probability=probability)
    for place in answer.truncated.nonzero()[0].tolist():
        response.predictions[place].truncated = True
    for place, error in answer.failures.items():
        response.predictions[place].error.CopyFrom(_failure_to_pb(place, error))
    return response


def _version_from_pb(request: PredictRequest) -> VersionRef:
    which = request.WhichOneof("version")
    if which == "number":
        if request.number < 1:
            raise invalid("number", f"must be at least 1, got {request.number}")
        return VersionRef(request.number, None)
    if which == "tag" and request.tag != names.LATEST:
        return VersionRef(None, names.check_tag(request.tag, "tag"))
    return VersionRef(None, names.LATEST if which == "tag" else names.LIVE)


def _failure_to_pb(place: int, error: AppError) -> ItemFailure:
    return ItemFailure(
        index=place,
        code=status_number(error.code),
        reason=error.reason,
        field=error.violations[0].field if error.violations else "",
        message=error.message,
    )
