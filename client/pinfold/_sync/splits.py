"""Which part of a training the documents of a sync client's dataset are for."""

from collections.abc import Iterator, Mapping

from pinfold._quality_enums import Split
from pinfold._splits import DocumentSplit, SplitReport, list_splits, set_splits
from pinfold._sync.content import DatasetContent


class DatasetSplits(DatasetContent):
    """Part of `Dataset`: parts of a training that people choose."""

    def set_splits(
        self, splits: Mapping[str, Split | str | None], source: str | None = None, *, timeout: float | None = None
    ) -> SplitReport:
        """Says which part documents (by id) are for; None leaves one to the hash of its id again.

        The next training goes by it. A document that fails is told in the report and harms no other.

        Example:
            >>> support.set_splits({"t-17": "test", "t-18": "unassigned"})
            SplitReport(changed=2, unchanged=0, failed=0, revision=43)

        """
        batches = set_splits(self._id, self._source(source, timeout).id, splits)
        return sum((self._connection.run(call, timeout) for call in batches), SplitReport())

    def splits(self, *, timeout: float | None = None) -> Iterator[DocumentSplit]:
        """Every document for which a part was chosen, by source and id, read page by page."""
        return self._connection.list(list_splits(self._id), timeout)
