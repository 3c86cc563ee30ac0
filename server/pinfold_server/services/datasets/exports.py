"""A dataset as an archive file: written beside the store in one snapshot, then sent at the caller's pace.

A transaction that lasted as long as a slow caller would keep every page that is overwritten meanwhile; the file has no
name and goes with the process.
"""

import asyncio
import errno
import hashlib
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pinfold_server.domain.container import Packer
from pinfold_server.errors import AppError, Code
from pinfold_server.services.common import lookup
from pinfold_server.store import keys
from pinfold_server.store.archives import archive_reading
from pinfold_server.store.env import Store

PIECE_BYTES = 1 << 20
#: More at a time would only write to the disk more slowly; the others wait.
EXPORTS_AT_A_TIME = 1


@dataclass(frozen=True, slots=True)
class ArchiveSummary:
    """How much an archive holds; `entries` by kind of record."""

    entries: Counter[int]

    def count(self, kind: bytes) -> int:
        return self.entries[kind[0]]

    @property
    def documents(self) -> int:
        return self.count(keys.DOCUMENT)

    @property
    def annotations(self) -> int:
        return self.count(keys.ANNOTATION)

    @property
    def events(self) -> int:
        return self.count(keys.ANNOTATION_EVENT)

    @property
    def versions(self) -> int:
        return self.count(keys.VERSION)

    @property
    def tags(self) -> int:
        return self.count(keys.TAG)


class Archive:
    """A finished archive on disk."""

    def __init__(self, file: IO[bytes], size: int, sha256: str, summary: ArchiveSummary) -> None:
        self._file = file
        self.size = size
        self.sha256 = sha256
        self.summary = summary

    async def pieces(self) -> AsyncIterator[bytes]:
        """Its bytes, in order."""
        self._file.seek(0)
        while piece := await asyncio.to_thread(self._file.read, PIECE_BYTES):
            yield piece


class ExportService:
    """Writes archives into temporary files of `folder`."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._turn = asyncio.Semaphore(EXPORTS_AT_A_TIME)

    @asynccontextmanager
    async def export(self, dataset_id: str) -> AsyncIterator[Archive]:
        """The dataset as it is now; the file is gone at the end of the block.

        Raises AppError NOT_FOUND for a dataset that is not there, STORAGE_FULL, MODEL_DAMAGED.
        """
        with self._store.read() as txn:
            lookup.dataset(txn, dataset_id)
        with tempfile.TemporaryFile(dir=self._folder) as file:
            async with self._turn:
                archive = await asyncio.to_thread(self._write, dataset_id, file)
            yield archive

    def _write(self, dataset_id: str, file: IO[bytes]) -> Archive:
        digest = hashlib.sha256()
        packer = Packer()
        summary = ArchiveSummary(Counter())

        def put(data: bytes) -> None:
            digest.update(data)
            file.write(data)

        try:
            put(packer.begin())
            with self._store.read() as txn:
                for record in archive_reading.records(txn, lookup.dataset(txn, dataset_id)):
                    put(packer.add(record.SerializeToString(deterministic=True)))
                    summary.entries[record.block.kind] += len(record.block.keys)
            put(packer.end())
            file.flush()
        except OSError as error:
            raise _written(error) from error
        return Archive(file, file.tell(), digest.hexdigest(), summary)


def _written(error: OSError) -> Exception:
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return error
    return AppError(Code.EXHAUSTED, "STORAGE_FULL", "the disk has no room for the archive: free some and try again")
