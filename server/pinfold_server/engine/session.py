"""A stored model file, loaded: texts in, probabilities out. The only module that runs ONNX Runtime."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.inspection import ForbiddenContentError, inspect
from pinfold_server.engine.planner import RunLimits, plan
from pinfold_server.engine.spec import SPECIFICATION
from pinfold_server.engine.tensors import Description, UnreadableError, read_description
from pinfold_server.engine.text import code_points, read_texts

# Since 1.29 the Linux wheels report usage unless this is set before the import.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

FORMAT = 1
"""Of model files as a whole: inputs, outputs and metadata."""


class ModelDamaged(Exception):
    """The bytes are not the model that was stored, or not one that this server can run."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """`probabilities` float32 [texts, labels] in the order of the texts and of the model's labels; `truncated` bool
    [texts]: the model did not see all of the text.
    """

    probabilities: NDArray[np.float32]
    truncated: NDArray[np.bool_]


class Model:
    """Answers the same text with the same bits, alone, in any batch and in any order. Safe to share between threads."""

    def __init__(self, session: onnxruntime.InferenceSession, described: Description) -> None:
        self.labels = described.labels
        self._session = session
        self._foldings = described.foldings
        self._limits = RunLimits.of(len(described.labels), described.options.word_max)

    @classmethod
    def load(cls, blob: bytes, sha256: str) -> Self:
        """Loads a file whose SHA-256 (hex) must be the given one; raises `ModelDamaged`."""
        actual = hashlib.sha256(blob).hexdigest()
        if actual != sha256:
            raise ModelDamaged(f"SHA-256 is {actual}, expected {sha256}")
        try:
            inspect(blob)
            description = _described(blob)
            session = onnxruntime.InferenceSession(blob, _options(), providers=["CPUExecutionProvider"])
        except ForbiddenContentError as error:
            raise ModelDamaged(str(error)) from error
        except ModelDamaged:
            raise
        except Exception as error:  # ONNX Runtime's own exceptions share no base below Exception
            raise ModelDamaged(f"ONNX Runtime cannot load it: {error}") from error
        outputs = [(output.name, output.shape[-1]) for output in session.get_outputs()]
        if outputs != [("probabilities", len(description.labels))]:
            raise ModelDamaged(f"{len(description.labels)} labels do not fit the outputs {outputs}")
        return cls(session, description)

    def score(self, texts: Sequence[str]) -> Scores:
        """Probabilities of all labels for each text; texts may be empty and may hold anything a str can."""
        read = read_texts(texts, self._foldings)
        runs = plan([len(text) for text in read.texts], self._limits)
        if len(runs) == 1:
            probabilities = self._run(read.texts)
        else:
            probabilities = np.empty((len(read.texts), len(self.labels)), np.float32)
            for run in runs:
                probabilities[run] = self._run([read.texts[index] for index in run])
        truncated = np.zeros(len(read.texts), np.bool_)
        truncated[read.truncated] = True
        return Scores(probabilities, truncated)

    def _run(self, texts: list[str]) -> NDArray[np.float32]:
        probabilities: NDArray[np.float32] = self._session.run(["probabilities"], {"text": code_points(texts)})[0]
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


def _described(blob: bytes) -> Description:
    try:
        description = read_description(blob)
    except UnreadableError as error:
        raise ModelDamaged(str(error)) from error
    if description.versions != (FORMAT, SPECIFICATION):
        raise ModelDamaged(
            f"format and specification are {description.versions}, this server reads {(FORMAT, SPECIFICATION)}"
        )
    return description
