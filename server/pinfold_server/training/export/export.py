"""Conversion of the estimator to a self-contained ONNX file, through a converter registered with skl2onnx."""

import json
from dataclasses import asdict
from typing import Any

import onnx
from onnx import helper
from skl2onnx import to_onnx, update_registered_converter
from skl2onnx.common.data_types import FloatTensorType, Int32TensorType

from pinfold_server.domain.runs.configs import LabelMode, RunConfig
from pinfold_server.engine.session import FORMAT
from pinfold_server.engine.spec import SPECIFICATION
from pinfold_server.training.export.estimator import NgramClassifier
from pinfold_server.training.export.graph import write
from pinfold_server.training.export.graph_builder import GraphBuilder
from pinfold_server.training.fit.reading import foldings

OPSET = 18
IR_VERSION = 9  # the first with which every runtime since onnxruntime 1.15 can read opset 18 and 19


def export(estimator: NgramClassifier) -> bytes:
    """The model file: standard operators only, weights inside, the same bytes for the same estimator.

    Input `text` int32 [C]; output `probabilities` float32 [texts, labels]; metadata: `pinfold.format`,
    `pinfold.specification`, `pinfold.labels` (JSON array in the order of the columns), `pinfold.normalization` (JSON
    array of the steps beyond the usual ones), `pinfold.label_mode`, `pinfold.config` (JSON object).
    """
    config = estimator.config or RunConfig()
    model = to_onnx(
        estimator,
        initial_types=[("text", Int32TensorType([None]))],
        target_opset={"": OPSET},
        options=None,
        name="pinfold",
    )
    # skl2onnx sorts nodes without seeing what a branch reads from outside: back to the order of their names.
    ordered = sorted(model.graph.node, key=lambda node: str(node.name))
    del model.graph.node[:]
    model.graph.node.extend(ordered)
    del model.opset_import[:]
    model.opset_import.append(helper.make_opsetid("", OPSET))
    model.ir_version = IR_VERSION
    model.producer_name, model.producer_version = "pinfold", str(FORMAT)
    model.domain = ""
    model.doc_string = "Text classifier; normalised code points in, each text ended by 0; probabilities out."
    helper.set_model_props(
        model,
        {
            "pinfold.format": str(FORMAT),
            "pinfold.specification": str(SPECIFICATION),
            "pinfold.labels": json.dumps(estimator.label_names, ensure_ascii=False),
            "pinfold.label_mode": LabelMode.SINGLE_LABEL if estimator.single else LabelMode.MULTI_LABEL,
            "pinfold.normalization": json.dumps(foldings(config)),
            "pinfold.config": json.dumps(asdict(config)),
        },
    )
    return bytes(model.SerializeToString(deterministic=True))


def _parse(scope: Any, model: NgramClassifier, inputs: list[Any], custom_parsers: Any = None) -> list[Any]:
    """One output, where a classifier of scikit-learn would have labels as well."""
    operator = scope.declare_local_operator("PinfoldNgramClassifier", model)
    operator.inputs = inputs
    operator.outputs.append(scope.declare_local_variable("probabilities", FloatTensorType()))
    return list(operator.outputs)


def _shapes(operator: Any) -> None:
    operator.outputs[0].type.shape = [None, len(operator.raw_operator.label_names)]


def _convert(scope: Any, operator: Any, container: Any) -> None:
    g = GraphBuilder()
    result = write(operator.raw_operator.compiled_, operator.inputs[0].full_name, g)
    g.output(result, operator.outputs[0].full_name)
    # Straight into the lists: container.add_initializer keeps a second copy of every weight to look for equal ones.
    container.initializers.extend(g.constants)
    for node in g.nodes:
        attributes = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
        container.add_node(
            node.op_type, list(node.input), list(node.output), op_version=OPSET, name=node.name, **attributes
        )


update_registered_converter(NgramClassifier, "PinfoldNgramClassifier", _shapes, _convert, parser=_parse, overwrite=True)
