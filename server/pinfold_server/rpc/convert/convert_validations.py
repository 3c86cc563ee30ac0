"""Validations of versions: messages to queries, what was worked out to messages."""

from pinfold.v1 import validation_pb2 as pb
from pinfold_server.domain import names
from pinfold_server.domain.quality.calibration import Reliability
from pinfold_server.domain.quality.confusions import Pair
from pinfold_server.domain.quality.metrics import Curve, Quality
from pinfold_server.domain.quality.outcomes import Outcome, Overall
from pinfold_server.domain.quality.reliability import RELIABLE_FROM, is_reliable, missing_count
from pinfold_server.domain.runs.splits import ValidationMode
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_documents import document_to_pb
from pinfold_server.rpc.convert.convert_predictions import policy_from_pb
from pinfold_server.rpc.convert.convert_versions import metrics_to_pb, thresholds_to_pb
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.quality.threshold_search import FoundThreshold, FoundThresholds, ThresholdQuery
from pinfold_server.services.quality.validation_documents import DocumentsPage, DocumentsQuery, HeldOutDocument
from pinfold_server.services.quality.validations import LabelDetails, Validated, ValidationQuery
from pinfold_server.store.storage_pb2 import VersionLabelRecord


def validation_query_from_pb(request: pb.GetValidationRequest) -> ValidationQuery:
    dataset_id, wanted = names.parse_version(request.name)
    asked = Asked(
        thresholds=tuple(request.thresholds.items()),
        policy=policy_from_pb(request.threshold_policy),
        default=request.default_threshold if request.HasField("default_threshold") else None,
        labels=tuple(request.labels),
    )
    points = request.curve_points if request.HasField("curve_points") else None
    return ValidationQuery(dataset_id, wanted, asked, points)


def threshold_query_from_pb(request: pb.FindThresholdsRequest) -> ThresholdQuery:
    dataset_id, wanted = names.parse_version(request.name)
    target = request.WhichOneof("target")
    return ThresholdQuery(
        dataset_id,
        wanted,
        precision=request.precision if target == "precision" else None,
        recall=request.recall if target == "recall" else None,
        labels=tuple(request.labels),
    )


def documents_query_from_pb(request: pb.ListValidationDocumentsRequest) -> DocumentsQuery:
    dataset_id, wanted = names.parse_version(request.parent, "parent")
    try:
        outcome = Outcome(request.outcome)
    except ValueError:
        raise invalid("outcome", "must be one of the four outcomes") from None
    threshold = request.threshold if request.HasField("threshold") else None
    page = PageRequest(request.page_size, request.page_token)
    return DocumentsQuery(dataset_id, wanted, request.label, outcome, threshold, page)


def validation_to_pb(found: Validated) -> pb.Validation:
    record, details = found.record, found.details
    mode = ValidationMode(record.metrics.validation_mode)
    message = pb.Validation(
        version=names.version_name(found.dataset_id, record.number),
        metrics=metrics_to_pb(record.metrics),
        detailed=details is not None,
        split_digest=record.split_digest,
        reliable_from=RELIABLE_FROM,
        unreliable_count=sum(not is_reliable(label.train_count, mode) for label in found.labels),
        labels=[_label(found.labels[column], mode) for column in found.columns],
    )
    if details is None:
        return message
    label_names = [label.name for label in found.labels]
    message.document_count = details.documents
    message.sampled = details.documents < record.metrics.test_size
    message.all_labels.CopyFrom(_overall(details.all_labels))
    message.leaf_labels.CopyFrom(_overall(details.leaf_labels))
    if details.mean_average_precision is not None:
        message.mean_average_precision = details.mean_average_precision
    if details.reliable_mean_average_precision is not None:
        message.reliable_mean_average_precision = details.reliable_mean_average_precision
    if details.curve is not None:
        message.curve.CopyFrom(_curve(details.curve))
    message.calibration.CopyFrom(_calibration(details.calibration))
    message.confusions.extend(_pair(pair, label_names) for pair in details.confusions)
    message.cooccurrences.extend(_pair(pair, label_names) for pair in details.cooccurrences)
    for label, told in zip(message.labels, details.labels, strict=True):
        _fill_label(label, told)
    return message


