"""Slices: messages to criteria and queries, results to messages."""

from pinfold.v1 import slice_pb2 as pb
from pinfold.v1.validation_pb2 import Quality as QualityMessage
from pinfold_server.domain import names
from pinfold_server.domain.quality.metrics import Quality
from pinfold_server.domain.quality.outcomes import Outcome
from pinfold_server.domain.quality.slices import SliceCriteria
from pinfold_server.domain.quality.weak_slices import WeakSlice
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_predictions import policy_from_pb
from pinfold_server.rpc.convert.convert_time import timestamp
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.quality.slice_evaluation import (
    FoundWeak,
    SliceDocument,
    SliceEvaluation,
    SliceLabel,
    SliceQuery,
    WeakQuery,
)
from pinfold_server.services.quality.slices import SliceChange, SliceInfo

_UPDATABLE = frozenset({"description", "criteria"})


def criteria_from_pb(message: pb.SliceCriteria, field: str) -> SliceCriteria:
    """Raises AppError INVALID for an outcome that is not known, below `field`."""
    try:
        outcome = Outcome(message.outcome) if message.outcome else None
    except ValueError:
        raise invalid(f"{field}.outcome", f"is not known to this server: {message.outcome}") from None
    return SliceCriteria(
        message.filter,
        outcome,
        message.label,
        message.min_confidence if message.HasField("min_confidence") else None,
        message.max_confidence if message.HasField("max_confidence") else None,
    )


def new_slice_from_pb(request: pb.CreateSliceRequest) -> SliceChange:
    return SliceChange(request.slice.description, criteria_from_pb(request.slice.criteria, "slice.criteria"))


def changed_slice_from_pb(request: pb.UpdateSliceRequest) -> SliceChange:
    """The fields that the mask names; without one, those that are set."""
    told = request.slice
    chosen = set(request.update_mask.paths) or _UPDATABLE & {each.name for each, _ in told.ListFields()}
    for path in sorted(chosen - _UPDATABLE):
        raise invalid("update_mask", f"must name only {', '.join(sorted(_UPDATABLE))}, got {path!r}")
    return SliceChange(
        told.description if "description" in chosen else None,
        criteria_from_pb(told.criteria, "slice.criteria") if "criteria" in chosen else None,
        told.etag,
    )


def evaluation_query_from_pb(request: pb.EvaluateSliceRequest) -> SliceQuery:
    """Raises AppError INVALID."""
    dataset, version = names.parse_version(request.version, "version")
    if request.slice_id and request.HasField("criteria"):
        raise invalid("criteria", "must not be set together with slice_id")
    if not request.slice_id and not request.HasField("criteria"):
        raise invalid("slice_id", "must name a slice, or criteria must be set")
    chosen = names.check_id(request.slice_id, "slice_id") if request.slice_id else ""
    wanted = chosen or criteria_from_pb(request.criteria, "criteria")
    return SliceQuery(dataset, version, wanted, _asked(request), request.max_documents)


def weak_query_from_pb(request: pb.FindWeakSlicesRequest) -> WeakQuery:
    """Raises AppError INVALID."""
    dataset, version = names.parse_version(request.version, "version")
    return WeakQuery(dataset, version, _asked(request), request.min_documents, request.max_slices)


def slice_to_pb(dataset_id: str, info: SliceInfo) -> pb.Slice:
    told = info.criteria
    criteria = pb.SliceCriteria(filter=told.filter, label=told.label)
    if told.outcome is not None:
        criteria.MergeFrom(pb.SliceCriteria(outcome=f"OUTCOME_{told.outcome.name}"))
    if told.min_confidence is not None:
        criteria.min_confidence = told.min_confidence
    if told.max_confidence is not None:
        criteria.max_confidence = told.max_confidence
    return pb.Slice(
        name=names.slice_name(dataset_id, info.id),
        description=info.description,
        criteria=criteria,
        built_in=info.built_in,
        create_time=timestamp(info.created_us),
        etag=info.etag,
    )


def evaluation_to_pb(found: SliceEvaluation) -> pb.SliceEvaluation:
    return pb.SliceEvaluation(
        version=found.version,
        document_count=found.documents,
        total_count=found.total,
        quality=_quality(found.quality),
        rest=None if found.rest is None else _quality(found.rest),
        exact_match=found.right,
        labels=[_label(label) for label in found.labels],
        documents=[_document(document) for document in found.shown],
    )


def weak_to_pb(weak: FoundWeak) -> pb.FindWeakSlicesResponse:
    slices = [_weak(each) for each in weak.found.slices]
    return pb.FindWeakSlicesResponse(slices=slices, version=weak.version, examined_count=weak.found.examined)


def _asked(request: pb.EvaluateSliceRequest | pb.FindWeakSlicesRequest) -> Asked:
    default = request.default_threshold if request.HasField("default_threshold") else None
    return Asked(policy=policy_from_pb(request.threshold_policy), default=default)


def _quality(quality: Quality) -> QualityMessage:
    return QualityMessage(precision=quality.precision, recall=quality.recall, f1=quality.f1)


def _label(label: SliceLabel) -> pb.SliceLabel:
    return pb.SliceLabel(
        label=label.label,
        positive_count=label.positives,
        predicted_count=label.predicted,
        quality=_quality(label.quality),
    )


def _document(document: SliceDocument) -> pb.SliceDocument:
    return pb.SliceDocument(
        document=names.document_name(document.source_id, document.document_id),
        text=document.text,
        confidence=document.confidence,
        true_labels=document.true_labels,
        predicted_labels=document.predicted_labels,
    )


def _weak(each: WeakSlice) -> pb.WeakSlice:
    return pb.WeakSlice(
        filter=each.filter,
        property=each.name,
        document_count=each.documents,
        f1=each.f1,
        rest_f1=each.rest_f1,
        exact_match=each.right,
        rest_exact_match=each.rest_right,
        p_value=each.p_value,
        significant=each.is_significant,
    )
