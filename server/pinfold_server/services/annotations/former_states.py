"""What keeps the state that a restoration leaves behind: the model that was trained on it, pinned before it is left."""

from pinfold_server.domain.names import dataset_name
from pinfold_server.services.versions import pins
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, RestoreAnswer, VersionRecord
from pinfold_server.store.tables import versions

_INSTEAD = ", or restore without pinning (skip_pin)"


class FormerState:
    """The version that was trained last on changes that a restoration of `revision` undoes; there may be none.

    Labels and annotations of every revision can be had again. The file of an unpinned version cannot: the next
    training drops it, so it is pinned unless the caller says `skip_pin`. A version that is no younger than the
    restored revision saw nothing of what is undone, and is left as it is.
    """

    def __init__(self, txn: Txn, owner: DatasetRecord, revision: int, *, skip_pin: bool) -> None:
        self._txn = txn
        self._owner = owner
        self._left, self._restored = owner.revision, revision
        self._version = _trained_since(txn, owner, revision)
        if self._version is not None and skip_pin and not self._version.pinned:
            self._version = None

    def check(self, pins_max: int) -> None:
        """Raises AppError TOO_MANY_PINS where there is no room for a pin that is needed."""
        if self._version is not None and not self._version.pinned:
            pins.check_pinnable(self._owner, self._version, pins_max, _INSTEAD)

    def keep(self, answer: RestoreAnswer, now_us: int) -> None:
        """Pins the version unless it is pinned, and tells of it."""
        if self._version is None:
            return
        answer.kept_version, answer.kept_version_revision = self._version.number, self._version.revision
        if not self._version.pinned:
            note = f"{dataset_name(self._owner.id)} went back from revision {self._left} to {self._restored}"
            pins.pin(self._txn, self._owner, self._version, now_us, note)
            answer.pinned = True


def _trained_since(txn: Txn, owner: DatasetRecord, revision: int) -> VersionRecord | None:
    newest = versions.get(txn, owner.uid, owner.latest_version) if owner.latest_version else None
    return newest if newest is not None and newest.revision > revision else None
