"""Builds and calls `native.cpp`: the limit for `engine.py`. A machine without a C++ compiler does without."""

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.spec import GRAM_FACTORS, JOIN_FACTORS, WORD_FACTORS
from pinfold_server.engine.tables import KeyTable
from pinfold_server.engine.tensors import StoredModel
from pinfold_server.engine.text import read_codes

# Without the last one GCC would fuse multiplications and additions, which rounds once instead of twice.
FLAGS = ("-O3", "-march=native", "-std=c++17", "-shared", "-fPIC", "-ffp-contract=off")

Score = Callable[[list[str]], NDArray[np.float32]]


class _Table(ctypes.Structure):
    _fields_ = [(name, ctypes.c_void_p) for name in ("multipliers", "slots", "keys", "rows")] + [
        (name, ctypes.c_uint64) for name in ("buckets", "slot_count")
    ]


class _Model(ctypes.Structure):
    _fields_ = [
        ("words", _Table),
        ("grams", _Table),
        *((name, ctypes.c_void_p) for name in ("word_class", "word_factors", "gram_factors", "join_factors")),
        *((name, ctypes.c_void_p) for name in ("steps", "offsets", "curve")),
        *((name, ctypes.c_int64) for name in ("labels", "word_max", "char_min", "char_max")),
        *((name, ctypes.c_int64) for name in ("class_last", "word_positions", "curve_last")),
    ]


def build() -> ctypes.CDLL | None:
    """The library; None where there is no compiler."""
    compiler = next(filter(None, map(shutil.which, ("c++", "g++", "clang++"))), None)
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory(prefix="pinfold-native-") as folder:
        library = Path(folder) / "native.so"
        subprocess.run([compiler, *FLAGS, str(Path(__file__).with_suffix(".cpp")), "-o", str(library)], check=True)
        return ctypes.CDLL(str(library))


def scorer(library: ctypes.CDLL, stored: StoredModel) -> Score:
    """A single-label model without a hierarchy, whose arrays live as long as the result."""
    model = stored.model
    if not model.single or len(model.closure) or model.options.char_across:
        raise ValueError("the loop is written for flat single-label models with n-grams within words")
    described = _Model(
        _table(model.words, model.word_rows),
        _table(model.grams, model.gram_rows),
        *map(_address, (model.word_class, WORD_FACTORS, GRAM_FACTORS, JOIN_FACTORS)),
        *map(_address, (model.steps, model.offsets, stored.arrays["curve"])),
        *(len(model.labels), model.options.word_max, model.options.char_min, model.options.char_max),
        *(len(model.word_class) - 1, len(WORD_FACTORS), len(stored.arrays["curve"]) - 1),
    )
    reference = ctypes.byref(described)
    calls = {np.dtype(np.uint8): library.score_bytes, np.dtype(np.int32): library.score_points}

    def score(texts: list[str]) -> NDArray[np.float32]:
        codes = read_codes(texts, stored.description.foldings).codes
        probabilities = np.empty((len(texts), len(model.labels)), np.float32)
        count = ctypes.c_int64(len(texts))
        calls[codes.dtype](reference, _address(codes), count, _address(probabilities))
        return probabilities

    return score


def _table(table: KeyTable, rows: NDArray[np.float32]) -> _Table:
    arrays: tuple[NDArray[Any], ...] = (table.multipliers, table.slots, table.keys, rows)
    return _Table(*map(_address, arrays), len(table.multipliers), len(table.slots))


def _address(array: NDArray[Any]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)
