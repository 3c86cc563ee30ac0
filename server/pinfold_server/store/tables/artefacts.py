"""Content-addressed files in chunks, counted by the versions that use them.

A file is staged first, in transactions of bounded size, and becomes used in the small transaction that publishes its
version. What no version uses is swept away later.
"""

import hashlib
from collections.abc import Iterator

from pinfold_server.errors import AppError, Code
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import ArtefactRecord
from pinfold_server.store.table import Table, delete_prefix, scan

CHUNK_BYTES = 1 << 20
_CHUNKS_PER_COMMIT = 16

_artefacts = Table(ArtefactRecord)


def get(txn: Txn, sha256: bytes) -> ArtefactRecord | None:
    return _artefacts.get(txn, keys.artefact(sha256))


def stage(store: Store, blob: bytes, now_us: int) -> bytes:
    """Stores a file that no version uses yet; its SHA-256 (32 bytes).

    A file that is there already is kept, and safe from the sweep as if it were new.
    """
    sha256 = hashlib.sha256(blob).digest()
    count = -(-len(blob) // CHUNK_BYTES)
    with store.write() as txn:
        record = get(txn, sha256) or ArtefactRecord(size=len(blob), chunk_count=count)
        record.created_us = now_us
        _artefacts.put(txn, keys.artefact(sha256), record)
    if record.complete:
        return sha256
    for first in range(0, count, _CHUNKS_PER_COMMIT):
        with store.write() as txn:
            for number in range(first, min(first + _CHUNKS_PER_COMMIT, count)):
                txn.put(keys.chunk(sha256, number), blob[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES])
    with store.write() as txn:
        # Read again: another trainer may have staged and published the same file meanwhile.
        record = get(txn, sha256) or record
        record.complete = True
        _artefacts.put(txn, keys.artefact(sha256), record)
    return sha256


def reference(txn: Txn, sha256: bytes) -> None:
    """One version more uses the file. Raises AppError MODEL_DAMAGED unless it is staged."""
    record = get(txn, sha256)
    if record is None or not record.complete:
        raise _damaged(sha256, "it is not stored completely")
    record.reference_count += 1
    _artefacts.put(txn, keys.artefact(sha256), record)


def dereference(txn: Txn, sha256: bytes) -> None:
    """One version fewer uses the file.

    The last one leaves it to the sweep: a trainer may have staged the same file again a moment ago.
    """
    record = get(txn, sha256)
    if record is None:
        return
    record.reference_count -= 1
    _artefacts.put(txn, keys.artefact(sha256), record)


def chunks(txn: Txn, sha256: bytes) -> Iterator[bytes]:
    """The file's chunks in order, unchecked."""
    return (value for _, value in scan(txn, keys.chunks(sha256)))


def read(txn: Txn, sha256: bytes) -> bytes:
    """The whole file. Raises AppError MODEL_DAMAGED when it is not, bit for bit, what was stored."""
    record = get(txn, sha256)
    if record is None:
        raise _damaged(sha256, "it is missing")
    blob = b"".join(chunks(txn, sha256))
    if len(blob) != record.size:
        raise _damaged(sha256, f"it has {len(blob):,} bytes instead of {record.size:,}")
    if hashlib.sha256(blob).digest() != sha256:
        raise _damaged(sha256, "its digest does not match")
    return blob


def every(txn: Txn) -> Iterator[tuple[bytes, ArtefactRecord]]:
    """SHA-256 and record of every file."""
    for key, record in _artefacts.scan(txn, keys.ARTEFACT):
        yield keys.sha256_of(key), record


def sweep_unreferenced(store: Store, older_than_us: int) -> int:
    """Deletes files that no version uses and that were staged before a time, one a transaction; returns how many."""
    with store.read() as txn:
        stale = [sha256 for sha256, record in every(txn) if _is_stale(record, older_than_us)]
    swept = 0
    for sha256 in stale:
        with store.write() as txn:
            record = get(txn, sha256)
            if record is not None and _is_stale(record, older_than_us):
                _delete(txn, sha256, record)
                swept += 1
    return swept


def _is_stale(record: ArtefactRecord, older_than_us: int) -> bool:
    return record.reference_count == 0 and record.created_us < older_than_us


def _delete(txn: Txn, sha256: bytes, record: ArtefactRecord) -> None:
    delete_prefix(txn, keys.chunks(sha256), record.chunk_count)
    _artefacts.delete(txn, keys.artefact(sha256))


def _damaged(sha256: bytes, why: str) -> AppError:
    return AppError(
        Code.DATA_LOSS,
        "MODEL_DAMAGED",
        f"the model file {sha256.hex()[:12]} is damaged: {why}; restore the data folder from a backup",
        metadata={"sha256": sha256.hex()},
    )
