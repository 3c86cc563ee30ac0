"""The pipeline that every peer serves: scikit-learn's, its parts, and its stock export to ONNX.

The parts are plain arrays and text, from which `bench/peer_servers/scoring.py` puts the pipeline together again: the
peers run in environments of their own, and a pickle would tie them to one release of each library.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from bench.corpora import Example
from bench.peer_servers.scoring import LABELS, NGRAMS, ONNX_FILE, TOKENS, VOCABULARY, WEIGHTS

# Without these the file needs a locale that few machines have, and reads other words than scikit-learn does.
_EXPORT_OPTIONS = {"locale": "C.UTF-8", "tokenexp": r"[\p{L}\p{N}_]+"}
_LEAST_AGREEMENT = 0.98


@dataclass(frozen=True, slots=True)
class SharedModel:
    """A fitted pipeline, written to `folder`; `sample` are texts that are new to it, `answers` its top labels."""

    folder: Path
    features: int
    sample: tuple[Example, ...]
    answers: tuple[str, ...]

    @property
    def texts(self) -> list[str]:
        """The texts of the sample."""
        return [example.text for example in self.sample]

    @property
    def accuracy(self) -> float:
        """Part of the sample that the pipeline itself gets right."""
        return self.accuracy_of(self.answers)

    def accuracy_of(self, answers: Sequence[str]) -> float:
        """Part of the sample for which the top label is the one that people assigned."""
        right = [answer in example.labels for answer, example in zip(answers, self.sample, strict=True)]
        return float(np.mean(right))

    def agrees(self, answers: Sequence[str]) -> bool:
        """Whether these are the pipeline's own top labels, but for near ties that float32 may turn."""
        same = [ours == theirs for ours, theirs in zip(answers, self.answers, strict=True)]
        return float(np.mean(same)) >= _LEAST_AGREEMENT


def fit(rows: Sequence[Example], sample: Sequence[Example], folder: Path) -> SharedModel:
    """Fits words 1-2 under logistic regression and writes both forms of it to the folder."""
    words = TfidfVectorizer(ngram_range=NGRAMS, token_pattern=TOKENS)
    pipeline = make_pipeline(words, LogisticRegression(C=20, max_iter=300))
    pipeline.fit([row.text for row in rows], [row.labels[0] for row in rows])
    folder.mkdir(parents=True, exist_ok=True)
    _write_parts(folder, pipeline)
    (folder / ONNX_FILE).write_bytes(_export(pipeline))
    answers = pipeline.predict([example.text for example in sample])
    return SharedModel(folder, len(words.vocabulary_), tuple(sample), tuple(str(answer) for answer in answers))


def _write_parts(folder: Path, pipeline: Pipeline) -> None:
    words, regression = (step for _, step in pipeline.steps)
    (folder / VOCABULARY).write_text(json.dumps({word: int(column) for word, column in words.vocabulary_.items()}))
    (folder / LABELS).write_text(json.dumps([str(label) for label in regression.classes_]))
    np.savez(folder / WEIGHTS, idf=words.idf_, coef=regression.coef_, intercept=regression.intercept_)


def _export(pipeline: Pipeline) -> bytes:
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import StringTensorType

    options = {TfidfVectorizer: _EXPORT_OPTIONS, id(pipeline): {"zipmap": False}}
    export = to_onnx(pipeline, initial_types=[("text", StringTensorType([None, 1]))], options=options)
    blob: bytes = export.SerializeToString()
    return blob
