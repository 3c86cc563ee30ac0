"""Stores what the validation of a version said of documents it had not seen."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.documents.fingerprints import tie_of
from pinfold_server.domain.quality.held_out import pack
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import HeldOutRecord
from pinfold_server.store.tables import held_out, sources, versions
from pinfold_server.training.contract import HeldOut, TrainingSet

#: Documents times labels: 16 MiB. Of more, a random part is kept.
CELLS_MAX = 1 << 22
CELLS_A_CHUNK = 1 << 18
#: Versions that are not pinned, of which it is kept.
UNPINNED_KEPT = 20


def store_held_out(txn: Txn, dataset_uid: int, version: int, data: TrainingSet, unseen: HeldOut) -> None:
    """Stores the held-out documents of a version that is being published; drops those of old ones."""
    chosen = _chosen(data, unseen)
    source_ids = np.array([data.source_ids[row] for row in unseen.rows[chosen]], np.object_)
    for source_id in sorted(set(source_ids)):
        record = sources.get(txn, source_id)
        if record is not None:  # it may have been deleted meanwhile
            places = chosen[source_ids == source_id]
            held_out.put(txn, dataset_uid, record.uid, version, _records(data, unseen, places))
    _drop_old(txn, dataset_uid)


def _chosen(data: TrainingSet, unseen: HeldOut) -> NDArray[np.int64]:
    """Places of the documents that are kept, in the order of the training set."""
    most = CELLS_MAX // max(len(data.label_names), 1)
    if len(unseen.rows) <= most:
        return np.argsort(unseen.rows, kind="stable")
    kept = np.argsort(_ties(data, unseen.rows), kind="stable")[:most]
    return kept[np.argsort(unseen.rows[kept], kind="stable")]


def _records(data: TrainingSet, unseen: HeldOut, places: NDArray[np.int64]) -> Iterator[HeldOutRecord]:
    size = max(CELLS_A_CHUNK // max(len(data.label_names), 1), 1)
    for start in range(0, len(places), size):
        part = places[start : start + size]
        rows = unseen.rows[part]
        yield HeldOutRecord(
            documents=[data.document_ids[row] for row in rows],
            truth=pack(data.assigned[rows]),
            known=b"" if data.known is None else pack(data.known[rows]),
            probabilities=np.ascontiguousarray(unseen.probabilities[part], "<f4").tobytes(),
            ties=_ties(data, rows).astype("<u8").tobytes(),
        )


def _ties(data: TrainingSet, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
    names = (f"{data.source_ids[row]}\0{data.document_ids[row]}" for row in rows)
    return np.fromiter((tie_of(name.encode()) for name in names), np.uint64, len(rows))


def _drop_old(txn: Txn, dataset_uid: int) -> None:
    stored = held_out.kept(txn, dataset_uid)
    unpinned = {number for _, number in stored if not _is_pinned(txn, dataset_uid, number)}
    old = set(sorted(unpinned)[:-UNPINNED_KEPT])
    for source_uid, number in stored:
        if number in old:
            held_out.delete(txn, dataset_uid, source_uid, number)


def _is_pinned(txn: Txn, dataset_uid: int, number: int) -> bool:
    record = versions.get(txn, dataset_uid, number)
    return record is not None and record.pinned
