"""Microseconds a text of Pinfold's engine, of scikit-learn's own pipeline, of the stock skl2onnx export and of C++.

    python bench/engine.py --data DIR [--json]

Trains on banking77 twice: with word 1-2-grams only, and with the default configuration, for which stock skl2onnx has no
counterpart (it cannot convert char_wb). All ways are timed in turn, round by round, in one process on one thread; the
best round counts. `compiled` is how the server answers, `onnx` the same file run by ONNX Runtime alone, both from
texts to probabilities; `native` is a loop in C++ over the same tables (`native.cpp`), the limit; it is left out where
there is no compiler. Before anything is timed, all three must give the same bits for all texts.
"""

import argparse
import ctypes
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.svm import LinearSVC

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import native
from bench.corpora import DataMissing, Example, assigned, data_folder, label_names, read_split
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.engine import compilation
from pinfold_server.engine.session import Model
from pinfold_server.training.contract import TrainingSet
from pinfold_server.training.pipeline import train

Score = Callable[[list[str]], object]

DATASET = "banking77"
BATCHES = (1, 64)
ROUNDS = 15
TEXTS_A_ROUND = {1: 60, 64: 640}
WORDS_ONLY = RunConfig(char_ngram_min=0, char_ngram_max=0, min_df=1)
EVERY_WORD = r"(?u)\b\w+\b"  # words of one letter too, as the stored model reads them
STOCK_OPTIONS = {"locale": "C.UTF-8", "tokenexp": r"[\p{L}\p{N}_]+"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a table, or with --json the object alone; 3 when the data are absent."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="folder of the data sets; default: the variable PINFOLD_DATA")
    parser.add_argument("--json", action="store_true", help="print nothing but one JSON object")
    options = parser.parse_args(arguments)
    try:
        folder = data_folder(options.data)
        rows, tests = (read_split(folder, DATASET, split) for split in ("train", "test"))
    except DataMissing as missing:
        print(f"skipped: {missing}", file=sys.stderr)
        return 3
    texts = [row.text for row in tests]
    library = native.build()
    if library is None:
        print("native: skipped, there is no C++ compiler", file=sys.stderr)
    ways = {
        "words": _stored(rows, WORDS_ONLY, library, texts) | _word_baselines(rows),
        "default": _stored(rows, RunConfig(), library, texts) | _default_baselines(rows),
    }
    results = {features: _measure(chosen, texts) for features, chosen in ways.items()}
    if not options.json:
        _print_table(results)
    print(json.dumps(results))
    return 0


def _word_baselines(rows: list[Example]) -> dict[str, Score]:
    stock = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=EVERY_WORD), LogisticRegression(max_iter=40, tol=1e-2)
    )
    stock.fit([row.text for row in rows], [row.labels[0] for row in rows])
    return {"sklearn": stock.predict_proba, "skl2onnx": _stock_export(stock)}


def _default_baselines(rows: list[Example]) -> dict[str, Score]:
    features = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), token_pattern=EVERY_WORD, min_df=2)),
            ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2)),
        ]
    )
    pipeline = make_pipeline(features, LinearSVC())
    pipeline.fit([row.text for row in rows], [row.labels[0] for row in rows])
    return {"sklearn": pipeline.decision_function}


def _stored(rows: list[Example], config: RunConfig, library: ctypes.CDLL | None, texts: list[str]) -> dict[str, Score]:
    """Ways to answer with the file that the server would store. Ends the program where their bits differ."""
    names = label_names(rows)
    data = TrainingSet(
        source_ids=(DATASET,) * len(rows),
        document_ids=tuple(str(number) for number in range(len(rows))),
        texts=tuple(row.text for row in rows),
        label_names=names,
        assigned=assigned(rows, names),
    )
    trained = train(data, config, report=lambda phase, fraction: None, should_stop=lambda: False)
    model = Model.load(trained.onnx, trained.sha256)
    compiled = model.compiled(compilation.build())
    assert compiled is not None
    assert model.stored is not None
    expected = model.score(texts).probabilities
    ways: dict[str, Score] = {"onnx": model.score, "compiled": compiled.score}
    answers = {"compiled": compiled.score(texts).probabilities}
    if library is not None:
        ways["native"] = loop = native.scorer(library, model.stored)
        answers["native"] = loop(texts)
    for name, probabilities in answers.items():
        different = int((probabilities != expected).any(axis=1).sum())
        if different:
            raise SystemExit(f"{name}: {different} of {len(texts)} texts have other bits than the file gives")
    return ways


def _stock_export(pipeline: Pipeline) -> Score:
    import onnxruntime
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import StringTensorType

    # Without these options the file needs a locale that few machines have, and reads other words than scikit-learn.
    export = to_onnx(
        pipeline,
        initial_types=[("text", StringTensorType([None, 1]))],
        options={TfidfVectorizer: STOCK_OPTIONS, id(pipeline): {"zipmap": False}},
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(export.SerializeToString(), options, providers=["CPUExecutionProvider"])

    def score(texts: list[str]) -> object:
        return session.run(["probabilities"], {"text": np.array(texts, object).reshape(-1, 1)})

    return score


def _measure(ways: dict[str, Score], texts: list[str]) -> dict[str, dict[str, float]]:
    """Microseconds a text, by batch size and way."""
    results: dict[str, dict[str, float]] = {}
    for size in BATCHES:
        chosen = texts[: TEXTS_A_ROUND[size]]
        batches = [chosen[begin : begin + size] for begin in range(0, len(chosen), size)]
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(ROUNDS):
            for name, score in ways.items():
                begun = time.perf_counter()
                for batch in batches:
                    score(batch)
                best[name] = min(best[name], (time.perf_counter() - begun) / len(chosen))
        results[str(size)] = {name: round(seconds * 1e6, 2) for name, seconds in best.items()}
    return results


def _print_table(results: dict[str, dict[str, dict[str, float]]]) -> None:
    for features, sizes in results.items():
        for size, ways in sizes.items():
            told = "  ".join(f"{name} {value:8.2f} ({value / ways['compiled']:5.1f}x)" for name, value in ways.items())
            print(f"{features:8} batch {size:>3}  us a text: {told}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
