"""Monitoring and shadows: messages to queries, and what was counted to messages."""

from google.protobuf.timestamp_pb2 import Timestamp

from pinfold.v1 import monitoring_pb2 as pb
from pinfold.v1 import shadow_pb2
from pinfold_server.domain import names
from pinfold_server.domain.releases.monitoring import Drift, Resolution, Tally, drift
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_time import timestamp
from pinfold_server.services.monitoring.monitoring_reports import MonitoringQuery, MonitoringReport
from pinfold_server.services.monitoring.shadows import ShadowReport
from pinfold_server.store.storage_pb2 import ShadowRecord

_RESOLUTIONS = {
    pb.MONITORING_RESOLUTION_UNSPECIFIED: None,
    pb.MONITORING_RESOLUTION_MINUTE: Resolution.MINUTE,
    pb.MONITORING_RESOLUTION_HOUR: Resolution.HOUR,
    pb.MONITORING_RESOLUTION_DAY: Resolution.DAY,
}
_SENT = {resolution: sent for sent, resolution in _RESOLUTIONS.items() if resolution is not None}
_LEVELS = {
    Drift.NONE: pb.DRIFT_LEVEL_NONE,
    Drift.MODERATE: pb.DRIFT_LEVEL_MODERATE,
    Drift.LARGE: pb.DRIFT_LEVEL_LARGE,
}


def query_from_pb(request: pb.GetMonitoringRequest) -> MonitoringQuery:
    if request.resolution not in _RESOLUTIONS:
        raise invalid("resolution", f"is not known to this server: {request.resolution}")
    dataset_id, wanted = names.parse_version(request.name)
    return MonitoringQuery(
        dataset_id,
        wanted,
        _seconds(request.start_time) if request.HasField("start_time") else None,
        _seconds(request.end_time) if request.HasField("end_time") else None,
        _RESOLUTIONS[request.resolution],
        tuple(request.labels),
    )


def report_to_pb(dataset_id: str, report: MonitoringReport) -> pb.MonitoringReport:
    total = report.total
    answer = pb.MonitoringReport(
        version=names.version_name(dataset_id, report.version),
        resolution=_SENT[report.resolution],
        text_count=total.texts,
        sampled_count=total.sampled,
        unlabelled_count=total.unlabelled,
        labels=[_label_to_pb(report, column) for column in report.columns],
        windows=[_window_to_pb(begin, tally, report.columns) for begin, tally in report.windows],
    )
    if report.drift is not None and report.columns:
        answer.drift = float(report.drift[list(report.columns)].max())
        answer.drift_level = _LEVELS[drift(answer.drift)]
    return answer


def shadow_to_pb(dataset_id: str, record: ShadowRecord) -> shadow_pb2.Shadow:
    return shadow_pb2.Shadow(
        tag=names.tag_name(dataset_id, record.tag),
        version=record.version,
        share=record.share,
        create_time=timestamp(record.created_us),
        actor=record.actor,
    )


def shadow_report_to_pb(dataset_id: str, report: ShadowReport) -> shadow_pb2.ShadowReport:
    labels = [
        shadow_pb2.LabelDisagreement(
            name=label.name,
            both_count=label.both,
            live_only_count=label.live_only,
            shadow_only_count=label.shadow_only,
            mean_distance=label.mean_distance,
        )
        for label in report.labels
    ]
    return shadow_pb2.ShadowReport(
        shadow=shadow_to_pb(dataset_id, report.shadow),
        live_version=report.live_version,
        text_count=report.texts,
        differing_count=report.differing,
        dropped_count=report.dropped,
        labels=labels,
        unshared_labels=report.unshared,
    )


def _label_to_pb(report: MonitoringReport, column: int) -> pb.LabelMonitoring:
    predicted, sampled = int(report.total.predicted[column]), report.total.sampled
    share = predicted / sampled if sampled else 0.0
    label = pb.LabelMonitoring(
        name=report.names[column],
        predicted_count=predicted,
        predicted_share=share,
        below_share=1 - share if sampled else 0.0,
        histogram=report.total.histograms[column].tolist(),
    )
    if report.reference_shares is not None:
        label.validation_shares.extend(report.reference_shares[column].tolist())
    if report.drift is not None:
        label.drift = float(report.drift[column])
        label.drift_level = _LEVELS[drift(label.drift)]
    return label


def _window_to_pb(begin: int, tally: Tally, columns: tuple[int, ...]) -> pb.MonitoringWindow:
    return pb.MonitoringWindow(
        start_time=Timestamp(seconds=begin),
        text_count=tally.texts,
        sampled_count=tally.sampled,
        unlabelled_count=tally.unlabelled,
        predicted_counts=tally.predicted[list(columns)].tolist(),
    )


def _seconds(moment: Timestamp) -> int:
    return int(moment.seconds)
