"""One training from texts to a checked model file: features, validation, fit, export, parity."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.runs.configs import LabelMode, RunConfig, validate
from pinfold_server.engine.session import Model
from pinfold_server.training.contract import (
    Golden,
    Means,
    Parity,
    Phase,
    RefusalReason,
    Report,
    ShouldStop,
    TrainedModel,
    TrainingCancelled,
    TrainingRefused,
    TrainingSet,
)
from pinfold_server.training.export.compilation import Fitted
from pinfold_server.training.export.estimator import NgramClassifier
from pinfold_server.training.export.export import export
from pinfold_server.training.export.golden import make_golden
from pinfold_server.training.export.keywords import find_keywords
from pinfold_server.training.fit.algorithms import features_for, fit
from pinfold_server.training.fit.choice import choose
from pinfold_server.training.fit.corpus import Corpus, count_features
from pinfold_server.training.fit.label_modes import is_single
from pinfold_server.training.fit.parallel import Tick, beside
from pinfold_server.training.fit.solver import Examples
from pinfold_server.training.fit.vocabulary import Vocabulary, select
from pinfold_server.training.validate.holding_out import learnt_rows
from pinfold_server.training.validate.validation import Validation

_NO_OTHERS = Means()
_PARITY_TEXTS = 512
_ODD_TEXTS = (
    "",
    "\x00\x01 \t",
    "\ud800 lone",
    "e\u0301tude E\u0301TUDE \ufb01n \u0130\u00df",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "\u0939\u093f\u0928\u094d\u0926\u0940",
    "\U0001f469\u200d\U0001f680 \U00020000",
    "unheardofword " * 200,
    "x" * 5_000,
)


class ParityError(Exception):
    """The exported file does not answer with the bits of the estimator: a fault of this program, never of the data."""


_SPANS = {
    Phase.FEATURES: (0.0, 0.08),
    Phase.VALIDATE: (0.08, 0.5),
    Phase.FIT: (0.5, 0.93),
    Phase.EXPORT: (0.93, 0.97),
    Phase.PARITY: (0.97, 1.0),
}


class _Progress:
    """Turns the fraction of each phase into that of the whole, and asks between steps whether to go on."""

    def __init__(self, report: Report, should_stop: ShouldStop) -> None:
        self._report = report
        self._should_stop = should_stop

    def phase(self, phase: Phase) -> Tick:
        """Starts a phase; the result takes the fraction of it that is done. Both raise `TrainingCancelled`."""
        begin, end = _SPANS[phase]

        def tick(fraction: float) -> None:
            if self._should_stop():
                raise TrainingCancelled
            self._report(phase, begin + (end - begin) * fraction)

        tick(0.0)
        return tick


def train(
    data: TrainingSet, config: RunConfig, *, report: Report, should_stop: ShouldStop, means: Means = _NO_OTHERS
) -> TrainedModel:
    """A model of all the data but what people chose to test or tune it with, and its quality on held-out parts.

    The same data, in the same order, and the same configuration give the same file on the same installation, whatever
    the means. Raises `TrainingRefused` for data that give no model, `TrainingCancelled`, and ValueError for a
    configuration out of rule.
    """
    violations = validate(config)
    if violations:
        raise ValueError("; ".join(f"{each.field} {each.description}" for each in violations))
    rows = learnt_rows(data)
    learnt = data.only(rows)
    _refuse_unusable(learnt.labels_only())
    single = is_single(data, config.label_mode)
    progress = _Progress(report, should_stop)
    corpus = count_features(data.texts, config, progress.phase(Phase.FEATURES), means.cache)
    read = _Read(corpus, _vocabulary(corpus, learnt, config, rows, single=single))
    chosen = choose(read.corpus, data, config, progress.phase(Phase.VALIDATE), single=single, threads=means.threads)
    with beside(chosen.evaluate) as evaluated:
        tick = progress.phase(Phase.FIT)
        merged = features_for(chosen.config, read.corpus, read.vocabulary, rows)
        start = chosen.start if rows is None or chosen.start is None else chosen.start.among(rows)
        examples = Examples(merged.features, learnt.assigned, learnt.known, learnt.weights, single, merged.twins, start)
        weights = fit(examples, chosen.config, tick, means.threads)
    validated = evaluated.result()
    tick = progress.phase(Phase.EXPORT)
    estimator = NgramClassifier(data.label_names, chosen.config, validated.curves, single)
    estimator.assemble(Fitted(read.corpus, read.vocabulary, weights, validated.curves, single))
    tick(0.5)
    with beside(lambda: find_keywords(estimator.compiled_, read.corpus, data.texts, data.assigned, config)) as keywords:
        exported = _export(estimator, data, _parity_texts(data, validated), progress, means)
    report(Phase.PARITY, 1.0)
    return TrainedModel(
        onnx=exported.blob,
        sha256=exported.sha256,
        label_names=data.labels_only().label_names,
        labels=validated.labels,
        summary=validated.summary,
        validation_mode=validated.mode,
        train_size=validated.train_size,
        test_size=validated.test_size,
        feature_count=read.vocabulary.size,
        held_out=validated.held_out,
        parity=exported.parity,
        golden=exported.golden,
        label_mode=LabelMode.SINGLE_LABEL if single else LabelMode.MULTI_LABEL,
        selection=chosen.selection,
        keywords=keywords.result()[: data.label_count],
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Exported:
    """A model file that was read back and answers as the estimator does."""

    blob: bytes
    sha256: str
    parity: Parity
    golden: Golden


def _export(
    estimator: NgramClassifier, data: TrainingSet, texts: list[str], progress: _Progress, means: Means
) -> _Exported:
    """Stages the file while it is checked. Raises `ParityError` where it answers other bits to the texts."""
    with beside(lambda: estimator.predict_proba(texts)) as expected:
        blob = export(estimator)
        sha256 = hashlib.sha256(blob).hexdigest()
        progress.phase(Phase.PARITY)
        with beside(lambda: means.stage(blob)) as staged:
            model = Model.load(blob, sha256)
            golden = make_golden(model, data.texts)
            if model.labels != estimator.label_names:
                raise ParityError(f"the exported file has other labels: {model.labels}")
            parity = _compare(expected.result(), model.score(texts).probabilities)
        staged.result()
    return _Exported(blob, sha256, parity, golden)


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """The features of all texts, and those of them that the model keeps."""

    corpus: Corpus
    vocabulary: Vocabulary


def _vocabulary(
    corpus: Corpus, learnt: TrainingSet, config: RunConfig, rows: NDArray[np.int64] | None, *, single: bool
) -> Vocabulary:
    """`learnt`: the documents of the rows that the model learns from, None for all."""
    vocabulary = select(corpus, rows, config, learnt.positive, single=single)
    if not vocabulary.size:
        raise TrainingRefused(
            RefusalReason.NO_FEATURES,
            "no word or character n-gram occurs often enough: texts are empty or too few, or min_df is too high",
        )
    return vocabulary


def _refuse_unusable(data: TrainingSet) -> None:
    known = np.ones_like(data.assigned) if data.known is None else data.known
    positive = (data.assigned & known).any(axis=0)
    negative = (~data.assigned & known).any(axis=0)
    if not positive.any():
        raise TrainingRefused(
            RefusalReason.NO_ANNOTATIONS, "no document has a label: assign labels to some documents, then train"
        )
    if not (positive & negative).any():
        raise TrainingRefused(
            RefusalReason.ONE_CLASS,
            "no label has both documents with it and documents known to be without it: annotate some with another "
            "label or with none, and mark them as reviewed",
        )
    if not any(text.strip() for text in data.texts):
        raise TrainingRefused(RefusalReason.NO_FEATURES, "every text is empty")


def _parity_texts(data: TrainingSet, validated: Validation) -> list[str]:
    rows = validated.held_out.rows[:_PARITY_TEXTS]
    return [*(data.texts[row] for row in rows), *_ODD_TEXTS]


def _compare(expected: NDArray[np.float32], answered: NDArray[np.float32]) -> Parity:
    """Raises `ParityError` unless file and estimator agree in every bit."""
    difference = np.abs(answered - expected).max(initial=0.0)
    if difference != 0:
        raise ParityError(f"the exported file differs from the estimator by up to {difference}")
    return Parity(len(expected), float(difference))
