"""One training from texts to a checked model file: features, validation, fit, export, parity."""

import hashlib

import numpy as np

from pinfold_server.domain.configs import LabelMode, RunConfig, validate
from pinfold_server.engine.session import Model
from pinfold_server.training.algorithms import features_for, fit
from pinfold_server.training.choice import choose
from pinfold_server.training.compilation import Fitted
from pinfold_server.training.contract import (
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
from pinfold_server.training.corpus import count_features
from pinfold_server.training.estimator import NgramClassifier
from pinfold_server.training.export import export
from pinfold_server.training.golden import make_golden
from pinfold_server.training.keywords import find_keywords
from pinfold_server.training.label_modes import is_single
from pinfold_server.training.parallel import Tick
from pinfold_server.training.solver import Examples
from pinfold_server.training.validation import Validation
from pinfold_server.training.vocabulary import select

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
    data: TrainingSet, config: RunConfig, *, report: Report, should_stop: ShouldStop, threads: int = 1
) -> TrainedModel:
    """A model of all the data, with its quality on held-out parts.

    The same data, in the same order, and the same configuration give the same file on the same installation, with any
    number of threads. Raises `TrainingRefused` for data that give no model, `TrainingCancelled`, and ValueError for a
    configuration out of rule.
    """
    violations = validate(config)
    if violations:
        raise ValueError("; ".join(f"{each.field} {each.description}" for each in violations))
    _refuse_unusable(data)
    single = is_single(data, config.label_mode)
    progress = _Progress(report, should_stop)
    corpus = count_features(data.texts, config, progress.phase(Phase.FEATURES))
    vocabulary = select(corpus, None, config, data.assigned)
    if not vocabulary.size:
        raise TrainingRefused(
            RefusalReason.NO_FEATURES,
            "no word or character n-gram occurs often enough: texts are empty or too few, or min_df is too high",
        )
    chosen = choose(corpus, data, config, progress.phase(Phase.VALIDATE), single=single, threads=threads)
    config, validated = chosen.config, chosen.validation
    tick = progress.phase(Phase.FIT)
    read = features_for(config, corpus, vocabulary, None)
    examples = Examples(read.features, data.assigned, data.known, data.weights, single, read.twins, validated.start)
    weights = fit(examples, config, tick, threads)
    tick = progress.phase(Phase.EXPORT)
    estimator = NgramClassifier(data.label_names, config, validated.curves, single)
    estimator.assemble(Fitted(corpus, vocabulary, weights, validated.curves, single))
    tick(0.5)
    blob = export(estimator)
    sha256 = hashlib.sha256(blob).hexdigest()
    progress.phase(Phase.PARITY)
    model = Model.load(blob, sha256)
    parity = _check_parity(estimator, model, _parity_texts(data, validated))
    golden = make_golden(model, data.texts)
    keywords = find_keywords(estimator.compiled_, corpus, data.texts, data.assigned, config)
    report(Phase.PARITY, 1.0)
    return TrainedModel(
        onnx=blob,
        sha256=sha256,
        label_names=data.label_names,
        labels=validated.labels,
        summary=validated.summary,
        validation_mode=validated.mode,
        train_size=validated.train_size,
        test_size=validated.test_size,
        feature_count=vocabulary.size,
        held_out=validated.held_out,
        parity=parity,
        golden=golden,
        label_mode=LabelMode.SINGLE_LABEL if single else LabelMode.MULTI_LABEL,
        selection=chosen.selection,
        keywords=keywords,
    )


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


def _check_parity(estimator: NgramClassifier, model: Model, texts: list[str]) -> Parity:
    """Raises `ParityError` unless file and estimator agree in every bit."""
    expected = estimator.predict_proba(texts)
    difference = np.abs(model.score(texts).probabilities - expected).max(initial=0.0)
    if difference != 0 or model.labels != estimator.label_names:
        raise ParityError(f"the exported file differs from the estimator by up to {difference}")
    return Parity(len(texts), float(difference))
