"""The part of pinfold.v1.ModelService that is about how good a version is."""

import asyncio
from dataclasses import dataclass

from pinfold.v1 import validation_pb2 as pb
from pinfold.v1.rating_pb2 import GetModelRatingRequest, ModelRating
from pinfold_server.domain import names
from pinfold_server.rpc.convert import convert_ratings
from pinfold_server.rpc.convert import convert_validations as convert
from pinfold_server.services.quality.ratings import RatingService
from pinfold_server.services.quality.threshold_search import ThresholdSearch
from pinfold_server.services.quality.validation_documents import ValidationDocuments
from pinfold_server.services.quality.validations import ValidationService


@dataclass(frozen=True, slots=True)
class QualityUse:
    """The use cases of these calls."""

    validations: ValidationService
    thresholds: ThresholdSearch
    documents: ValidationDocuments
    ratings: RatingService


class QualityCalls:
    """Each method converts, calls one use case and converts back."""

    def __init__(self, use: QualityUse) -> None:
        self._quality = use

    async def GetValidation(self, request: pb.GetValidationRequest) -> pb.Validation:
        found = await self._quality.validations.get(convert.validation_query_from_pb(request))
        # Hundreds of thousands of points can be asked for: not on the event loop.
        return await asyncio.to_thread(convert.validation_to_pb, found)

    async def FindThresholds(self, request: pb.FindThresholdsRequest) -> pb.FindThresholdsResponse:
        query = convert.threshold_query_from_pb(request)
        return convert.thresholds_found_to_pb(query.dataset_id, await self._quality.thresholds.find(query))

    async def ListValidationDocuments(
        self, request: pb.ListValidationDocumentsRequest
    ) -> pb.ListValidationDocumentsResponse:
        query = convert.documents_query_from_pb(request)
        return convert.documents_to_pb(query.dataset_id, await self._quality.documents.list_documents(query))

    async def GetModelRating(self, request: GetModelRatingRequest) -> ModelRating:
        dataset, wanted = names.parse_version(request.name)
        return convert_ratings.rating_to_pb(dataset, await self._quality.ratings.get(dataset, wanted))
