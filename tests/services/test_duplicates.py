"""Texts that a source has under another id: the strategies of an upload, within it and against the store."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinfold_server.domain.documents.documents import Document
from pinfold_server.domain.documents.same_texts import comparable
from pinfold_server.errors import Code
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.documents import uploads
from pinfold_server.services.documents.duplicates import DuplicateTexts
from pinfold_server.services.documents.upload_batches import UploadItem, UploadTarget
from pinfold_server.store.storage_pb2 import UploadAnswer
from tests.services.refusals import refused
from tests.stores import Bench, item, open_bench


async def upload(bench: Bench, strategy: DuplicateTexts, *items: UploadItem, add: bool = False) -> UploadAnswer:
    started = bench.use.uploads.begin(UploadTarget("support", "support", True, "ann", add, strategy))
    await started.add(items)
    return started.answer


def stored(bench: Bench) -> dict[str, str]:
    """Texts by id."""
    page = bench.use.documents.list_documents("support", PageRequest(1_000))
    return {found.document_id: found.record.text for found in page.records}


def labels(bench: Bench, document_id: str) -> list[str]:
    return list(bench.use.annotations.get("support", f"sources/support/documents/{document_id}").assigned)


async def test_the_same_text_is_one_in_any_spelling_of_case_width_and_space(bench: Bench) -> None:
    assert comparable("  Where IS\u00a0my\n refund? ") == comparable("where is my refund?")
    assert comparable("\uff32\uff45\uff46\uff55\uff4e\uff44") == "refund"
    assert comparable("refund") != comparable("refund!")
    await bench.dataset()
    first, second = item("a", "Where is my refund?"), item("b", "where is  MY refund? ")
    answer = await upload(bench, DuplicateTexts.KEEP_FIRST, first, second)
    assert (answer.new_count, answer.duplicate_count) == (1, 1)
    assert stored(bench) == {"a": "Where is my refund?"}


async def test_the_first_stays_as_it_is(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("a", "one", ("X",)), item("other", "two"))
    answer = await upload(bench, DuplicateTexts.KEEP_FIRST, item("b", "ONE", ("Y",)), item("c", "three", ("Y",)))
    assert (answer.new_count, answer.duplicate_count, answer.annotated_count) == (1, 1, 1)
    assert stored(bench) == {"a": "one", "c": "three", "other": "two"}
    assert labels(bench, "a") == ["X"]


async def test_the_last_replaces_what_is_said_of_the_first(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(UploadItem(Document("a", "one", 5, {"n": 1.0}), ("X",)))
    later = UploadItem(Document("b", "ONE", 7, {"n": 2.0}), ("Y",))
    last = UploadItem(Document("c", "One", 9, {"n": 3.0}), ("Z",))
    answer = await upload(bench, DuplicateTexts.KEEP_LAST, later, last)
    assert (answer.new_count, answer.duplicate_count) == (0, 2)
    record = bench.use.documents.get("support", "a")
    assert (record.text, record.timestamp_us, record.metadata["n"].number_value) == ("One", 9, 3.0)
    assert labels(bench, "a") == ["Z"]
    assert stored(bench) == {"a": "One"}


async def test_labels_are_merged_and_nothing_else(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(UploadItem(Document("a", "one", 5), ("X",)))
    answer = await upload(
        bench, DuplicateTexts.MERGE, UploadItem(Document("b", "ONE", 7), ("Y",)), item("c", "oNE"), item("d", "one", ())
    )
    assert (answer.duplicate_count, answer.annotated_count) == (3, 1)
    assert labels(bench, "a") == ["X", "Y"]
    record = bench.use.documents.get("support", "a")
    assert (record.text, record.timestamp_us) == ("one", 5)


async def test_a_document_under_its_own_id_is_no_duplicate(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("a", "one"), item("b", "one"))
    answer = await upload(bench, DuplicateTexts.KEEP_FIRST, item("a", "one"), item("b", "ONE"), item("c", "one"))
    assert (answer.unchanged_count, answer.text_changed_count, answer.duplicate_count) == (1, 1, 1)


async def test_a_text_that_was_changed_or_deleted_is_free_again(bench: Bench) -> None:
    await bench.dataset()
    await upload(bench, DuplicateTexts.KEEP_FIRST, item("a", "one"), item("b", "two"))
    changed = await upload(bench, DuplicateTexts.KEEP_FIRST, item("a", "three"), item("c", "one"))
    assert (changed.text_changed_count, changed.new_count) == (1, 1)
    await bench.use.deletions.delete("support", ["b"])
    assert (await upload(bench, DuplicateTexts.KEEP_FIRST, item("d", "two"))).new_count == 1
    assert stored(bench) == {"a": "three", "c": "one", "d": "two"}


async def test_what_came_without_a_strategy_is_compared_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "COMPARED_STEP", 2)
    await bench.dataset()
    await bench.upload(*(item(f"d{n}", f"text {n}") for n in range(7)))
    answer = await upload(bench, DuplicateTexts.KEEP_FIRST, *(item(f"e{n}", f"TEXT {n}") for n in range(9)))
    assert (answer.new_count, answer.duplicate_count) == (2, 7)


async def test_an_addition_cannot_change_what_is_stored(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("a", "one"))
    answer = await upload(bench, DuplicateTexts.KEEP_FIRST, item("a", "new text"), item("b", "one"), add=True)
    assert (answer.failed_count, answer.duplicate_count) == (1, 1)
    for strategy in (DuplicateTexts.MERGE, DuplicateTexts.KEEP_LAST):
        with refused(Code.INVALID, "INVALID_FIELD", "duplicates"):
            await upload(bench, strategy, add=True)


ROWS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["one", "two", "ONE", "three"])),
    max_size=6,
    unique_by=lambda row: row[0],
)


@settings(max_examples=40)
@given(st.lists(ROWS, max_size=5))
def test_a_source_that_starts_without_doubles_never_gets_one(batches: list[list[tuple[str, str]]]) -> None:
    async def check(bench: Bench) -> None:
        await bench.dataset()
        for rows in batches:
            answer = await upload(bench, DuplicateTexts.KEEP_FIRST, *(item(name, text) for name, text in rows))
            counts = (answer.new_count, answer.text_changed_count, answer.unchanged_count, answer.duplicate_count)
            assert sum(counts) == len(rows)
            texts = [comparable(text) for text in stored(bench).values()]
            assert len(texts) == len(set(texts))

    with tempfile.TemporaryDirectory() as folder, open_bench(Path(folder) / "store") as bench:
        asyncio.run(check(bench))
        assert bench.findings() == []
