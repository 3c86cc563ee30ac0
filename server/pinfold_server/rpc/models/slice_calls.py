"""The part of pinfold.v1.ModelService that is about parts of the documents."""

from dataclasses import dataclass

from google.protobuf.empty_pb2 import Empty

from pinfold.v1 import slice_pb2 as pb
from pinfold_server.domain import names
from pinfold_server.rpc.convert import convert_slices as convert
from pinfold_server.rpc.once import request_key
from pinfold_server.services.quality.slice_evaluation import SliceEvaluationService
from pinfold_server.services.quality.slices import SliceService


@dataclass(frozen=True, slots=True)
class SliceUse:
    """The use cases of these calls."""

    slices: SliceService
    evaluation: SliceEvaluationService


class SliceCalls:
    """Each method converts, calls one use case and converts back."""

    def __init__(self, use: SliceUse) -> None:
        self._slice = use

    async def CreateSlice(self, request: pb.CreateSliceRequest) -> pb.Slice:
        dataset = names.parse_dataset(request.dataset, "dataset")
        wanted, once = convert.new_slice_from_pb(request), request_key("CreateSlice", request)
        return convert.slice_to_pb(dataset, await self._slice.slices.create(dataset, request.slice_id, wanted, once))

    async def GetSlice(self, request: pb.GetSliceRequest) -> pb.Slice:
        dataset, slice_id = names.parse_slice(request.name)
        return convert.slice_to_pb(dataset, self._slice.slices.get(dataset, slice_id))

    async def ListSlices(self, request: pb.ListSlicesRequest) -> pb.ListSlicesResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        slices = [convert.slice_to_pb(dataset, info) for info in self._slice.slices.list_slices(dataset)]
        return pb.ListSlicesResponse(slices=slices)

    async def UpdateSlice(self, request: pb.UpdateSliceRequest) -> pb.Slice:
        dataset, slice_id = names.parse_slice(request.slice.name, "slice.name")
        wanted, once = convert.changed_slice_from_pb(request), request_key("UpdateSlice", request)
        return convert.slice_to_pb(dataset, await self._slice.slices.update(dataset, slice_id, wanted, once))

    async def DeleteSlice(self, request: pb.DeleteSliceRequest) -> Empty:
        dataset, slice_id = names.parse_slice(request.name)
        await self._slice.slices.delete(dataset, slice_id, request_key("DeleteSlice", request))
        return Empty()

    async def EvaluateSlice(self, request: pb.EvaluateSliceRequest) -> pb.SliceEvaluation:
        return convert.evaluation_to_pb(
            await self._slice.evaluation.evaluate(convert.evaluation_query_from_pb(request))
        )

    async def FindWeakSlices(self, request: pb.FindWeakSlicesRequest) -> pb.FindWeakSlicesResponse:
        return convert.weak_to_pb(await self._slice.evaluation.weak(convert.weak_query_from_pb(request)))
