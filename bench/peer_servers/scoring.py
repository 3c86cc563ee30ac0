"""The shared pipeline inside a peer: read here by every peer's own program, in the peer's own environment.

Imports nothing of Pinfold and, at the top, nothing but the standard library: numpy and the rest are those that the peer
was installed with. Three variables tell a program what to serve, because some peers read the arguments themselves.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL_VARIABLE = "PEER_MODEL"
WAY_VARIABLE = "PEER_WAY"
PORT_VARIABLE = "PEER_PORT"

ONNX_FILE = "pipeline.onnx"
VOCABULARY = "vocabulary.json"
LABELS = "labels.json"
WEIGHTS = "weights.npz"

NGRAMS = (1, 2)
TOKENS = r"(?u)\b\w+\b"  # words of one letter too, as Pinfold reads them
HOST = "127.0.0.1"
MODEL_NAME = "texts"


@dataclass(frozen=True, slots=True)
class Answers:
    """The most probable label of each text, and its probability."""

    labels: list[str]
    probabilities: NDArray[np.float32]


Scorer = Callable[[Sequence[str]], Answers]
Loader = Callable[[Path], Scorer]


def port() -> int:
    """Where the program has to listen, on loopback."""
    return int(os.environ[PORT_VARIABLE])


def free_port() -> int:
    """A port for what a peer insists to serve beside."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        number: int = found.getsockname()[1]
        return number


def load() -> Scorer:
    """The pipeline in the form that was asked for: `onnx` or `sklearn`."""
    folder = Path(os.environ[MODEL_VARIABLE])
    ways: dict[str, Loader] = {"onnx": load_onnx, "sklearn": load_sklearn}
    return ways[os.environ[WAY_VARIABLE]](folder)


def together(score: Scorer, asked: Sequence[Sequence[str]]) -> list[Answers]:
    """The answers to several requests, scored in one batch."""
    found, answers, begin = score([text for texts in asked for text in texts]), [], 0
    for texts in asked:
        end = begin + len(texts)
        answers.append(Answers(found.labels[begin:end], found.probabilities[begin:end]))
        begin = end
    return answers


def load_onnx(folder: Path) -> Scorer:
    """The stock export, on one thread as every server here has one core."""
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / ONNX_FILE), options, providers=["CPUExecutionProvider"])

    def score(texts: Sequence[str]) -> Answers:
        column = np.array(texts, object).reshape(-1, 1)
        labels, probabilities = session.run(["label", "probabilities"], {"text": column})
        return Answers(labels.tolist(), probabilities.max(axis=1))

    return score


def load_sklearn(folder: Path) -> Scorer:
    """The pipeline itself, put together from its parts."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    labels = json.loads((folder / LABELS).read_text())
    words = TfidfVectorizer(
        ngram_range=NGRAMS, token_pattern=TOKENS, vocabulary=json.loads((folder / VOCABULARY).read_text())
    )
    regression = LogisticRegression()
    with np.load(folder / WEIGHTS) as weights:
        words.idf_ = weights["idf"]
        regression.coef_, regression.intercept_ = weights["coef"], weights["intercept"]
    regression.classes_ = np.array(labels)
    pipeline = make_pipeline(words, regression)

    def score(texts: Sequence[str]) -> Answers:
        probabilities = pipeline.predict_proba(texts)
        best = probabilities.argmax(axis=1)
        return Answers([labels[column] for column in best], probabilities.max(axis=1).astype(np.float32))

    return score
