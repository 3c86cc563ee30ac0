"""Ways to run one model file in ONNX Runtime that must not change a bit; for `bench/exact.py` and the tests."""

from collections.abc import Callable, Iterator

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from pinfold_server.engine.text import encode

Way = Callable[[list[str]], NDArray[np.float32]]

_THREADS = (1, 4)
_LEVELS = {
    "as it stands": onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL,
    "optimised": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL,
}


def file_ways(blob: bytes) -> Iterator[tuple[str, Way]]:
    """By name: 1 and 4 threads, graph optimisation off and on; each takes a batch in one run of the file."""
    for threads in _THREADS:
        for name, level in _LEVELS.items():
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.graph_optimization_level = level
            options.log_severity_level = 3
            session = onnxruntime.InferenceSession(blob, options, providers=["CPUExecutionProvider"])
            yield f"{name}, {threads} threads", _way(session)


def _way(session: onnxruntime.InferenceSession) -> Way:
    def run(texts: list[str]) -> NDArray[np.float32]:
        (probabilities,) = session.run(["probabilities"], {"text": encode(texts)})
        assert isinstance(probabilities, np.ndarray)
        return probabilities

    return run
