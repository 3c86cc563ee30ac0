"""Figures of the store; every process sees the same ones."""

from collections.abc import Callable, Iterable

from pinfold_server.metrics import Family, gauge
from pinfold_server.store.env import Store
from pinfold_server.store.tables import runs


def of_store(store: Store) -> Callable[[], Iterable[Family]]:
    """A source of figures for a registry."""

    def families() -> Iterable[Family]:
        usage = store.usage()
        with store.read() as txn:
            waiting = sum(1 for _ in runs.waiting(txn))
        yield gauge("pinfold_store_used_bytes", "Bytes of the data file in use.", usage["used_bytes"], shared=True)
        yield gauge("pinfold_store_map_bytes", "Bytes that the store may grow to.", usage["map_bytes"], shared=True)
        yield gauge("pinfold_store_readers", "Slots of readers in use.", usage["readers"], shared=True)
        yield gauge("pinfold_runs_waiting", "Trainings that wait for a trainer.", waiting, shared=True)

    return families
