"""Files of models: whole, bit for bit what their name says, and counted as often as versions use them."""

from collections import Counter
from collections.abc import Iterator

from pinfold_server.errors import AppError
from pinfold_server.store import keys
from pinfold_server.store.checks.findings import Finding
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import ArtefactRecord
from pinfold_server.store.table import scan
from pinfold_server.store.tables import artefacts, versions


def check_artefacts(txn: Txn) -> Iterator[Finding]:
    # Versions that wait for the sweep hold their files as well.
    used = Counter(record.sha256 for _, record in versions.every(txn) if record.available)
    known: set[bytes] = set()
    for sha256, record in artefacts.every(txn):
        known.add(sha256)
        for problem in _problems(txn, sha256, record, used[sha256]):
            yield Finding(_place(sha256), problem)
    for sha256 in sorted(used.keys() - known):
        yield Finding(_place(sha256), f"is used by {used[sha256]} versions and is not there")
    for key, _ in scan(txn, keys.CHUNK):
        if keys.sha256_of(key) not in known:
            yield Finding(_place(keys.sha256_of(key)), "has a chunk and is not there")


def _problems(txn: Txn, sha256: bytes, record: ArtefactRecord, used: int) -> Iterator[str]:
    if record.reference_count != used:
        yield f"counts {record.reference_count} versions that use it; there are {used}"
    if not record.complete:
        if used:
            yield "is used and not whole"
        return
    try:
        artefacts.read(txn, sha256)
    except AppError as error:
        yield error.message


def _place(sha256: bytes) -> str:
    return f"file {sha256.hex()[:12]}"
