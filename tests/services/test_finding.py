"""Filtered lists over real stores, compared with a look at every document."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinfold_server.domain.documents.documents import Document
from pinfold_server.domain.documents.filter_syntax import parse
from pinfold_server.errors import Code
from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.services.common.pages import PageRequest, token_after
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.documents import document_scope
from pinfold_server.services.documents.finding import Effort, Finder, page_of
from pinfold_server.services.documents.upload_batches import UploadItem
from pinfold_server.services.documents.word_index import index_some
from pinfold_server.store import keys
from tests.services.refusals import refused
from tests.stores import Bench, item, open_bench

Place = tuple[str, str]  # source and document id


def found(
    bench: Bench,
    text: str,
    source: str | None = None,
    size: int = 3,
    examined_max: int = 4,
    dataset: str | None = "both",
) -> list[Place]:
    """All pages of a list, small ones that look at few documents each."""
    places: list[Place] = []
    token = ""
    while True:
        with bench.store.read() as txn:
            scope = document_scope.resolve(txn, dataset, source)
            finder = Finder(txn, scope, parse(text))
            page = page_of(finder, b"scope", PageRequest(size, token), effort=Effort(most=examined_max))
        assert len(page.records) <= size
        places += [(one.source_id, one.document_id) for one in page.records]
        token = page.next_token
        if not token:
            return places


async def fill(bench: Bench) -> None:
    for source in ("mails", "chats"):
        await bench.use.sources.create(source, "")
    await bench.use.datasets.create("both", DatasetFields(source_ids=("chats", "mails")))
    for source in ("mails", "chats"):
        items = [
            UploadItem(
                Document(
                    f"d{n}",
                    f"Where is my {'late ' * (n % 2)}refund number {n}?",
                    timestamp_us=n * 1_000_000,
                    metadata={"score": float(n), "team": "ab"[n % 2]},
                ),
                (("A > B", "C") if n % 4 == 0 else ("C",)) if n % 2 == 0 else None,
            )
            for n in range(10)
        ]
        await bench.upload(*items, source=source, dataset="both")
    said = AnnotationUpdate("sources/mails/documents/d1", dismissed=("C",), retrieval_mode=3)
    await bench.use.annotations.annotate("both", [said], "bob")


def ids(source: str, numbers: Sequence[int]) -> list[Place]:
    return [(source, f"d{n}") for n in numbers]


@pytest.mark.parametrize(
    ("text", "mails", "chats"),
    [
        ("", range(10), range(10)),
        ("source = chats", [], range(10)),
        ("id IN (d3, d7) AND source = mails", [3, 7], []),
        ('text:"late refund"', [1, 3, 5, 7, 9], [1, 3, 5, 7, 9]),
        ('text:"refund late"', [], []),
        ("text:late AND text:number AND text:3", [3], [3]),
        ('timestamp >= "1970-01-01T00:00:08Z"', [8, 9], [8, 9]),
        ("metadata.score > 7 AND metadata.team = b", [9], [9]),
        ("reviewed = true", [0, 2, 4, 6, 8], [0, 2, 4, 6, 8]),
        ("annotated = true AND reviewed = false", [1], []),
        ("assigned:A", [0, 4, 8], [0, 4, 8]),
        ('assigned:"A > B" OR dismissed:C', [0, 1, 4, 8], [0, 4, 8]),
        ("assigned:C AND NOT assigned:A", [2, 6], [2, 6]),
        ("annotator = bob OR retrieval_mode = shuffle", [1], []),
        ("NOT annotated = true AND text:late", [3, 5, 7, 9], [1, 3, 5, 7, 9]),
    ],
)  # fmt: skip
async def test_a_filtered_list(bench: Bench, text: str, mails: Sequence[int], chats: Sequence[int]) -> None:
    await fill(bench)
    assert found(bench, text) == ids("mails", mails) + ids("chats", chats)
    assert found(bench, text, source="chats") == ids("chats", chats)
    assert found(bench, text, size=100, examined_max=100) == ids("mails", mails) + ids("chats", chats)


@pytest.mark.parametrize("text", ["text:late", "assigned:A", "id IN (d1, d5)", 'timestamp < "1970-01-01T00:00:02Z"'])
async def test_an_index_spares_the_look_at_most_documents(bench: Bench, text: str) -> None:
    await fill(bench)
    while index_some(bench.store):
        pass
    with bench.store.read() as txn:
        finder = Finder(txn, document_scope.resolve(txn, "both", None), parse(text))
        examined = list(finder.examine())
    assert len(examined) <= 10
    assert all(match is not None for _, match in examined)


async def test_a_page_stops_after_a_bounded_look_and_the_next_goes_on(bench: Bench) -> None:
    await fill(bench)
    with bench.store.read() as txn:
        finder = Finder(txn, document_scope.resolve(txn, "both", None), parse("metadata.score = 9"))
        page = page_of(finder, b"scope", PageRequest(5), effort=Effort(most=4))
    assert page.records == []
    assert page.next_token


async def test_a_slow_look_ends_with_its_time_but_never_before_its_least(bench: Bench) -> None:
    items = [item(f"d{n:03}") for n in range(600)]
    await bench.use.sources.create("mails", "")
    await bench.upload(*items, source="mails", dataset=None)
    with bench.store.read() as txn:
        scope = document_scope.resolve(txn, None, "mails")
        uid, finder = scope.sources[0].uid, Finder(txn, scope, parse("metadata.score = 9"))
        for least, last in ((0, 255), (300, 511)):
            page = page_of(finder, b"scope", PageRequest(5), effort=Effort(least=least, seconds=0.0))
            assert page.records == []
            assert page.next_token == token_after(b"scope", keys.document(uid, f"d{last - 1:03}"))
        assert page_of(finder, b"scope", PageRequest(5), effort=Effort(least=600, seconds=0.0)).next_token == ""


async def test_what_a_filter_needs_and_does_not_get_is_told(bench: Bench) -> None:
    await fill(bench)
    listed = bench.use.documents.list_documents
    with refused(Code.INVALID, "INVALID_FILTER", "filter"):
        listed("mails", PageRequest(), None, "nonsense")
    with refused(Code.INVALID, "INVALID_FILTER", "filter"):
        listed("mails", PageRequest(), "both", "source = letters")
    with refused(Code.INVALID, "INVALID_FILTER", "filter"):
        listed("mails", PageRequest(), None, "source = chats")
    with refused(Code.INVALID, "UNKNOWN_LABEL", "filter"):
        listed(None, PageRequest(), "both", "assigned:Z")
    with refused(Code.INVALID, "DATASET_REQUIRED", "dataset"):
        listed("mails", PageRequest(), None, "reviewed = true")
    with refused(Code.PRECONDITION, "PREDICTIONS_REQUIRED"):
        listed(None, PageRequest(), "both", "predicted:C > 0.5")
    with refused(Code.INVALID, "INVALID_FIELD", "source"):
        listed(None, PageRequest())
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        listed(None, PageRequest(), "gone")


async def test_a_token_is_good_for_its_own_filter_only(bench: Bench) -> None:
    await fill(bench)
    token = bench.use.documents.list_documents(None, PageRequest(1), "both", "text:late").next_token
    with refused(Code.INVALID, "INVALID_PAGE_TOKEN", "page_token"):
        bench.use.documents.list_documents(None, PageRequest(1, token), "both", "text:refund")


DOCUMENTS = st.lists(
    st.tuples(
        st.sampled_from(["d1", "d2", "d3", "d4", "d5"]),
        st.lists(st.sampled_from(["late", "refund", "now"]), min_size=1, max_size=4).map(" ".join),
        st.none() | st.sets(st.sampled_from(["A", "A > B", "C"])).map(tuple),
        st.integers(0, 3),
        st.dictionaries(st.sampled_from("ab"), st.sampled_from(["", "a", "b", 0.0, -0.0, 1.0]), max_size=2),
    ),
    max_size=8,
    unique_by=lambda row: row[0],
)
LEAVES = st.sampled_from(
    ["text:late", 'text:"late refund"', "assigned:A", "assigned:C", "dismissed:C", "reviewed = true", "id = d1",
     'timestamp < "1970-01-01T00:00:02Z"', "annotated = true", "id IN (d1, d4)", "source = mails",
     "metadata.a = 0", "metadata.a = a", 'metadata.a = ""', "metadata.b IN (1, b, 0)", "metadata.b != 0"]
)  # fmt: skip
FILTERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map("NOT ({})".format),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " AND ".join(parts) + ")"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " OR ".join(parts) + ")"),
    ),
    max_leaves=6,
)


@settings(max_examples=40)
@given(DOCUMENTS, DOCUMENTS, st.lists(FILTERS, min_size=1, max_size=8), st.integers(0, 2))
def test_an_index_never_hides_or_adds_a_document(first: list, second: list, texts: list[str], indexed: int) -> None:
    """The filter says the same with every index as when it is turned round twice, which no index understands."""

    async def check(bench: Bench) -> None:
        await fill_with(bench, first)
        for _ in range(indexed):
            index_some(bench.store)
        await fill_with(bench, second)  # some documents are changed, some labels taken back
        for text in texts:
            plain = found(bench, f"NOT (NOT ({text}) OR id = no-such-document)", size=100, examined_max=100)
            assert found(bench, text, size=2, examined_max=3) == plain, text

    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder) / "store") as bench:
        asyncio.run(check(bench))
        assert bench.findings() == []


async def fill_with(bench: Bench, rows: list) -> None:
    if not bench.use.datasets.list_datasets(PageRequest()).records:
        for source in ("mails", "chats"):
            await bench.use.sources.create(source, "")
        await bench.use.datasets.create("both", DatasetFields(source_ids=("mails", "chats")))
        await bench.upload(item("seed", labels=("A > B", "C")), source="mails", dataset="both")
    for source in ("mails", "chats"):
        items = [
            UploadItem(Document(name, text, timestamp_us=time * 1_000_000, metadata=metadata), labels)
            for name, text, labels, time, metadata in rows
        ]
        await bench.upload(*items, source=source, dataset="both")
