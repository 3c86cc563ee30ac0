"""Documents in the order of their upload, over several sources, whatever happens to them."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pinfold_server.domain.streams import LAST_NUMBER, Position
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.documents import document_scope
from pinfold_server.services.documents.upload_order import behind
from pinfold_server.store import keys
from pinfold_server.store.checks.check_streams import check_streams
from pinfold_server.store.storage_pb2 import DocumentRecord
from pinfold_server.store.streams_pb2 import ArrivalRecord, StreamExceptionRecord, StreamRecord
from pinfold_server.store.tables import arrivals, datasets, documents, sources
from tests.stores import Bench, item, open_bench, open_store

SOURCES = ("mail", "chat")
Name = tuple[str, str]

START = Position(0, 0)
rows = st.tuples(st.sampled_from("abcde"), st.sampled_from(("one", "two")))
uploads = st.tuples(
    st.just("upload"),
    st.sampled_from(SOURCES),
    st.lists(rows, max_size=3, unique_by=lambda row: row[0]),
)
deletions = st.tuples(st.just("delete"), st.sampled_from(SOURCES), st.sampled_from("abcde"))


def order(bench: Bench, position: Position = START) -> list[tuple[Position, Name, str]]:
    """Place, name and text of every document behind a place."""
    with bench.store.read() as txn:
        scope = document_scope.resolve(txn, "both", None)
        return [
            (place, (found.source_id, found.document_id), found.record.text)
            for place, found in behind(txn, scope, position)
            if found is not None
        ]


async def _make(bench: Bench) -> None:
    for source in SOURCES:
        await bench.use.sources.create(source, "")
    await bench.use.datasets.create("both", DatasetFields(source_ids=SOURCES))


@settings(max_examples=60)
@given(st.lists(uploads | deletions, max_size=12))
def test_the_order_is_that_in_which_texts_came_last(steps):
    expected: dict[Name, str] = {}

    async def play(bench: Bench) -> None:
        await _make(bench)
        for kind, source, what in steps:
            if kind == "delete":
                await bench.use.deletions.delete(source, [what])
                expected.pop((source, what), None)
                continue
            await bench.upload(*(item(name, text) for name, text in what), source=source, dataset=None)
            for name, text in what:
                if expected.get((source, name)) != text:
                    expected.pop((source, name), None)
                    expected[source, name] = text

    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder)) as bench:
        asyncio.run(play(bench))
        whole = order(bench)
        assert [(name, text) for _, name, text in whole] == list(expected.items())
        assert [place for place, _, _ in whole] == sorted({place for place, _, _ in whole})
        for at, (place, _, _) in enumerate(whole):
            assert order(bench, place) == whole[at + 1 :]
        assert bench.findings() == []


def test_an_upload_that_changes_no_text_leaves_the_order_alone(bench):
    async def play() -> None:
        await _make(bench)
        await bench.upload(item("a", "one"), item("b", "two"), source="mail", dataset=None)
        await bench.upload(item("a", "one"), source="mail", dataset=None)

    asyncio.run(play())
    with bench.store.read() as txn:
        assert arrivals.latest(txn) == 1
    assert [name for _, name, _ in order(bench)] == [("mail", "a"), ("mail", "b")]
    assert order(bench, Position(1, LAST_NUMBER)) == []


def test_the_first_arrival_at_a_time_is_found_though_the_clock_goes_back(tmp_path):
    times = (100, 200, 150, 150, 300)
    with open_store(tmp_path) as store:
        with store.write() as txn:
            source = sources.create(txn, "mail", "", 1)
            other = sources.create(txn, "chat", "", 1)
            for number, now_us in enumerate(times):
                change = documents.Change(f"d{number}", None, DocumentRecord(text="x"))
                documents.put_many(txn, other, [change], 1)
                documents.put_many(txn, source, [change], now_us)
            sources.put(txn, source)
        with store.read() as txn:
            told = [arrival.time_us for arrival in arrivals.of_source(txn, source)]
            assert told == [100, 200, 200, 200, 300]
            found = {time_us: arrivals.first_at(txn, source.uid, time_us) for time_us in (0, 100, 101, 200, 201, 301)}
    assert found == {0: 2, 100: 2, 101: 4, 200: 4, 201: 10, 301: None}


def test_damaged_arrivals_are_found(tmp_path):
    with open_bench(tmp_path) as bench:
        asyncio.run(_make(bench))
        asyncio.run(bench.upload(item("a", "one"), source="mail", dataset=None))
        with bench.store.write() as txn:
            source = sources.get(txn, "mail")
            assert source is not None
            late = ArrivalRecord(first_number=5, time_us=0)
            txn.put(keys.arrival(source.uid, 9), late.SerializeToString())
        with bench.store.read() as txn:
            problems = [finding.problem for finding in check_streams(txn)]
    assert problems == [
        "has arrival 9, which was not given out",
        "has arrival 9 of the documents 5 to 1",
        "has arrival 9, which is older than the one before it",
    ]


def test_damaged_streams_are_found(tmp_path):
    with open_bench(tmp_path) as bench:
        asyncio.run(_make(bench))
        with bench.store.write() as txn:
            owner = datasets.get(txn, "both")
            assert owner is not None
            record = StreamRecord(uid=7, id="work", version=3, cursor_arrival=9)
            txn.put(keys.stream(owner.uid, "other"), record.SerializeToString())
            lost = keys.stream_exception(owner.uid, 8, 1, "d1")
            txn.put(lost, StreamExceptionRecord(type="Timeout").SerializeToString())
        with bench.store.read() as txn:
            problems = [finding.problem for finding in check_streams(txn)]
    assert problems == [
        "has another id in its key",
        "has a number that was not given out: uid 7, generation 0",
        "uses version 3, which is not pinned or does not exist",
        "is at arrival 9, which was not given out",
        "has an exception of document 'd1' and no stream 8",
    ]
