"""Slices: the calls, and what callers hold of the answers (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from google.protobuf.field_mask_pb2 import FieldMask

from pinfold import _methods, _names
from pinfold._calls import Call, call, nothing
from pinfold._convert import time_from
from pinfold._enums import THRESHOLD_POLICIES, ThresholdPolicy
from pinfold._quality_enums import OUTCOMES, Outcome
from pinfold._validation_types import Quality
from pinfold.filters import Filter
from pinfold.v1 import slice_pb2 as pb
from pinfold.v1 import validation_pb2


@dataclass(frozen=True, slots=True)
class SliceCriteria:
    """Which held-out documents belong to a slice: those that meet everything that is set.

    `filter`: text of the grammar in docs/filters.md, or built with `pinfold.filters.F`; it looks at documents as they
    are now. `outcome` and the confidences (0 to 1) are those of `label`; without one the outcome is that of at least
    one label, and the confidence that of the most probable one.
    """

    filter: str | Filter = ""
    outcome: Outcome | str | None = None
    label: str | None = None
    min_confidence: float | None = None
    max_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """A named part of the documents. Built-in ones have no `create_time` and no `etag`."""

    id: str
    description: str
    criteria: SliceCriteria
    built_in: bool
    create_time: datetime | None
    etag: str


@dataclass(frozen=True, slots=True)
class SliceDocument:
    """A held-out document of a slice; `text` is how it begins now."""

    document_id: str
    source: str
    text: str
    confidence: float
    true_labels: tuple[str, ...]
    predicted_labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SliceLabel:
    """How one label does in a slice: documents that have it, documents that get it."""

    label: str
    positives: int
    predicted: int
    quality: Quality


@dataclass(frozen=True, slots=True)
class SliceEvaluation:
    """How good a version is on the `documents` of `total` held-out ones that belong to a slice.

    `rest`: the quality elsewhere, None when nothing is; `exact_match`: share of documents with exactly the true labels.
    """

    version: int
    documents: int
    total: int
    quality: Quality
    rest: Quality | None
    exact_match: float
    labels: tuple[SliceLabel, ...]
    shown: tuple[SliceDocument, ...]


@dataclass(frozen=True, slots=True)
class WeakSlice:
    """A metadata value, or a range of numbers, where a version does worse than elsewhere; `filter` chooses it.

    `p_value` says how likely so low an F1 is by chance, although many slices were looked at.
    """

    filter: str
    property: str
    documents: int
    f1: float
    rest_f1: float
    exact_match: float
    rest_exact_match: float
    p_value: float
    significant: bool


@dataclass(frozen=True, slots=True)
class Cuts:
    """What a version predicts with."""

    policy: ThresholdPolicy | str | None
    default_threshold: float | None


def create_slice(dataset_id: str, slice_id: str, criteria: SliceCriteria, description: str) -> Call[Slice]:
    request = pb.CreateSliceRequest(
        dataset=_names.dataset(dataset_id),
        slice_id=_names.text_argument(slice_id, "slice_id"),
        slice=pb.Slice(description=description, criteria=_criteria_message(criteria)),
    )
    return call(_methods.CREATE_SLICE, request, _slice)


def get_slice(dataset_id: str, slice_id: str) -> Call[Slice]:
    return call(_methods.GET_SLICE, pb.GetSliceRequest(name=_names.slice_name(dataset_id, slice_id)), _slice)


def list_slices(dataset_id: str) -> Call[list[Slice]]:
    request = pb.ListSlicesRequest(dataset=_names.dataset(dataset_id))
    return call(_methods.LIST_SLICES, request, lambda answer: [_slice(each) for each in answer.slices])


def update_slice(
    dataset_id: str, slice_id: str, criteria: SliceCriteria | None, description: str | None, etag: str | None
) -> Call[Slice]:
    """What is None stays as it is."""
    told = pb.Slice(name=_names.slice_name(dataset_id, slice_id), description=description, etag=etag)
    mask = FieldMask()
    if description is not None:
        mask.paths.append("description")
    if criteria is not None:
        mask.paths.append("criteria")
        told.criteria.CopyFrom(_criteria_message(criteria))
    if not mask.paths:
        raise TypeError("update_slice() takes criteria or a description")
    return call(_methods.UPDATE_SLICE, pb.UpdateSliceRequest(slice=told, update_mask=mask), _slice)


def delete_slice(dataset_id: str, slice_id: str) -> Call[None]:
    request = pb.DeleteSliceRequest(name=_names.slice_name(dataset_id, slice_id))
    return call(_methods.DELETE_SLICE, request, nothing)


def evaluate_slice(
    dataset_id: str, version: int | str, wanted: str | SliceCriteria, cuts: Cuts, limit: int
) -> Call[SliceEvaluation]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    request = pb.EvaluateSliceRequest(
        version=_names.version(dataset_id, version),
        threshold_policy=_policy(cuts),
        default_threshold=cuts.default_threshold,
        max_documents=limit,
    )
    if isinstance(wanted, str):
        request.slice_id = _names.text_argument(wanted, "slice")
    else:
        request.criteria.CopyFrom(_criteria_message(wanted))
    return call(_methods.EVALUATE_SLICE, request, _evaluation)


def find_weak_slices(
    dataset_id: str, version: int | str, cuts: Cuts, min_documents: int | None, limit: int | None
) -> Call[list[WeakSlice]]:
    request = pb.FindWeakSlicesRequest(
        version=_names.version(dataset_id, version),
        threshold_policy=_policy(cuts),
        default_threshold=cuts.default_threshold,
        min_documents=0 if min_documents is None else _names.number_argument(min_documents, "min_documents"),
        max_slices=0 if limit is None else _names.number_argument(limit, "limit"),
    )
    return call(_methods.FIND_WEAK_SLICES, request, lambda answer: list(_weak(answer.slices)))


def _policy(cuts: Cuts) -> str | None:
    """The wire name."""
    return None if cuts.policy is None else THRESHOLD_POLICIES.encode(cuts.policy, "policy")


def _criteria_message(criteria: SliceCriteria) -> pb.SliceCriteria:
    return pb.SliceCriteria(
        filter=str(criteria.filter),
        outcome=None if criteria.outcome is None else OUTCOMES.encode(criteria.outcome, "outcome"),
        label=criteria.label,
        min_confidence=criteria.min_confidence,
        max_confidence=criteria.max_confidence,
    )


def _slice(message: pb.Slice) -> Slice:
    told = message.criteria
    criteria = SliceCriteria(
        filter=told.filter,
        outcome=OUTCOMES.decode(told.outcome),
        label=told.label or None,
        min_confidence=told.min_confidence if told.HasField("min_confidence") else None,
        max_confidence=told.max_confidence if told.HasField("max_confidence") else None,
    )
    made = None if message.built_in else time_from(message.create_time)
    return Slice(_names.last_part(message.name), message.description, criteria, message.built_in, made, message.etag)


def _evaluation(message: pb.SliceEvaluation) -> SliceEvaluation:
    return SliceEvaluation(
        version=message.version,
        documents=message.document_count,
        total=message.total_count,
        quality=_quality(message.quality),
        rest=_quality(message.rest) if message.HasField("rest") else None,
        exact_match=message.exact_match,
        labels=tuple(
            SliceLabel(each.label, each.positive_count, each.predicted_count, _quality(each.quality))
            for each in message.labels
        ),
        shown=tuple(_document(each) for each in message.documents),
    )


def _quality(message: validation_pb2.Quality) -> Quality:
    return Quality(message.precision, message.recall, message.f1)


def _document(message: pb.SliceDocument) -> SliceDocument:
    source, document = _names.document_parts(message.document)
    labels = (tuple(message.true_labels), tuple(message.predicted_labels))
    return SliceDocument(document, source, message.text, message.confidence, *labels)


def _weak(messages: Iterable[pb.WeakSlice]) -> Iterable[WeakSlice]:
    for message in messages:
        yield WeakSlice(
            filter=message.filter,
            property=message.property,
            documents=message.document_count,
            f1=message.f1,
            rest_f1=message.rest_f1,
            exact_match=message.exact_match,
            rest_exact_match=message.rest_exact_match,
            p_value=message.p_value,
            significant=message.significant,
        )
