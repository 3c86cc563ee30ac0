"""Reads what the validation of a version held out."""

import numpy as np

from pinfold_server.domain.quality.held_out import HeldOut, unpack
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord
from pinfold_server.store.tables import held_out, sources, versions


def read(txn: Txn, owner: DatasetRecord, version: int) -> HeldOut | None:
    """None when nothing was held out, or it was dropped."""
    found = [record for source_id in owner.source_ids if (record := sources.get(txn, source_id)) is not None]
    source_ids = {record.uid: record.id for record in found}
    records = list(held_out.of_version(txn, owner.uid, source_ids, version))
    if not records:
        return None
    labels = versions.labels(txn, owner.uid, version).labels
    width = len(labels)
    sizes = [len(record.documents) for _, record in records]
    parts = [record for _, record in records]
    return HeldOut(
        documents=tuple((source_ids[uid], document) for uid, record in records for document in record.documents),
        label_numbers=tuple(label.number for label in labels),
        label_names=tuple(label.name for label in labels),
        truth=np.concatenate([unpack(part.truth, size, width) for part, size in zip(parts, sizes, strict=True)]),
        known=np.concatenate(
            [
                unpack(part.known, size, width) if part.known else np.ones((size, width), np.bool_)
                for part, size in zip(parts, sizes, strict=True)
            ]
        ),
        probabilities=np.concatenate(
            [
                np.frombuffer(part.probabilities, "<f4").reshape(size, width)
                for part, size in zip(parts, sizes, strict=True)
            ]
        ),
    )
