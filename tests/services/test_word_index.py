"""The index of words under everything that happens to documents."""

import pytest

from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.documents import word_index
from pinfold_server.services.documents.word_index import index_some
from pinfold_server.store import garbage
from pinfold_server.store.storage_pb2 import SourceRecord
from pinfold_server.store.tables import sources, words
from tests.stores import Bench, item


def source_of(bench: Bench) -> SourceRecord:
    with bench.store.read() as txn:
        found = sources.get(txn, "support")
    assert found is not None
    return found


def index(bench: Bench) -> None:
    while index_some(bench.store):
        pass


def numbers(bench: Bench, word: str) -> list[int]:
    with bench.store.read() as txn:
        return words.numbers_of_all(txn, source_of(bench).words_uid, [word]).tolist()


def search(bench: Bench, text: str) -> list[str]:
    return [one.document_id for one in bench.use.documents.list_documents("support", PageRequest(), None, text).records]


async def test_documents_are_found_before_and_after_they_are_indexed(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("b", "late refund"), item("a", "no refund"), item("c", "parcel"))
    assert search(bench, "text:refund") == ["a", "b"]
    index(bench)
    assert source_of(bench).indexed_number == 3
    assert numbers(bench, "refund") == [1, 2]
    assert search(bench, "text:refund") == ["a", "b"]
    await bench.upload(item("d", "another refund"))
    assert search(bench, "text:refund") == ["a", "b", "d"]


async def test_a_changed_text_is_found_by_its_new_words_only(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("a", "late refund"), item("b", "late parcel"))
    index(bench)
    await bench.upload(item("a", "early refund"))
    assert search(bench, "text:late") == ["b"]
    index(bench)
    assert search(bench, "text:late") == ["b"]
    assert search(bench, "text:early") == ["a"]


async def test_a_change_of_metadata_keeps_the_place_in_the_index(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("a", "late refund", ("A",)))
    index(bench)
    await bench.upload(item("a", "late refund", ("B",)))
    assert source_of(bench).last_number == 1


async def test_a_deleted_document_is_not_found_and_one_made_again_is(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("a", "late refund"), item("b", "late parcel"))
    index(bench)
    await bench.use.deletions.delete("support", ["a"])
    assert search(bench, "text:late") == ["b"]
    await bench.upload(item("a", "refund"))
    assert search(bench, "text:late") == ["b"]
    assert search(bench, "text:refund") == ["a"]


async def test_an_index_of_texts_that_are_gone_is_made_anew(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_index, "GONE_MIN", 2)
    await bench.dataset()
    await bench.upload(*(item(f"d{n}", f"text {n}") for n in range(6)))
    index(bench)
    before = source_of(bench).words_uid
    await bench.use.deletions.delete("support", [f"d{n}" for n in range(4)])
    index(bench)
    after = source_of(bench)
    assert (after.words_uid == before, after.gone_count, after.indexed_number) == (False, 0, 6)
    assert numbers(bench, "text") == [5, 6]
    assert search(bench, "text:text") == ["d4", "d5"]
    with bench.store.write() as txn:
        assert not garbage.sweep(txn, 1_000)


async def test_words_go_into_the_index_in_small_transactions(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_index, "WORDS_A_WRITE", 3)
    monkeypatch.setattr(word_index, "BATCH_DOCUMENTS", 4)
    await bench.dataset()
    await bench.upload(*(item(f"d{n}", f"common words {n} {n % 3}") for n in range(10)))
    index(bench)
    assert numbers(bench, "common") == list(range(1, 11))
    assert numbers(bench, "9") == [10]


async def test_two_that_index_the_same_documents_do_not_index_them_twice(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(*(item(f"d{n}", "common words") for n in range(3)))
    index(bench)
    with bench.store.write() as txn:  # as if the first had not come to its end
        source = source_of(bench)
        source.indexed_number = 1
        sources.put(txn, source)
    index(bench)
    assert numbers(bench, "common") == [1, 2, 3]


async def test_long_and_many_postings_are_cut_in_pieces_and_grow(bench: Bench) -> None:
    await bench.dataset()
    for begin in range(0, 3_000, 500):
        await bench.upload(*(item(f"d{n}", f"common {'rare' * (n % 700 == 0)}") for n in range(begin, begin + 500)))
        index(bench)
    assert numbers(bench, "common") == list(range(1, 3_001))
    assert numbers(bench, "rare") == [1, 701, 1_401, 2_101, 2_801]


async def test_a_source_that_is_deleted_leaves_nothing(bench: Bench) -> None:
    await bench.use.sources.create("short", "")
    await bench.upload(item("a", "late refund"), source="short", dataset=None)
    index(bench)
    await bench.use.sources.delete("short")
    with bench.store.write() as txn:
        assert not garbage.sweep(txn, 1_000)
        assert txn.stat()["entries"] < 10


async def test_a_source_of_an_earlier_server_is_searched_without_an_index(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("a", "late refund"), item("b", "parcel"))
    with bench.store.write() as txn:
        source = source_of(bench)
        source.has_indexes = False
        sources.put(txn, source)
    assert not index_some(bench.store)
    assert search(bench, "text:refund") == ["a"]
    assert search(bench, "text:parcel AND timestamp >= 1970-01-01") == ["b"]


async def test_frequent_words_are_not_looked_up_once_few_documents_are_left(bench: Bench) -> None:
    await bench.dataset()
    texts = ["rare usual" if n == 7_000 else "usual" for n in range(8_000)]
    await bench.upload(*(item(f"d{n:04}", text) for n, text in enumerate([*texts, "rare"])))
    index(bench)
    with bench.store.read() as txn:
        found = words.numbers_of_all(txn, source_of(bench).words_uid, ["usual", "rare"]).tolist()
    assert found == numbers(bench, "rare") == [7_001, 8_001]  # the second lacks a word, as whoever looks at it will see
    assert search(bench, "text:usual AND text:rare") == ["d7000"]
    assert search(bench, "text:usual AND text:none") == []
