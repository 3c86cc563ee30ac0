"""What the validation of a version said of documents it had not seen: for the training modes that look for errors."""

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.fingerprints import tie_of
from pinfold_server.store import keys, scores, sources
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import ScoreChunkRecord
from pinfold_server.training.contract import HeldOut, TrainingSet

#: Documents times labels: 16 MiB. Of more, a random part is kept.
CELLS_MAX = 1 << 22
DOCUMENTS_A_CHUNK = 1_024


def store_held_out(txn: Txn, dataset_uid: int, version: int, data: TrainingSet, held_out: HeldOut) -> None:
    """Stores the probabilities of the held-out documents of a version that is being published."""
    uids = {source_id: _uid(txn, source_id) for source_id in set(data.source_ids)}
    names, kept = [], []
    for place, row in enumerate(held_out.rows.tolist()):
        uid = uids[data.source_ids[row]]
        if uid is not None:
            names.append(keys.scored_document(uid, data.document_ids[row]))
            kept.append(place)
    ties = np.array([tie_of(name) for name in names], np.uint64)
    chosen = np.argsort(ties, kind="stable")[: CELLS_MAX // max(len(data.label_names), 1)]
    for number, start in enumerate(range(0, len(chosen), DOCUMENTS_A_CHUNK)):
        part = chosen[start : start + DOCUMENTS_A_CHUNK]
        probabilities = held_out.probabilities[np.array(kept, np.int64)[part]]
        chunk = _chunk([names[index] for index in part], ties[part], probabilities)
        scores.put_chunk(txn, dataset_uid, version, scores.HELD_OUT, number, chunk)


def _chunk(names: list[bytes], ties: NDArray[np.uint64], probabilities: NDArray[np.float32]) -> ScoreChunkRecord:
    return ScoreChunkRecord(
        documents=names,
        ties=ties.astype("<u8").tobytes(),
        probabilities=np.ascontiguousarray(probabilities.T, "<f4").tobytes(),
    )


def _uid(txn: Txn, source_id: str) -> int | None:
    """None for a source that was deleted meanwhile."""
    record = sources.get(txn, source_id)
    return None if record is None else record.uid
