"""The graph that is given its large arrays instead of holding them."""

import numpy as np
import onnx

from pinfold_server.engine.model import FeatureOptions
from pinfold_server.engine.sharing import with_inputs
from pinfold_server.engine.tensors import read_tensors
from tests.engine.models import file_of, random_model

BLOB = file_of(random_model(FeatureOptions(2, 3, 5)))


def test_the_named_initializers_become_inputs_of_their_type_and_shape_and_nothing_else_changes() -> None:
    arrays = read_tensors(BLOB).arrays
    names = ("word_class", "word_rows", "gram_keys", "curve", "word_slots")
    before = onnx.load_from_string(BLOB)
    after = onnx.load_from_string(with_inputs(BLOB, {name: arrays[name] for name in names}))
    declared = {entry.name: entry.type.tensor_type for entry in after.graph.input if entry.name != "text"}
    assert declared.keys() == set(names)
    for name, tensor in declared.items():
        assert tuple(size.dim_value for size in tensor.shape.dim) == arrays[name].shape
        assert onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type) == arrays[name].dtype
    kept = [tensor for tensor in before.graph.initializer if tensor.name not in names]
    assert list(after.graph.initializer) == kept
    assert list(after.graph.node) == list(before.graph.node)
    assert list(after.metadata_props) == list(before.metadata_props)


def test_without_names_the_file_stays_as_it_is() -> None:
    assert with_inputs(BLOB, {}) == BLOB
    assert with_inputs(BLOB, {"nobody": np.zeros(1)}) == BLOB
