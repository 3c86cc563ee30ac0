"""The graph of a file with inputs in the place of its large initializers, so that a session keeps no copy of them.

Rewrites the bytes of the file: fields are copied as they are, but for the initializers named. Neither message that is
rewritten has fields of a fixed width, so a field is a varint or bytes. Field numbers are those of onnx.proto3.
"""

from collections.abc import Iterator
from typing import Any

from numpy.typing import NDArray

from pinfold_server.engine.tensors import TYPES, Arrays
from pinfold_server.engine.wire import encoded, fields, strings

_MODEL_GRAPH = 7
_GRAPH_INITIALIZER, _GRAPH_INPUT = 5, 11
_TENSOR_NAME = 8
_VALUE_NAME, _VALUE_TYPE, _TYPE_TENSOR = 1, 2, 1
_TENSOR_ELEMENT, _TENSOR_SHAPE, _SHAPE_DIMENSION, _DIMENSION_VALUE = 1, 2, 1, 1

Pieces = Iterator[bytes | memoryview]


def with_inputs(blob: bytes, arrays: Arrays) -> bytes:
    """The model that takes the given initializers as inputs of the same names; `arrays` are what they hold."""
    return b"".join(_model(memoryview(blob), arrays))


def _model(model: memoryview, arrays: Arrays) -> Pieces:
    for number, value in fields(model):
        if number == _MODEL_GRAPH and not isinstance(value, int):
            yield from encoded(number, b"".join(_graph(value, arrays)))
        else:
            yield from encoded(number, value)


def _graph(graph: memoryview, arrays: Arrays) -> Pieces:
    for number, value in fields(graph):
        name = ""
        if number == _GRAPH_INITIALIZER and not isinstance(value, int):
            name = "".join(strings(value, _TENSOR_NAME))
        if name in arrays:
            yield from encoded(_GRAPH_INPUT, _declaration(name, arrays[name]))
        else:
            yield from encoded(number, value)


def _declaration(name: str, array: NDArray[Any]) -> bytes:
    """A ValueInfoProto."""
    element = next(number for number, kind in TYPES.items() if kind == array.dtype)
    shape = b"".join(_message(_SHAPE_DIMENSION, _field(_DIMENSION_VALUE, size)) for size in array.shape)
    tensor = _field(_TENSOR_ELEMENT, element) + _message(_TENSOR_SHAPE, shape)
    return _message(_VALUE_NAME, name.encode()) + _message(_VALUE_TYPE, _message(_TYPE_TENSOR, tensor))


def _field(number: int, value: int) -> bytes:
    return b"".join(encoded(number, value))


def _message(number: int, content: bytes) -> bytes:
    return b"".join(encoded(number, content))
