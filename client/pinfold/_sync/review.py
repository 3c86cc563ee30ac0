"""What a dataset of a sync client says of its stored documents."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Self, Unpack

from pinfold import _statuses
from pinfold._calls import WatchBudget, stream_ended
from pinfold._document_predictions import AllDocuments, NamedDocuments
from pinfold._enums import RetrievalMode
from pinfold._errors import PinfoldError
from pinfold._predict import REQUESTS_IN_FLIGHT, PredictOptions, question_of
from pinfold._review_types import DatasetStatus, DocumentPrediction, Sample, SamplePage
from pinfold._sampling import Sampled, SampleOptions, sample_call
from pinfold._sync.content import DatasetContent
from pinfold._types import AutoTraining, PredictionCoverage
from pinfold.filters import Filter


class DatasetReview(DatasetContent):
    """Part of `Dataset`: stored documents as a model sees them, and which of them to annotate next."""

    def predict_documents(
        self,
        ids: Iterable[str],
        source: str | None = None,
        *,
        timeout: float | None = None,
        **options: Unpack[PredictOptions],
    ) -> list[DocumentPrediction]:
        """One prediction for each stored document, in the order of the ids; any number of them. One version answers.

        Options are those of `predict`; `timeout` bounds each request of up to 512 documents. A document that is not
        there gets an `error` of its own.

        Example:
            >>> support.predict_documents(["t-17"], version=3)[0].prediction.labels
            (LabelScore(name='Billing > Refund', probability=0.93),)

        """
        question = question_of(self._id, options, "predict_documents")
        plan = NamedDocuments(question, self._source(source, timeout).id, ids)
        first = plan.first()
        if first is None:
            return []
        seconds = self._connection.settings.predict_timeout if timeout is None else timeout
        answered = self._connection.run(first, seconds)
        predictions = list(answered)
        for batch in self._connection.run_many(plan.rest(answered), REQUESTS_IN_FLIGHT, seconds):
            predictions.extend(batch)
        return predictions

    def predict_all(
        self,
        sources: Iterable[str] | None = None,
        *,
        filter: str | Filter | None = None,
        coverage: Callable[[PredictionCoverage], object] | None = None,
        timeout: float | None = None,
        **options: Unpack[PredictOptions],
    ) -> Iterator[DocumentPrediction]:
        """A prediction for every stored document, of the named sources or of all, as they come; one version answers.

        `filter` leaves only those that match: text of the grammar in docs/filters.md, or built with
        `pinfold.filters.F`. `coverage` gets, with each batch of a filter on predictions, what that could see.
        Options are those of `predict`; a stream that breaks goes on where it was. `timeout` (seconds) bounds the whole,
        None does not.

        Example:
            >>> for one in support.predict_all(version="live", policy="high_precision"):
            ...     print(one.document_id, one.prediction.labels)

        """
        plan = AllDocuments(question_of(self._id, options, "predict_all"), sources, filter, coverage)
        return self._read_all(plan, timeout)

    def sample(
        self,
        mode: RetrievalMode | str = RetrievalMode.SHUFFLE,
        *,
        page_size: int = 20,
        timeout: float | None = None,
        **options: Unpack[SampleOptions],
    ) -> Iterator[Sample]:
        """Documents that are worth annotating next, page by page as they are asked for; each comes once.

        Args:
            mode: How they are chosen: `shuffle`, `recent`, `label`, `teach`, `low_confidence`, `check`, `missed`,
                `rebalance` or `clusters` (docs/python.md says when to use which).
            page_size: Documents of each call, 1 to 100.
            timeout: Seconds for each call.
            options: `label` (needed by `label`; `teach`, `check` and `missed` take any label without it), `seed` (of
                `shuffle` and `rebalance`), `include_reviewed`, `cluster` (one group of `clusters`), `filter`, `top_k`
                (labels in each prediction).

        Example:
            >>> for sample in itertools.islice(support.sample("teach", label="Billing > Refund"), 20):
            ...     print(sample.score, sample.document.text)

        """
        return self._samples(mode, page_size, options, timeout)

    def sample_page(
        self,
        mode: RetrievalMode | str = RetrievalMode.SHUFFLE,
        *,
        page_size: int = 20,
        page_token: str = "",
        timeout: float | None = None,
        **options: Unpack[SampleOptions],
    ) -> SamplePage:
        """One page of `sample`, with the groups of the mode `clusters`. `page_token`: `next_token` of the page before.

        Raises FailedPrecondition with the reason SAMPLE_EXPIRED when the documents were ranked anew since that page.
        """
        return self._connection.run(sample_call(self._id, mode, options, page_size, page_token), timeout)

    def status(self, *, timeout: float | None = None) -> DatasetStatus:
        """What the dataset is doing, and how far its newest version is behind what people said."""
        return self._connection.run(_statuses.get_status(self._id), timeout)

    def watch(self, *, timeout: float | None = None) -> Iterator[DatasetStatus]:
        """The status now and after every change, without end; a broken connection is opened again.

        `timeout` (seconds) bounds the whole watch, None does not. Raises DeadlineExceeded when it is over, NotFound
        when the dataset is deleted.
        """
        return self._watched(timeout)

    def auto_train(
        self,
        enabled: bool = True,
        *,
        after_changes: int = 100,
        after_quiet_seconds: int = 60,
        config: str | None = None,
        timeout: float | None = None,
    ) -> Self:
        """Lets the dataset train by itself, or no longer.

        A run is queued once the revision is `after_changes` ahead of what was trained on, or something changed and
        nothing more did for `after_quiet_seconds`; 0 turns a condition off. `config` is the id of a run configuration.
        """
        wanted = AutoTraining(enabled, after_changes, after_quiet_seconds, config)
        self._info = self._connection.run(_statuses.set_auto_training(self._id, wanted), timeout)
        return self

    def _read_all(self, plan: AllDocuments, timeout: float | None) -> Iterator[DocumentPrediction]:
        budget = WatchBudget(timeout, self._connection.settings.retry, "all predictions")
        while True:
            try:
                for batch in self._connection.stream(plan.stream(), budget.opening()):
                    budget.progressed()
                    yield from batch
                return
            except PinfoldError as error:
                pause = budget.pause_after(error)
            time.sleep(pause)

    def _samples(
        self, mode: RetrievalMode | str, page_size: int, options: SampleOptions, timeout: float | None
    ) -> Iterator[Sample]:
        read = Sampled()
        while not read.ended:
            try:
                page = self._connection.run(sample_call(self._id, mode, options, page_size, read.token), timeout)
            except PinfoldError as error:
                read.begin_again(error)
            else:
                yield from read.fresh(page)

    def _watched(self, timeout: float | None) -> Iterator[DatasetStatus]:
        budget = WatchBudget(timeout, self._connection.settings.retry, f"changes of {self._name}")
        shown: DatasetStatus | None = None
        while True:
            failure: PinfoldError = stream_ended()
            try:
                for status in self._connection.stream(_statuses.watch(self._id), budget.opening()):
                    budget.progressed()
                    if status != shown:
                        shown = status
                        yield status
            except PinfoldError as error:
                failure = error
            time.sleep(budget.pause_after(failure))
