"""The held-out documents behind the true and false positives and negatives of a label."""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.quality.outcomes import Outcome, ranked
from pinfold_server.errors import invalid
from pinfold_server.services.common.pages import BYTES_MAX, PageRequest, token_after
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.predictions.asking import Asked, unknown_label
from pinfold_server.services.quality.held_outs import HeldOutCache, KeptValidation
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import DocumentRecord
from pinfold_server.store.tables import documents, sources

_PLACE = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class DocumentsQuery:
    """Documents with an outcome for a label; `threshold` None takes the balanced one of the version."""

    dataset_id: str
    wanted: VersionRef
    label: str
    outcome: Outcome
    threshold: float | None
    page: PageRequest

    def check(self) -> None:
        """Raises AppError for what is wrong whatever the version."""
        if not self.label:
            raise invalid("label", "must name a label of the version", "INVALID_LABEL")
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise invalid("threshold", f"must lie from 0 to 1, got {self.threshold}", "INVALID_THRESHOLD")
        self.page.limit()


@dataclass(frozen=True, slots=True)
class HeldOutDocument:
    """A document that was held out; `record` is None when it is gone."""

    source_id: str
    document_id: str
    record: DocumentRecord | None
    probability: float
    true_labels: tuple[str, ...]
    predicted_labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """`total` documents in the whole list, divided by `threshold`."""

    documents: tuple[HeldOutDocument, ...]
    next_token: str
    total: int
    version: int
    threshold: float


class ValidationDocuments:
    """Raises AppError NOT_FOUND for a dataset, version or tag that is not there, and OVERLOADED."""

    def __init__(self, store: Store, held_outs: HeldOutCache, slow: SlowWork) -> None:
        self._store = store
        self._held_outs = held_outs
        self._slow = slow

    async def list_documents(self, query: DocumentsQuery) -> DocumentsPage:
        """Raises AppError INVALID, UNKNOWN_LABEL, INVALID_THRESHOLD, INVALID_PAGE_TOKEN, VALIDATION_NOT_KEPT."""
        query.check()
        return await self._slow.run(lambda: self._list(query))

    def _list(self, query: DocumentsQuery) -> DocumentsPage:
        kept = self._held_outs.get(query.dataset_id, query.wanted)
        if query.label not in kept.held_out.label_names:
            raise unknown_label("label", query.label)
        cuts = kept.selection(Asked()).thresholds
        column = kept.held_out.label_names.index(query.label)
        threshold = float(cuts[column]) if query.threshold is None else query.threshold
        rows = ranked(kept.held_out, column, threshold, query.outcome)
        scope = f"{query.dataset_id}\0{kept.record.number}\0{query.label}\0{query.outcome}\0{threshold!r}".encode()
        position = query.page.position(scope)
        begin = _PLACE.unpack(position)[0] if position else 0
        asked = rows[begin : begin + query.page.limit()].tolist()
        read = self._read(kept, asked)
        end = begin + len(read)
        shown = zip(asked, read, strict=False)
        return DocumentsPage(
            documents=tuple(_described(kept, row, column, cuts, record) for row, record in shown),
            next_token=token_after(scope, _PLACE.pack(end)) if end < len(rows) else "",
            total=len(rows),
            version=kept.record.number,
            threshold=threshold,
        )

    def _read(self, kept: KeptValidation, rows: list[int]) -> list[DocumentRecord | None]:
        """As they are now; fewer than asked for once they are more than fit in an answer."""
        found: list[DocumentRecord | None] = []
        room = BYTES_MAX
        with self._store.read() as txn:
            uids: dict[str, int | None] = {}
            for row in rows:
                source_id, document_id = kept.held_out.documents[row]
                if source_id not in uids:
                    source = sources.get(txn, source_id)
                    uids[source_id] = None if source is None else source.uid
                uid = uids[source_id]
                record = None if uid is None else documents.get(txn, uid, document_id)
                room -= 0 if record is None else record.ByteSize()
                if found and room < 0:
                    break
                found.append(record)
        return found


def _described(
    kept: KeptValidation, row: int, column: int, cuts: NDArray[np.float32], record: DocumentRecord | None
) -> HeldOutDocument:
    unseen = kept.held_out
    source_id, document_id = unseen.documents[row]
    names = unseen.label_names
    return HeldOutDocument(
        source_id,
        document_id,
        record,
        float(unseen.probabilities[row, column]),
        tuple(names[place] for place in np.flatnonzero(unseen.truth[row] & unseen.known[row])),
        tuple(names[place] for place in np.flatnonzero(unseen.probabilities[row] >= cuts)),
    )
