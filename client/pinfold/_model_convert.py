"""Runs, versions, tags and predictions from the wire, run configurations to it (pure)."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from google.protobuf.message import Message

from pinfold import _names
from pinfold._convert import item_failure, time_from
from pinfold._enums import (
    ALGORITHMS,
    CHAR_SCOPES,
    CLASS_WEIGHTS,
    FEATURE_SELECTIONS,
    LABEL_MODES,
    RUN_PHASES,
    RUN_STATES,
    STOP_WORD_LISTS,
    TAG_EVENT_KINDS,
    VALIDATION_MODES,
    Wire,
)
from pinfold._gate_types import report_from_pb
from pinfold._model_types import (
    LabelScore,
    LabelThresholds,
    Metrics,
    ModelFile,
    Prediction,
    RunConfig,
    RunConfiguration,
    RunError,
    RunInfo,
    Selection,
    SelectionCandidate,
    Tag,
    TagEvent,
    VersionInfo,
    VersionLabel,
)
from pinfold.v1 import prediction_pb2, run_pb2, tag_pb2, version_pb2

_CHOICES: dict[str, Wire[Any]] = {
    "algorithm": ALGORITHMS,
    "char_scope": CHAR_SCOPES,
    "feature_selection": FEATURE_SELECTIONS,
    "stop_word_list": STOP_WORD_LISTS,
    "class_weight": CLASS_WEIGHTS,
    "label_mode": LABEL_MODES,
}
_SWITCHES = ("fold_urls", "fold_numbers")
_NUMBERS = tuple(f.name for f in fields(RunConfig) if f.name not in {*_CHOICES, *_SWITCHES, "stop_words"})


def run_config(config: run_pb2.RunConfig) -> RunConfig:
    told = {name: getattr(config, name) for name in (*_NUMBERS, *_SWITCHES) if config.HasField(name)}
    chosen = {name: wire.decode(getattr(config, name)) for name, wire in _CHOICES.items()}
    return RunConfig(**told, **chosen, stop_words=tuple(config.stop_words))


def run_config_message(config: RunConfig) -> run_pb2.RunConfig:
    """Raises TypeError or ValueError naming the option that cannot be sent."""
    message = run_pb2.RunConfig(stop_words=_names.text_list(config.stop_words, "stop_words"))
    for name, wire in _CHOICES.items():
        choice = getattr(config, name)
        if choice is not None:
            setattr(message, name, wire.number(choice, name))
    for name in (*_NUMBERS, *_SWITCHES):
        value = getattr(config, name)
        if value is None:
            continue
        if isinstance(value, bool) is not (name in _SWITCHES):
            wanted = "True or False" if name in _SWITCHES else "a number"
            raise TypeError(f"{name} must be {wanted}, got {value!r}")
        try:
            setattr(message, name, value)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{name}: {error}") from None
    return message


def run_configuration(configuration: run_pb2.RunConfiguration) -> RunConfiguration:
    return RunConfiguration(
        id=_names.last_part(configuration.name),
        description=configuration.description,
        config=run_config(configuration.config),
        create_time=time_from(configuration.create_time),
    )


def metrics(metrics: version_pb2.Metrics) -> Metrics:
    return Metrics(
        validation_mode=VALIDATION_MODES.decode(metrics.validation_mode),
        train_size=metrics.train_size,
        test_size=metrics.test_size,
        mean_average_precision=metrics.mean_average_precision,
        micro_f1=metrics.micro_f1,
        macro_f1=metrics.macro_f1,
        accuracy=optional(metrics, "accuracy"),
        calibration_error=metrics.calibration_error,
        top_label_calibration_error=optional(metrics, "top_label_calibration_error"),
    )


def run_info(run: run_pb2.Run) -> RunInfo:
    return RunInfo(
        number=int(_names.last_part(run.name)),
        state=RUN_STATES.decode(run.state),
        phase=RUN_PHASES.decode(run.phase),
        fraction=run.fraction,
        seconds_left=optional(run, "seconds_left"),
        config=run_config(run.config),
        revision=run.revision,
        version=run.version or None,
        metrics=metrics(run.metrics) if run.HasField("metrics") else None,
        error=RunError(run.error.reason, run.error.message) if run.HasField("error") else None,
        cancel_requested=run.cancel_requested,
        attempt=run.attempt,
        create_time=time_from(run.create_time),
        start_time=_optional_time(run, "start_time"),
        end_time=_optional_time(run, "end_time"),
        run_configuration=_names.last_part(run.run_configuration) or None,
        selection=_selection(run.selection) if run.HasField("selection") else None,
        automatic=run.automatic,
        experiment=_names.last_part(run.experiment) or None,
        title=run.title,
        notes=run.notes,
        metadata=dict(run.metadata),
        starred=run.starred,
    )


def _selection(selection: run_pb2.Selection) -> Selection:
    tried = (
        SelectionCandidate(ALGORITHMS.decode(each.algorithm), each.score, each.seconds) for each in selection.candidates
    )
    return Selection(selection.measure, tuple(tried), ALGORITHMS.decode(selection.algorithm))


def version_info(version: version_pb2.Version) -> VersionInfo:
    # A version without any label cannot be trained, so an empty list of a labelled one was left out.
    told = bool(version.labels) or not version.label_count
    return VersionInfo(
        number=version.number,
        run=int(_names.last_part(version.run)) if version.run else 0,
        pinned=version.pinned,
        pin_time=_optional_time(version, "pin_time"),
        available=version.available,
        tags=tuple(version.tags),
        revision=version.revision,
        metrics=metrics(version.metrics),
        file=model_file(version.file),
        labels=tuple(_version_label(label) for label in version.labels) if told else None,
        label_count=version.label_count,
        create_time=time_from(version.create_time),
        train_seconds=version.train_seconds,
        label_mode=LABEL_MODES.decode(version.label_mode),
        pin_note=version.pin_note,
    )


def model_file(file: version_pb2.ModelFile) -> ModelFile:
    return ModelFile(file.sha256, file.size, file.feature_count)


def label_thresholds(cuts: version_pb2.LabelThresholds) -> LabelThresholds:
    return LabelThresholds(optional(cuts, "balanced"), optional(cuts, "high_precision"), optional(cuts, "high_recall"))


def _version_label(label: version_pb2.VersionLabel) -> VersionLabel:
    return VersionLabel(
        name=label.name,
        train_count=label.train_count,
        test_count=label.test_count,
        average_precision=optional(label, "average_precision"),
        precision=optional(label, "precision"),
        recall=optional(label, "recall"),
        f1=optional(label, "f1"),
        thresholds=label_thresholds(label.thresholds),
    )


def tag(tag: tag_pb2.Tag) -> Tag:
    return Tag(
        name=_names.last_part(tag.name),
        version=tag.version,
        previous_version=tag.previous_version or None,
        update_time=time_from(tag.update_time),
        actor=tag.actor,
        etag=tag.etag,
    )


def tag_event(event: tag_pb2.TagEvent) -> TagEvent:
    return TagEvent(
        tag=_names.last_part(event.tag),
        kind=TAG_EVENT_KINDS.decode(event.kind),
        from_version=event.from_version or None,
        to_version=event.to_version or None,
        time=time_from(event.time),
        actor=event.actor,
        gate=report_from_pb(event.gate) if event.HasField("gate") else None,
        forced=event.forced,
        reason=event.reason,
    )


def prediction(prediction: prediction_pb2.Prediction, version: int, tag: str | None) -> Prediction:
    return Prediction(
        labels=tuple([LabelScore(score.name, score.probability) for score in prediction.labels]),
        version=version,
        tag=tag,
        truncated=prediction.truncated,
        error=item_failure(prediction.error) if prediction.HasField("error") else None,
        sentiments={score.name: score.sentiment for score in prediction.labels if score.HasField("sentiment")},
    )


def optional(message: Message, name: str) -> float | None:
    """A number that may be left out."""
    return float(getattr(message, name)) if message.HasField(name) else None


def _optional_time(message: Message, name: str) -> datetime | None:
    return time_from(getattr(message, name)) if message.HasField(name) else None
