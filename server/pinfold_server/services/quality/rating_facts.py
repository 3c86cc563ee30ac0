"""What a model rating is computed from, read from the store: which documents are reviewed, how they were found, and
what the version says of all the others.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.balance import provenance, similarity
from pinfold_server.domain.quality.coverage import Coverage, cover, informative
from pinfold_server.domain.quality.metrics import Bools
from pinfold_server.domain.quality.rating import BalanceFacts, CoverageFacts
from pinfold_server.services.quality.held_outs import KeptValidation
from pinfold_server.services.sampling import sample_pools
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, ScoringRecord
from pinfold_server.store.tables import annotations, scores, sources


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Reviewed documents: their names as score chunks have them, how many there are by retrieval mode, and how many
    have a label.
    """

    names: frozenset[bytes]
    modes: Counter[int]
    labelled: int

    @property
    def labelled_share(self) -> float:
        return self.labelled / max(len(self.names), 1)


def reviewed(txn: Txn, owner: DatasetRecord) -> Reviewed:
    """Reads every annotation of the dataset once."""
    names: list[bytes] = []
    modes: Counter[int] = Counter()
    labelled = 0
    for key, record in annotations.by_document(txn, owner.uid):
        if record.reviewed:
            names.append(annotations.scored_name(key))
            modes[record.retrieval_mode] += 1
            labelled += bool(record.assigned)
    return Reviewed(frozenset(names), modes, labelled)


def coverage(txn: Txn, owner: DatasetRecord, kept: KeptValidation, known: Reviewed) -> CoverageFacts:
    """Of the unreviewed documents as the version scored them; of held-out ones where it did not, or there are none."""
    telling = informative(kept.held_out)
    cuts = sample_pools.labels_of(txn, owner.uid, kept.record.number).thresholds
    record = scores.get(txn, owner.uid, kept.record.number)
    if record is not None and record.complete:
        found = _of_scored(txn, owner, record, known, (cuts, telling))
        if found.documents:
            return CoverageFacts(found, known.labelled_share, estimated=False)
    return CoverageFacts(cover(kept.held_out.probabilities, cuts, telling), known.labelled_share, estimated=True)


def balance(txn: Txn, owner: DatasetRecord, known: Reviewed) -> BalanceFacts:
    """By the groups of the newest complete scores."""
    found = (sources.get(txn, source_id) for source_id in owner.source_ids)
    documents = sum(record.document_count for record in found if record is not None)
    record = scores.newest_complete(txn, owner.uid)
    alike = None
    if record is not None and len(record.cluster_sizes):
        alike = similarity(np.array(record.cluster_sizes), np.array(record.cluster_reviewed))
    everything = documents <= len(known.names)
    return BalanceFacts(alike, provenance(known.modes), everything)


def _of_scored(
    txn: Txn,
    owner: DatasetRecord,
    record: ScoringRecord,
    known: Reviewed,
    judged_by: tuple[NDArray[np.float32], Bools],
) -> Coverage:
    total = Coverage()
    for chunk in sample_pools.scored(txn, owner.uid, record):
        seen = np.fromiter((name in known.names for name in chunk.names), np.bool_, len(chunk.names))
        total += cover(chunk.probabilities.T[~(seen | chunk.absent)], *judged_by)
    return total
