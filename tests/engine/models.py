"""Models with random weights over the n-grams of some texts, in both implementations."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from pinfold_server.domain.runs.configs import CharScope, RunConfig
from pinfold_server.engine import features, sigmoid
from pinfold_server.engine.model import ROW_LIMIT, CompiledModel, FeatureOptions
from pinfold_server.engine.session import Model
from pinfold_server.engine.tables import KeyTable
from pinfold_server.engine.text import encode, word_characters
from pinfold_server.training.export.estimator import NgramClassifier
from pinfold_server.training.export.export import export

LABELS = ("Billing", "Billing > Refund", "Billing > Refund > Late", "Card", "Card > Lost")
CLOSURE = np.array([(0, 1), (0, 2), (1, 2), (3, 4)])
TEXTS = (
    "Where is my refund? My refund is late.",
    "the quick brown fox jumps over the lazy dog",
    "naïve café — ünïcödé 😀 e\u0301t\u00e9",
    "שלום עולם مرحبا بالعالم हिन्दी भाषा 你好世界",
    "a b c aa bb cc aaa",
)


def random_model(options: FeatureOptions, seed: int = 0, known: float = 0.7, *, single: bool = False) -> CompiledModel:
    """Rows at the limits of the grid; a word or n-gram of TEXTS has a row with the probability `known`."""
    random = np.random.default_rng(seed)
    codes, table = encode(TEXTS), word_characters()
    words = features.find_words(codes, table)
    joined = [features.word_ngrams(words, size).keys for size in range(2, options.word_max + 1)]
    keys = _some(np.concatenate([words.keys, *joined]), random, known)
    grams = np.zeros(0, np.int64)
    if options.char_across:
        spanning = features.spanning_ngrams(codes, words, options.char_min, options.char_max)
        grams = _some(spanning.keys, random, known)
    elif options.char_max:
        grams = _some(features.char_ngrams(codes, words, options.char_min, options.char_max).keys, random, known)
    return CompiledModel(
        labels=LABELS,
        options=options,
        word_class=table,
        words=KeyTable.build(keys),
        word_rows=_rows(len(keys), random),
        grams=KeyTable.build(grams),
        gram_rows=_rows(len(grams), random),
        steps=np.full(len(LABELS), sigmoid.STEPS / 256),
        offsets=sigmoid.place(random.normal(size=len(LABELS))),
        closure=CLOSURE,
        single=single,
    )


def widened(model: CompiledModel, count: int) -> CompiledModel:
    """With so many labels in the place of its own, some below the first."""
    random = np.random.default_rng(3)

    def wide(rows: NDArray[np.float32]) -> NDArray[np.float32]:
        more = random.integers(-(2**18), 2**18 + 1, (len(rows), count)).astype(np.float32)
        more[0] = 0
        return np.concatenate((more, rows[:, -1:]), axis=1)

    return replace(
        model,
        labels=tuple(f"label {number}" for number in range(count)),
        word_rows=wide(model.word_rows),
        gram_rows=wide(model.gram_rows),
        steps=np.full(count, sigmoid.STEPS / 256),
        offsets=sigmoid.place(random.normal(size=count)),
        closure=np.array([(0, number) for number in range(1, min(count, 200))]),
    )


def file_of(model: CompiledModel) -> bytes:
    """The exported file of a model."""
    options = model.options
    config = RunConfig(
        word_ngram_max=options.word_max,
        char_ngram_min=options.char_min,
        char_ngram_max=options.char_max,
        char_scope=CharScope.ACROSS_WORDS if options.char_across else CharScope.WITHIN_WORDS,
    )
    estimator = NgramClassifier(model.labels, config, single=model.single)
    estimator.compiled_ = model
    return export(estimator)


def loaded(model: CompiledModel) -> Model:
    """The exported file of a model, answered by ONNX Runtime."""
    blob = file_of(model)
    return Model.load(blob, sha256(blob).hexdigest())


def answers(session: onnxruntime.InferenceSession, codes: NDArray[np.int32]) -> NDArray[np.float32]:
    """Probabilities of a file for encoded texts in one run, without the planner."""
    (probabilities,) = session.run(["probabilities"], {"text": codes})
    assert isinstance(probabilities, np.ndarray)
    return probabilities


def score_one_by_one(model: Model, texts: Sequence[str]) -> NDArray[np.float32]:
    return np.concatenate([model.score([text]).probabilities for text in texts])


def _some(keys: NDArray[np.int64], random: np.random.Generator, share: float) -> NDArray[np.int64]:
    distinct = np.unique(keys)
    return distinct[random.random(len(distinct)) < share]


def _rows(count: int, random: np.random.Generator) -> NDArray[np.float32]:
    rows = random.integers(-ROW_LIMIT, ROW_LIMIT + 1, (count + 1, len(LABELS) + 1)).astype(np.float32)
    rows[:, -1] = np.abs(rows[:, -1]) + 1
    rows[0] = 0
    return np.minimum(rows, ROW_LIMIT)
