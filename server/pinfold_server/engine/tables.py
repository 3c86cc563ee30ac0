"""An exact hash table of keys that a graph can read with seven element-wise operations and three `Gather`s.

Perfect hashing by displacement (Belazzougui, Botelho, Dietzfelbinger: "Hash, displace, and compress", 2009): a key's
bucket names a multiplier with which no two keys of the table share a slot, so no feature is ever lost to a collision,
at half the memory of a direct table that is large enough to make collisions rare. The row found is then confirmed by
comparing the stored key: a key that is not in the table always gets row 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PRIME = (1 << 31) - 1
MAX_MULTIPLIER = 1 << 12  # a million keys need fewer than 100; times a key below 2**44 it stays below 2**56
_KEYS_PER_BUCKET = 4
_SLOTS_PER_KEY = 2
_REBUILDS = 8


@dataclass(frozen=True, slots=True, eq=False)
class KeyTable:
    """Key → row, rows counted from 1 in the order of the keys given to `build`; row 0 means absent.

    `multipliers` int64 [buckets], `slots` int32 [about twice the rows], `keys` int64 [rows + 1] with keys[0] = -1. Both
    lengths are odd: keys share their lowest bits, and a power of two would see little else.
    """

    multipliers: NDArray[np.int64]
    slots: NDArray[np.int32]
    keys: NDArray[np.int64]

    @classmethod
    def build(cls, keys: NDArray[np.int64]) -> "KeyTable":
        """A table of distinct keys in 0..2**44 - 1, spread as the specification's are; deterministic in keys and order.

        Raises ValueError where no displacement separates the keys: they are not distinct.
        """
        slot_count = _SLOTS_PER_KEY * len(keys) | 1
        buckets = len(keys) // _KEYS_PER_BUCKET | 1
        for attempt in range(_REBUILDS):
            multipliers = _displace(keys, buckets + 2 * attempt, slot_count)
            if multipliers is not None:
                slots = np.zeros(slot_count, np.int32)
                slots[_slots(keys, multipliers, slot_count)] = np.arange(1, len(keys) + 1)
                return cls(multipliers, slots, np.concatenate((np.array([-1], np.int64), keys)))
        raise ValueError("no displacement found: the keys are not distinct")

    def find(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of each key, 0 where the table does not hold it; any shape."""
        rows = self.slots[_slots(keys, self.multipliers, len(self.slots))].astype(np.int64)
        return np.where(self.keys[rows] == keys, rows, 0)


def _slots(keys: NDArray[np.int64], multipliers: NDArray[np.int64], slot_count: int) -> NDArray[np.int64]:
    slots: NDArray[np.int64] = keys * multipliers[keys % len(multipliers)] % PRIME % slot_count
    return slots


def _displace(keys: NDArray[np.int64], buckets: int, slot_count: int) -> NDArray[np.int64] | None:
    """A multiplier for each bucket such that all keys have slots of their own; None when there is none.

    Large buckets first, all buckets of a size at once: in each round the buckets whose slots are free and wanted by no
    earlier bucket are settled, and the others move on to the next multiplier.
    """
    multipliers = np.ones(buckets, np.int64)
    bucket_of = keys % buckets
    order = np.argsort(bucket_of, kind="stable")
    sizes = np.bincount(bucket_of, minlength=buckets)
    first = np.cumsum(sizes) - sizes
    taken = np.zeros(slot_count, np.bool_)
    for size in range(int(sizes.max(initial=0)), 0, -1):
        pending = np.flatnonzero(sizes == size)
        members = keys[order[first[pending][:, None] + np.arange(size)]]
        multiplier = 1
        while len(pending):
            if multiplier == MAX_MULTIPLIER:
                return None
            slots = members * multiplier % PRIME % slot_count
            settled = _claim(slots, taken)
            multipliers[pending[settled]] = multiplier
            pending, members = pending[~settled], members[~settled]
            multiplier += 1
    return multipliers


def _claim(slots: NDArray[np.int64], taken: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Marks as taken, and reports, the rows of `slots` that are free of conflicts; earlier rows go first."""
    free = np.flatnonzero(~taken[slots].any(axis=1))
    wanted = slots[free].ravel()
    cells = np.arange(len(wanted))
    _, first, inverse = np.unique(wanted, return_index=True, return_inverse=True)
    settled = np.zeros(len(slots), np.bool_)
    settled[free[(first[inverse] == cells).reshape(len(free), slots.shape[1]).all(axis=1)]] = True
    taken[slots[settled].ravel()] = True
    return settled
