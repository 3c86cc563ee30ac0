"""Computes a comparison: counts, trials, tests and curves of two versions on the documents of both."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality import bootstrap
from pinfold_server.domain.quality.bootstrap import Answers, Changes, Counts, Figures, Trials, interval
from pinfold_server.domain.quality.comparison import (
    CarryOver,
    Comparison,
    Cuts,
    Delta,
    LabelComparison,
    Overall,
    Point,
    Verdict,
)
from pinfold_server.domain.quality.metrics import Bools
from pinfold_server.domain.quality.pairing import Paired
from pinfold_server.domain.quality.rankings import Points, rank
from pinfold_server.domain.quality.significance import adjusted, mcnemar

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class _Evidence:
    """All that the figures of labels are read from; arrays [labels], intervals [2, labels]."""

    base: Figures
    candidate: Figures
    intervals: Changes
    average_precisions: tuple[Floats, Floats]
    positives: NDArray[np.int64]
    fixed: NDArray[np.int64]
    broken: NDArray[np.int64]
    cuts: Cuts
    same_threshold: Figures
    same_recall: Points
    same_precision: Points


def answers_of(paired: Paired, cuts: Cuts) -> Answers:
    """What both versions predict; nothing where people did not decide."""
    base, candidate = paired.base >= cuts.base, paired.candidate >= cuts.candidate
    return Answers(paired.truth, base & paired.known, candidate & paired.known)


def flipped(answers: Answers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the documents that the candidate fixed, and of those that it broke."""
    base_right, candidate_right = bootstrap.right(answers)
    return np.flatnonzero(candidate_right & ~base_right), np.flatnonzero(base_right & ~candidate_right)


def compare(paired: Paired, cuts: Cuts, trials: Trials) -> Comparison:
    """Of at least one document and one label. The same arguments give the same answer to the last bit."""
    answers = answers_of(paired, cuts)
    drawn = bootstrap.draw(answers, trials)
    changes = drawn.labels.changes()
    evidence = _evidence(paired, cuts, answers, changes.intervals(trials.confidence))
    macro = interval(_mean_of_labels(changes.f1, evidence.positives > 0), trials.confidence)
    right = interval(drawn.right_change, trials.confidence)
    overall = _overall(answers, evidence, drawn.pairs.changes().intervals(trials.confidence), (macro, right))
    return Comparison(_verdict(overall.micro_f1), overall, _labels(evidence, 1 - trials.confidence))


def _evidence(paired: Paired, cuts: Cuts, answers: Answers, intervals: Changes) -> _Evidence:
    counts = bootstrap.count(answers)
    base, candidate = counts.figures()
    positives, hits, _, predicted, _ = counts.sums.astype(np.int64)
    curves = rank(paired.truth, paired.known, paired.candidate)
    base_curves = rank(paired.truth, paired.known, paired.base)
    base_right, candidate_right = answers.base == answers.truth, answers.candidate == answers.truth
    return _Evidence(
        base=base,
        candidate=candidate,
        intervals=intervals,
        average_precisions=(base_curves.average_precisions(), curves.average_precisions()),
        positives=positives,
        fixed=(candidate_right & ~base_right).sum(axis=0),
        broken=(base_right & ~candidate_right).sum(axis=0),
        cuts=cuts,
        same_threshold=bootstrap.count(answers_of(paired, Cuts(cuts.base, cuts.base))).figures()[1],
        same_recall=curves.with_recall(hits),
        same_precision=curves.with_precision(hits, predicted),
    )


def _verdict(f1: Delta) -> Verdict:
    if not f1.is_significant:
        return Verdict.NO_SIGNIFICANT_DIFFERENCE
    return Verdict.BETTER if f1.candidate > f1.base else Verdict.WORSE


