"""The part of pinfold.v1.ModelService that points tags to versions, through their gates."""

from dataclasses import dataclass

from google.protobuf.empty_pb2 import Empty

from pinfold.v1 import gate_pb2
from pinfold.v1 import model_service_pb2 as pb
from pinfold.v1.tag_pb2 import Tag
from pinfold_server.domain import names
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert import convert_gates, convert_tags
from pinfold_server.rpc.once import request_key
from pinfold_server.services.releases.gates import GateService
from pinfold_server.services.releases.releases import Insistence, ReleaseService
from pinfold_server.services.releases.tag_moves import TagChange


@dataclass(frozen=True, slots=True)
class ReleaseUse:
    """The use cases of these calls."""

    releases: ReleaseService
    gates: GateService


class ReleaseCalls:
    """Each method converts, calls one use case and converts back."""

    def __init__(self, use: ReleaseUse) -> None:
        self._releases = use.releases
        self._gates = use.gates

    async def SetTag(self, request: pb.SetTagRequest) -> Tag:
        dataset, tag = names.parse_tag(request.name)
        if request.version < 1:
            raise invalid("version", f"must be the number of a pinned version, got {request.version}")
        change = TagChange(dataset, tag, request.etag, request.actor)
        insistence = Insistence(request.force, request.reason)
        record = await self._releases.set(change, request.version, insistence, request_key("SetTag", request))
        return convert_tags.tag_to_pb(dataset, record)

    async def Promote(self, request: pb.PromoteRequest) -> Tag:
        dataset = names.parse_dataset(request.dataset, "dataset")
        to_tag = names.check_tag(request.to_tag or names.LIVE, "to_tag")
        change = TagChange(dataset, to_tag, request.etag, request.actor)
        besides = [convert_gates.gate_from_pb(request.gate)] if request.HasField("gate") else []
        insistence = Insistence(request.force, request.reason)
        once = request_key("Promote", request)
        record = await self._releases.promote(change, request.from_tag or names.STAGING, besides, insistence, once)
        return convert_tags.tag_to_pb(dataset, record)

    async def SetGate(self, request: gate_pb2.SetGateRequest) -> gate_pb2.Gate:
        where = names.parse_tag(request.tag, "tag")
        gate = convert_gates.gate_from_pb(request.gate)
        return convert_gates.gate_to_pb(
            await self._gates.set(where, gate, request.actor, request_key("SetGate", request))
        )

    async def GetGate(self, request: gate_pb2.GetGateRequest) -> gate_pb2.Gate:
        return convert_gates.gate_to_pb(self._gates.get(*names.parse_tag(request.tag, "tag")))

    async def DeleteGate(self, request: gate_pb2.DeleteGateRequest) -> Empty:
        where = names.parse_tag(request.tag, "tag")
        await self._gates.delete(where, request.actor, request_key("DeleteGate", request))
        return Empty()

    async def CheckGate(self, request: gate_pb2.CheckGateRequest) -> gate_pb2.GateReport:
        dataset, tag = names.parse_tag(request.tag, "tag")
        of_version, wanted = names.parse_version(request.version, "version")
        if of_version != dataset:
            raise invalid("version", f"must be of the dataset {dataset!r}, as the tag is, got one of {of_version!r}")
        gate = convert_gates.gate_from_pb(request.gate) if request.HasField("gate") else None
        return convert_gates.standing_to_pb(await self._gates.try_gate(dataset, tag, wanted, gate))
