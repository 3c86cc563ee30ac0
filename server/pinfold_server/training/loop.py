"""The trainer: the only place that trains. Everything else queues runs and reads what comes of them.

One tick: claim the run that waits longest, read a snapshot, train, which stages the file, publish. Whatever happens in
between, the run is either published whole or can be claimed again. A trainer that is told to stop gives its run back.
"""

import logging
from collections.abc import Callable

from pinfold_server.domain.runs.splits import split_digest
from pinfold_server.services.runs import claims, run_configs
from pinfold_server.services.runs.claims import Claim, ClaimLost
from pinfold_server.services.versions.golden import to_record as golden_to_record
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import VersionLabelsRecord, VersionRecord
from pinfold_server.store.tables import artefacts, versions
from pinfold_server.training import snapshot
from pinfold_server.training.cache import Cache
from pinfold_server.training.contract import Means, TrainedModel, TrainingCancelled, TrainingRefused
from pinfold_server.training.pipeline import train
from pinfold_server.training.records import keywords_to_records, labels_to_record, version_to_record
from pinfold_server.training.snapshot import Snapshot
from pinfold_server.training.validate.held_out import store_held_out
from pinfold_server.training.watching import Watch

log = logging.getLogger(__name__)

Clock = Callable[[], int]  # microseconds since 1970, UTC


class Trainer:
    """Trains one run at a time, on so many threads, under the name that its claims carry; `cache` outlives a run."""

    def __init__(self, store: Store, name: str, clock: Clock, threads: int = 1, cache: Cache | None = None) -> None:
        self._store = store
        self._name = name
        self._clock = clock
        self._means = Means(threads, Cache(0) if cache is None else cache, self._stage)
        self._stopping = False

    def stop_soon(self) -> None:
        """The run in hand is given back at its next look."""
        self._stopping = True

    def take_over(self) -> None:
        """Queues again what a trainer of the same name left when it died. Before the first tick."""
        with self._store.write() as txn:
            left = claims.queue_again(txn, self._name, self._clock())
        if left:
            log.warning("%d runs were left by a trainer that died", left)

    def tick(self) -> bool:
        """Works on one run; False when none waits."""
        with self._store.read() as txn:
            if not claims.any_waits(txn):
                return False
        with self._store.write() as txn:
            held = claims.claim(txn, self._name, self._clock())
        if held is None:
            return False
        log.info("run %d of %s: attempt %d", held.run, held.dataset_id, held.attempt)
        try:
            self._work(held)
        except ClaimLost as lost:
            log.warning("gave up: %s", lost)
        return True

    def _work(self, held: Claim) -> None:
        try:
            self._train_and_publish(held)
        except TrainingCancelled:
            self._end_early(held)
        except TrainingRefused as refused:
            log.info("run %d of %s cannot be trained: %s", held.run, held.dataset_id, refused.message)
            self._fail(held, refused.reason, refused.message)
        except ClaimLost:
            raise
        except MemoryError:
            self._fail(held, "OUT_OF_MEMORY", "the training needs more memory than there is: lower max_features")
        except Exception:
            log.exception("run %d of %s failed unexpectedly", held.run, held.dataset_id)
            self._fail(held, "INTERNAL", "the training failed unexpectedly: the server's log has the details")

    def _train_and_publish(self, held: Claim) -> None:
        taken = snapshot.read(self._store, held.dataset_id, held.dataset_uid)
        if taken is None:
            raise ClaimLost(f"dataset {held.dataset_id} was deleted")
        config = run_configs.from_record(held.config)
        with Watch(self._store, held, lambda: self._stopping) as watch:
            trained = train(taken.data, config, report=watch.report, should_stop=watch.should_stop, means=self._means)
        self._publish(held, trained, taken)

    def _stage(self, onnx: bytes) -> None:
        artefacts.stage(self._store, onnx, self._clock())

    def _publish(self, held: Claim, trained: TrainedModel, taken: Snapshot) -> None:
        version: VersionRecord = version_to_record(trained, taken.revision)
        version.split_digest = split_digest(trained.validation_mode, taken.chosen_splits())
        labels: VersionLabelsRecord = labels_to_record(trained, taken.data.label_numbers)
        golden = golden_to_record(trained.golden.texts, trained.golden.probabilities)
        keywords = keywords_to_records(trained)
        with self._store.write() as txn:
            if claims.is_cancelled(txn, held):
                claims.cancelled(txn, held, self._clock())
                return
            number = claims.publish(txn, held, version, labels, self._clock())
            versions.put_golden(txn, held.dataset_uid, number, golden)
            versions.put_keywords(txn, held.dataset_uid, number, keywords)
            store_held_out(txn, held.dataset_uid, number, taken.data.labels_only(), trained.held_out)
        log.info("run %d of %s made version %d", held.run, held.dataset_id, number)

    def _end_early(self, held: Claim) -> None:
        with self._store.write() as txn:
            if claims.is_cancelled(txn, held):
                claims.cancelled(txn, held, self._clock())
            else:
                claims.release(txn, held)

    def _fail(self, held: Claim, reason: str, message: str) -> None:
        with self._store.write() as txn:
            claims.fail(txn, held, reason, message, self._clock())
