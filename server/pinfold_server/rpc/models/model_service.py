"""pinfold.v1.ModelService: runs, versions and tags."""

from collections.abc import AsyncIterator

from google.protobuf.empty_pb2 import Empty

from pinfold.v1 import model_service_pb2 as pb
from pinfold.v1.keyword_pb2 import ListKeywordsRequest, ListKeywordsResponse
from pinfold.v1.restore_pb2 import RestoreDatasetRequest, RestoreDatasetResponse
from pinfold.v1.run_pb2 import Run, RunConfiguration
from pinfold.v1.tag_pb2 import Tag
from pinfold.v1.version_pb2 import ModelFile, Version
from pinfold_server.domain import names
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert import (
    convert_experiments,
    convert_keywords,
    convert_restores,
    convert_runs,
    convert_tags,
    convert_versions,
)
from pinfold_server.rpc.models.quality_calls import QualityCalls, QualityUse
from pinfold_server.rpc.models.release_calls import ReleaseCalls, ReleaseUse
from pinfold_server.rpc.models.study_calls import StudyCalls, StudyUse
from pinfold_server.rpc.once import request_key
from pinfold_server.services.annotations.restores import RestoreService
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.releases.tag_moves import TagChange
from pinfold_server.services.releases.tags import TagService
from pinfold_server.services.runs.configurations import ConfigurationService
from pinfold_server.services.runs.runs import RunService
from pinfold_server.services.versions.keywords import KeywordService
from pinfold_server.services.versions.versions import VersionService

CHUNK_BYTES = 1 << 20


