"""A small writer of ONNX nodes: call it with an operator and its inputs, get the name of the output."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

Operand = str | NDArray[Any]

FAR = np.array([np.iinfo(np.int64).max])
"""The end of a slice that reaches to the end."""


def int64(*values: int) -> NDArray[np.int64]:
    """A vector constant."""
    return np.array(values, np.int64)


def scalar(value: int) -> NDArray[np.int64]:
    """A scalar constant."""
    return np.array(value, np.int64)


class GraphBuilder:
    """Collects nodes and constants in the order of the calls; names of nodes sort in that order.

    A branch writes its nodes into a list of its own and shares the constants of its parent.
    """

    def __init__(self, prefix: str = "", constants: dict[bytes, onnx.TensorProto] | None = None) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self._prefix = prefix
        self._name = prefix.rstrip("_")
        self._constants = {} if constants is None else constants

    @property
    def constants(self) -> list[onnx.TensorProto]:
        """All constants, those of branches included, each distinct value once."""
        return list(self._constants.values())

    def constant(self, value: NDArray[Any], name: str | None = None) -> str:
        """The name under which the value is stored; equal small values share one."""
        value = np.ascontiguousarray(value).reshape(value.shape)
        key = name.encode() if name else f"{value.dtype} {value.shape} ".encode() + value.tobytes()
        if key not in self._constants:
            self._constants[key] = numpy_helper.from_array(value, name or f"c{len(self._constants)}")
        return str(self._constants[key].name)

    def node(self, operator: str, *inputs: Operand, outputs: int = 1, **attributes: Any) -> list[str]:
        """Adds a node with several outputs."""
        names = [value if isinstance(value, str) else self.constant(value) for value in inputs]
        name = f"{self._prefix}{len(self.nodes):04d}_{operator}"
        results = [f"{name}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(operator, names, results, name, **attributes))
        return results

    def output(self, value: str, name: str) -> None:
        """Gives a result the name it has outside."""
        node = f"{self._prefix}{len(self.nodes):04d}_Identity"
        self.nodes.append(helper.make_node("Identity", [value], [name], node))

    def __call__(self, operator: str, *inputs: Operand, **attributes: Any) -> str:
        return self.node(operator, *inputs, **attributes)[0]

    def cast(self, value: str, to: int) -> str:
        """Element type `to`, a value of onnx.TensorProto.DataType."""
        return self("Cast", value, to=to)

    def drop_last(self, value: str, first: NDArray[Any]) -> str:
        """The vector moved on by one: `first`, then all elements but the last."""
        return self("Concat", first, self("Slice", value, int64(0), int64(-1), int64(0)), axis=0)

    def branch(self, name: str) -> "GraphBuilder":
        """A builder for the nodes of a branch, which may use every name of this one."""
        return GraphBuilder(f"{self._prefix}{name}{len(self.nodes)}_", self._constants)

    def as_branch(self, result: str, element: int) -> onnx.GraphProto:
        """The nodes so far as a branch of an `If`."""
        return helper.make_graph(self.nodes, self._name, [], [helper.make_tensor_value_info(result, element, None)])

    def as_loop_body(self, result: str, number: str, element: int) -> onnx.GraphProto:
        """The nodes so far as the body of a counted `Loop` over one value: `number` names the round, `number`_sum the
        value so far, `result` the value after the round.
        """
        again = self("Identity", f"{number}_again")
        inputs = [
            helper.make_tensor_value_info(number, onnx.TensorProto.INT64, []),
            helper.make_tensor_value_info(f"{number}_again", onnx.TensorProto.BOOL, []),
            helper.make_tensor_value_info(f"{number}_sum", element, None),
        ]
        outputs = [
            helper.make_tensor_value_info(again, onnx.TensorProto.BOOL, []),
            helper.make_tensor_value_info(result, element, None),
        ]
        return helper.make_graph(self.nodes, self._name, inputs, outputs)
