"""pinfold.v1.DatasetService: sources, documents, datasets, labels and annotations."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial

from google.protobuf.empty_pb2 import Empty

from pinfold.v1 import dataset_service_pb2 as pb
from pinfold.v1.annotation_history_pb2 import ListAnnotationHistoryRequest, ListAnnotationHistoryResponse
from pinfold.v1.annotation_pb2 import Annotation
from pinfold.v1.archive_pb2 import (
    ExportDatasetRequest,
    ExportDatasetResponse,
    ImportDatasetRequest,
    ImportDatasetResponse,
)
from pinfold.v1.dataset_pb2 import Dataset
from pinfold.v1.dataset_status_pb2 import DatasetStatus, GetDatasetStatusRequest, WatchDatasetRequest
from pinfold.v1.document_pb2 import Document
from pinfold.v1.sampling_pb2 import SampleDocumentsRequest, SampleDocumentsResponse
from pinfold.v1.source_pb2 import Source
from pinfold.v1.split_pb2 import ListSplitsRequest, ListSplitsResponse, SetSplitsRequest, SetSplitsResponse
from pinfold_server.domain import names
from pinfold_server.errors import invalid
from pinfold_server.rpc.ahead import ahead
from pinfold_server.rpc.convert import (
    convert_archives,
    convert_datasets,
    convert_documents,
    convert_history,
    convert_samples,
    convert_splits,
    convert_statuses,
    convert_uploads,
)
from pinfold_server.rpc.datasets.taxonomy_calls import TaxonomyCalls
from pinfold_server.rpc.once import request_key
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.datasets.catalogue import Catalogue
from pinfold_server.services.datasets.imports import Import
from pinfold_server.services.datasets.statuses import StatusService
from pinfold_server.services.documents.deletions import Matching, Policy
from pinfold_server.services.documents.uploads import CheckedBatch, Upload
from pinfold_server.services.sampling.sampling import SamplingService


class DatasetServicer(TaxonomyCalls):
    """Each method converts, calls one use case and converts back."""

    def __init__(self, catalogue: Catalogue, sampling: SamplingService, statuses: StatusService) -> None:
        super().__init__(catalogue)
        self._statuses = statuses
        self._sampling = sampling

    async def CreateSource(self, request: pb.CreateSourceRequest) -> Source:
        once = request_key("CreateSource", request)
        record = await self._use.sources.create(request.source_id, request.source.title, once)
        return convert_documents.source_to_pb(record)

    async def GetSource(self, request: pb.GetSourceRequest) -> Source:
        return convert_documents.source_to_pb(self._use.sources.get(names.parse_source(request.name)))

    async def ListSources(self, request: pb.ListSourcesRequest) -> pb.ListSourcesResponse:
        page = self._use.sources.list_sources(PageRequest(request.page_size, request.page_token))
        sources = map(convert_documents.source_to_pb, page.records)
        return pb.ListSourcesResponse(sources=sources, next_page_token=page.next_token)

    async def DeleteSource(self, request: pb.DeleteSourceRequest) -> Empty:
        once = request_key("DeleteSource", request)
        await self._use.sources.delete(names.parse_source(request.name), request.etag, once)
        return Empty()

    async def UploadDocuments(self, requests: AsyncIterator[pb.UploadDocumentsRequest]) -> pb.UploadDocumentsResponse:
        upload: Upload | None = None
        # A message is read and checked while the one before it goes to disk.
        async with contextlib.aclosing(ahead(self._checked_batches(requests))) as batches:
            async for upload, batch in batches:
                await upload.store(batch)
        if upload is None:
            raise invalid("source", "must be named in the first message; the stream had none")
        return convert_uploads.upload_to_pb(upload.answer)

    async def _checked_batches(
        self, requests: AsyncIterator[pb.UploadDocumentsRequest]
    ) -> AsyncIterator[tuple[Upload, CheckedBatch]]:
        upload: Upload | None = None
        async for message in requests:
            if upload is None:
                upload = self._use.uploads.begin(convert_uploads.target_from_pb(message))
            convert_uploads.check_same_source(message, upload.target)
            # A large message takes tens of milliseconds: not on the event loop.
            yield upload, await asyncio.to_thread(_checked, upload, message)

    async def GetDocument(self, request: pb.GetDocumentRequest) -> Document:
        source, document = names.parse_document(request.name)
        return convert_documents.document_to_pb(source, document, self._use.documents.get(source, document))

    async def ListDocuments(self, request: pb.ListDocumentsRequest) -> pb.ListDocumentsResponse:
        source = names.parse_source(request.source, "source") if request.source else None
        dataset = names.parse_dataset(request.dataset, "dataset") if request.dataset else None
        wanted = PageRequest(request.page_size, request.page_token)
        await self._use.scores.ready(dataset, request.filter)
        find = partial(self._use.documents.list_documents, source, wanted, dataset, request.filter)
        # A filter may look at thousands of documents: not on the event loop.
        page = await asyncio.to_thread(find) if request.filter else find()
        documents = [
            convert_documents.document_to_pb(found.source_id, found.document_id, found.record) for found in page.records
        ]
        return pb.ListDocumentsResponse(
            documents=documents,
            next_page_token=page.next_token,
            coverage=convert_documents.coverage_to_pb(page.scores),
        )

    async def DeleteDocuments(self, request: pb.DeleteDocumentsRequest) -> pb.DeleteDocumentsResponse:
        once = request_key("DeleteDocuments", request)
        source = names.parse_source(request.source, "source") if request.source or request.ids else None
        policy = convert_documents.policy_from_pb(request.annotated)
        if request.filter and not request.ids:
            dataset = names.parse_dataset(request.dataset, "dataset") if request.dataset else None
            matching = Matching(request.filter, dataset, source, request.page_token)
            answer = await self._use.deletions.delete_matching(matching, policy or Policy.REFUSE, once)
        elif request.filter:
            raise invalid("filter", "and ids exclude each other")
        else:
            source = names.parse_source(request.source, "source")
            answer = await self._use.deletions.delete(source, request.ids, once, policy=policy or Policy.DELETE)
        return convert_documents.deletion_to_pb(answer)

    async def CreateDataset(self, request: pb.CreateDatasetRequest) -> Dataset:
        once = request_key("CreateDataset", request)
        wanted = convert_datasets.new_dataset_from_pb(request)
        return convert_datasets.dataset_to_pb(await self._use.datasets.create(request.dataset_id, wanted, once))

    async def GetDataset(self, request: pb.GetDatasetRequest) -> Dataset:
        return convert_datasets.dataset_to_pb(self._use.datasets.get(names.parse_dataset(request.name)))

    async def ListDatasets(self, request: pb.ListDatasetsRequest) -> pb.ListDatasetsResponse:
        page = self._use.datasets.list_datasets(PageRequest(request.page_size, request.page_token))
        datasets = map(convert_datasets.dataset_to_pb, page.records)
        return pb.ListDatasetsResponse(datasets=datasets, next_page_token=page.next_token)

    async def UpdateDataset(self, request: pb.UpdateDatasetRequest) -> Dataset:
        dataset = names.parse_dataset(request.dataset.name, "dataset.name")
        wanted = convert_datasets.changed_dataset_from_pb(request)
        once = request_key("UpdateDataset", request)
        return convert_datasets.dataset_to_pb(
            await self._use.datasets.update(dataset, wanted, request.dataset.etag, once)
        )

    async def DeleteDataset(self, request: pb.DeleteDatasetRequest) -> Empty:
        once = request_key("DeleteDataset", request)
        dataset = names.parse_dataset(request.name)
        await self._use.datasets.delete(dataset, request.etag, force=request.force, once=once)
        return Empty()

    async def ExportDataset(self, request: ExportDatasetRequest) -> AsyncIterator[ExportDatasetResponse]:
        async with self._use.exports.export(names.parse_dataset(request.name)) as archive:
            yield ExportDatasetResponse(file=convert_archives.file_to_pb(archive))
            async for piece in archive.pieces():
                yield ExportDatasetResponse(data=piece)

    async def ImportDataset(self, requests: AsyncIterator[ImportDatasetRequest]) -> ImportDatasetResponse:
        running: Import | None = None
        try:
            async for message in requests:
                if running is None:
                    running = self._use.imports.begin(*convert_archives.import_from_pb(message))
                await running.feed(message.data)
            if running is None:
                raise invalid("data", "must hold an archive; the stream had no message", "ARCHIVE_FOREIGN")
            return convert_archives.import_to_pb(await running.finish())
        finally:
            if running is not None:
                await asyncio.shield(running.abandon())

    async def Annotate(self, request: pb.AnnotateRequest) -> pb.AnnotateResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        updates = [convert_datasets.annotation_update_from_pb(update) for update in request.annotations]
        once = request_key("Annotate", request)
        answer = await self._use.annotations.annotate(dataset, updates, request.annotator, once)
        return convert_datasets.annotate_to_pb(answer)

    async def GetAnnotation(self, request: pb.GetAnnotationRequest) -> Annotation:
        dataset = names.parse_dataset(request.dataset, "dataset")
        return convert_datasets.annotation_to_pb(self._use.annotations.get(dataset, request.document))

    async def ListAnnotations(self, request: pb.ListAnnotationsRequest) -> pb.ListAnnotationsResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        page = self._use.annotations.list_annotations(dataset, PageRequest(request.page_size, request.page_token))
        annotations = map(convert_datasets.annotation_to_pb, page.records)
        return pb.ListAnnotationsResponse(annotations=annotations, next_page_token=page.next_token)

    async def ListAnnotationHistory(self, request: ListAnnotationHistoryRequest) -> ListAnnotationHistoryResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        wanted = PageRequest(request.page_size, request.page_token)
        page = self._use.annotation_history.list_changes(dataset, request.document, wanted)
        return convert_history.history_to_pb(page)

    async def SetSplits(self, request: SetSplitsRequest) -> SetSplitsResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        choices = convert_splits.choices_from_pb(request.splits)
        answer = await self._use.splits.choose(dataset, choices, request_key("SetSplits", request))
        return convert_splits.answer_to_pb(answer)

    async def ListSplits(self, request: ListSplitsRequest) -> ListSplitsResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        page = self._use.splits.list_splits(dataset, PageRequest(request.page_size, request.page_token))
        return convert_splits.page_to_pb(page)

    async def SampleDocuments(self, request: SampleDocumentsRequest) -> SampleDocumentsResponse:
        page = await self._sampling.sample(convert_samples.sample_query_from_pb(request))
        return convert_samples.sample_page_to_pb(page)

    async def GetDatasetStatus(self, request: GetDatasetStatusRequest) -> DatasetStatus:
        return convert_statuses.status_to_pb(self._statuses.get(names.parse_dataset(request.name)))

    async def WatchDataset(self, request: WatchDatasetRequest) -> AsyncIterator[DatasetStatus]:
        dataset, heartbeat = names.parse_dataset(request.name), convert_statuses.heartbeat_from_pb(request)
        async with contextlib.aclosing(self._statuses.watch(dataset, heartbeat)) as statuses:
            async for status in statuses:
                yield convert_statuses.status_to_pb(status)


def _checked(upload: Upload, message: pb.UploadDocumentsRequest) -> CheckedBatch:
    return upload.check(convert_uploads.items_from_pb(message))
