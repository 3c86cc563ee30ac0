"""How annotation changes become Annotate calls (pure)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pinfold import _methods, _names
from pinfold._calls import Call, call
from pinfold._convert import item_failure
from pinfold._enums import RETRIEVAL_MODES, SENTIMENTS
from pinfold._names import text_list
from pinfold._types import AnnotateReport, AnnotationChange, ItemFailure
from pinfold.v1.annotation_pb2 import LabelSet
from pinfold.v1.dataset_service_pb2 import AnnotateRequest, AnnotateResponse, AnnotationUpdate

CHANGES_A_CALL = 1_000

_CHANGE_PATH = re.compile(r"^annotations\[\d+\]")

Change = AnnotationChange | Mapping[str, Any]


def read_changes(changes: Iterable[Change]) -> list[AnnotationChange]:
    """Changes of the right shape, one for each document. Raises TypeError or ValueError naming the place.

    A second change of a document is refused, because which one wins would depend on how the changes are split.
    """
    if isinstance(changes, Mapping | AnnotationChange | str) or not isinstance(changes, Iterable):
        raise TypeError(f"changes must be a list of AnnotationChange or mappings, got {type(changes).__name__}")
    read = [_read(place, change) for place, change in enumerate(changes)]
    places: dict[tuple[str, str | None], int] = {}
    for place, change in enumerate(read):
        earlier = places.setdefault((change.id, change.source), place)
        if earlier != place:
            raise ValueError(f"changes[{place}] and changes[{earlier}] change the same document {change.id!r}")
    return read


def _read(place: int, change: object) -> AnnotationChange:
    if isinstance(change, AnnotationChange):
        return change
    if not isinstance(change, Mapping):
        raise TypeError(f"changes[{place}] must be an AnnotationChange or a mapping, got {type(change).__name__}")
    try:
        return AnnotationChange(**change)
    except TypeError as error:
        raise ValueError(f"changes[{place}]: {str(error).removeprefix('AnnotationChange.__init__() ')}") from None


def annotate_calls(
    dataset_id: str, default_source: str, changes: list[AnnotationChange], annotator: str
) -> list[Call[AnnotateReport]]:
    """As many calls as the limit of one needs."""
    updates = [_update(place, change, default_source) for place, change in enumerate(changes)]
    name = _names.dataset(dataset_id)
    return [
        _annotate(AnnotateRequest(dataset=name, annotations=updates[at : at + CHANGES_A_CALL], annotator=annotator), at)
        for at in range(0, len(updates), CHANGES_A_CALL)
    ]


def _annotate(request: AnnotateRequest, offset: int) -> Call[AnnotateReport]:
    return call(_methods.ANNOTATE, request, lambda answer: _report(answer, offset))


def _update(place: int, change: AnnotationChange, default_source: str) -> AnnotationUpdate:
    mode = change.retrieval_mode
    at = f"changes[{place}]"
    _names.text_argument(change.id, f"{at}.id")
    update = AnnotationUpdate(
        document=_names.document(change.source or default_source, change.id),
        assigned=_label_set(change.assigned, f"{at}.assigned"),
        dismissed=_label_set(change.dismissed, f"{at}.dismissed"),
        retrieval_mode=None if mode is None else RETRIEVAL_MODES.encode(mode, f"{at}.retrieval_mode"),
    )
    if change.etag is not None:
        update.etag = _names.text_argument(change.etag, f"{at}.etag")
    if change.reviewed is not None:
        update.reviewed = change.reviewed
    return update


def _label_set(labels: Iterable[str] | Mapping[str, Any] | None, place: str) -> LabelSet | None:
    if labels is None:
        return None
    found = LabelSet(labels=text_list(list(labels) if isinstance(labels, Mapping) else labels, place))
    for label, sentiment in labels.items() if isinstance(labels, Mapping) else ():
        found.sentiments.append(SENTIMENTS.number(sentiment, f"{place}[{label!r}]"))  # type: ignore[arg-type]
    return found


def _report(answer: AnnotateResponse, offset: int) -> AnnotateReport:
    return AnnotateReport(
        changed=answer.changed_count,
        unchanged=answer.unchanged_count,
        failed=answer.failed_count,
        revision=answer.revision,
        failures=tuple(_renumbered(item_failure(failure), offset) for failure in answer.failures),
    )


def _renumbered(failure: ItemFailure, offset: int) -> ItemFailure:
    """In the caller's words: the place among all changes, and the id of the document."""
    place = failure.index + offset
    field = _CHANGE_PATH.sub(f"changes[{place}]", failure.field)
    known = _names.document_parts(failure.id)[1] if failure.id.startswith("sources/") else failure.id
    return replace(failure, index=place, field=field, id=known)


def total(reports: Iterable[AnnotateReport]) -> AnnotateReport:
    """One report of several calls, in their order."""
    whole = AnnotateReport()
    for one in reports:
        whole = AnnotateReport(
            changed=whole.changed + one.changed,
            unchanged=whole.unchanged + one.unchanged,
            failed=whole.failed + one.failed,
            revision=max(whole.revision, one.revision),
            failures=whole.failures + one.failures,
        )
    return whole
