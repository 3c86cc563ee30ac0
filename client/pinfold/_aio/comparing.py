"""Versions of a dataset that an async client compares."""

from collections.abc import AsyncIterator
from typing import Unpack

from pinfold._aio.connection import Connection
from pinfold._arguments import Numbered
from pinfold._comparison_types import Flip, FlippedDocument, VersionComparison
from pinfold._comparisons import (
    ComparedVersions,
    ComparisonOptions,
    Trials,
    compare_versions,
    list_flipped_documents,
)


class AsyncDatasetComparisons:
    """Part of `AsyncDataset`: two of its versions side by side."""

    _connection: Connection
    _id: str

    async def compare(
        self,
        base: int | str | Numbered,
        candidate: int | str | Numbered,
        *,
        trials: int | None = None,
        seed: int = 0,
        confidence: float | None = None,
        timeout: float | None = None,
        **options: Unpack[ComparisonOptions],
    ) -> VersionComparison:
        """Whether `candidate` is better than `base`, on the documents that both held out, label by label.

        Figures come with bootstrap intervals of `confidence` (0.5 to 0.999, default 0.95) from so many `trials` (100
        to 10,000, default 1,000); the same `seed` gives the same answer. Raises FailedPrecondition for a version of
        which only the figures are kept, and when the two have no document in common.

        Example:
            >>> (await support.compare("live", "latest")).summary
            'Version 5 shows no significant difference from version 4: F1 0.912 -> 0.915, a change of +0.003 …'

        """
        versions = ComparedVersions(self._id, base, candidate)
        call = compare_versions(versions, options, Trials(trials, seed, confidence))
        return await self._connection.run(call, timeout)

    def flipped_documents(
        self,
        base: int | str | Numbered,
        candidate: int | str | Numbered,
        flip: Flip | str | None = None,
        *,
        timeout: float | None = None,
        **options: Unpack[ComparisonOptions],
    ) -> AsyncIterator[FlippedDocument]:
        """Documents whose answer became right (`fixed`) or wrong (`broken`), or both kinds.

        Example:
            >>> async for one in support.flipped_documents("live", "latest", "broken"):
            ...     print(one.text, one.true_labels, one.candidate_labels)

        """
        versions = ComparedVersions(self._id, base, candidate)
        return self._connection.list(list_flipped_documents(versions, flip, options), timeout)
