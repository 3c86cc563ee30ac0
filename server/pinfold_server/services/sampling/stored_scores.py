"""What the newest version said of stored documents: the source of `predicted:` in filters outside of samples.

Scores are the trainer's work (`training/scoring/scoring.py`); a worker lays them out once for each pass of the scorer
and keeps the layout of the datasets that were asked for last.
"""

import asyncio
import threading
from collections import OrderedDict

from pinfold_server.domain.documents import filters
from pinfold_server.domain.documents.filter_syntax import parse
from pinfold_server.domain.documents.filters import Filter
from pinfold_server.domain.names import dataset_name
from pinfold_server.errors import AppError, Code
from pinfold_server.services.common import lookup
from pinfold_server.services.documents.document_scope import DocumentScope
from pinfold_server.services.sampling.score_tables import ScoreTable, TableScores
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, ScoringRecord, SourceRecord
from pinfold_server.store.tables import scores, sources

#: Datasets whose scores a worker keeps laid out, some 100 MiB each at most.
TABLES_MAX = 2
#: A call waits so long for the trainer to score the documents of a new version.
READY_SECONDS = 10.0
LOOK_SECONDS = 0.05


class StoredScores:
    """Safe to be used by several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tables: OrderedDict[tuple[int, int, int], ScoreTable] = OrderedDict()
        self._lock = threading.Lock()

    async def ready(self, dataset_id: str | None, filter_text: str) -> None:
        """Waits a moment for the first scores where a filter asks for predictions and a version was trained.

        Raises AppError NOT_FOUND, INVALID_FILTER.
        """
        if dataset_id is None or not filters.predicted_labels(parse(filter_text)):
            return
        for _ in range(int(READY_SECONDS / LOOK_SECONDS)):
            with self._store.read() as txn:
                owner = lookup.dataset(txn, dataset_id)
                if not owner.latest_version or _newest(txn, owner) is not None or not _document_count(txn, owner):
                    return
            await asyncio.sleep(LOOK_SECONDS)

    def of(self, txn: Txn, scope: DocumentScope, wanted: Filter) -> TableScores | None:
        """What the filter asks of predictions; None where it asks nothing, or there is no dataset to ask.

        Raises AppError PREDICTIONS_REQUIRED while no version has scored the documents.
        """
        asked = filters.predicted_labels(wanted)
        owner = scope.owner
        if not asked or owner is None:
            return None
        record = _newest(txn, owner)
        if record is None:
            raise _not_scored(owner)
        with self._lock:
            table = self._table(txn, owner, record)
            columns = (table.labels.column(label) for label in sorted(asked))
            table.load(txn, [column for column in columns if column is not None])
        return TableScores(table, _unscored(table, record, scope.sources))

    def _table(self, txn: Txn, owner: DatasetRecord, record: ScoringRecord) -> ScoreTable:
        key = (owner.uid, record.version, record.touched_us)
        table = self._tables.get(key)
        if table is None:
            for other in [other for other in self._tables if other[0] == owner.uid]:
                del self._tables[other]
            table = self._tables[key] = ScoreTable(txn, owner.uid, record)
            while len(self._tables) > TABLES_MAX:
                self._tables.popitem(last=False)
        self._tables.move_to_end(key)
        return table


def _newest(txn: Txn, owner: DatasetRecord) -> ScoringRecord | None:
    """Of the newest version that has scored every document; groups alone, before the first training, are no scores."""
    record = scores.newest_complete(txn, owner.uid)
    return record if record is not None and record.version else None


def _unscored(table: ScoreTable, record: ScoringRecord, found: tuple[SourceRecord, ...]) -> int:
    """Texts of the sources that came or changed since the last pass of the scorer ended, and those that it left out."""
    then = {contents.source_uid: contents for contents in record.contents}
    missing = 0
    for source in found:
        known = then.get(source.uid)
        if known is None:
            missing += source.document_count
        else:
            missing += known.document_count - table.count_of(source.uid) + source.last_number - known.last_number
    return max(missing, 0)


def _document_count(txn: Txn, owner: DatasetRecord) -> int:
    found = (sources.get(txn, source_id) for source_id in owner.source_ids)
    return sum(record.document_count for record in found if record is not None)


def _not_scored(owner: DatasetRecord) -> AppError:
    name, trained = dataset_name(owner.id), owner.latest_version > 0
    if trained:
        text = f"filter: predicted: needs scores, and no version of {name} has scored its documents yet: try again"
    else:
        text = f"filter: predicted: needs a model version, and {name} has none yet: train it first"
    retry = 2.0 if trained else None
    return AppError(Code.PRECONDITION, "PREDICTIONS_REQUIRED", text, metadata={"name": name}, retry_after=retry)
