"""The calls of runs, versions and tags (pure: arguments in, calls out)."""

from dataclasses import dataclass

from pinfold import _methods, _model_convert, _names
from pinfold._calls import Call, Listing, Stream, call, listing, nothing
from pinfold._experiments import RunNotes
from pinfold._gate_types import Gate, gate_to_pb
from pinfold._model_types import RunConfig, RunConfiguration, RunInfo, Tag, TagEvent, VersionInfo
from pinfold.v1 import model_service_pb2 as pb
from pinfold.v1 import run_pb2


def create_run_configuration(configuration_id: str, config: RunConfig, description: str) -> Call[RunConfiguration]:
    configuration = run_pb2.RunConfiguration(description=description, config=_model_convert.run_config_message(config))
    request = pb.CreateRunConfigurationRequest(
        run_configuration_id=_names.text_argument(configuration_id, "id"), run_configuration=configuration
    )
    return call(_methods.CREATE_RUN_CONFIGURATION, request, _model_convert.run_configuration)


def get_run_configuration(configuration_id: str) -> Call[RunConfiguration]:
    request = pb.GetRunConfigurationRequest(name=_names.run_configuration(configuration_id))
    return call(_methods.GET_RUN_CONFIGURATION, request, _model_convert.run_configuration)


def list_run_configurations() -> Listing[RunConfiguration]:
    request = pb.ListRunConfigurationsRequest()
    return listing(
        _methods.LIST_RUN_CONFIGURATIONS,
        request,
        lambda page: page.run_configurations,
        _model_convert.run_configuration,
    )


def delete_run_configuration(configuration_id: str) -> Call[None]:
    request = pb.DeleteRunConfigurationRequest(name=_names.run_configuration(configuration_id))
    return call(_methods.DELETE_RUN_CONFIGURATION, request, nothing)


def train(
    dataset_id: str, options: RunConfig | str, experiment_id: str | None = None, said: RunNotes | None = None
) -> Call[RunInfo]:
    """With options, or with those of the run configuration that has this id."""
    request = pb.TrainRequest(dataset=_names.dataset(dataset_id))
    if experiment_id is not None:
        request.experiment_id = _names.text_argument(experiment_id, "experiment")
    if said is not None:
        request.title, request.notes = said.title or "", said.notes or ""
        request.metadata.update(said.metadata or {})
    if isinstance(options, str):
        request.run_configuration = _names.run_configuration(options)
    else:
        request.config.CopyFrom(_model_convert.run_config_message(options))
    return call(_methods.TRAIN, request, _model_convert.run_info)


def get_run(dataset_id: str, number: int) -> Call[RunInfo]:
    request = pb.GetRunRequest(name=_names.run(dataset_id, number))
    return call(_methods.GET_RUN, request, _model_convert.run_info)


def watch_run(dataset_id: str, number: int) -> Stream[RunInfo]:
    request = pb.WatchRunRequest(name=_names.run(dataset_id, number))
    return Stream(_methods.WATCH_RUN, request, _model_convert.run_info)


def cancel_run(dataset_id: str, number: int) -> Call[RunInfo]:
    request = pb.CancelRunRequest(name=_names.run(dataset_id, number))
    return call(_methods.CANCEL_RUN, request, _model_convert.run_info)


def get_version(dataset_id: str, number_or_tag: int | str) -> Call[VersionInfo]:
    request = pb.GetVersionRequest(name=_names.version(dataset_id, number_or_tag))
    return call(_methods.GET_VERSION, request, _model_convert.version_info)


def list_versions(dataset_id: str, pinned_only: bool) -> Listing[VersionInfo]:
    request = pb.ListVersionsRequest(dataset=_names.dataset(dataset_id), pinned_only=pinned_only)
    return listing(_methods.LIST_VERSIONS, request, lambda page: page.versions, _model_convert.version_info)


def pin_version(dataset_id: str, number: int) -> Call[VersionInfo]:
    request = pb.PinVersionRequest(name=_names.version(dataset_id, number))
    return call(_methods.PIN_VERSION, request, _model_convert.version_info)


def unpin_version(dataset_id: str, number: int) -> Call[VersionInfo]:
    request = pb.UnpinVersionRequest(name=_names.version(dataset_id, number))
    return call(_methods.UNPIN_VERSION, request, _model_convert.version_info)


def download_model(dataset_id: str, number: int) -> Stream[pb.DownloadModelResponse]:
    request = pb.DownloadModelRequest(name=_names.version(dataset_id, number))
    return Stream(_methods.DOWNLOAD_MODEL, request, lambda message: message)


@dataclass(frozen=True, slots=True)
class Releasing:
    """On what condition a tag is moved, by whom, and whether whatever its gate says."""

    etag: str | None
    actor: str
    force: bool
    reason: str


def set_tag(dataset_id: str, tag: str, version: int, how: Releasing) -> Call[Tag]:
    request = pb.SetTagRequest(
        name=_names.tag(dataset_id, tag),
        version=_names.number_argument(version, "version"),
        etag=how.etag,
        actor=how.actor,
        force=how.force,
        reason=how.reason,
    )
    return call(_methods.SET_TAG, request, _model_convert.tag)


def clear_tag(dataset_id: str, tag: str, etag: str | None, actor: str) -> Call[int]:
    """Answers the number of the version that the tag pointed to."""
    request = pb.ClearTagRequest(name=_names.tag(dataset_id, tag), etag=etag, actor=actor)
    return call(_methods.CLEAR_TAG, request, lambda answer: answer.previous_version)


def get_tag(dataset_id: str, tag: str) -> Call[Tag]:
    request = pb.GetTagRequest(name=_names.tag(dataset_id, tag))
    return call(_methods.GET_TAG, request, _model_convert.tag)


def list_tags(dataset_id: str) -> Listing[Tag]:
    request = pb.ListTagsRequest(dataset=_names.dataset(dataset_id))
    return listing(_methods.LIST_TAGS, request, lambda page: page.tags, _model_convert.tag)


def list_tag_events(dataset_id: str, tag: str | None) -> Listing[TagEvent]:
    """Of one tag, or of all tags when it is None."""
    parent = _names.dataset(dataset_id) if tag is None else _names.tag(dataset_id, tag)
    request = pb.ListTagEventsRequest(parent=parent)
    return listing(_methods.LIST_TAG_EVENTS, request, lambda page: page.events, _model_convert.tag_event)


def promote(dataset_id: str, from_tag: str, to_tag: str, gate: Gate | None, how: Releasing) -> Call[Tag]:
    request = pb.PromoteRequest(
        dataset=_names.dataset(dataset_id),
        from_tag=_names.text_argument(from_tag, "from_tag"),
        to_tag=_names.text_argument(to_tag, "to_tag"),
        etag=how.etag,
        actor=how.actor,
        gate=None if gate is None else gate_to_pb(gate),
        force=how.force,
        reason=how.reason,
    )
    return call(_methods.PROMOTE, request, _model_convert.tag)


def rollback_tag(dataset_id: str, tag: str, etag: str | None, actor: str) -> Call[Tag]:
    request = pb.RollbackTagRequest(name=_names.tag(dataset_id, tag), etag=etag, actor=actor)
    return call(_methods.ROLLBACK_TAG, request, _model_convert.tag)
