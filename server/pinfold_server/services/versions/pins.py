"""Pins: versions that are kept until they are given up, at most so many in a dataset."""

from pinfold_server.domain.names import dataset_name, version_name
from pinfold_server.errors import precondition, too_many
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, VersionRecord
from pinfold_server.store.tables import datasets, versions


def check_pinnable(owner: DatasetRecord, record: VersionRecord, pins_max: int, instead: str = "") -> None:
    """Whether a version that is not pinned can be; `instead` says what else a caller can do where there is no room.

    Raises AppError VERSION_NOT_AVAILABLE, TOO_MANY_PINS.
    """
    if not record.available:
        raise precondition(
            "VERSION_NOT_AVAILABLE",
            f"the file of version {record.number} was dropped for a newer one: train again and pin that",
            name=version_name(owner.id, record.number),
        )
    if owner.pinned_count >= pins_max:
        raise too_many(
            "pins",
            f"{dataset_name(owner.id)} has {owner.pinned_count} pinned versions, the most allowed: unpin one{instead}",
            name=dataset_name(owner.id),
        )


def pin(txn: Txn, owner: DatasetRecord, record: VersionRecord, now_us: int, note: str = "") -> None:
    """Pins a version that passed `check_pinnable` and stores both; `note` says why, where nobody asked for it."""
    record.pinned, record.pinned_us, record.pin_note = True, now_us, note
    versions.put(txn, owner.uid, record)
    owner.pinned_count += 1
    datasets.put(txn, owner)
