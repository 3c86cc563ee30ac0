import hashlib
import os
import subprocess
import sys

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from pinfold_server.engine.model import FeatureOptions
from pinfold_server.engine.session import Model, ModelDamaged
from tests.engine.models import LABELS, file_of, random_model
from tests.serving import HANG_SECONDS

BLOB = file_of(random_model(FeatureOptions(2, 3, 5)))
DIGEST = hashlib.sha256(BLOB).hexdigest()


def load(model: onnx.ModelProto) -> Model:
    blob = model.SerializeToString()
    return Model.load(blob, hashlib.sha256(blob).hexdigest())


def changed() -> onnx.ModelProto:
    return onnx.load_from_string(BLOB)


def test_a_file_knows_its_labels() -> None:
    assert Model.load(BLOB, DIGEST).labels == LABELS


def test_no_texts_have_no_scores() -> None:
    scores = Model.load(BLOB, DIGEST).score([])
    assert scores.probabilities.shape == (0, len(LABELS))
    assert scores.truncated.shape == (0,)


def test_text_beyond_what_a_model_reads_is_flagged() -> None:
    scores = Model.load(BLOB, DIGEST).score(["short", "long " * 20_000, "short"])
    assert scores.truncated.tolist() == [False, True, False]
    assert np.array_equal(scores.probabilities[0], scores.probabilities[2])


@pytest.mark.parametrize("place", [0, len(BLOB) // 2, len(BLOB) - 1])
def test_a_flipped_bit_is_noticed(place: int) -> None:
    damaged = bytearray(BLOB)
    damaged[place] ^= 1
    with pytest.raises(ModelDamaged, match="SHA-256"):
        Model.load(bytes(damaged), DIGEST)


def test_bytes_that_are_no_model_are_refused_whatever_their_digest() -> None:
    for blob in (b"", b"\xff" * 64, BLOB[: len(BLOB) // 2], b"\x3a\x00"):
        with pytest.raises(ModelDamaged):
            Model.load(blob, hashlib.sha256(blob).hexdigest())


def test_operators_that_no_model_of_ours_uses_are_refused() -> None:
    model = changed()
    model.graph.node.append(helper.make_node("Sigmoid", ["probabilities"], ["more"]))
    with pytest.raises(ModelDamaged, match="Sigmoid"):
        load(model)


def test_operators_hidden_in_a_branch_are_refused() -> None:
    model = changed()
    branch = next(node for node in model.graph.node if node.op_type == "If").attribute[0].g
    branch.node.append(helper.make_node("MatMul", ["a", "b"], ["c"]))
    with pytest.raises(ModelDamaged, match="MatMul"):
        load(model)


def test_operators_of_other_domains_are_refused() -> None:
    model = changed()
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    with pytest.raises(ModelDamaged, match="standard domain"):
        load(model)
    model = changed()
    model.graph.node[0].domain = "com.microsoft"
    with pytest.raises(ModelDamaged, match="not allowed"):
        load(model)


def test_functions_are_refused() -> None:
    model = changed()
    model.functions.append(helper.make_function("x", "f", ["a"], ["b"], [], [helper.make_opsetid("", 18)]))
    with pytest.raises(ModelDamaged, match="functions"):
        load(model)


def test_weights_in_another_file_are_refused() -> None:
    model = changed()
    model.graph.initializer[0].data_location = TensorProto.EXTERNAL
    model.graph.initializer[0].external_data.add(key="location", value="/etc/hostname")
    with pytest.raises(ModelDamaged, match="outside of the file"):
        load(model)


def test_sparse_weights_are_refused() -> None:
    model = changed()
    model.graph.sparse_initializer.add()
    with pytest.raises(ModelDamaged, match="sparse"):
        load(model)


def test_a_file_of_another_specification_is_refused() -> None:
    model = changed()
    for entry in model.metadata_props:
        if entry.key == "pinfold.specification":
            entry.value = "2"
    with pytest.raises(ModelDamaged, match="specification"):
        load(model)


def test_a_file_without_metadata_is_refused() -> None:
    model = changed()
    del model.metadata_props[:]
    with pytest.raises(ModelDamaged, match="metadata"):
        load(model)


def test_telemetry_is_off_and_the_heavy_packages_stay_out() -> None:
    program = (
        "import sys, os, pinfold_server.engine.session\n"
        "assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'\n"
        "assert not {'sklearn', 'skl2onnx', 'onnx', 'scipy'} & set(sys.modules)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=HANG_SECONDS)


def test_a_loaded_model_lets_go_of_the_bytes_of_its_file() -> None:
    blob = bytearray(BLOB)  # a bytearray cannot be resized while a view of it is alive
    model = Model.load(blob, DIGEST)  # type: ignore[arg-type]
    blob.clear()
    assert model.score(["refund"]).probabilities.shape == (1, len(LABELS))
