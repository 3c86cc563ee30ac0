"""Which version answers a request: read from the store by every request, so that a moved tag is seen by the next one.

What was found is kept for as long as the store is in the very state in which it was found. LMDB numbers its states, and
a read transaction tells its number: the same number is the same snapshot, so nothing kept can ever be stale. A request
pays for one read transaction; look-ups and parsing are paid once after each change of the store.
"""

from dataclasses import dataclass

from pinfold_server.domain.names import VersionRef, version_name
from pinfold_server.errors import precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.predictions.served import Key
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import VersionRecord
from pinfold_server.store.tables import shadows, versions

KEPT_MAX = 1_024


@dataclass(frozen=True, slots=True)
class TagShadow:
    """The version that is tried beside that of a tag, on such a share of its requests."""

    tag: str
    key: Key
    record: VersionRecord
    share: float


@dataclass(frozen=True, slots=True)
class Resolved:
    """A version that may answer, and the shadow of the tag by which it was asked for."""

    key: Key
    record: VersionRecord
    shadow: TagShadow | None = None


class Resolver:
    """Belongs to one thread: the event loop's."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._state = -1
        self._kept: dict[tuple[str, VersionRef], Resolved] = {}

    def resolve(self, dataset_id: str, wanted: VersionRef) -> Resolved:
        """Decided in one snapshot. Raises AppError when there is no such version, or it does not answer."""
        asked = (dataset_id, wanted)
        with self._store.read() as txn:
            state = txn.id()
            if state != self._state or len(self._kept) >= KEPT_MAX:
                self._kept.clear()
                self._state = state
            found = self._kept.get(asked)
            if found is None:
                found = self._kept[asked] = _resolve(txn, dataset_id, wanted)
        return found


def _resolve(txn: Txn, dataset_id: str, wanted: VersionRef) -> Resolved:
    owner = lookup.dataset(txn, dataset_id)
    record = lookup.version(txn, owner, wanted)
    if not record.pinned and record.number != owner.latest_version:
        raise precondition(
            "VERSION_NOT_PINNED",
            f"version {record.number} is neither pinned nor the newest: it does not answer",
            name=version_name(owner.id, record.number),
        )
    return Resolved((owner.uid, record.number), record, _shadow(txn, owner.uid, wanted.tag))


def _shadow(txn: Txn, dataset_uid: int, tag: str | None) -> TagShadow | None:
    found = None if tag is None else shadows.get(txn, dataset_uid, tag)
    version = None if found is None else versions.get(txn, dataset_uid, found.version)
    if found is None or version is None or not version.available:
        return None
    return TagShadow(found.tag, (dataset_uid, version.number), version, found.share)
