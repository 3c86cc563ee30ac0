"""The part of pinfold.v1.ModelService that is about two versions of a dataset."""

from pinfold.v1 import comparison_pb2 as pb
from pinfold_server.rpc.convert import convert_comparisons
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.quality.comparisons import ComparisonService


class ComparisonCalls:
    """Each method converts, calls one use case and converts back."""

    def __init__(self, comparisons: ComparisonService) -> None:
        self._comparisons = comparisons

    async def CompareVersions(self, request: pb.CompareVersionsRequest) -> pb.VersionComparison:
        query = convert_comparisons.query_from_pb(request)
        compared = await self._comparisons.compare(query, convert_comparisons.trials_from_pb(request))
        return convert_comparisons.comparison_to_pb(query.dataset_id, compared)

    async def ListFlippedDocuments(self, request: pb.ListFlippedDocumentsRequest) -> pb.ListFlippedDocumentsResponse:
        query = convert_comparisons.query_from_pb(request)
        flip = convert_comparisons.flip_from_pb(request)
        wanted = PageRequest(request.page_size, request.page_token)
        page = await self._comparisons.flipped(query, flip, wanted)
        documents = map(convert_comparisons.flipped_to_pb, page.records)
        return pb.ListFlippedDocumentsResponse(documents=documents, next_page_token=page.next_token)
