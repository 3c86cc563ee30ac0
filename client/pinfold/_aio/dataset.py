"""A dataset that an async client holds: what it learns from is in `content`, here is what it has learnt."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping, Sequence
from typing import Unpack

from pinfold import _model_calls as calls
from pinfold._aio.comparing import AsyncDatasetComparisons
from pinfold._aio.experiments import AsyncDatasetExperiments
from pinfold._aio.feeding import filled
from pinfold._aio.files import AsyncDatasetFiles
from pinfold._aio.releases import AsyncDatasetReleases
from pinfold._aio.review import AsyncDatasetReview
from pinfold._aio.run import AsyncRun
from pinfold._aio.slices import AsyncDatasetSlices
from pinfold._aio.streams import AsyncDatasetStreams
from pinfold._aio.traffic import AsyncDatasetTraffic
from pinfold._aio.version import AsyncVersion
from pinfold._arguments import Numbered, version_or_tag
from pinfold._enums import ThresholdPolicy
from pinfold._errors import PinfoldError
from pinfold._experiments import RunMetric, RunNotes, list_experiment_runs
from pinfold._explanations import ExplainQuestion, Explanation, explain
from pinfold._gate_types import Gate
from pinfold._model_calls import Releasing
from pinfold._model_types import Prediction, RunConfig, Tag, TagEvent
from pinfold._predict import BATCH_SIZE, REQUESTS_IN_FLIGHT, PredictOptions, PredictPlan, Question, feed
from pinfold._restores import RestoreTerms, restore_dataset
from pinfold._runs import RunOptions, train_options
from pinfold._types import RestoreReport


class AsyncDataset(
    AsyncDatasetReview,
    AsyncDatasetFiles,
    AsyncDatasetComparisons,
    AsyncDatasetExperiments,
    AsyncDatasetSlices,
    AsyncDatasetTraffic,
    AsyncDatasetStreams,
    AsyncDatasetReleases,
):
    """Sources, labels, annotations and model versions. Made by `AsyncClient.dataset` (no call) and its siblings."""

    async def train(
        self,
        config: RunConfig | str | None = None,
        *,
        experiment: str | None = None,
        title: str | None = None,
        notes: str | None = None,
        metadata: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **options: Unpack[RunOptions],
    ) -> AsyncRun:
        """Queues a training and returns at once, with options or with the run configuration that has the id `config`.

        `experiment` is the id of an experiment that the run belongs to, made when it is not there; `title`, `notes` and
        `metadata` (at most 32 properties) are for people.

        Example:
            >>> run = await support.train(algorithm="logistic_regression", seed=1)
            >>> (await run.wait()).metrics.macro_f1
            0.91

        """
        info = await self._connection.run(
            calls.train(self._id, train_options(config, options), experiment, RunNotes(title, notes, metadata)), timeout
        )
        return AsyncRun(self._connection, self._id, info)

    async def runs(
        self,
        experiment: str | None = None,
        order_by: RunMetric | str | None = None,
        *,
        starred_only: bool = False,
        timeout: float | None = None,
    ) -> AsyncIterator[AsyncRun]:
        """Every training, newest first; or those of an experiment, with `order_by` the best first by a figure."""
        listed = list_experiment_runs(self._id, experiment, order_by, starred_only)
        async for info in self._connection.list(listed, timeout):
            yield AsyncRun(self._connection, self._id, info)

    async def run(self, number: int, *, timeout: float | None = None) -> AsyncRun:
        """One training. Raises NotFound."""
        return AsyncRun(
            self._connection, self._id, await self._connection.run(calls.get_run(self._id, number), timeout)
        )

    async def version(self, number_or_tag: int | str, *, timeout: float | None = None) -> AsyncVersion:
        """A version by number, by tag, or `latest`: the newest one. Raises NotFound."""
        call = calls.get_version(self._id, number_or_tag)
        return AsyncVersion(self._connection, self._id, await self._connection.run(call, timeout))

    async def versions(self, pinned_only: bool = False, *, timeout: float | None = None) -> AsyncIterator[AsyncVersion]:
        """Every version, newest first; without their labels, which `refresh()` of one fetches."""
        async for info in self._connection.list(calls.list_versions(self._id, pinned_only), timeout):
            yield AsyncVersion(self._connection, self._id, info)

    async def restore(
        self,
        version: int | str | Numbered | None = None,
        *,
        revision: int | None = None,
        current_revision: int | None = None,
        skip_pin: bool = False,
        actor: str | None = None,
        timeout: float | None = None,
    ) -> RestoreReport:
        """Takes labels and annotations back to those that a version was trained on, or to those of a revision.

        It is one step for everybody else and makes a new revision. Nothing is lost: restoring the report's
        `previous_revision` takes it back, and the version that was trained last on what is left behind is pinned and
        told as `kept_version`. Documents stay as they are; deleted ones stay deleted and are told.

        Args:
            version: A version or its number, a tag, or `latest`.
            revision: A revision instead.
            current_revision: Refuse with Conflict unless the dataset is still at this revision.
            skip_pin: Leave that version as it is; the next training then drops its file.
            actor: Who restores; default: the `actor` of the client.
            timeout: Seconds for the call.

        Example:
            >>> await support.restore("live")
            RestoreReport(restored_revision=12, previous_revision=40, revision=41, annotations=310, labels=2, …)

        """
        wanted = None if version is None else version_or_tag(version)
        call = restore_dataset(self._id, wanted, revision, current_revision, RestoreTerms(self._actor(actor), skip_pin))
        return await self._connection.run(call, timeout)

    async def set_tag(
        self,
        tag: str,
        version: int | Numbered,
        *,
        etag: str | None = None,
        force: bool = False,
        reason: str = "",
        actor: str | None = None,
        timeout: float | None = None,
    ) -> Tag:
        """Points a tag to a pinned version, for every request that starts after the answer.

        `force` moves it even where the version does not meet the conditions of the tag's gate; `reason` says why.

        Raises Conflict when `etag` is given and the tag has moved since, FailedPrecondition when the version is
        not pinned, or does not meet the conditions.
        """
        number = version if isinstance(version, int) else version.number
        return await self._connection.run(
            calls.set_tag(self._id, tag, number, Releasing(etag, self._actor(actor), force, reason)), timeout
        )

    async def clear_tag(
        self, tag: str, *, etag: str | None = None, actor: str | None = None, timeout: float | None = None
    ) -> int:
        """Removes a tag; its history stays. The number of the version that it pointed to."""
        return await self._connection.run(calls.clear_tag(self._id, tag, etag, self._actor(actor)), timeout)

    async def tag(self, tag: str, *, timeout: float | None = None) -> Tag:
        """Where a tag points. Raises NotFound when it is not set."""
        return await self._connection.run(calls.get_tag(self._id, tag), timeout)

    async def tags(self, *, timeout: float | None = None) -> list[Tag]:
        """Every tag by name."""
        return [tag async for tag in self._connection.list(calls.list_tags(self._id), timeout)]

    def tag_history(self, tag: str | None = None, *, timeout: float | None = None) -> AsyncIterator[TagEvent]:
        """The changes of one tag, or of all of them, newest first."""
        return self._connection.list(calls.list_tag_events(self._id, tag), timeout)

    async def promote(
        self,
        from_tag: str = "staging",
        to_tag: str = "live",
        *,
        etag: str | None = None,
        gate: Gate | None = None,
        force: bool = False,
        reason: str = "",
        actor: str | None = None,
        timeout: float | None = None,
    ) -> Tag:
        """Points `to_tag` to the version of `from_tag`; `etag` is that of `to_tag`.

        The version must meet the conditions of `to_tag`'s gate, and those of `gate`; or `force` moves the tag
        nevertheless, and `reason` says why.
        """
        call = calls.promote(self._id, from_tag, to_tag, gate, Releasing(etag, self._actor(actor), force, reason))
        return await self._connection.run(call, timeout)

    async def rollback(
        self,
        tag: str = "live",
        *,
        etag: str | None = None,
        actor: str | None = None,
        timeout: float | None = None,
    ) -> Tag:
        """Points a tag back to the version before; again, to the one before that."""
        return await self._connection.run(calls.rollback_tag(self._id, tag, etag, self._actor(actor)), timeout)

    async def predict(
        self,
        texts: Sequence[str],
        *,
        version: int | str | Numbered = "live",
        thresholds: Mapping[str, float] | None = None,
        policy: ThresholdPolicy | str | None = None,
        default_threshold: float | None = None,
        labels: Iterable[str] | None = None,
        top_k: int | None = None,
        all_scores: bool = False,
        timeout: float | None = None,
    ) -> list[Prediction]:
        """One prediction for each text, in order; any number of texts. One version answers the whole call.

        Args:
            texts: Texts; a text that cannot be answered gets an `error` of its own.
            version: A pinned version or its number, a tag, or `latest`.
            thresholds: Least probability by label name. First match: these, `policy`, `default_threshold`, the
                balanced ones stored with the version, 0.25.
            policy: A family of recommended thresholds.
            default_threshold: For labels that have none by `thresholds` and `policy`.
            labels: Only these are answered.
            top_k: At most this many labels a text, the most probable.
            all_scores: Every label, whatever the thresholds.
            timeout: Seconds for each request of up to 512 texts; default: the `predict_timeout` of the client.

        Raises TypeError or ValueError for arguments that cannot be sent, before any call.

        Example:
            >>> (await support.predict(["Where is my refund?"]))[0].labels
            (LabelScore(name='Billing > Refund', probability=0.93),)

        """
        plan = PredictPlan(
            Question(
                self._id,
                version_or_tag(version),
                thresholds,
                policy,
                default_threshold,
                labels,
                top_k,
                all_scores,
            ),
            texts,
        )
        seconds = self._connection.settings.predict_timeout if timeout is None else timeout
        return await self._ask(plan, seconds) if len(plan) else []

    async def explain(
        self,
        text: str,
        *,
        version: int | str | Numbered = "live",
        labels: Iterable[str] | None = None,
        top_k: int | None = None,
        max_contributions: int | None = None,
        expand_ngrams: bool = False,
        timeout: float | None = None,
    ) -> Explanation:
        """Which words and n-grams of a text gave its labels their scores, and by how much: exactly.

        Args:
            text: One text.
            version: A pinned version or its number, a tag, or `latest`.
            labels: Labels to explain. Default: those that `predict` answers, or the most probable one.
            top_k: Explain this many of the most probable labels instead.
            max_contributions: Contributions to list for each label, 1 to 1,000; default: 10.
            expand_ngrams: List the character n-grams of words as features of their own.
            timeout: Seconds; default: the `timeout` of the client.

        Example:
            >>> (await support.explain("Where is my refund?"))["Billing > Refund"].contributions[0]
            Contribution(feature='refund', kind=<FeatureKind.WORD: 'word'>, weight=2.13, ...)

        """
        question = ExplainQuestion(self._id, version_or_tag(version), labels, top_k, max_contributions, expand_ngrams)
        return await self._connection.run(explain(question, text), timeout)

    def predict_stream(
        self,
        texts: Iterable[str] | AsyncIterable[str],
        *,
        batch_size: int = BATCH_SIZE,
        timeout: float | None = None,
        **options: Unpack[PredictOptions],
    ) -> AsyncIterator[Prediction]:
        """Predictions of any number of texts, however long they take to come, in order and with bounded memory.

        Texts gather to batches of `batch_size` (1 to 512), of which a few are under way at a time: an answer comes once
        its batch is full or the texts have ended. Every batch is answered by the version that the tag points to then.
        Options are those of `predict`; `timeout` bounds each batch.

        Raises TypeError or ValueError for arguments that cannot be sent, at once, and for a text, when it is its turn.

        Example:
            >>> async for prediction in support.predict_stream(lines):
            ...     ...

        """
        seconds = self._connection.settings.predict_timeout if timeout is None else timeout
        calls_of_texts = filled(feed(self._id, batch_size, options), texts)
        answers = self._connection.run_many(calls_of_texts, REQUESTS_IN_FLIGHT, seconds)
        return (prediction async for answer in answers for prediction in answer.predictions)

    async def _ask(self, plan: PredictPlan, timeout: float) -> list[Prediction]:
        while True:
            first = await self._connection.run(plan.first(), timeout)
            if len(plan) == 1:
                return first.predictions
            predictions = list(first.predictions)
            try:
                async for answer in self._connection.run_many(plan.rest(first), REQUESTS_IN_FLIGHT, timeout):
                    predictions.extend(answer.predictions)
            except PinfoldError as error:
                if not plan.should_start_again(error):
                    raise
            else:
                return predictions
