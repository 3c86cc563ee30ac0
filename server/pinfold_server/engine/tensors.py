"""Reads back what a stored file holds: its tables, rows and metadata.

The graph of a file says how to compute; its initializers are what it computes with, and `training/export/graph.py`
gives each of them a name. Whoever needs them in a worker (both lanes, explanations) reads them here, without the
`onnx` package.
Field numbers are those of onnx.proto3.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine import sigmoid, softmax
from pinfold_server.engine.model import CompiledModel, FeatureOptions
from pinfold_server.engine.spec import CLASS_SIZE, MAX_CHAR_NGRAM, MAX_WORD_NGRAM
from pinfold_server.engine.tables import MAX_MULTIPLIER, KeyTable
from pinfold_server.engine.text import Folding
from pinfold_server.engine.wire import MalformedError, fields, messages, numbers, strings

_MODEL_GRAPH, _MODEL_METADATA = 7, 14
_ENTRY_KEY, _ENTRY_VALUE = 1, 2
_GRAPH_INITIALIZER = 5
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_RAW = 1, 2, 8, 9

TYPES: dict[int, np.dtype[Any]] = {
    1: np.dtype("<f4"),
    6: np.dtype("<i4"),
    7: np.dtype("<i8"),
    9: np.dtype(np.bool_),
    11: np.dtype("<f8"),
}
"""Element types of onnx.TensorProto.DataType that files of ours hold."""

Arrays = Mapping[str, NDArray[Any]]


class UnreadableError(ValueError):
    """The file has no tables under the names of ours, or they do not fit together; it may still run."""


@dataclass(frozen=True, slots=True)
class Description:
    """What the metadata of a file say. `versions`: of the file format and of the feature specification."""

    versions: tuple[int, int]
    labels: tuple[str, ...]
    foldings: tuple[Folding, ...]
    options: FeatureOptions
    single: bool


@dataclass(frozen=True, slots=True, eq=False)
class StoredModel:
    """A file, read back. Arrays are read-only, aligned copies: the bytes of the file are not needed any more.

    `arrays`: all initializers by name, the very arrays that `model` and `curve` hold; `model`: what the file was
    written from, except that `closure` of a single-label model pairs ancestors with leaves only; `curve`: float64
    [points] twice, values and rises of the sigmoid's or the softmax's table as the file holds it, which is what it
    answers with, whatever this machine would compute.
    """

    description: Description
    arrays: Arrays
    model: CompiledModel
    curve: tuple[NDArray[np.float64], NDArray[np.float64]]


def read_description(blob: bytes) -> Description:
    """Raises UnreadableError where the metadata are not those of a model of this server."""
    try:
        found = _metadata(memoryview(blob))
        config = json.loads(found["pinfold.config"])
        across = config.get("char_scope") == "across_words" and config["char_ngram_max"] > 0
        options = FeatureOptions(
            int(config["word_ngram_max"]), int(config["char_ngram_min"]), int(config["char_ngram_max"]), across
        )
        return Description(
            versions=(int(found["pinfold.format"]), int(found["pinfold.specification"])),
            labels=tuple(str(label) for label in json.loads(found["pinfold.labels"])),
            foldings=tuple(Folding(step) for step in json.loads(found["pinfold.normalization"])),
            options=options,
            single=found["pinfold.label_mode"] == "single_label",
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableError(f"the metadata are not those of a model of this server: {error}") from error


def read_tensors(blob: bytes) -> StoredModel:
    """The tables, rows and options of a file. Raises UnreadableError.

    Everything that an index is made of is checked, so that no look-up reads outside of its array whatever the file
    holds; weights are not looked at.
    """
    description = read_description(blob)
    try:
        stored = _assemble(description, dict(_initializers(memoryview(blob))))
    except (MalformedError, KeyError, IndexError, ValueError) as error:
        raise UnreadableError(f"the tables are not those of a model of this server: {error!r}") from error
    _check(stored)
    return stored


def _metadata(model: memoryview) -> dict[str, str]:
    entries = messages(model, _MODEL_METADATA)
    return {"".join(strings(entry, _ENTRY_KEY)): "".join(strings(entry, _ENTRY_VALUE)) for entry in entries}


def _initializers(model: memoryview) -> Iterator[tuple[str, NDArray[Any]]]:
    for graph in messages(model, _MODEL_GRAPH):
        for tensor in messages(graph, _GRAPH_INITIALIZER):
            yield _tensor(tensor)


def _tensor(tensor: memoryview) -> tuple[str, NDArray[Any]]:
    name, kind, shape, raw = "", 0, list[int](), memoryview(b"")
    for number, value in fields(tensor):
        if number == _TENSOR_DIMS:
            shape += numbers(value)
        elif isinstance(value, int):
            kind = value if number == _TENSOR_TYPE else kind
        elif number == _TENSOR_NAME:
            name = str(value, "utf-8")
        elif number == _TENSOR_RAW:
            raw = value
    if kind not in TYPES:
        raise UnreadableError(f"{name} has elements of type {kind}")
    # A copy: a file does not align its tensors, and a view of a small one would keep the whole file in memory.
    array = np.frombuffer(raw, TYPES[kind]).reshape(shape).copy()
    array.flags.writeable = False
    return name, array


def _assemble(description: Description, arrays: Arrays) -> StoredModel:
    words, word_rows = _table("word", arrays)
    if description.options.char_max:
        grams, gram_rows = _table("gram", arrays)
    else:
        grams, gram_rows = KeyTable.build(np.zeros(0, np.int64)), np.zeros_like(word_rows[:1])
    ancestors = arrays.get("closure_ancestors", np.zeros(0, np.int64))
    descendants = arrays.get("closure_descendants", np.zeros(0, np.int64))
    model = CompiledModel(
        labels=description.labels,
        options=description.options,
        word_class=arrays["word_class"],
        words=words,
        word_rows=word_rows,
        grams=grams,
        gram_rows=gram_rows,
        steps=arrays["steps"],
        offsets=arrays["offsets"],
        closure=np.stack((ancestors, descendants), axis=1),
        single=description.single,
    )
    curve = arrays["curve"]
    return StoredModel(description, arrays, model, (curve[:, 0], curve[:, 1]))


def _table(name: str, arrays: Arrays) -> tuple[KeyTable, NDArray[np.float32]]:
    table = KeyTable(arrays[f"{name}_multipliers"], arrays[f"{name}_slots"], arrays[f"{name}_keys"])
    return table, arrays[f"{name}_rows"]


def _check(stored: StoredModel) -> None:
    model = stored.model
    labels, options = len(model.labels), model.options
    points = int(softmax.LAST if model.single else sigmoid.LAST) + 1
    expected = (
        (model.word_class, np.bool_, (CLASS_SIZE,)),
        (model.steps, np.float64, (labels,)),
        (model.offsets, np.float64, (labels,)),
        (model.closure, np.int64, (len(model.closure), 2)),
        (stored.arrays["curve"], np.float64, (points, 2)),
    )
    if not (
        all(array.dtype == kind and array.shape == shape for array, kind, shape in expected)
        and 0 <= options.word_max <= MAX_WORD_NGRAM
        and 0 <= options.char_min <= options.char_max <= MAX_CHAR_NGRAM
        and not model.word_class[0]  # the 0 that ends a text ends its words
        and _within(model.closure, labels)
        and _fits(model.words, model.word_rows, labels)
        and _fits(model.grams, model.gram_rows, labels)
    ):
        raise UnreadableError("the tables do not fit together")


def _fits(table: KeyTable, rows: NDArray[np.float32], labels: int) -> bool:
    kinds = (table.multipliers.dtype, table.slots.dtype, table.keys.dtype)
    return (
        kinds == (np.dtype(np.int64), np.dtype(np.int32), np.dtype(np.int64))
        and (table.multipliers.ndim, table.slots.ndim, table.keys.ndim) == (1, 1, 1)
        and rows.dtype == np.float32
        and rows.shape == (len(table.keys), labels + 1)
        and min(len(table.multipliers), len(table.slots), len(table.keys)) > 0
        and _within(table.multipliers, MAX_MULTIPLIER)
        and _within(table.slots, len(rows))
    )


def _within(values: NDArray[Any], end: int) -> bool:
    return not values.size or (values.min() >= 0 and values.max() < end)
