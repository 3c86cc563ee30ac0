"""How good a version is: the calls, and answers as what callers hold (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pinfold import _convert, _methods, _model_convert, _names
from pinfold._calls import Call, Listing, call, listing
from pinfold._enums import THRESHOLD_POLICIES, ThresholdPolicy
from pinfold._predict import cut_argument, cuts_argument
from pinfold._quality_enums import OUTCOMES, Outcome
from pinfold._validation_types import (
    Calibration,
    FoundThreshold,
    LabelPair,
    LabelValidation,
    OutcomeCounts,
    OverallQuality,
    PrecisionRecallCurve,
    Quality,
    Validation,
    ValidationDocument,
)
from pinfold.v1 import validation_pb2 as pb


@dataclass(frozen=True, slots=True)
class ValidationQuestion:
    """What is asked of a version; None takes the server's default, and no curves."""

    thresholds: Mapping[str, float] | None
    policy: ThresholdPolicy | str | None
    default_threshold: float | None
    labels: Iterable[str] | None
    curve_points: int | None


def get_validation(dataset_id: str, number: int, question: ValidationQuestion) -> Call[Validation]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    request = pb.GetValidationRequest(name=_names.version(dataset_id, number))
    for name, cut in cuts_argument(question.thresholds):
        request.thresholds[name] = cut
    if question.policy is not None:
        policy = THRESHOLD_POLICIES.encode(question.policy, "policy")
        request.MergeFrom(pb.GetValidationRequest(threshold_policy=policy))
    if question.default_threshold is not None:
        request.default_threshold = cut_argument(question.default_threshold, "default_threshold")
    if question.labels is not None:
        request.labels.extend(_names.text_list(question.labels, "labels"))
    if question.curve_points is not None:
        request.curve_points = _points(question.curve_points)
    return call(_methods.GET_VALIDATION, request, _validation)


def find_thresholds(
    dataset_id: str, number: int, precision: float | None, recall: float | None, labels: Iterable[str] | None
) -> Call[list[FoundThreshold]]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    if (precision is None) is (recall is None):
        raise TypeError("find_thresholds() takes either a precision or a recall")
    request = pb.FindThresholdsRequest(name=_names.version(dataset_id, number))
    if precision is not None:
        request.precision = cut_argument(precision, "precision")
    else:
        request.recall = cut_argument(recall, "recall")
    if labels is not None:
        request.labels.extend(_names.text_list(labels, "labels"))
    return call(_methods.FIND_THRESHOLDS, request, lambda answer: list(map(_found_threshold, answer.labels)))


def list_validation_documents(
    dataset_id: str, number: int, label: str, outcome: Outcome | str, threshold: float | None
) -> Listing[ValidationDocument]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    request = pb.ListValidationDocumentsRequest(
        parent=_names.version(dataset_id, number), label=_names.text_argument(label, "label")
    )
    request.MergeFrom(pb.ListValidationDocumentsRequest(outcome=OUTCOMES.encode(outcome, "outcome")))
    if threshold is not None:
        request.threshold = cut_argument(threshold, "threshold")
    return listing(_methods.LIST_VALIDATION_DOCUMENTS, request, lambda page: page.documents, _document)


def _points(points: object) -> int:
    if isinstance(points, bool) or not isinstance(points, int):
        raise TypeError(f"curve_points must be an int, got {type(points).__name__}")
    if not 0 <= points < 2**31:
        raise ValueError(f"curve_points must be at least 2, or 0 for all, got {points}")
    return points


def _validation(message: pb.Validation) -> Validation:
    told = message.detailed
    return Validation(
        version=int(_names.last_part(message.version)),
        metrics=_model_convert.metrics(message.metrics),
        detailed=told,
        document_count=message.document_count,
        sampled=message.sampled,
        reliable_from=message.reliable_from,
        unreliable_count=message.unreliable_count,
        all_labels=_overall(message.all_labels) if told else None,
        leaf_labels=_overall(message.leaf_labels) if told else None,
        mean_average_precision=_model_convert.optional(message, "mean_average_precision"),
        reliable_mean_average_precision=_model_convert.optional(message, "reliable_mean_average_precision"),
        curve=_curve(message.curve) if message.HasField("curve") else None,
        calibration=_calibration(message.calibration) if told else None,
        labels=tuple(map(_label, message.labels)),
        confusions=tuple(LabelPair(pair.label, pair.other, pair.count) for pair in message.confusions),
        cooccurrences=tuple(LabelPair(pair.label, pair.other, pair.count) for pair in message.cooccurrences),
        split_digest=message.split_digest or None,
    )


def _label(message: pb.LabelValidation) -> LabelValidation:
    measured = message.HasField("counts") or message.HasField("quality")
    return LabelValidation(
        name=message.name,
        train_count=message.train_count,
        test_count=message.test_count,
        reliable=message.reliable,
        missing_count=message.missing_count,
        threshold=message.threshold if measured else None,
        counts=_counts(message.counts) if message.HasField("counts") else None,
        quality=_quality(message.quality) if message.HasField("quality") else None,
        average_precision=_model_convert.optional(message, "average_precision"),
        curve=_curve(message.curve) if message.HasField("curve") else None,
        calibration=_calibration(message.calibration) if message.HasField("calibration") else None,
        thresholds=_model_convert.label_thresholds(message.thresholds),
    )


def _overall(message: pb.OverallQuality) -> OverallQuality:
    return OverallQuality(
        message.label_count, _counts(message.counts), _quality(message.micro), _quality(message.macro)
    )


def _counts(message: pb.OutcomeCounts) -> OutcomeCounts:
    return OutcomeCounts(
        message.true_positives, message.false_positives, message.false_negatives, message.true_negatives
    )


def _quality(message: pb.Quality) -> Quality:
    return Quality(message.precision, message.recall, message.f1)


def _curve(message: pb.PrecisionRecallCurve) -> PrecisionRecallCurve:
    return PrecisionRecallCurve(tuple(message.thresholds), tuple(message.precisions), tuple(message.recalls))


def _calibration(message: pb.Calibration) -> Calibration:
    return Calibration(
        message.expected_error,
        tuple(message.counts),
        tuple(message.mean_probabilities),
        tuple(message.frequencies),
    )


def _found_threshold(message: pb.FoundThreshold) -> FoundThreshold:
    return FoundThreshold(
        message.name,
        _model_convert.optional(message, "threshold"),
        _quality(message.quality) if message.HasField("quality") else None,
        message.predicted_count,
        message.reliable,
    )


def _document(message: pb.ValidationDocument) -> ValidationDocument:
    source, document_id = _names.document_parts(message.name)
    return ValidationDocument(
        source,
        document_id,
        _convert.document(message.document) if message.HasField("document") else None,
        message.probability,
        tuple(message.true_labels),
        tuple(message.predicted_labels),
    )
