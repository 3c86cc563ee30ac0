"""The part of pinfold.v1.DatasetService that is about labels."""

from pinfold.v1 import dataset_service_pb2 as pb
from pinfold.v1 import taxonomy_pb2
from pinfold_server.domain import names
from pinfold_server.rpc.convert import convert_labels
from pinfold_server.rpc.once import request_key
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.datasets.catalogue import Catalogue


class TaxonomyCalls:
    """Each method converts, calls one use case and converts back."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._use = catalogue

    async def UpsertLabels(self, request: pb.UpsertLabelsRequest) -> pb.UpsertLabelsResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        updates = convert_labels.label_updates_from_pb(request.labels)
        once = request_key("UpsertLabels", request)
        answer = await self._use.labels.upsert(dataset, updates, once, actor=request.actor)
        return convert_labels.labels_to_pb(answer)

    async def ListLabels(self, request: pb.ListLabelsRequest) -> pb.ListLabelsResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        page = self._use.labels.list_labels(dataset, PageRequest(request.page_size, request.page_token))
        labels = map(convert_labels.label_to_pb, page.records)
        return pb.ListLabelsResponse(labels=labels, next_page_token=page.next_token)

    async def RenameLabel(self, request: taxonomy_pb2.RenameLabelRequest) -> taxonomy_pb2.RenameLabelResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        once = request_key("RenameLabel", request)
        answer = await self._use.label_moves.rename(dataset, request.label, request.new_label, request.actor, once)
        return taxonomy_pb2.RenameLabelResponse(
            label=convert_labels.label_to_pb(answer.label),
            renamed_count=answer.renamed_count,
            merged_count=answer.merged_count,
            annotation_count=answer.annotation_count,
            revision=answer.revision,
        )

    async def DeleteLabel(self, request: taxonomy_pb2.DeleteLabelRequest) -> taxonomy_pb2.DeleteLabelResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        once = request_key("DeleteLabel", request)
        answer = await self._use.label_moves.delete(
            dataset, request.label, request.move_to, force=request.force, actor=request.actor, once=once
        )
        return taxonomy_pb2.DeleteLabelResponse(
            deleted_count=answer.deleted_count, annotation_count=answer.annotation_count, revision=answer.revision
        )

    async def CopyTaxonomy(self, request: taxonomy_pb2.CopyTaxonomyRequest) -> taxonomy_pb2.CopyTaxonomyResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        other = names.parse_dataset(request.from_dataset, "from_dataset")
        once = request_key("CopyTaxonomy", request)
        answer = await self._use.taxonomy_copies.copy(
            dataset, other, with_annotations=request.annotations, actor=request.actor, once=once
        )
        return taxonomy_pb2.CopyTaxonomyResponse(
            created_count=answer.created_count,
            annotation_count=answer.annotation_count,
            kept_count=answer.kept_count,
            revision=answer.revision,
        )

    async def ListLabelHistory(
        self, request: taxonomy_pb2.ListLabelHistoryRequest
    ) -> taxonomy_pb2.ListLabelHistoryResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        wanted = PageRequest(request.page_size, request.page_token)
        page = self._use.label_moves.history(dataset, request.label, wanted)
        events = map(convert_labels.label_event_to_pb, page.records)
        return taxonomy_pb2.ListLabelHistoryResponse(events=events, next_page_token=page.next_token)
