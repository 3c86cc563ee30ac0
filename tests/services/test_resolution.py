"""Which version answers, read through real LMDB."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pinfold_server.domain.names import VersionRef
from pinfold_server.errors import AppError
from pinfold_server.services.predictions.resolution import Resolver
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import DatasetRecord, TagRecord, VersionRecord
from pinfold_server.store.tables import datasets, tags, versions

LIVE = VersionRef(None, "live")
UID = 7


@pytest.fixture
def tagged(tmp_path: Path) -> Iterator[Store]:
    """A dataset with three versions, two of them pinned; nothing that a check of the whole store would miss here."""
    store = Store.open(tmp_path / "store", map_bytes=1 << 30)
    with store.write() as txn:
        datasets.put(txn, DatasetRecord(uid=UID, id="support", latest_version=3))
        for number in (1, 2, 3):
            versions.put(txn, UID, VersionRecord(number=number, pinned=number < 3))
        tags.put(txn, UID, TagRecord(tag="live", version=1))
    yield store
    store.close()


def move(store: Store, tag: str, version: int) -> None:
    with store.write() as txn:
        tags.put(txn, UID, TagRecord(tag=tag, version=version))


def test_a_tag_that_moved_is_seen_by_the_next_request(tagged: Store):
    resolver = Resolver(tagged)

    for version in (1, 2, 1, 1, 2):
        move(tagged, "live", version)
        assert resolver.resolve("support", LIVE).key == (UID, version)
        assert resolver.resolve("support", LIVE).key == (UID, version)


def test_a_state_that_did_not_change_is_not_read_twice(tagged: Store):
    resolver = Resolver(tagged)

    assert resolver.resolve("support", LIVE) is resolver.resolve("support", LIVE)


def test_a_version_that_was_unpinned_stops_answering_at_once(tagged: Store):
    resolver = Resolver(tagged)
    assert resolver.resolve("support", VersionRef(2, None)).key == (UID, 2)

    with tagged.write() as txn:
        versions.put(txn, UID, VersionRecord(number=2))

    with pytest.raises(AppError) as refused:
        resolver.resolve("support", VersionRef(2, None))
    assert refused.value.reason == "VERSION_NOT_PINNED"


def test_what_was_not_there_is_found_once_it_is(tagged: Store):
    resolver = Resolver(tagged)
    with pytest.raises(AppError):
        resolver.resolve("support", VersionRef(None, "canary"))

    move(tagged, "canary", 2)

    assert resolver.resolve("support", VersionRef(None, "canary")).key == (UID, 2)
