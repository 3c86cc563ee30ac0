"""Quality of probabilities on held-out documents, for each label and in all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.predictions.thresholds import DEFAULT_THRESHOLD, Company, RecommendedThresholds, recommend
from pinfold_server.domain.quality import metrics
from pinfold_server.domain.quality.metrics import Bools
from pinfold_server.training.contract import LabelReport, Summary
from pinfold_server.training.validate.holding_out import Places


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Held-out documents by labels [h, labels]: what is true, what the model said, and which truths are known.

    `fitted`: False where the model had no example of both kinds of the label, and could not tell documents apart.
    """

    truth: Bools
    probabilities: NDArray[np.float32]
    known: Bools
    fitted: Bools

    def of(self, places: Places) -> "Judged":
        """Some of the documents."""
        return Judged(self.truth[places], self.probabilities[places], self.known[places], self.fitted[places])


Thresholds = Sequence[RecommendedThresholds | None]


def recommended(judged: Judged) -> Thresholds:
    """The thresholds of each label; None where the documents say too little of it.

    Labels that were not fitted get none: one that scores all documents alike has its highest F1 where it is always
    predicted.
    """
    told = judged.known & judged.fitted
    company = Company.of(judged.truth, judged.probabilities, told)
    return [
        recommend(judged.truth[rows, column], judged.probabilities[rows, column], company)
        for column in range(told.shape[1])
        for rows in (np.flatnonzero(told[:, column]),)
    ]


def label_reports(
    names: tuple[str, ...], judged: Judged, thresholds: Thresholds, train_counts: NDArray[np.int64]
) -> tuple[LabelReport, ...]:
    """One report a label; `train_counts` int64 [labels]: training documents that have it."""
    return tuple(
        _report(
            LabelReport(name, int(train_counts[column]), 0, None, None, None, None, thresholds[column]),
            judged.truth[rows, column],
            judged.probabilities[rows, column],
        )
        for column, name in enumerate(names)
        for rows in (np.flatnonzero(judged.known[:, column]),)
    )


def summarise(labels: tuple[LabelReport, ...], judged: Judged, leaves: NDArray[np.int64]) -> Summary:
    """Quality over all labels; labels without a held-out positive do not enter the means. `leaves`: their columns."""
    cuts = [DEFAULT_THRESHOLD if label.thresholds is None else label.thresholds.balanced for label in labels]
    predicted = judged.probabilities >= np.array(cuts, np.float32)
    truth, known = judged.truth & judged.known, judged.known
    tested = np.flatnonzero(truth.any(axis=0))
    single = len(truth) > 0 and known.all() and (truth[:, leaves].sum(axis=1) == 1).all()
    return Summary(
        micro_f1=metrics.micro_f1(truth, predicted, known),
        macro_f1=metrics.macro_f1(truth[:, tested], predicted[:, tested], known[:, tested]),
        mean_average_precision=metrics.mean_average_precision([label.average_precision for label in labels]),
        accuracy=metrics.single_label_accuracy(truth[:, leaves], judged.probabilities[:, leaves]) if single else None,
        top_label_calibration_error=_top_error(truth[:, leaves], judged.probabilities[:, leaves]) if single else None,
        calibration_error=metrics.expected_calibration_error(truth[known], judged.probabilities[known]),
    )


def _top_error(truth: Bools, probabilities: NDArray[np.float32]) -> float:
    best = probabilities.argmax(axis=1)
    rows = np.arange(len(best))
    return metrics.expected_calibration_error(truth[rows, best], probabilities[rows, best])


def _report(label: LabelReport, truth: Bools, probabilities: NDArray[np.float32]) -> LabelReport:
    """The label with its figures from documents of which it is known."""
    quality = None
    if label.thresholds is not None:
        predicted = probabilities >= np.float32(label.thresholds.balanced)
        everything = np.ones((len(truth), 1), np.bool_)
        quality = metrics.label_quality(truth[:, None], predicted[:, None], everything)[0]
    return replace(
        label,
        test_count=int(truth.sum()),
        average_precision=metrics.average_precision(truth, probabilities),
        precision=None if quality is None else quality.precision,
        recall=None if quality is None else quality.recall,
        f1=None if quality is None else quality.f1,
    )
