"""Choices of documents' parts of a training within one transaction."""

from pinfold_server.domain.runs.splits import Split
from pinfold_server.errors import invalid
from pinfold_server.store.env import Txn
from pinfold_server.store.tables import splits


class SplitBook:
    """Gathers choices for a dataset; call `close` once, after the last one.

    The revision of the dataset is the caller's: it rises when a choice changed.
    """

    def __init__(self, txn: Txn, dataset_uid: int) -> None:
        self._txn = txn
        self._dataset_uid = dataset_uid
        self._chosen: dict[tuple[int, str], Split] = {}

    def choose(self, source_uid: int, document_id: str, split: Split) -> bool:
        """True when it is another part than before; DEFAULT takes an earlier choice back."""
        place = (source_uid, document_id)
        before: int | None = self._chosen.get(place)
        if before is None:
            before = splits.get(self._txn, self._dataset_uid, source_uid, document_id)
        if before == split:
            return False
        self._chosen[place] = split
        return True

    def close(self) -> None:
        """Stores the choices."""
        splits.put_many(self._txn, self._dataset_uid, self._chosen.items())


def split_of(number: int, field: str) -> Split:
    """The part with this number of the protocol. Raises AppError INVALID for one that this server does not know."""
    try:
        return Split(number)
    except ValueError:
        raise invalid(field, f"is not known to this server: {number}") from None