def _overall(answers: Answers, evidence: _Evidence, pairs: Changes, ends: tuple[Floats, Floats]) -> Overall:
    """`pairs`: intervals [2, 1]; `ends`: of macro F1 and of right documents, [2] each."""
    base, candidate = Counts(bootstrap.count(answers).sums.sum(axis=1, keepdims=True)).figures()
    base_right, candidate_right = bootstrap.right(answers)
    fixed, broken = flipped(answers)
    there = evidence.positives > 0
    macro, right = ends
    return Overall(
        precision=_delta(base.precision, candidate.precision, pairs.precision, 0),
        recall=_delta(base.recall, candidate.recall, pairs.recall, 0),
        micro_f1=_delta(base.f1, candidate.f1, pairs.f1, 0),
        macro_f1=_between(_mean(evidence.base.f1[there]), _mean(evidence.candidate.f1[there]), macro),
        mean_average_precision=_mean_average_precision(*evidence.average_precisions),
        right=_between(float(base_right.mean()), float(candidate_right.mean()), right),
        fixed=len(fixed),
        broken=len(broken),
        p_value=mcnemar(len(fixed), len(broken)),
    )


def _labels(evidence: _Evidence, error: float) -> tuple[LabelComparison, ...]:
    """`error`: share of false discoveries among the labels that are called significant."""
    p_values = [mcnemar(int(fixed), int(broken)) for fixed, broken in zip(evidence.fixed, evidence.broken, strict=True)]
    together = adjusted(p_values)
    return tuple(
        _label(evidence, column, p_value, may_differ=together[column] <= error)
        for column, p_value in enumerate(p_values)
    )


def _label(evidence: _Evidence, column: int, p_value: float, *, may_differ: bool) -> LabelComparison:
    base, candidate, ends = evidence.base, evidence.candidate, evidence.intervals
    f1 = _delta(base.f1, candidate.f1, ends.f1, column)
    before, after = (float(values[column]) for values in evidence.average_precisions)
    return LabelComparison(
        positives=int(evidence.positives[column]),
        base_threshold=float(evidence.cuts.base[column]),
        candidate_threshold=float(evidence.cuts.candidate[column]),
        precision=_delta(base.precision, candidate.precision, ends.precision, column),
        recall=_delta(base.recall, candidate.recall, ends.recall, column),
        f1=f1,
        average_precision=None if np.isnan(before) else Delta(before, after),
        fixed=int(evidence.fixed[column]),
        broken=int(evidence.broken[column]),
        p_value=p_value,
        is_significant=may_differ and f1.is_significant,
        carry_over=_carry_over(evidence, column),
    )


def _carry_over(evidence: _Evidence, column: int) -> CarryOver:
    cut, now, same = float(evidence.cuts.base[column]), evidence.base, evidence.same_threshold
    return CarryOver(
        now=Point(cut, float(now.precision[column]), float(now.recall[column])),
        same_threshold=Point(cut, float(same.precision[column]), float(same.recall[column])),
        same_recall=_point(evidence.same_recall, column),
        same_precision=_point(evidence.same_precision, column),
    )


def _point(points: Points, column: int) -> Point | None:
    threshold = float(points.thresholds[column])
    if np.isnan(threshold):
        return None
    return Point(threshold, float(points.precisions[column]), float(points.recalls[column]))


def _mean_average_precision(base: Floats, candidate: Floats) -> Delta | None:
    """The truths are the same, so a label has it in both or in neither."""
    there = ~np.isnan(base)
    return Delta(_mean(base[there]), _mean(candidate[there])) if there.any() else None


def _delta(base: Floats, candidate: Floats, ends: Floats, column: int) -> Delta:
    return _between(float(base[column]), float(candidate[column]), ends[:, column])


def _between(base: float, candidate: float, ends: Floats) -> Delta:
    return Delta(base, candidate, float(ends[0]), float(ends[1]))


def _mean_of_labels(changes: Floats, there: Bools) -> Floats:
    """Of changes [labels, trials], the mean [trials] over the labels that are there; 0 without any."""
    means: Floats = changes[there].sum(axis=0) / max(int(there.sum()), 1)
    return means


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0
