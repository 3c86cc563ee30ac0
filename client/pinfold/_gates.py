"""The calls about gates of tags (pure)."""

from pinfold import _methods, _names
from pinfold._calls import Call, call
from pinfold._gate_types import Gate, GateReport, gate_from_pb, gate_to_pb, report_from_pb
from pinfold.v1 import gate_pb2 as pb


def set_gate(dataset_id: str, tag: str, gate: Gate, actor: str) -> Call[Gate]:
    request = pb.SetGateRequest(tag=_names.tag(dataset_id, tag), gate=gate_to_pb(gate), actor=actor)
    return call(_methods.SET_GATE, request, gate_from_pb)


def get_gate(dataset_id: str, tag: str) -> Call[Gate]:
    return call(_methods.GET_GATE, pb.GetGateRequest(tag=_names.tag(dataset_id, tag)), gate_from_pb)


def delete_gate(dataset_id: str, tag: str, actor: str) -> Call[None]:
    request = pb.DeleteGateRequest(tag=_names.tag(dataset_id, tag), actor=actor)
    return call(_methods.DELETE_GATE, request, lambda _: None)


def check_gate(dataset_id: str, tag: str, version: int | str, gate: Gate | None) -> Call[GateReport]:
    request = pb.CheckGateRequest(tag=_names.tag(dataset_id, tag), version=_names.version(dataset_id, version))
    if gate is not None:
        request.gate.CopyFrom(gate_to_pb(gate))
    return call(_methods.CHECK_GATE, request, report_from_pb)
