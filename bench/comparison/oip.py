"""What is needed of the Open Inference Protocol, version 2, which KServe, MLServer and Triton speak over gRPC.

The messages are made here, with the names and numbers of the protocol's open_inference_grpc.proto; fields that nobody
here sets or reads are left out, which changes no byte of the others.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from bench.peer_servers.scoring import MODEL_NAME

METHOD = "/inference.GRPCInferenceService/ModelInfer"

_STRING, _BYTES, _INT64 = 9, 12, 3  # numbers of FieldDescriptorProto.Type
_ONE, _MANY = 1, 3
_TENSOR = {"name": (1, _STRING, _ONE), "datatype": (2, _STRING, _ONE), "shape": (3, _INT64, _MANY)}
_NAME = {"model_name": (1, _STRING, _ONE)}


def request(texts: Sequence[str]) -> bytes:
    """Asks for the top labels of the texts, one tensor of strings in raw form."""
    message = _REQUEST(model_name=MODEL_NAME)
    message.inputs.add(name="text", datatype="BYTES", shape=[len(texts), 1])
    encoded = (text.encode() for text in texts)
    message.raw_input_contents.append(b"".join(struct.pack("<I", len(text)) + text for text in encoded))
    raw: bytes = message.SerializeToString()
    return raw


def labels(answer: bytes) -> list[str]:
    """The strings of the tensor `label` of an answer in raw form. Raises KeyError where it has none."""
    message = _RESPONSE.FromString(answer)
    tensors = {tensor.name: raw for tensor, raw in zip(message.outputs, message.raw_output_contents, strict=True)}
    return list(_strings(tensors["label"]))


def _strings(raw: bytes) -> Iterator[str]:
    """Each string has its length in 4 bytes before it."""
    place = 0
    while place < len(raw):
        (size,) = struct.unpack_from("<I", raw, place)
        yield raw[place + 4 : place + 4 + size].decode()
        place += 4 + size


def _message_classes() -> Mapping[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(name="open_inference_grpc.proto", package="inference", syntax="proto3")
    _add(file, "InferTensor", _TENSOR)
    _add(file, "ModelInferRequest", _NAME | {"inputs": (5, None, _MANY), "raw_input_contents": (7, _BYTES, _MANY)})
    _add(file, "ModelInferResponse", _NAME | {"outputs": (5, None, _MANY), "raw_output_contents": (6, _BYTES, _MANY)})
    # A pool of its own: an installed tritonclient or kserve registers the same names.
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    names = (message.name for message in file.message_type)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"inference.{name}")) for name in names}


def _add(
    file: descriptor_pb2.FileDescriptorProto, name: str, fields: Mapping[str, tuple[int, int | None, int]]
) -> None:
    message = file.message_type.add(name=name)
    for field, (number, kind, label) in fields.items():
        entry = message.field.add(name=field, number=number)
        entry.label = descriptor_pb2.FieldDescriptorProto.Label.ValueType(label)
        if kind is None:
            entry.type, entry.type_name = descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE, ".inference.InferTensor"
        else:
            entry.type = descriptor_pb2.FieldDescriptorProto.Type.ValueType(kind)


_CLASSES = _message_classes()
_REQUEST, _RESPONSE = _CLASSES["ModelInferRequest"], _CLASSES["ModelInferResponse"]
