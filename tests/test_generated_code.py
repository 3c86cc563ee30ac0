"""The generated code runs under the protobuf and grpcio that are installed, whichever they are.

`make protobuf-matrix` runs this file beside protobuf 4 to 7, with nothing but the light client installed.
"""

import importlib
import importlib.resources
from collections.abc import Iterable, Iterator

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

import pinfold.v1

FILES = importlib.resources.files(pinfold.v1)
MODULES = sorted(file.name.removesuffix(".py") for file in FILES.iterdir() if file.name.endswith("_pb2.py"))
SERVICES = sorted(file.name.removesuffix(".py") for file in FILES.iterdir() if file.name.endswith("_pb2_grpc.py"))

SAMPLES = {
    FieldDescriptor.CPPTYPE_BOOL: True,
    FieldDescriptor.CPPTYPE_DOUBLE: 0.1,
    FieldDescriptor.CPPTYPE_FLOAT: 0.5,
    FieldDescriptor.CPPTYPE_INT32: -(2**31),
    FieldDescriptor.CPPTYPE_INT64: -(2**63),
    FieldDescriptor.CPPTYPE_UINT32: 2**32 - 1,
    FieldDescriptor.CPPTYPE_UINT64: 2**64 - 1,
    FieldDescriptor.CPPTYPE_ENUM: 1,
}


def fill(message: Message, depth: int = 3) -> None:
    """Sets every field that is no list or map, in nested messages down to `depth`; of a oneof the last."""
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        if hasattr(value, "__len__") and not isinstance(value, str | bytes):
            continue
        if field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
            value.SetInParent()
            if depth:
                fill(value, depth - 1)
        elif field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
            setattr(message, field.name, b"\0\xff" if isinstance(value, bytes) else "naïve 🐑")
        else:
            setattr(message, field.name, SAMPLES[field.cpp_type])


def message_classes(module: str) -> Iterator[type[Message]]:
    found = importlib.import_module(f"pinfold.v1.{module}")
    for descriptor in found.DESCRIPTOR.message_types_by_name.values():
        yield GetMessageClass(descriptor)


@pytest.mark.parametrize("module", MODULES)
def test_every_message_makes_a_round_trip(module: str) -> None:
    for message_class in message_classes(module):
        message = message_class()
        fill(message)
        again = message_class.FromString(message.SerializeToString())
        assert again == message


@pytest.mark.parametrize("module", SERVICES)
def test_every_service_has_a_stub_and_a_servicer(module: str) -> None:
    found = importlib.import_module(f"pinfold.v1.{module}")
    messages = importlib.import_module(f"pinfold.v1.{module.removesuffix('_grpc')}")
    services = messages.DESCRIPTOR.services_by_name
    assert services
    for name, service in services.items():
        for method in service.methods_by_name:
            assert callable(getattr(getattr(found, f"{name}Servicer"), method))
        assert callable(getattr(found, f"{name}Stub"))
        assert callable(getattr(found, f"add_{name}Servicer_to_server"))


@pytest.mark.parametrize("module", [*MODULES, *SERVICES])
def test_generated_code_asks_for_no_release_of_its_runtime(module: str) -> None:
    source = (FILES / f"{module}.py").read_text(encoding="utf-8")
    assert "runtime_version" not in source
    assert "GRPC_GENERATED_VERSION" not in source


def shape(messages: Iterable[Descriptor]) -> set[tuple[str, int, int, bool]]:
    """Every field of the messages and of those nested in them: name, number, type, presence."""
    fields: set[tuple[str, int, int, bool]] = set()
    for message in messages:
        fields |= {(field.full_name, field.number, field.type, field.has_presence) for field in message.fields}
        fields |= shape(message.nested_types)
    return fields


def test_the_descriptor_set_describes_the_same_protocol_and_stands_alone() -> None:
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString((FILES / "descriptors.binpb").read_bytes()).file:
        pool.Add(file)
    for module in MODULES:
        imported = importlib.import_module(f"pinfold.v1.{module}").DESCRIPTOR
        shipped = pool.FindFileByName(imported.name)
        assert shape(shipped.message_types_by_name.values()) == shape(imported.message_types_by_name.values())
        assert shipped.services_by_name.keys() == imported.services_by_name.keys()
