"""Loads versions before they are asked for: those that tags point to, their shadows, and the newest of each dataset.
Lets go of those that nobody may ask for any more.
"""

import asyncio
import logging

from pinfold_server.errors import AppError
from pinfold_server.services.predictions.served import Key, ServedVersions
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import VersionRecord
from pinfold_server.store.tables import datasets, shadows, streams, tags, versions

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.1


class Preloader:
    """Looks at the store whenever anything in it changed; a version that cannot be loaded is logged once and left."""

    def __init__(self, store: Store, served: ServedVersions) -> None:
        self._store = store
        self._served = served
        self._seen = -1
        self._tried: set[Key] = set()

    async def load_now(self) -> None:
        """Returns when everything wanted now is loaded, or known to be damaged."""
        self._seen = self._store.last_change
        with self._store.read() as txn:
            wanted = _wanted(txn)
            gone = [key for key in self._served.in_memory() if not _may_be_asked(txn, key)]
        for key in gone:
            self._served.drop(key)
        self._tried &= wanted.keys()
        loaded = set(self._served.in_memory())  # a tag that moves back finds its version there
        for key, record in wanted.items():
            if key not in self._tried:
                self._tried.add(key)
                if key not in loaded:
                    await self._load(key, record)

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._store.last_change != self._seen:
                await self.load_now()

    async def _load(self, key: Key, record: VersionRecord) -> None:
        try:
            await self._served.load(key, record)
        except AppError as error:
            log.error("version %d of dataset uid %d cannot be served: %s", key[1], key[0], error.message)


def _may_be_asked(txn: Txn, key: Key) -> bool:
    """False for a version that was superseded or unpinned, and for all of a deleted dataset."""
    uid, number = key
    record = versions.get(txn, uid, number)
    newest = next((owner.latest_version for owner in datasets.every(txn) if owner.uid == uid), None)
    return newest is not None and record is not None and (record.pinned or number == newest)


def _wanted(txn: Txn) -> dict[Key, VersionRecord]:
    """Versions of tags, shadows and streams, and the newest ones; no more, or a store of many pins would fill the
    memory.
    """
    numbers = {(uid, record.version) for uid, record in tags.every(txn)}
    numbers |= {(uid, record.version) for uid, record in shadows.every(txn)}
    numbers |= {(uid, record.version) for uid, record in streams.every(txn)}
    numbers |= {(owner.uid, owner.latest_version) for owner in datasets.every(txn) if owner.latest_version}
    live = {owner.uid for owner in datasets.every(txn)}
    found = {key: versions.get(txn, *key) for key in numbers if key[0] in live}
    return {key: record for key, record in found.items() if record is not None and record.available}
