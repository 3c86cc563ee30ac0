"""The status of a dataset and its automatic training: arguments to calls, messages to values (pure)."""

from google.protobuf.field_mask_pb2 import FieldMask

from pinfold import _convert, _methods, _model_convert, _names
from pinfold._calls import Call, Stream, call
from pinfold._review_types import DatasetStatus, Scoring
from pinfold._types import AutoTraining, DatasetInfo
from pinfold.v1 import dataset_pb2, dataset_status_pb2
from pinfold.v1 import dataset_service_pb2 as pb


def get_status(dataset_id: str) -> Call[DatasetStatus]:
    request = dataset_status_pb2.GetDatasetStatusRequest(name=_names.dataset(dataset_id))
    return call(_methods.GET_DATASET_STATUS, request, status)


def watch(dataset_id: str) -> Stream[DatasetStatus]:
    request = dataset_status_pb2.WatchDatasetRequest(name=_names.dataset(dataset_id))
    return Stream(_methods.WATCH_DATASET, request, status)


def set_auto_training(dataset_id: str, wanted: AutoTraining) -> Call[DatasetInfo]:
    """Raises TypeError for what is no number."""
    named = wanted.run_configuration
    message = dataset_pb2.AutoTraining(
        enabled=wanted.enabled,
        after_changes=_whole(wanted.after_changes, "after_changes"),
        after_quiet_seconds=_whole(wanted.after_quiet_seconds, "after_quiet_seconds"),
        run_configuration=_names.run_configuration(named) if named is not None else "",
    )
    dataset = dataset_pb2.Dataset(name=_names.dataset(dataset_id), auto_training=message)
    request = pb.UpdateDatasetRequest(dataset=dataset, update_mask=FieldMask(paths=["auto_training"]))
    return call(_methods.UPDATE_DATASET, request, _convert.dataset_info)


def status(message: dataset_status_pb2.DatasetStatus) -> DatasetStatus:
    scoring = message.scoring
    return DatasetStatus(
        revision=message.revision,
        latest_version=message.latest_version or None,
        trained_revision=message.trained_revision,
        changes_behind=message.changes_behind,
        document_count=message.document_count,
        annotated_count=message.annotated_count,
        reviewed_count=message.reviewed_count,
        label_count=message.label_count,
        active_runs=tuple(map(_model_convert.run_info, message.active_runs)),
        scoring=Scoring(
            version=scoring.version or None,
            complete=scoring.complete,
            scored_count=scoring.scored_count,
            document_count=scoring.document_count,
            ranking_version=scoring.ranking_version or None,
        ),
        auto_training=_convert.auto_training(message.auto_training),
    )


def _whole(value: object, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{place} must be an int, got {type(value).__name__}")
    if not 0 <= value < 2**31:
        raise ValueError(f"{place} must be 0 to 2^31 - 1, got {value}")
    return value