class ModelServicer(QualityCalls, StudyCalls, ReleaseCalls):
    """Each method converts, calls one use case and converts back."""

    def __init__(
        self,
        configurations: ConfigurationService,
        runs: RunService,
        versions: VersionService,
        tags: TagService,
        keywords: KeywordService,
        restores: RestoreService,
        quality: QualityUse,
        studies: StudyUse,
        releases: ReleaseUse,
    ) -> None:
        QualityCalls.__init__(self, quality)
        StudyCalls.__init__(self, studies)
        ReleaseCalls.__init__(self, releases)
        self._configurations = configurations
        self._runs = runs
        self._versions = versions
        self._tags = tags
        self._keywords = keywords
        self._restores = restores

    async def CreateRunConfiguration(self, request: pb.CreateRunConfigurationRequest) -> RunConfiguration:
        wanted = request.run_configuration
        config = convert_runs.config_from_pb(wanted.config, "run_configuration.config")
        once = request_key("CreateRunConfiguration", request)
        made = self._configurations.create(request.run_configuration_id, wanted.description, config, once)
        return convert_runs.configuration_to_pb(await made)

    async def GetRunConfiguration(self, request: pb.GetRunConfigurationRequest) -> RunConfiguration:
        return convert_runs.configuration_to_pb(self._configurations.get(names.parse_run_configuration(request.name)))

    async def ListRunConfigurations(self, request: pb.ListRunConfigurationsRequest) -> pb.ListRunConfigurationsResponse:
        page = self._configurations.list_configurations(PageRequest(request.page_size, request.page_token))
        return pb.ListRunConfigurationsResponse(
            run_configurations=[convert_runs.configuration_to_pb(record) for record in page.records],
            next_page_token=page.next_token,
        )

    async def DeleteRunConfiguration(self, request: pb.DeleteRunConfigurationRequest) -> Empty:
        wanted = names.parse_run_configuration(request.name)
        await self._configurations.delete(wanted, request_key("DeleteRunConfiguration", request))
        return Empty()

    async def Train(self, request: pb.TrainRequest) -> Run:
        dataset = names.parse_dataset(request.dataset, "dataset")
        options, once = _train_options(request), request_key("Train", request)
        notes = convert_experiments.notes_of_training(request)
        record = await self._runs.train(dataset, options, once, notes=notes, experiment_id=request.experiment_id)
        return convert_runs.run_to_pb(dataset, record)

    async def GetRun(self, request: pb.GetRunRequest) -> Run:
        dataset, number = names.parse_run(request.name)
        return convert_runs.run_to_pb(dataset, self._runs.get(dataset, number))

    async def WatchRun(self, request: pb.WatchRunRequest) -> AsyncIterator[Run]:
        dataset, number = names.parse_run(request.name)
        async for record in self._runs.watch(dataset, number):
            yield convert_runs.run_to_pb(dataset, record)

    async def CancelRun(self, request: pb.CancelRunRequest) -> Run:
        dataset, number = names.parse_run(request.name)
        return convert_runs.run_to_pb(dataset, await self._runs.cancel(dataset, number))

    async def GetVersion(self, request: pb.GetVersionRequest) -> Version:
        dataset, wanted = names.parse_version(request.name)
        return convert_versions.version_to_pb(dataset, self._versions.get(dataset, wanted))

    async def ListVersions(self, request: pb.ListVersionsRequest) -> pb.ListVersionsResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        wanted = PageRequest(request.page_size, request.page_token)
        page = self._versions.list_versions(dataset, wanted, pinned_only=request.pinned_only)
        versions = [convert_versions.version_to_pb(dataset, info) for info in page.records]
        return pb.ListVersionsResponse(versions=versions, next_page_token=page.next_token)

    async def PinVersion(self, request: pb.PinVersionRequest) -> Version:
        dataset, wanted = names.parse_version(request.name)
        info = await self._versions.pin(dataset, wanted, request_key("PinVersion", request))
        return convert_versions.version_to_pb(dataset, info)

    async def UnpinVersion(self, request: pb.UnpinVersionRequest) -> Version:
        dataset, wanted = names.parse_version(request.name)
        if wanted.number is None:
            raise invalid("name", "must name a version by its number, so that nothing else is unpinned by mistake")
        info = await self._versions.unpin(dataset, wanted.number, request_key("UnpinVersion", request))
        return convert_versions.version_to_pb(dataset, info)

    async def ListKeywords(self, request: ListKeywordsRequest) -> ListKeywordsResponse:
        dataset, wanted = names.parse_version(request.parent, "parent")
        page = PageRequest(request.page_size, request.page_token)
        listed = self._keywords.list_keywords(dataset, wanted, request.labels, request.max_keywords, page)
        return convert_keywords.keywords_to_pb(listed)

    async def DownloadModel(self, request: pb.DownloadModelRequest) -> AsyncIterator[pb.DownloadModelResponse]:
        dataset, wanted = names.parse_version(request.name)
        record, blob = self._versions.file(dataset, wanted)
        file = ModelFile(sha256=record.sha256.hex(), size=record.size, feature_count=record.feature_count)
        yield pb.DownloadModelResponse(file=file)
        for start in range(0, len(blob), CHUNK_BYTES):
            yield pb.DownloadModelResponse(data=blob[start : start + CHUNK_BYTES])

    async def RestoreDataset(self, request: RestoreDatasetRequest) -> RestoreDatasetResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        target = convert_restores.target_from_pb(dataset, request)
        answer = await self._restores.restore(dataset, target, request.actor, request_key("RestoreDataset", request))
        return convert_restores.restore_to_pb(dataset, answer)

    async def ClearTag(self, request: pb.ClearTagRequest) -> pb.ClearTagResponse:
        dataset, tag = names.parse_tag(request.name)
        change = TagChange(dataset, tag, request.etag, request.actor)
        answer = await self._tags.clear(change, request_key("ClearTag", request))
        return pb.ClearTagResponse(previous_version=answer.count)

    async def GetTag(self, request: pb.GetTagRequest) -> Tag:
        dataset, tag = names.parse_tag(request.name)
        return convert_tags.tag_to_pb(dataset, self._tags.get(dataset, tag))

    async def ListTags(self, request: pb.ListTagsRequest) -> pb.ListTagsResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        page = self._tags.list_tags(dataset, PageRequest(request.page_size, request.page_token))
        tags = [convert_tags.tag_to_pb(dataset, record) for record in page.records]
        return pb.ListTagsResponse(tags=tags, next_page_token=page.next_token)

    async def ListTagEvents(self, request: pb.ListTagEventsRequest) -> pb.ListTagEventsResponse:
        dataset, tag = convert_tags.history_parent(request.parent)
        page = self._tags.history(dataset, tag, PageRequest(request.page_size, request.page_token))
        events = [convert_tags.event_to_pb(dataset, record) for record in page.records]
        return pb.ListTagEventsResponse(events=events, next_page_token=page.next_token)

    async def RollbackTag(self, request: pb.RollbackTagRequest) -> Tag:
        dataset, tag = names.parse_tag(request.name)
        change = TagChange(dataset, tag, request.etag, request.actor)
        return convert_tags.tag_to_pb(dataset, await self._tags.roll_back(change, request_key("RollbackTag", request)))


def _train_options(request: pb.TrainRequest) -> RunConfig | str:
    """The options themselves, or the id of the run configuration that holds them."""
    if not request.run_configuration:
        return convert_runs.config_from_pb(request.config)
    if request.HasField("config"):
        raise invalid("config", "must not be set together with run_configuration", "INVALID_CONFIG")
    return names.parse_run_configuration(request.run_configuration, "run_configuration")
