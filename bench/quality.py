"""Quality of scores and decisions on texts that no model has seen, and how sure a difference between two models is."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, f1_score

_RESAMPLES = 200
_SEED = 1

Matrix = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a model says of texts: decision values or probabilities, and decisions; [texts, labels]."""

    scores: Matrix
    predicted: Bools


@dataclass(frozen=True, slots=True)
class Quality:
    """How good scores and decisions are; `accuracy` is None where texts have several labels or none."""

    accuracy: float | None
    micro_f1: float
    macro_f1: float
    mean_average_precision: float


@dataclass(frozen=True, slots=True)
class Lead:
    """How much more one model has of a measure than another; `low`..`high` is the 95 % interval over test texts."""

    measure: str
    difference: float
    low: float
    high: float


def quality(truth: Bools, answers: Answers) -> Quality:
    """All measures; macro F1 and mean average precision over the labels that `truth` [texts, labels] has."""
    return Quality(
        accuracy=accuracy(truth, answers),
        micro_f1=float(f1_score(truth, answers.predicted, average="micro")),
        macro_f1=macro_f1(truth, answers),
        mean_average_precision=mean_average_precision(truth, answers),
    )


def accuracy(truth: Bools, answers: Answers) -> float | None:
    """Share of texts whose highest score is on their label."""
    if (truth.sum(axis=1) != 1).any():
        return None
    return float(np.mean(answers.scores.argmax(axis=1) == truth.argmax(axis=1)))


def macro_f1(truth: Bools, answers: Answers) -> float:
    """Mean F1 of the labels that `truth` has."""
    present = truth.any(axis=0)
    hits = (truth & answers.predicted).sum(axis=0)
    return float(np.mean((2 * hits / np.maximum(truth.sum(axis=0) + answers.predicted.sum(axis=0), 1))[present]))


def mean_average_precision(truth: Bools, answers: Answers) -> float:
    """Mean over the labels that `truth` has."""
    places = np.flatnonzero(truth.any(axis=0))
    return float(np.mean([average_precision_score(truth[:, place], answers.scores[:, place]) for place in places]))


_MEASURES: tuple[Callable[[Bools, Answers], float | None], ...] = (accuracy, macro_f1, mean_average_precision)


def leads(truth: Bools, ours: Answers, theirs: Answers) -> list[Lead]:
    """Ours less theirs in each measure, with the interval of paired bootstrap samples of the texts.

    B. Efron, R. Tibshirani: "An introduction to the bootstrap", 1993, chapter 13, the percentile interval. What another
    training part would have made of either model is not in it.
    """
    draw = np.random.default_rng(_SEED)
    samples = [draw.integers(0, len(truth), len(truth)) for _ in range(_RESAMPLES)]
    found = []
    for measure in _MEASURES:
        if measure(truth, ours) is None:
            continue
        differences = [_difference(measure, truth, ours, theirs, rows) for rows in samples]
        low, high = np.percentile(differences, (2.5, 97.5))
        whole = _difference(measure, truth, ours, theirs, np.arange(len(truth)))
        found.append(Lead(measure.__name__, whole, float(low), float(high)))
    return found


def _difference(
    measure: Callable[[Bools, Answers], float | None],
    truth: Bools,
    ours: Answers,
    theirs: Answers,
    rows: npt.NDArray[np.int64],
) -> float:
    mine, other = (measure(truth[rows], Answers(each.scores[rows], each.predicted[rows])) for each in (ours, theirs))
    return (mine or 0.0) - (other or 0.0)
