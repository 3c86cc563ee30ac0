"""How good a version of a sync client is."""

from collections.abc import Iterable, Iterator, Mapping

from pinfold._enums import ThresholdPolicy
from pinfold._model_types import VersionInfo
from pinfold._quality_enums import Outcome
from pinfold._ratings import ModelRating, get_rating
from pinfold._sync.connection import Connection
from pinfold._validation_types import FoundThreshold, Validation, ValidationDocument
from pinfold._validations import ValidationQuestion, find_thresholds, get_validation, list_validation_documents
from pinfold._views import VersionView


class VersionQuality(VersionView):
    """Part of `Version`: what its validation says of documents that it had not seen."""

    def __init__(self, connection: Connection, dataset_id: str, info: VersionInfo) -> None:
        super().__init__(dataset_id, info)
        self._connection = connection

    def validation(
        self,
        *,
        thresholds: Mapping[str, float] | None = None,
        policy: ThresholdPolicy | str | None = None,
        default_threshold: float | None = None,
        labels: Iterable[str] | None = None,
        curve_points: int | None = 100,
        timeout: float | None = None,
    ) -> Validation:
        """Quality on held-out documents, overall and by label, with curves, confusions and calibration.

        Args:
            thresholds: Least probability by label name. First match, as in `predict`: these, `policy`,
                `default_threshold`, the balanced ones of the version, 0.25.
            policy: A family of recommended thresholds.
            default_threshold: For labels that have none by `thresholds` and `policy`.
            labels: Only these are described.
            curve_points: Most points of each curve, 2 to 10,000; 0 for all of them, None for no curves.
            timeout: Seconds for the call.

        Example:
            >>> version.validation(policy="high_precision")["Billing > Refund"].quality
            Quality(precision=0.97, recall=0.81, f1=0.88)

        """
        question = ValidationQuestion(thresholds, policy, default_threshold, labels, curve_points)
        return self._connection.run(get_validation(self._dataset_id, self.number, question), timeout)

    def find_thresholds(
        self,
        *,
        precision: float | None = None,
        recall: float | None = None,
        labels: Iterable[str] | None = None,
        timeout: float | None = None,
    ) -> list[FoundThreshold]:
        """The threshold of each label with at least this precision (and the most recall), or with at least this recall.

        Raises FailedPrecondition for an old version of which only the figures are left.

        Example:
            >>> cuts = {one.name: one.threshold for one in version.find_thresholds(precision=0.9) if one.threshold}
            >>> support.predict(texts, thresholds=cuts)

        """
        call = find_thresholds(self._dataset_id, self.number, precision, recall, labels)
        return self._connection.run(call, timeout)

    def validation_documents(
        self,
        label: str,
        outcome: Outcome | str = Outcome.FALSE_POSITIVE,
        *,
        threshold: float | None = None,
        timeout: float | None = None,
    ) -> Iterator[ValidationDocument]:
        """The held-out documents with an outcome for a label, the most wrong first.

        `threshold` divides them; default: the balanced one. Raises FailedPrecondition for an old version of which only
        the figures are left.

        Example:
            >>> next(version.validation_documents("Billing > Refund", "false_negative")).document.text
            'you took it twice and I want it back'

        """
        listed = list_validation_documents(self._dataset_id, self.number, label, outcome, threshold)
        return self._connection.list(listed, timeout)

    def rating(self, *, timeout: float | None = None) -> ModelRating:
        """How good the version is, from 0 to 100, what that is made of, and what to annotate next to raise it.

        Raises FailedPrecondition for an old version of which only the figures are left.

        Example:
            >>> version.rating().actions[0]
            RatingAction(factor=..., mode=<RetrievalMode.TEACH: 'teach'>, label='Billing > Refund', reason='...')

        """
        return self._connection.run(get_rating(self._dataset_id, self.number), timeout)