def thresholds_found_to_pb(dataset_id: str, found: FoundThresholds) -> pb.FindThresholdsResponse:
    version = names.version_name(dataset_id, found.version)
    return pb.FindThresholdsResponse(version=version, labels=map(_found_threshold, found.labels))


def documents_to_pb(dataset_id: str, page: DocumentsPage) -> pb.ListValidationDocumentsResponse:
    return pb.ListValidationDocumentsResponse(
        documents=map(_document, page.documents),
        next_page_token=page.next_token,
        total_count=page.total,
        version=names.version_name(dataset_id, page.version),
        threshold=page.threshold,
    )


def _label(record: VersionLabelRecord, mode: ValidationMode) -> pb.LabelValidation:
    """What is stored of a label; quality at its balanced threshold."""
    message = pb.LabelValidation(
        name=record.name,
        train_count=record.train_count,
        test_count=record.test_count,
        reliable=is_reliable(record.train_count, mode),
        missing_count=missing_count(record.train_count, mode),
        thresholds=thresholds_to_pb(record),
    )
    if record.HasField("average_precision"):
        message.average_precision = record.average_precision
    if record.HasField("f1"):
        message.threshold = record.threshold_balanced
        message.quality.CopyFrom(pb.Quality(precision=record.precision, recall=record.recall, f1=record.f1))
    return message


def _fill_label(message: pb.LabelValidation, told: LabelDetails) -> None:
    message.threshold = told.threshold
    message.counts.CopyFrom(_counts(told.counts))
    message.ClearField("quality")
    if told.quality is not None:
        message.quality.CopyFrom(_quality(told.quality))
    if told.average_precision is not None:
        message.average_precision = told.average_precision
    if told.curve is not None:
        message.curve.CopyFrom(_curve(told.curve))
    message.calibration.CopyFrom(_calibration(told.calibration))


def _overall(overall: Overall) -> pb.OverallQuality:
    return pb.OverallQuality(
        label_count=overall.labels,
        counts=_counts(overall.counts),
        micro=_quality(overall.micro),
        macro=_quality(overall.macro),
    )


def _counts(counts: tuple[int, int, int, int]) -> pb.OutcomeCounts:
    tp, fp, fn, tn = counts
    return pb.OutcomeCounts(true_positives=tp, false_positives=fp, false_negatives=fn, true_negatives=tn)


def _quality(quality: Quality) -> pb.Quality:
    return pb.Quality(precision=quality.precision, recall=quality.recall, f1=quality.f1)


def _curve(curve: Curve) -> pb.PrecisionRecallCurve:
    return pb.PrecisionRecallCurve(
        thresholds=curve.thresholds.tolist(), precisions=curve.precisions.tolist(), recalls=curve.recalls.tolist()
    )


def _calibration(reliability: Reliability) -> pb.Calibration:
    return pb.Calibration(
        expected_error=reliability.expected_error(),
        counts=reliability.counts.tolist(),
        mean_probabilities=reliability.mean_probabilities().tolist(),
        frequencies=reliability.frequencies().tolist(),
    )


def _pair(pair: Pair, label_names: list[str]) -> pb.LabelPair:
    return pb.LabelPair(label=label_names[pair.first], other=label_names[pair.second], count=pair.count)


def _found_threshold(found: FoundThreshold) -> pb.FoundThreshold:
    message = pb.FoundThreshold(name=found.name, predicted_count=found.predicted_count, reliable=found.reliable)
    if found.threshold is not None and found.quality is not None:
        message.threshold = found.threshold
        message.quality.CopyFrom(_quality(found.quality))
    return message


def _document(found: HeldOutDocument) -> pb.ValidationDocument:
    source_id, document_id, record = found.source_id, found.document_id, found.record
    return pb.ValidationDocument(
        name=names.document_name(source_id, document_id),
        document=None if record is None else document_to_pb(source_id, document_id, record),
        probability=found.probability,
        true_labels=found.true_labels,
        predicted_labels=found.predicted_labels,
    )
