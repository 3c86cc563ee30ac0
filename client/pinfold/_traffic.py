"""What versions say to callers, and shadows: the calls, and what callers hold of the answers (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from pinfold import _methods, _names
from pinfold._calls import Call, call
from pinfold._convert import time_from
from pinfold._enums import DRIFT_LEVELS, MONITORING_RESOLUTIONS, DriftLevel, MonitoringResolution
from pinfold.v1 import monitoring_pb2 as pb
from pinfold.v1 import shadow_pb2


@dataclass(frozen=True, slots=True)
class LabelMonitoring:
    """What a version said of one label, of the texts that were looked at.

    `predicted_count` of them reached the threshold that requests without options use; shares are 0 to 1. `histogram`
    counts texts in 20 equally wide bins of probability, `validation_shares` are the bins' shares in the validation, ()
    when it is not kept. `drift` is the population stability index between the two, None when it is not known.
    """

    name: str
    predicted_count: int
    predicted_share: float
    below_share: float
    histogram: tuple[int, ...]
    validation_shares: tuple[float, ...]
    drift: float | None
    drift_level: DriftLevel | None


@dataclass(frozen=True, slots=True)
class MonitoringWindow:
    """Answers in one stretch of time; `predicted_counts` in the order of the report's labels."""

    start_time: datetime
    text_count: int
    sampled_count: int
    unlabelled_count: int
    predicted_counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MonitoringReport:
    """What a version said to callers of `predict` and `predict_stream`, some seconds ago at the latest.

    Of `text_count` answered texts, `sampled_count` were looked at; of these, `unlabelled_count` reached the threshold
    of no label. `drift` is the largest of a label.
    """

    version: int
    resolution: MonitoringResolution | None
    text_count: int
    sampled_count: int
    unlabelled_count: int
    drift: float | None
    drift_level: DriftLevel | None
    labels: tuple[LabelMonitoring, ...]
    windows: tuple[MonitoringWindow, ...]


@dataclass(frozen=True, slots=True)
class Shadow:
    """A version that is tried beside that of a tag, on `share` (above 0, at most 1) of its requests."""

    tag: str
    version: int
    share: float
    create_time: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class LabelDisagreement:
    """Texts by who predicted the label, and the mean absolute difference of the probabilities, 0 to 1."""

    name: str
    both_count: int
    live_only_count: int
    shadow_only_count: int
    mean_distance: float


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """Where a shadow differs from the version that answers, counted since the tag moved last.

    `differing_count` of `text_count` texts differ in some label; `dropped_count` were left out for want of time.
    `labels` by falling disagreement; `unshared_labels` are known to one version only.
    """

    shadow: Shadow
    live_version: int
    text_count: int
    differing_count: int
    dropped_count: int
    labels: tuple[LabelDisagreement, ...]
    unshared_labels: tuple[str, ...]


def get_monitoring(
    dataset_id: str,
    number: int,
    times: tuple[datetime | None, datetime | None],
    resolution: MonitoringResolution | str | None,
    labels: Iterable[str] | None,
) -> Call[MonitoringReport]:
    """`times`: start and end. Raises TypeError or ValueError naming the argument that cannot be sent."""
    request = pb.GetMonitoringRequest(name=_names.version(dataset_id, number))
    for field, value in zip(("start_time", "end_time"), times, strict=True):
        if value is not None:
            getattr(request, field).CopyFrom(_timestamp(value, field))
    if resolution is not None:
        request.resolution = MONITORING_RESOLUTIONS.encode(resolution, "resolution")  # type: ignore[assignment]
    if labels is not None:
        request.labels.extend(_names.text_list(labels, "labels"))
    return call(_methods.GET_MONITORING, request, _report)


def set_shadow(dataset_id: str, tag: str, version: int, share: float | None, actor: str) -> Call[Shadow]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    if share is not None and (isinstance(share, bool) or not isinstance(share, int | float)):
        raise TypeError(f"share must be a number, got {type(share).__name__}")
    if share is not None and not 0 < share <= 1:
        raise ValueError(f"share must be above 0 and at most 1, got {share}")
    request = shadow_pb2.SetShadowRequest(
        tag=_names.tag(dataset_id, tag), version=_names.number_argument(version, "version"), share=share, actor=actor
    )
    return call(_methods.SET_SHADOW, request, _shadow)


def clear_shadow(dataset_id: str, tag: str, actor: str) -> Call[None]:
    request = shadow_pb2.ClearShadowRequest(tag=_names.tag(dataset_id, tag), actor=actor)
    return call(_methods.CLEAR_SHADOW, request, lambda _: None)


def get_shadow_report(dataset_id: str, tag: str) -> Call[ShadowReport]:
    request = shadow_pb2.GetShadowReportRequest(tag=_names.tag(dataset_id, tag))
    return call(_methods.GET_SHADOW_REPORT, request, _shadow_report)


def _report(message: pb.MonitoringReport) -> MonitoringReport:
    return MonitoringReport(
        version=int(message.version.rpartition("/")[2]),
        resolution=MONITORING_RESOLUTIONS.decode(message.resolution),
        text_count=message.text_count,
        sampled_count=message.sampled_count,
        unlabelled_count=message.unlabelled_count,
        drift=message.drift if message.HasField("drift") else None,
        drift_level=DRIFT_LEVELS.decode(message.drift_level),
        labels=tuple(map(_label, message.labels)),
        windows=tuple(map(_window, message.windows)),
    )


def _label(message: pb.LabelMonitoring) -> LabelMonitoring:
    return LabelMonitoring(
        name=message.name,
        predicted_count=message.predicted_count,
        predicted_share=message.predicted_share,
        below_share=message.below_share,
        histogram=tuple(message.histogram),
        validation_shares=tuple(message.validation_shares),
        drift=message.drift if message.HasField("drift") else None,
        drift_level=DRIFT_LEVELS.decode(message.drift_level),
    )


def _window(message: pb.MonitoringWindow) -> MonitoringWindow:
    return MonitoringWindow(
        start_time=time_from(message.start_time),
        text_count=message.text_count,
        sampled_count=message.sampled_count,
        unlabelled_count=message.unlabelled_count,
        predicted_counts=tuple(message.predicted_counts),
    )


def _shadow(message: shadow_pb2.Shadow) -> Shadow:
    return Shadow(
        tag=message.tag.rpartition("/")[2],
        version=message.version,
        share=message.share,
        create_time=time_from(message.create_time),
        actor=message.actor,
    )


def _shadow_report(message: shadow_pb2.ShadowReport) -> ShadowReport:
    labels = (
        LabelDisagreement(
            label.name, label.both_count, label.live_only_count, label.shadow_only_count, label.mean_distance
        )
        for label in message.labels
    )
    return ShadowReport(
        shadow=_shadow(message.shadow),
        live_version=message.live_version,
        text_count=message.text_count,
        differing_count=message.differing_count,
        dropped_count=message.dropped_count,
        labels=tuple(labels),
        unshared_labels=tuple(message.unshared_labels),
    )


def _timestamp(value: datetime, place: str) -> Timestamp:
    """A time without a zone could be any."""
    if not isinstance(value, datetime):
        raise TypeError(f"{place} must be a datetime, got {type(value).__name__}")
    if value.tzinfo is None:
        raise ValueError(f"{place} must have a time zone")
    sent = Timestamp()
    sent.FromDatetime(value.astimezone(UTC))
    return sent
