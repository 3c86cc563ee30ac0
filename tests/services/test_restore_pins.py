"""The model that was trained on what a restoration leaves behind is kept, and the answer says which one."""

import pytest

from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import VersionRef
from pinfold_server.errors import AppError, Code
from pinfold_server.services.annotations.restores import RestoreService, RestoreTarget
from pinfold_server.services.common.changes import RequestKey
from pinfold_server.services.versions.versions import VersionService
from pinfold_server.store.storage_pb2 import RestoreAnswer, VersionRecord
from tests.store.models import add_version
from tests.stores import Bench, item

PINS_MAX = 1


def service(bench: Bench) -> RestoreService:
    return RestoreService(bench.changes, DatasetLimits(), pins_max=PINS_MAX)


async def restored(bench: Bench, revision: int, *, skip_pin: bool = False) -> RestoreAnswer:
    return await service(bench).restore("support", RestoreTarget(revision=revision, skip_pin=skip_pin))


async def labelled(bench: Bench, label: str) -> None:
    """A revision more."""
    await bench.upload(item("d1", labels=(label,)))


def versions(bench: Bench) -> VersionService:
    return VersionService(bench.store, bench.changes, pins_max=PINS_MAX)


def version(bench: Bench, number: int) -> VersionRecord:
    return versions(bench).get("support", VersionRef(number, None)).record


def kept(answer: RestoreAnswer) -> tuple[int, int, bool]:
    return answer.kept_version, answer.kept_version_revision, answer.pinned


@pytest.fixture
async def bench(bench: Bench) -> Bench:
    """Revision 1 says A, revision 2 says B."""
    await bench.dataset()
    await labelled(bench, "A")
    await labelled(bench, "B")
    return bench


async def test_the_version_of_the_state_that_is_left_is_pinned_and_says_why(bench: Bench) -> None:
    add_version(bench.store, "support", b"model of B")
    answer = await restored(bench, 1)
    assert kept(answer) == (1, 2, True)
    record = version(bench, 1)
    assert record.pinned
    assert record.pinned_us > 0
    assert record.pin_note == "datasets/support went back from revision 2 to 1"
    assert bench.use.datasets.get("support").pinned_count == 1
    add_version(bench.store, "support", b"model of A again")
    assert version(bench, 1).available
    assert bench.findings() == []


async def test_changes_that_no_version_saw_are_told_by_its_revision(bench: Bench) -> None:
    add_version(bench.store, "support", b"model of B")
    await labelled(bench, "C")
    answer = await restored(bench, 1)
    assert kept(answer) == (1, 2, True)
    assert answer.previous_revision == 3
    await restored(bench, answer.previous_revision)
    assert bench.use.annotations.get("support", "sources/support/documents/d1").assigned == ("C",)


async def test_a_version_that_is_pinned_already_is_named_and_left(bench: Bench) -> None:
    add_version(bench.store, "support", b"model of B", pinned=True)
    before = version(bench, 1)
    assert kept(await restored(bench, 1)) == (1, 2, False)
    assert version(bench, 1) == before


async def test_without_a_version_of_what_is_left_nothing_is_pinned(bench: Bench) -> None:
    assert kept(await restored(bench, 1)) == (0, 0, False)
    add_version(bench.store, "support", b"model of A")
    await labelled(bench, "D")
    assert kept(await restored(bench, 3)) == (0, 0, False)  # back to the very state that it was trained on
    assert not version(bench, 1).pinned


async def test_what_changes_nothing_pins_nothing(bench: Bench) -> None:
    add_version(bench.store, "support", b"model of B")
    assert kept(await restored(bench, 2)) == (0, 0, False)
    await labelled(bench, "A")
    add_version(bench.store, "support", b"model of A")
    answer = await restored(bench, 1)
    assert (answer.annotation_count, answer.label_count) == (0, 1)  # B is gone, so it is another state
    assert kept(answer) == (2, 3, True)


async def test_a_detour_that_came_back_by_itself_pins_nothing(bench: Bench) -> None:
    await labelled(bench, "A")
    add_version(bench.store, "support", b"model of A")
    await labelled(bench, "B")
    answer = await restored(bench, 2)
    assert answer.revision == answer.previous_revision
    assert kept(answer) == (0, 0, False)
    assert not version(bench, 1).pinned


async def test_no_room_for_the_pin_is_refused_before_anything_changes(bench: Bench) -> None:
    add_version(bench.store, "support", b"model of B", pinned=True)
    await labelled(bench, "C")
    add_version(bench.store, "support", b"model of C")
    with pytest.raises(AppError, match=r"unpin one, or restore without pinning \(skip_pin\)") as refused:
        await restored(bench, 1)
    assert (refused.value.code, refused.value.reason) == (Code.EXHAUSTED, "TOO_MANY_PINS")
    assert bench.use.datasets.get("support").revision == 3
    answer = await restored(bench, 1, skip_pin=True)
    assert kept(answer) == (0, 0, False)
    assert not version(bench, 2).pinned


async def test_without_pinning_a_pinned_version_is_still_named(bench: Bench) -> None:
    add_version(bench.store, "support", b"model of B", pinned=True)
    assert kept(await restored(bench, 1, skip_pin=True)) == (1, 2, False)


async def test_a_retry_pins_once(bench: Bench) -> None:
    add_version(bench.store, "support", b"model of B")
    once = RequestKey("RestoreDataset", "r", bytes(32))
    first = await service(bench).restore("support", RestoreTarget(revision=1), once=once)
    assert await service(bench).restore("support", RestoreTarget(revision=1), once=once) == first
    assert bench.use.datasets.get("support").pinned_count == 1


async def test_a_version_that_is_given_up_and_pinned_by_hand_has_no_note(bench: Bench) -> None:
    add_version(bench.store, "support", b"model of B")
    await restored(bench, 1)
    assert (await versions(bench).unpin("support", 1)).record.pin_note == ""
    assert (await versions(bench).pin("support", VersionRef(1, None))).record.pin_note == ""
