"""What scikit-learn, or a definition written out, says of held-out predictions, beside what a validation answered."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import (
    average_precision_score,
    confusion_matrix,
    multilabel_confusion_matrix,
    precision_recall_curve,
    precision_recall_fscore_support,
)

import pinfold
from pinfold_server.domain.quality.held_out import HeldOut

BINS = 15

Error = tuple[str, float]
"""What was compared, and the largest difference."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """Held-out predictions of a version; every pair of document and label is decided. `single`: single-label."""

    held_out: HeldOut
    single: bool

    def errors(self, found: pinfold.Validation) -> Iterator[Error]:
        """Of everything that the validation tells; thresholds are those that it tells."""
        truth, scores = self.held_out.truth, self.held_out.probabilities
        cuts = np.array([label.threshold for label in found.labels], np.float32)
        predicted = scores >= cuts
        yield from self._label_errors(found, predicted)
        yield from self._overall_errors(found, predicted)
        for column, label in enumerate(found.labels):
            yield from _curve_errors(label.curve, truth[:, column], scores[:, column])
            yield from _calibration_errors(label.calibration, truth[:, column], scores[:, column])
        yield from _curve_errors(found.curve, truth.ravel(), scores.ravel())
        yield from _calibration_errors(found.calibration, truth.ravel(), scores.ravel())
        yield from self._pair_errors(found, predicted)

    def _label_errors(self, found: pinfold.Validation, predicted: npt.NDArray[np.bool_]) -> Iterator[Error]:
        truth, scores = self.held_out.truth, self.held_out.probabilities
        figures = precision_recall_fscore_support(truth, predicted, average=None, zero_division=0)[:3]
        matrices = multilabel_confusion_matrix(truth, predicted)
        for column, label in enumerate(found.labels):
            (tn, fp), (fn, tp) = matrices[column].tolist()
            assert label.counts is not None
            assert (tp, fp, fn, tn) == _counts(label.counts), label.name
            if label.quality is not None:
                told = (label.quality.precision, label.quality.recall, label.quality.f1)
                yield "label P/R/F1", _largest(told, [each[column] for each in figures])
            if label.average_precision is not None:
                expected = average_precision_score(truth[:, column], scores[:, column])
                yield "average precision", abs(label.average_precision - expected)

    def _overall_errors(self, found: pinfold.Validation, predicted: npt.NDArray[np.bool_]) -> Iterator[Error]:
        truth = self.held_out.truth
        every = np.arange(truth.shape[1])
        tested = np.flatnonzero(truth.any(axis=0))
        for overall, columns in ((found.all_labels, every), (found.leaf_labels, self._leaves())):
            assert overall is not None
            for told, average, chosen in (
                (overall.micro, "micro", columns),
                (overall.macro, "macro", np.intersect1d(columns, tested)),
            ):
                expected = precision_recall_fscore_support(
                    truth[:, chosen], predicted[:, chosen], average=average, zero_division=0
                )[:3]
                yield f"{average} P/R/F1", _largest((told.precision, told.recall, told.f1), expected)
        precisions = [label.average_precision for label in found.labels if label.average_precision is not None]
        assert found.mean_average_precision is not None
        yield "mean average precision", abs(found.mean_average_precision - float(np.mean(precisions)))

    def _pair_errors(self, found: pinfold.Validation, predicted: npt.NDArray[np.bool_]) -> Iterator[Error]:
        """Pairs are cut to the most frequent 2,000: those told must be right, and as many as there are up to that."""
        truth, names = self.held_out.truth, self.held_out.label_names
        told = np.zeros((len(names), len(names)))
        place_of = {name: place for place, name in enumerate(names)}
        for pair in found.confusions:
            told[place_of[pair.label], place_of[pair.other]] = pair.count
        expected = self._single_matrix() if self.single else _instead(truth, predicted)
        assert (told > 0).sum() == min((expected > 0).sum(), 2_000)
        yield "confusions", float(np.abs(told - np.where(told > 0, expected, 0)).max())
        together = {(pair.label, pair.other): pair.count for pair in found.cooccurrences}
        differences = [
            abs(count - int((truth[:, place_of[one]] & truth[:, place_of[other]]).sum()))
            for (one, other), count in together.items()
        ]
        yield "co-occurrence", float(max(differences, default=0))

    def _single_matrix(self) -> npt.NDArray[np.int64]:
        leaves = self._leaves()
        rows = np.flatnonzero(self.held_out.truth[:, leaves].sum(axis=1) == 1)
        right = leaves[self.held_out.truth[rows][:, leaves].argmax(axis=1)]
        told = leaves[self.held_out.probabilities[rows][:, leaves].argmax(axis=1)]
        matrix: npt.NDArray[np.int64] = confusion_matrix(right, told, labels=np.arange(self.held_out.truth.shape[1]))
        return matrix

    def _leaves(self) -> npt.NDArray[np.int64]:
        names = self.held_out.label_names
        return np.array([p for p, name in enumerate(names) if not any(o.startswith(f"{name} > ") for o in names)])


def _curve_errors(
    curve: pinfold.PrecisionRecallCurve | None, truth: npt.NDArray[np.bool_], scores: npt.NDArray[np.float32]
) -> Iterator[Error]:
    """scikit-learn's curve has the same thresholds, ascending; a thinned one has some of them."""
    assert curve is not None
    if not truth.any():
        return
    precisions, recalls, thresholds = precision_recall_curve(truth, scores)
    places = np.searchsorted(thresholds, np.array(curve.thresholds, np.float32))
    yield "curve thresholds", _largest(curve.thresholds, thresholds[places])
    yield "curve precisions", _largest(curve.precisions, precisions[places])
    yield "curve recalls", _largest(curve.recalls, recalls[places])
    assert (np.diff(curve.thresholds) < 0).all()
    assert (np.diff(curve.recalls) >= 0).all()


def _calibration_errors(
    calibration: pinfold.Calibration | None, truth: npt.NDArray[np.bool_], scores: npt.NDArray[np.float32]
) -> Iterator[Error]:
    """By the definition: each bin by itself."""
    assert calibration is not None
    bin_of = np.minimum(np.floor(scores * BINS).astype(int), BINS - 1)
    error = 0.0
    for place in range(BINS):
        members = bin_of == place
        assert calibration.counts[place] == members.sum()
        if members.any():
            stated, observed = scores[members].astype(np.float64).mean(), truth[members].mean()
            yield "mean probability of a bin", abs(calibration.mean_probabilities[place] - stated)
            yield "frequency of a bin", abs(calibration.frequencies[place] - observed)
            error += abs(stated - observed) * members.mean()
    yield "expected calibration error", abs(calibration.expected_error - error)


def _instead(truth: npt.NDArray[np.bool_], predicted: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    matrix = np.zeros((truth.shape[1], truth.shape[1]), np.int64)
    for has, gets in zip(truth, predicted, strict=True):
        matrix[np.ix_(has & ~gets, gets & ~has)] += 1
    return matrix


def _counts(counts: pinfold.OutcomeCounts) -> tuple[int, int, int, int]:
    return counts.true_positives, counts.false_positives, counts.false_negatives, counts.true_negatives


def _largest(told: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    return float(np.abs(np.asarray(told, np.float64) - np.asarray(expected, np.float64)).max(initial=0.0))
