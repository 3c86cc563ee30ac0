"""The calls about labels (pure: arguments in, calls out)."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from pinfold import _convert, _methods, _names
from pinfold._calls import Call, Listing, call, listing
from pinfold._types import DeletedLabels, Label, LabelEvent, MovedLabels, TaxonomyCopy
from pinfold.v1 import dataset_service_pb2 as pb
from pinfold.v1 import label_pb2, taxonomy_pb2

#: Names, names with descriptions, or mappings with `name` and optionally `description` and `external_id`.
Labels: TypeAlias = Iterable[str | Mapping[str, Any]] | Mapping[str, str]

_KEYS = ("name", "description", "external_id")


def upsert_labels(dataset_id: str, labels: Labels, actor: str) -> Call[list[Label]]:
    """Raises TypeError or ValueError naming the label that cannot be sent."""
    request = pb.UpsertLabelsRequest(dataset=_names.dataset(dataset_id), labels=_specified(labels), actor=actor)
    return call(_methods.UPSERT_LABELS, request, lambda answer: [_convert.label(one) for one in answer.labels])


def list_labels(dataset_id: str) -> Listing[Label]:
    request = pb.ListLabelsRequest(dataset=_names.dataset(dataset_id))
    return listing(_methods.LIST_LABELS, request, lambda page: page.labels, _convert.label)


def rename_label(dataset_id: str, label: str, new_label: str, actor: str) -> Call[MovedLabels]:
    request = taxonomy_pb2.RenameLabelRequest(
        dataset=_names.dataset(dataset_id),
        label=_names.text_argument(label, "label"),
        new_label=_names.text_argument(new_label, "new_label"),
        actor=actor,
    )
    return call(_methods.RENAME_LABEL, request, _moved)


def delete_label(dataset_id: str, label: str, move_to: str | None, force: bool, actor: str) -> Call[DeletedLabels]:
    request = taxonomy_pb2.DeleteLabelRequest(
        dataset=_names.dataset(dataset_id),
        label=_names.text_argument(label, "label"),
        move_to="" if move_to is None else _names.text_argument(move_to, "move_to"),
        force=force,
        actor=actor,
    )
    return call(
        _methods.DELETE_LABEL,
        request,
        lambda answer: DeletedLabels(answer.deleted_count, answer.annotation_count, answer.revision),
    )


def copy_taxonomy(dataset_id: str, from_id: str, annotations: bool, actor: str) -> Call[TaxonomyCopy]:
    request = taxonomy_pb2.CopyTaxonomyRequest(
        dataset=_names.dataset(dataset_id),
        from_dataset=_names.dataset(from_id),
        annotations=annotations,
        actor=actor,
    )
    return call(
        _methods.COPY_TAXONOMY,
        request,
        lambda answer: TaxonomyCopy(answer.created_count, answer.annotation_count, answer.kept_count, answer.revision),
    )


def list_label_history(dataset_id: str, label: str | None) -> Listing[LabelEvent]:
    request = taxonomy_pb2.ListLabelHistoryRequest(
        dataset=_names.dataset(dataset_id),
        label="" if label is None else _names.text_argument(label, "label"),
    )
    return listing(_methods.LIST_LABEL_HISTORY, request, lambda page: page.events, _convert.label_event)


def _specified(labels: Labels) -> list[label_pb2.Label]:
    if isinstance(labels, str | bytes) or not isinstance(labels, Iterable):
        raise TypeError(f"labels must be a list, got a single {type(labels).__name__}")
    if isinstance(labels, Mapping):
        return [
            label_pb2.Label(
                name=_names.text_argument(name, f"labels[{index}]"),
                description=text and _names.text_argument(text, f"labels[{name!r}]"),
            )
            for index, (name, text) in enumerate(labels.items())
        ]
    return [_label(label, f"labels[{index}]") for index, label in enumerate(labels)]


def _label(label: str | Mapping[str, Any], place: str) -> label_pb2.Label:
    if isinstance(label, str):
        return label_pb2.Label(name=_names.text_argument(label, place))
    if not isinstance(label, Mapping):
        raise TypeError(f"{place} must be a str or a mapping, got {type(label).__name__}")
    unknown = sorted(str(key) for key in label if key not in _KEYS)
    if unknown:
        raise ValueError(f"{place} has the unknown key {unknown[0]!r}; known are {', '.join(_KEYS)}")
    given = {key: value for key, value in label.items() if value not in (None, "") or key == "name"}
    told = {key: _names.text_argument(value, f"{place}[{key!r}]") for key, value in given.items()}
    if "name" not in told:
        raise ValueError(f"{place} needs a name")
    return label_pb2.Label(name=told["name"], description=told.get("description"), external_id=told.get("external_id"))


def _moved(answer: taxonomy_pb2.RenameLabelResponse) -> MovedLabels:
    return MovedLabels(
        label=_convert.label(answer.label),
        renamed=answer.renamed_count,
        merged=answer.merged_count,
        annotations=answer.annotation_count,
        revision=answer.revision,
    )
