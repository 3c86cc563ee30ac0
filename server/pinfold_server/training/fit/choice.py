"""The choice of an algorithm by what each scores on held-out documents, within a time budget."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from pinfold_server.domain.runs.configs import NAIVE_BAYES, Algorithm, ClassWeight, RunConfig
from pinfold_server.training.contract import Candidate, Selection, TrainingSet
from pinfold_server.training.fit.corpus import Corpus
from pinfold_server.training.fit.descent import Start
from pinfold_server.training.fit.parallel import Tick
from pinfold_server.training.validate.validation import Validation, hold_out

_BY_PROMISE = (Algorithm.LINEAR_SVM, *reversed(NAIVE_BAYES), Algorithm.LOGISTIC_REGRESSION)
"""The usual winner first, the slowest last."""

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """A configuration that names its algorithm; `selection` None when it named it before.

    `evaluate` gives its validation, `start` what a fit of everything may begin with.
    """

    config: RunConfig
    evaluate: Callable[[], Validation]
    start: Start | None
    selection: Selection | None


def choose(
    corpus: Corpus,
    data: TrainingSet,
    config: RunConfig,
    tick: Tick,
    *,
    single: bool,
    threads: int,
    clock: Clock = time.monotonic,
) -> Chosen:
    """Holds documents out from the algorithm of the configuration, or, for AUTO, from one after the other."""
    if config.algorithm is not Algorithm.AUTO:
        scored = hold_out(corpus, data, config, tick, single=single, threads=threads)
        return Chosen(config, scored.evaluate, scored.start, None)
    measure = "accuracy" if single else "mean_average_precision"
    begun = clock()
    tried: list[tuple[Candidate, Validation, Start | None]] = []
    algorithms = _candidates(config)
    for turn, algorithm in enumerate(algorithms):
        began = clock()
        if tried and began - begun >= config.auto_seconds:
            break
        step = partial(_part, tick, turn, len(algorithms))
        tried_with = replace(config, algorithm=algorithm)
        scored = hold_out(corpus, data, tried_with, step, single=single, threads=threads)
        validated = scored.evaluate()
        score = getattr(validated.summary, measure) or 0.0
        tried.append((Candidate(algorithm, score, clock() - began), validated, scored.start))
    best, validated, start = max(tried, key=lambda each: each[0].score)
    selection = Selection(measure, tuple(each[0] for each in tried), best.algorithm)
    return Chosen(replace(config, algorithm=best.algorithm), lambda: validated, start, selection)


def _candidates(config: RunConfig) -> list[Algorithm]:
    """Those that the other options go with."""
    weighted = config.class_weight is ClassWeight.BALANCED
    return [each for each in _BY_PROMISE if not (weighted and each in NAIVE_BAYES)]


def _part(tick: Tick, turn: int, turns: int, fraction: float) -> None:
    tick((turn + fraction) / turns)
