"""Versions, their metrics and labels: records to messages."""

from pinfold.v1.version_pb2 import (
    LABEL_MODE_MULTI_LABEL,
    LABEL_MODE_SINGLE_LABEL,
    VALIDATION_MODE_HOLDOUT,
    VALIDATION_MODE_K_FOLD,
    LabelThresholds,
    Metrics,
    ModelFile,
    Version,
    VersionLabel,
)
from pinfold_server.domain import names
from pinfold_server.rpc.convert.convert_time import timestamp
from pinfold_server.services.versions.versions import VersionInfo
from pinfold_server.store.storage_pb2 import MetricsRecord, VersionLabelRecord

MODES = {"holdout": VALIDATION_MODE_HOLDOUT, "k_fold": VALIDATION_MODE_K_FOLD}
# A version made before there were modes says none.
_LABEL_MODES = {
    "": LABEL_MODE_MULTI_LABEL,
    "multi_label": LABEL_MODE_MULTI_LABEL,
    "single_label": LABEL_MODE_SINGLE_LABEL,
}
_MEASURED = ("average_precision", "precision", "recall", "f1")
_THRESHOLDS = ("balanced", "high_precision", "high_recall")


def version_to_pb(dataset_id: str, info: VersionInfo) -> Version:
    record = info.record
    return Version(
        name=names.version_name(dataset_id, record.number),
        number=record.number,
        run=names.run_name(dataset_id, record.run),
        pinned=record.pinned,
        pin_time=timestamp(record.pinned_us),
        available=record.available,
        tags=info.tags,
        revision=record.revision,
        metrics=metrics_to_pb(record.metrics),
        file=ModelFile(sha256=record.sha256.hex(), size=record.size, feature_count=record.feature_count),
        labels=[_label_to_pb(label) for label in info.labels.labels] if info.labels is not None else [],
        label_count=record.label_count,
        create_time=timestamp(record.created_us),
        train_seconds=record.train_seconds,
        label_mode=_LABEL_MODES[record.label_mode],
        pin_note=record.pin_note,
    )


def metrics_to_pb(record: MetricsRecord) -> Metrics:
    message = Metrics(
        validation_mode=MODES[record.validation_mode],
        train_size=record.train_size,
        test_size=record.test_size,
        micro_f1=record.micro_f1,
        macro_f1=record.macro_f1,
        calibration_error=record.calibration_error,
    )
    if record.HasField("mean_average_precision"):
        message.mean_average_precision = record.mean_average_precision
    if record.HasField("accuracy"):
        message.accuracy = record.accuracy
    if record.HasField("top_label_calibration_error"):
        message.top_label_calibration_error = record.top_label_calibration_error
    return message


def thresholds_to_pb(record: VersionLabelRecord) -> LabelThresholds:
    """The thresholds that a version recommends for a label, those that there are."""
    thresholds = LabelThresholds()
    for name in _THRESHOLDS:
        if record.HasField(f"threshold_{name}"):
            setattr(thresholds, name, getattr(record, f"threshold_{name}"))
    return thresholds


def _label_to_pb(record: VersionLabelRecord) -> VersionLabel:
    message = VersionLabel(
        name=record.name,
        train_count=record.train_count,
        test_count=record.test_count,
        thresholds=thresholds_to_pb(record),
    )
    for name in _MEASURED:
        if record.HasField(name):
            setattr(message, name, getattr(record, name))
    return message
