"""Versions of a dataset that a sync client compares."""

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Unpack

from pinfold._arguments import Numbered
from pinfold._comparison_types import Flip, FlippedDocument, VersionComparison
from pinfold._comparisons import (
    ComparedVersions,
    ComparisonOptions,
    Trials,
    compare_versions,
    list_flipped_documents,
)
from pinfold._report.findings import Reported
from pinfold._sync.connection import Connection
from pinfold._sync.reporting import write_report


class DatasetComparisons:
    """Part of `Dataset`: two of its versions side by side."""

    _connection: Connection
    _id: str

    def compare(
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
            >>> support.compare("live", "latest").summary
            'Version 5 shows no significant difference from version 4: F1 0.912 -> 0.915, a change of +0.003 …'

        """
        versions = ComparedVersions(self._id, base, candidate)
        call = compare_versions(versions, options, Trials(trials, seed, confidence))
        return self._connection.run(call, timeout)

    def flipped_documents(
        self,
        base: int | str | Numbered,
        candidate: int | str | Numbered,
        flip: Flip | str | None = None,
        *,
        timeout: float | None = None,
        **options: Unpack[ComparisonOptions],
    ) -> Iterator[FlippedDocument]:
        """Documents whose answer became right (`fixed`) or wrong (`broken`), or both kinds.

        Example:
            >>> for one in support.flipped_documents("live", "latest", "broken"):
            ...     print(one.text, one.true_labels, one.candidate_labels)

        """
        versions = ComparedVersions(self._id, base, candidate)
        return self._connection.list(list_flipped_documents(versions, flip, options), timeout)

    def report(
        self,
        path: str | PathLike[str],
        version: int | str | Numbered = "latest",
        *,
        compare: int | str | Numbered | None = None,
        timeout: float | None = None,
    ) -> Path:
        """Writes the report of a version that people look at: see `Version.report`.

        Example:
            >>> support.report("tickets.html", "staging", compare="live")
            PosixPath('tickets.html')

        """
        return write_report(self._connection, Reported(self._id, version, compare), path, timeout)
