"""What a model file may contain, checked before ONNX Runtime sees it.

A stored file is ours, but a restored or tampered store is not: runtimes have had memory-safety faults in rare
operators and in functions, and external data reads files of the server. Field numbers are those of onnx.proto3.
"""

from pinfold_server.engine.wire import MalformedError, fields, messages, strings

# fmt: off
ALLOWED_OPERATORS = frozenset((
    "Add", "And", "BitwiseAnd", "Cast", "Concat", "CumSum", "Div", "Equal", "Expand", "Floor", "Gather", "Identity",
    "If", "Less", "Loop", "Max", "Min", "Mod", "Mul", "NonZero", "Or", "Range", "ReduceMax", "ReduceSum", "Reshape",
    "ScatterElements", "ScatterND", "Shape", "Size", "Slice", "Split", "Sqrt", "Squeeze", "Sub", "Unsqueeze", "Where",
    "Xor",
))
# fmt: on

_MODEL_GRAPH, _MODEL_OPSETS, _MODEL_TRAINING, _MODEL_FUNCTIONS = 7, 8, 20, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_SPARSE = 1, 5, 15
_NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 4, 5, 7
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS = 5, 6, 10, 11
_ATTRIBUTE_SPARSE, _ATTRIBUTE_SPARSES = 22, 23
_TENSOR_EXTERNAL, _TENSOR_LOCATION = 13, 14
_OPSET_DOMAIN = 1


class ForbiddenContentError(ValueError):
    """The file holds something that a model of ours never holds."""


def inspect(blob: bytes) -> None:
    """Raises `ForbiddenContentError` unless the file is a plain graph of allowed operators with its weights inside."""
    try:
        _model(memoryview(blob))
    except (MalformedError, UnicodeDecodeError) as error:
        raise ForbiddenContentError(f"not an ONNX file: {error}") from error


def _model(model: memoryview) -> None:
    present = {number for number, _ in fields(model)}
    if present & {_MODEL_FUNCTIONS, _MODEL_TRAINING}:
        raise ForbiddenContentError("functions and training graphs are not allowed")
    if _MODEL_GRAPH not in present:
        raise ForbiddenContentError("there is no graph")
    for opset in messages(model, _MODEL_OPSETS):
        if any(strings(opset, _OPSET_DOMAIN)):
            raise ForbiddenContentError("operators outside of the standard domain are not allowed")
    for graph in messages(model, _MODEL_GRAPH):
        _graph(graph)


def _graph(graph: memoryview) -> None:
    for number, value in fields(graph):
        if number == _GRAPH_SPARSE:
            raise ForbiddenContentError("sparse weights are not allowed")
        if isinstance(value, memoryview):
            if number == _GRAPH_NODE:
                _node(value)
            elif number == _GRAPH_INITIALIZER:
                _tensor(value)


def _node(node: memoryview) -> None:
    operator = "".join(strings(node, _NODE_OPERATOR))
    if operator not in ALLOWED_OPERATORS or any(strings(node, _NODE_DOMAIN)):
        raise ForbiddenContentError(f"operator {operator!r} is not allowed")
    for attribute in messages(node, _NODE_ATTRIBUTE):
        for number, value in fields(attribute):
            if number in (_ATTRIBUTE_SPARSE, _ATTRIBUTE_SPARSES):
                raise ForbiddenContentError("sparse weights are not allowed")
            if isinstance(value, memoryview):
                if number in (_ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS):
                    _graph(value)
                elif number in (_ATTRIBUTE_TENSOR, _ATTRIBUTE_TENSORS):
                    _tensor(value)


def _tensor(tensor: memoryview) -> None:
    for number, value in fields(tensor):
        if number == _TENSOR_EXTERNAL or (number == _TENSOR_LOCATION and value != 0):
            raise ForbiddenContentError("weights outside of the file are not allowed")
