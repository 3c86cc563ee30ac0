"""What a pass knows of stored scores, and which documents it reads."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pinfold_server.store.storage_pb2 import ScoreChunkRecord
from pinfold_server.training.scoring import pools
from pinfold_server.training.scoring.known_scores import Known
from pinfold_server.training.scoring.pools import Documents, Names
from tests.stores import Bench, item, open_bench

NAMES = [b"\0\0\0\1" + name for name in (b"a", b"b", b"c", b"d")]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "store") as opened:
        yield opened


def documents(**digests: int) -> Documents:
    """Documents with these digests, by the last letter of their names."""
    count = len(digests)
    zeros = np.zeros(count, np.int64)
    names = [b"\0\0\0\1" + letter.encode() for letter in digests]
    return Documents(names, [""] * count, zeros, np.array(list(digests.values()), np.uint64), zeros.astype(np.uint64))


def chunk(groups: list[int], **digests: int) -> ScoreChunkRecord:
    made = documents(**digests)
    nothing = np.zeros((len(groups), 0), np.float32)
    return pools.to_chunk(made, np.array(groups, np.uint16), np.zeros(len(groups), np.float32), nothing)


def test_new_and_changed_documents_are_told_from_those_that_are_stored() -> None:
    known = Known()
    assert len(known.changed(documents(a=1, b=2))) == 2
    known.add(0, chunk([0, 1], a=1, b=2))
    assert known.changed(documents(a=1, b=3, c=2)).names == NAMES[1:3]


def test_a_document_counts_where_it_was_stored_last() -> None:
    known = Known()
    known.add(0, chunk([0, 1, 1], a=1, b=2, c=3))
    known.add(1, chunk([2], b=4))
    assert len(known) == 3
    assert known.stale == [1]
    assert [known.group(name) for name in NAMES] == [0, 2, 1, None]
    assert known.group_sizes(4).tolist() == [1, 1, 1, 0]


def test_documents_that_are_gone_do_not_count() -> None:
    known = Known()
    known.add(5, chunk([0, 1, 1], a=1, b=2, c=3))
    known.forget_others(NAMES[:1])
    assert known.stale == [5 << 32 | 1, 5 << 32 | 2]
    assert len(known) == 1
    assert known.group(NAMES[1]) is None
    assert known.group_sizes(2).tolist() == [1, 0]


def test_the_sample_of_all_documents_are_those_with_the_smallest_ties() -> None:
    names = Names(NAMES, np.array([7, 2, 9, 1], np.uint64))
    assert [names.smallest(count).names for count in (1, 3, 9)] == [
        [NAMES[3]],
        [NAMES[3], NAMES[1], NAMES[0]],
        [NAMES[3], NAMES[1], NAMES[0], NAMES[2]],
    ]


async def test_every_document_of_a_source_is_found_once_and_a_part_by_its_tie(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "STEP", 3)
    await bench.dataset()
    await bench.upload(*(item(f"d-{number}", f"text {number}") for number in range(20)))
    found = list(pools.find_documents(bench.store, 1, 0))
    assert [len(part) for part in found] == [3] * 6 + [2]
    whole = pools.joined(found)
    assert len(set(whole.names)) == 20
    assert whole.names == sorted(whole.names)
    part = pools.joined(list(pools.find_documents(bench.store, 1, 1)))
    assert part.names == list(itertools.compress(whole.names, (whole.ties < 1 << 63).tolist()))


async def test_a_document_that_is_deleted_meanwhile_is_left_out(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("one", "a text"), item("two", "another"), item("three", "a third"))
    names = pools.joined(list(pools.find_documents(bench.store, 1, 0)))
    await bench.use.deletions.delete("support", ["three"])
    read = pools.read_documents(bench.store, names)
    assert read.texts == ["a text", "another"]
    assert read.names == [name for name in names.names if not name.endswith(b"three")]
    assert len(read.ties) == len(read.digests) == len(read.timestamps) == 2
