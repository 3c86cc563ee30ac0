"""What a file holds is read back as it was written, and what could lead a look-up astray is refused."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from pinfold_server.engine.model import CompiledModel, FeatureOptions, leaves_of
from pinfold_server.engine.tensors import UnreadableError, read_description, read_tensors
from pinfold_server.engine.text import Folding, encode
from tests.engine.models import LABELS, TEXTS, file_of, random_model

MULTI = random_model(FeatureOptions(2, 3, 5))
SINGLE = random_model(FeatureOptions(3, 2, 6, char_across=True), 7, single=True)
WORDS_ONLY = random_model(FeatureOptions(1, 0, 0))
FLAT = replace(MULTI, closure=np.zeros((0, 2), np.int64))
BLOB = file_of(MULTI)


@pytest.mark.parametrize("model", [MULTI, SINGLE, WORDS_ONLY, FLAT])
def test_a_file_is_read_back_as_it_was_written(model: CompiledModel) -> None:
    stored = read_tensors(file_of(model))
    assert (stored.model.labels, stored.model.options, stored.model.single) == (LABELS, model.options, model.single)
    closure = leaves_of(len(LABELS), model.closure)[1] if model.single else model.closure
    pairs = [
        (stored.model.word_class, model.word_class),
        (stored.model.steps, model.steps),
        (stored.model.offsets, model.offsets),
        (stored.model.closure, closure),
        (stored.model.word_rows, model.word_rows),
        (stored.model.gram_rows, model.gram_rows),
    ]
    for ours, theirs in ((stored.model.words, model.words), (stored.model.grams, model.grams)):
        pairs += [(ours.multipliers, theirs.multipliers), (ours.slots, theirs.slots), (ours.keys, theirs.keys)]
    assert all(np.array_equal(ours, theirs) and ours.dtype == theirs.dtype for ours, theirs in pairs)
    codes = encode(TEXTS)
    assert np.array_equal(stored.model.probabilities(codes), model.probabilities(codes))


def test_arrays_are_aligned_and_cannot_be_written() -> None:
    stored = read_tensors(BLOB)
    for array in (*stored.arrays.values(), stored.model.word_rows, stored.model.words.keys, *stored.curve):
        assert array.flags.aligned
        assert not array.flags.writeable


def test_the_description_names_foldings_and_versions() -> None:
    model = onnx.load_from_string(BLOB)
    for entry in model.metadata_props:
        if entry.key == "pinfold.normalization":
            entry.value = '["fold_urls", "fold_numbers"]'
    described = read_description(model.SerializeToString())
    assert described.foldings == (Folding.URLS, Folding.NUMBERS)
    assert described.versions == (1, 1)


def _named(model: onnx.ModelProto, name: str) -> onnx.TensorProto:
    return next(tensor for tensor in model.graph.initializer if tensor.name == name)


def _put(name: str, value: Callable[[np.ndarray], np.ndarray]) -> Callable[[onnx.ModelProto], None]:
    def change(model: onnx.ModelProto) -> None:
        tensor = _named(model, name)
        tensor.CopyFrom(numpy_helper.from_array(value(numpy_helper.to_array(tensor).copy()), name))

    return change


def _renamed(model: onnx.ModelProto) -> None:
    _named(model, "steps").name = "other"


@pytest.mark.parametrize(
    "change",
    [
        _renamed,
        _put("word_slots", lambda slots: slots + 1),
        _put("word_slots", lambda slots: slots - 1),
        _put("word_slots", lambda slots: slots.astype(np.int64)),
        _put("gram_multipliers", lambda values: values - 2),
        _put("gram_multipliers", lambda values: values * 10**9),
        _put("gram_multipliers", lambda values: values[:0]),
        _put("word_rows", lambda rows: rows[:-1]),
        _put("word_rows", lambda rows: rows[:, :-1].copy()),
        _put("word_rows", lambda rows: rows.astype(np.float64)),
        _put("word_class", lambda table: table[:-1]),
        _put("word_class", lambda table: table[:0]),
        _put("word_class", lambda table: table | True),
        _put("curve", lambda points: points[:, 0].copy()),
        _put("offsets", lambda values: values[:-1]),
        _put("curve", lambda points: points[:-1]),
        _put("closure_ancestors", lambda labels: labels + 5),
        _put("closure_descendants", lambda labels: labels[:-1]),
    ],
)
def test_tables_that_do_not_fit_together_are_refused(change: Callable[[onnx.ModelProto], None]) -> None:
    model = onnx.load_from_string(BLOB)
    change(model)
    with pytest.raises(UnreadableError):
        read_tensors(model.SerializeToString())


@pytest.mark.parametrize("blob", [b"", b"\xff" * 64, BLOB[: len(BLOB) // 2], b"\x3a\x00"])
def test_bytes_that_are_no_model_are_refused(blob: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_tensors(blob)
