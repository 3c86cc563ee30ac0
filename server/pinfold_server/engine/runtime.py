"""The lane that runs the stored file itself. The only module that runs ONNX Runtime."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.planner import RunLimits, plan
from pinfold_server.engine.sharing import with_inputs
from pinfold_server.engine.tensors import Arrays, Description, StoredModel
from pinfold_server.engine.text import code_points, read_texts
from pinfold_server.engine.writing import Writing

# Since 1.29 the Linux wheels report usage unless this is set before the import.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

_SHARED_BYTES_MIN = 4_096


class FileLane:
    """Answers with the graph of a file, run by run: texts are padded to the longest of their run.

    The large arrays of a file that could be read back are handed to each run as inputs, which copies nothing: the
    runtime would keep a second copy of every initializer.
    """

    name = "onnx"

    def __init__(self, blob: bytes, description: Description, stored: StoredModel | None) -> None:
        """Raises what ONNX Runtime raises for a file that it cannot load."""
        self._foldings = description.foldings
        self._limits = RunLimits.of(len(description.labels), description.options.word_max)
        self._labels = len(description.labels)
        self._shared = {} if stored is None else _large(stored.arrays)
        graph = with_inputs(blob, self._shared) if self._shared else blob
        self._session = onnxruntime.InferenceSession(graph, _options(), providers=["CPUExecutionProvider"])

    @property
    def outputs(self) -> list[tuple[str, Any]]:
        """Name and last dimension of each output."""
        return [(output.name, output.shape[-1]) for output in self._session.get_outputs()]

    def score(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[int]]:
        """Probabilities [texts, labels], and the indices of the texts that were cut."""
        read = read_texts(texts, self._foldings)
        runs = plan([len(text) for text in read.texts], self._limits)
        if len(runs) == 1:
            return self._run(read.texts), read.truncated
        probabilities = np.empty((len(read.texts), self._labels), np.float32)
        for run in runs:
            probabilities[run] = self._run([read.texts[index] for index in run])
        return probabilities, read.truncated

    def write(self, _texts: Sequence[str], _parts: Sequence[int], _writing: Writing) -> None:
        """A graph gives probabilities: messages are made of them elsewhere."""

    def _run(self, texts: list[str]) -> NDArray[np.float32]:
        inputs = {"text": code_points(texts), **self._shared}
        probabilities: NDArray[np.float32] = self._session.run(["probabilities"], inputs)[0]
        return probabilities


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    # Workers are the parallelism; spinning threads would take their cores.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # An arena never gives memory back: one long text would stay for the life of the worker. It gains nothing here.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3
    return options


def _large(arrays: Arrays) -> dict[str, NDArray[Any]]:
    return {name: array for name, array in arrays.items() if array.nbytes >= _SHARED_BYTES_MIN}
