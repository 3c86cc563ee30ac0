"""Runs between callers and trainers, on a real store, without training anything."""

from pathlib import Path

import pytest

from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.domain.runs.runs import ATTEMPTS_MAX
from pinfold_server.errors import AppError
from pinfold_server.services.runs import claims, run_configs
from pinfold_server.services.runs.claims import Claim, ClaimLost, Progress
from pinfold_server.store.env import Store, next_number
from pinfold_server.store.storage_pb2 import DatasetRecord, RunRecord, VersionLabelsRecord, VersionRecord
from pinfold_server.store.tables import artefacts, datasets, runs, versions

NOW = 1_000_000


@pytest.fixture
def store(tmp_path: Path):
    opened = Store.open(tmp_path / "data", map_bytes=1 << 28)
    with opened.write() as txn:
        datasets.put(txn, DatasetRecord(uid=next_number(txn, "dataset"), id="support", annotated_count=1))
    yield opened
    opened.close()


def queue_run(store: Store) -> int:
    with store.write() as txn:
        owner = datasets.get(txn, "support")
        owner.last_run += 1
        datasets.put(txn, owner)
        config = run_configs.to_record(RunConfig())
        runs.put(txn, owner.uid, RunRecord(number=owner.last_run, state="queued", config=config, created_us=NOW))
        runs.enqueue(txn, owner.uid, owner.last_run)
        return owner.last_run


def claim(store: Store, trainer: str = "trainer-0") -> Claim | None:
    with store.write() as txn:
        return claims.claim(txn, trainer, NOW)


def take_over(store: Store, trainer: str = "trainer-0") -> None:
    with store.write() as txn:
        claims.queue_again(txn, trainer, NOW)


def run_of(store: Store, number: int) -> RunRecord:
    with store.read() as txn:
        return runs.get(txn, 1, number)


def publish(store: Store, held: Claim, blob: bytes = b"model") -> int:
    sha256 = artefacts.stage(store, blob, NOW)
    with store.write() as txn:
        version = VersionRecord(sha256=sha256, size=len(blob), revision=5)
        return claims.publish(txn, held, version, VersionLabelsRecord(), NOW)


def version_of(store: Store, number: int) -> VersionRecord:
    with store.read() as txn:
        return versions.get(txn, 1, number)


def test_the_run_that_waits_longest_is_claimed_first(store):
    first, second = queue_run(store), queue_run(store)

    assert claim(store).run == first
    assert claim(store, "trainer-1").run == second
    assert claim(store) is None


def test_a_published_run_makes_the_newest_version_in_one_step(store):
    number = queue_run(store)
    made = publish(store, claim(store))

    record = run_of(store, number)
    assert (record.state, record.version, record.fraction) == ("succeeded", made, 1.0)
    with store.read() as txn:
        assert datasets.get(txn, "support").latest_version == made
        assert artefacts.read(txn, version_of(store, made).sha256) == b"model"


def test_a_newer_version_drops_the_file_of_an_unpinned_one_but_not_of_a_pinned_one(store):
    queue_run(store), queue_run(store), queue_run(store)
    first = publish(store, claim(store), b"first")
    with store.write() as txn:
        record = versions.get(txn, 1, first)
        record.pinned = True
        versions.put(txn, 1, record)
    second = publish(store, claim(store), b"second")
    publish(store, claim(store), b"third")

    assert version_of(store, first).available
    assert not version_of(store, second).available
    assert artefacts.sweep_unreferenced(store, older_than_us=NOW + 1) == 1
    with store.read() as txn:
        with pytest.raises(AppError, match="missing"):
            artefacts.read(txn, version_of(store, second).sha256)
        assert artefacts.read(txn, version_of(store, first).sha256) == b"first"


def test_two_versions_of_equal_bytes_share_a_file_until_both_are_gone(store):
    queue_run(store), queue_run(store), queue_run(store)
    publish(store, claim(store), b"same")
    second = publish(store, claim(store), b"same")
    assert artefacts.sweep_unreferenced(store, older_than_us=NOW + 1) == 0
    with store.read() as txn:
        assert artefacts.read(txn, version_of(store, second).sha256) == b"same"
    publish(store, claim(store), b"other")
    assert artefacts.sweep_unreferenced(store, older_than_us=NOW + 1) == 1
    with store.read() as txn:
        assert artefacts.get(txn, version_of(store, second).sha256) is None


def test_version_numbers_are_not_used_again(store):
    numbers = []
    for _ in range(3):
        queue_run(store)
        numbers.append(publish(store, claim(store)))

    assert numbers == [1, 2, 3]


def test_a_run_whose_trainer_died_is_claimed_again(store):
    number = queue_run(store)
    claim(store)
    take_over(store)

    again = claim(store)
    assert (again.run, again.attempt) == (number, 2)


def test_a_run_of_a_living_trainer_is_left_alone_when_another_starts(store):
    queue_run(store)
    claim(store, "trainer-0")
    take_over(store, "trainer-1")

    assert claim(store, "trainer-1") is None


def test_a_run_that_kills_its_trainer_again_and_again_is_given_up(store):
    number = queue_run(store)
    for _ in range(ATTEMPTS_MAX):
        claim(store)
        take_over(store)

    record = run_of(store, number)
    assert (record.state, record.error_reason) == ("failed", "TRAINER_DIED")
    assert claim(store) is None


def test_a_trainer_that_lost_its_claim_can_neither_report_nor_publish(store):
    queue_run(store)
    stale = claim(store)
    take_over(store)
    claim(store, "trainer-1")

    with store.write() as txn, pytest.raises(ClaimLost):
        claims.report(txn, stale, Progress("fit", 0.5, None))
    with pytest.raises(ClaimLost):
        publish(store, stale)
    with store.read() as txn:
        assert datasets.get(txn, "support").latest_version == 0


def test_a_released_run_waits_again_and_the_attempt_does_not_count(store):
    number = queue_run(store)
    with store.write() as txn:
        claims.release(txn, claims.claim(txn, "trainer-0", NOW))

    assert run_of(store, number).state == "queued"
    assert claim(store).attempt == 1


def test_progress_is_seen_and_forgotten_at_the_end(store):
    number = queue_run(store)
    held = claim(store)
    with store.write() as txn:
        claims.report(txn, held, Progress("fit", 0.5, 12.5))
    record = run_of(store, number)
    assert (record.phase, record.fraction, record.seconds_left) == ("fit", 0.5, 12.5)

    publish(store, held)
    record = run_of(store, number)
    assert record.phase == ""
    assert not record.HasField("seconds_left")


def test_a_claim_is_lost_when_its_dataset_is_deleted_and_made_again(store):
    queue_run(store)
    held = claim(store)
    with store.write() as txn:
        datasets.delete(txn, "support")
        datasets.put(txn, DatasetRecord(uid=next_number(txn, "dataset"), id="support"))

    with pytest.raises(ClaimLost, match="deleted"):
        publish(store, held)
