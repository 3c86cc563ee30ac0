"""What a model scores on documents it has not seen, and what follows from it: curves, thresholds, quality."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.metrics import Bools
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.domain.runs.splits import ValidationMode
from pinfold_server.engine import sigmoid
from pinfold_server.engine.model import leaves_of, probabilities_of
from pinfold_server.training.contract import HeldOut, LabelReport, Summary, TrainingSet
from pinfold_server.training.export.compilation import closure
from pinfold_server.training.fit.algorithms import features_for, fit
from pinfold_server.training.fit.corpus import Corpus
from pinfold_server.training.fit.descent import Start
from pinfold_server.training.fit.parallel import Tick
from pinfold_server.training.fit.solver import Examples
from pinfold_server.training.fit.vocabulary import matrix, select
from pinfold_server.training.validate.calibration import Curves, fit_curves, fit_temperature
from pinfold_server.training.validate.evaluation import Judged, label_reports, recommended, summarise
from pinfold_server.training.validate.holding_out import Places, Plan, Turn, plan, roles


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """Held-out results of a training, of its labels; `curves` are those of their sentiments too.

    Quality is measured on the same documents as the curves and thresholds were fitted on (two numbers and one per
    label), so it is slightly kind to rare labels; unless people chose documents for VALIDATION, which then do the
    latter alone.
    """

    mode: ValidationMode
    train_size: int
    test_size: int
    curves: Curves
    held_out: HeldOut
    labels: tuple[LabelReport, ...]
    summary: Summary


@dataclass(frozen=True, slots=True, eq=False)
class _Unseen:
    """Decision values of held-out documents.

    `rows` int64 [h]; `scores` float64 [h, labels]; `fitted` bool [h, labels]: False where the training part had no
    example of both kinds, and the score is the log-odds of what it had. `start`: what was fitted.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    fitted: Bools
    start: Start | None

    def of(self, places: Places) -> "_Unseen":
        """Some of the documents."""
        return _Unseen(self.rows[places], self.scores[places], self.fitted[places], self.start)


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Scores of held-out documents, still to be evaluated. `single` as in `hold_out`."""

    data: TrainingSet
    unseen: _Unseen
    planned: Plan
    single: bool

    @property
    def start(self) -> Start | None:
        """Duals of the first model that was made, for a fit of everything to begin with."""
        return self.unseen.start

    def evaluate(self) -> Validation:
        """Curves, thresholds and quality."""
        return _evaluate(self)


def hold_out(corpus: Corpus, data: TrainingSet, config: RunConfig, tick: Tick, *, single: bool, threads: int) -> Scored:
    """Holds out the test fold, or every fold in turn where data is small.

    `single`: probabilities of the leaf labels add up to 1.
    """
    planned = plan(data)
    parts = [
        _score(
            corpus, data, turn, config, partial(_turn, tick, number, len(planned.turns)), single=single, threads=threads
        )
        for number, turn in enumerate(planned.turns)
    ]
    unseen = _Unseen(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.fitted for part in parts]),
        parts[0].start,
    )
    return Scored(data, unseen, planned, single)


def _turn(tick: Tick, turn: int, turns: int, fraction: float) -> None:
    tick((turn + fraction) / turns)


def _score(
    corpus: Corpus, data: TrainingSet, turn: Turn, config: RunConfig, tick: Tick, *, single: bool, threads: int
) -> _Unseen:
    """Scores of the tested documents by a model of the others; none where the others give no model."""
    train, test = turn.train, turn.test
    labels = len(data.label_names)
    usable = len(train) and len(test)
    vocabulary = select(corpus, train, config, data.positive[train], single=single) if usable else None
    if vocabulary is None or not vocabulary.size:
        return _Unseen(np.zeros(0, np.int64), np.zeros((0, labels)), np.zeros((0, labels), np.bool_), None)
    known = None if data.known is None else data.known[train]
    sample_weights = None if data.weights is None else data.weights[train]
    read = features_for(config, corpus, vocabulary, train)
    examples = Examples(read.features, data.assigned[train], known, sample_weights, single, read.twins)
    weights = fit(examples, config, tick, threads)
    scores = weights.scores(matrix(corpus, vocabulary, test))
    start = None if weights.duals is None else Start(train, weights.duals)
    return _Unseen(test, scores, np.repeat(weights.fitted[None, :], len(test), axis=0), start)


def _evaluate(scored: Scored) -> Validation:
    data, unseen, planned = scored.data, scored.unseen, scored.planned
    tuning, judging = roles(data, unseen.rows)
    truth = data.assigned[unseen.rows]
    known = np.ones_like(truth) if data.known is None else data.known[unseen.rows]
    told = (known & unseen.fitted)[tuning]
    curves = fit_curves(unseen.scores[tuning], truth[tuning], told, single=scored.single)
    pairs = closure(data.label_names)
    count = data.label_count  # sentiments, which come behind, have no levels
    leaves, _ = leaves_of(count, pairs)
    if scored.single:
        curves = curves.scaled(_temperature(curves, unseen.of(tuning), (truth & known)[tuning][:, leaves], leaves))
    logits = np.where(unseen.fitted, curves.logits(unseen.scores), unseen.scores)
    probabilities = probabilities_of(sigmoid.place(logits), pairs, single=scored.single)[:, :count]
    every = Judged(truth[:, :count], probabilities, known[:, :count], unseen.fitted[:, :count])
    judged = every.of(judging)
    train_counts = data.positive[planned.fitted, :count].sum(axis=0)
    labels = label_reports(data.label_names[:count], judged, recommended(every.of(tuning)), train_counts)
    held_out = HeldOut(unseen.rows[judging], judged.probabilities)
    return Validation(
        mode=planned.mode,
        train_size=int(planned.fitted.sum()),
        test_size=len(held_out.rows),
        curves=curves,
        held_out=held_out,
        labels=labels,
        summary=summarise(labels, judged, leaves),
    )


def _temperature(curves: Curves, unseen: _Unseen, truth: Bools, leaves: NDArray[np.int64]) -> float:
    """From the documents of which the leaf is known; `truth` bool [h, leaves]."""
    rows = np.flatnonzero(truth.sum(axis=1) == 1)
    logits = np.where(unseen.fitted, curves.logits(unseen.scores), unseen.scores)[np.ix_(rows, leaves)]
    return fit_temperature(logits, truth[rows].argmax(axis=1))
