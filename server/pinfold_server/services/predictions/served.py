"""The versions that this process has loaded: found by number, loaded once, dropped when memory runs short.

One object on the event loop owns the table. A version never changes, so nothing here is ever stale; whether a version
may still be asked is read from the store by every request.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import Executor

from pinfold_server.domain.predictions.thresholds import StoredThresholds
from pinfold_server.engine.compiled import Kernel
from pinfold_server.engine.session import Model, ModelDamaged
from pinfold_server.errors import AppError, Code
from pinfold_server.metrics import Family, gauge
from pinfold_server.services.predictions.asking import Selections
from pinfold_server.services.versions import golden
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import VersionGoldenRecord, VersionLabelRecord, VersionRecord
from pinfold_server.store.tables import artefacts, versions

log = logging.getLogger(__name__)

Key = tuple[int, int]  # dataset uid, version number

#: Bytes of memory that a loaded model takes for each byte of its file, measured.
MEMORY_PER_FILE_BYTE = 1.1


class ServedVersion:
    """A loaded model with the thresholds and label numbers stored beside it, all in the order of the model's labels;
    sentiments, which come behind these, have none.
    """

    def __init__(self, model: Model, stored: StoredThresholds, numbers: tuple[int, ...], memory_bytes: int) -> None:
        self.model = model
        self.numbers = numbers
        self.memory_bytes = memory_bytes
        self.selections = Selections(model.labels, stored)


class ServedVersions:
    """Least recently used versions are dropped once `memory_bytes_max` is passed; the one asked for last always
    stays.
    """

    def __init__(self, store: Store, executor: Executor, *, memory_bytes_max: int) -> None:
        self._store = store
        self._executor = executor
        self._memory_bytes_max = memory_bytes_max
        self._loaded: OrderedDict[Key, ServedVersion] = OrderedDict()
        self._loading: dict[Key, asyncio.Future[ServedVersion]] = {}
        self._kernel: Kernel | None = None

    def families(self) -> Iterable[Family]:
        """Figures of what is loaded now."""
        loaded = list(self._loaded.values())
        yield gauge("pinfold_versions_loaded", "Model versions in memory.", len(loaded))
        memory = sum(served.memory_bytes for served in loaded)
        yield gauge("pinfold_versions_loaded_bytes", "Estimated memory of the loaded versions.", memory)

        compiled = sum(served.model.lane == "compiled" for served in loaded)
        yield gauge("pinfold_versions_compiled", "Model versions that compiled code answers.", compiled)

    def loaded(self, key: Key) -> ServedVersion | None:
        """The version when it is in memory."""
        served = self._loaded.get(key)
        if served is not None:
            self._loaded.move_to_end(key)
        return served

    def in_memory(self) -> list[Key]:
        """The versions that are loaded now."""
        return list(self._loaded)

    def drop(self, key: Key) -> None:
        """Frees the memory of a version; who is being answered by it still is."""
        self._loaded.pop(key, None)

    async def load(self, key: Key, record: VersionRecord) -> ServedVersion:
        """Loads the version off the event loop; concurrent callers share one load. Raises AppError MODEL_DAMAGED,
        GOLDEN_MISMATCH.
        """
        waiting = self._loading.get(key)
        if waiting is None:
            loop = asyncio.get_running_loop()
            waiting = loop.run_in_executor(self._executor, self._read, key, record)
            self._loading[key] = waiting
            waiting.add_done_callback(lambda done: self._keep(key, done))
        return await asyncio.shield(waiting)

    async def accelerate(self, kernel: Kernel) -> int:
        """Lets compiled code answer the versions in memory, and those that are loaded from now on; how many were
        switched. Requests that are being answered are not disturbed.
        """
        self._kernel = kernel
        # What was begun without the kernel ends without it.
        await asyncio.gather(*self._loading.values(), return_exceptions=True)
        loop = asyncio.get_running_loop()
        slow = [(key, served) for key, served in self._loaded.items() if served.model.lane != "compiled"]
        for key, served in slow:
            served.model = await loop.run_in_executor(self._executor, self._accelerated, key, served.model)
        return sum(served.model.lane == "compiled" for _, served in slow)

    def _accelerated(self, key: Key, model: Model) -> Model:
        with self._store.read() as txn:
            record = versions.get(txn, *key)
            expected = versions.golden(txn, *key)
        return model if record is None else self._fastest(key, model, record, expected)

    def _fastest(self, key: Key, model: Model, record: VersionRecord, expected: VersionGoldenRecord) -> Model:
        """The model answered by compiled code, if there is any and it gives the bits that the file gives."""
        compiled = None if self._kernel is None else model.compiled(self._kernel)
        if compiled is None:
            return model
        try:
            golden.verify(compiled, record, expected)
            golden.compare(model, compiled)
        except golden.GoldenMismatch as mismatch:
            log.error("version %d of dataset uid %d: compiled code is wrong and not used: %s", key[1], key[0], mismatch)
            return model
        return compiled

    def _keep(self, key: Key, done: "asyncio.Future[ServedVersion]") -> None:
        del self._loading[key]
        if done.cancelled() or done.exception() is not None:
            return
        self._loaded[key] = done.result()
        total = sum(served.memory_bytes for served in self._loaded.values())
        while total > self._memory_bytes_max and len(self._loaded) > 1:
            _, dropped = self._loaded.popitem(last=False)
            total -= dropped.memory_bytes

    def _read(self, key: Key, record: VersionRecord) -> ServedVersion:
        with self._store.read() as txn:
            blob = artefacts.read(txn, record.sha256)
            labels = versions.labels(txn, *key).labels
            expected = versions.golden(txn, *key)
        try:
            model = Model.load(blob, record.sha256.hex())
        except ModelDamaged as damage:
            log.error("version %d of dataset uid %d is damaged: %s", key[1], key[0], damage)
            raise AppError(
                Code.DATA_LOSS,
                "MODEL_DAMAGED",
                f"the stored file of version {key[1]} is damaged: restore it from a backup",
            ) from damage
        try:
            golden.verify(model, record, expected)
        except golden.GoldenMismatch as mismatch:
            log.critical("version %d of dataset uid %d is not served: %s", key[1], key[0], mismatch)
            raise AppError(
                Code.DATA_LOSS,
                "GOLDEN_MISMATCH",
                f"version {key[1]} no longer answers as it did when it was made: restore the data folder from a backup",
            ) from mismatch
        model = self._fastest(key, model, record, expected)
        model.score(["warm up"])
        stored = StoredThresholds.of(_thresholds(label) for label in labels)
        numbers = tuple(label.number for label in labels)
        return ServedVersion(model, stored, numbers, int(record.size * MEMORY_PER_FILE_BYTE))


def _thresholds(label: VersionLabelRecord) -> tuple[float | None, float | None, float | None]:
    if not label.HasField("threshold_balanced"):
        return None, None, None
    return label.threshold_balanced, label.threshold_high_precision, label.threshold_high_recall
