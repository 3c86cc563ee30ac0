"""The log of annotation changes: complete, in order, and readable."""

import pytest

from pinfold_server.domain.labels.annotations import Cause
from pinfold_server.errors import Code
from pinfold_server.services.annotations.annotation_history import AnnotationChangeInfo
from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.labels.labels import LabelUpdate
from pinfold_server.store.garbage import sweep
from pinfold_server.store.table import delete_prefix
from pinfold_server.store.tables import annotation_events, datasets
from tests.services.refusals import refused
from tests.stores import Bench, item

DOCUMENT = "sources/support/documents/d1"


async def prepared(bench: Bench) -> None:
    await bench.dataset()
    await bench.use.labels.upsert("support", [LabelUpdate(name) for name in ("A > B", "A > C", "D")])
    await bench.upload(item("d1"), item("d10"))


def history(bench: Bench, document: str = DOCUMENT) -> list[AnnotationChangeInfo]:
    return bench.use.annotation_history.list_changes("support", document, PageRequest()).records


async def annotate(bench: Bench, update: AnnotationUpdate, by: str = "me") -> None:
    answer = await bench.use.annotations.annotate("support", [update], by)
    assert not answer.failures, answer.failures


async def test_every_change_is_told_with_what_it_gave_and_took(bench: Bench) -> None:
    await prepared(bench)
    await annotate(bench, AnnotationUpdate(DOCUMENT, ("A > B",), ("D",), retrieval_mode=5))
    await annotate(bench, AnnotationUpdate(DOCUMENT, assigned=("A > C", "D")), by="you")
    await annotate(bench, AnnotationUpdate(DOCUMENT, reviewed=True), by="you")
    newest, middle, first = history(bench)
    assert (first.assigned, first.newly_assigned, first.newly_dismissed) == (("A > B",), ("A > B",), ("D",))
    assert (middle.newly_assigned, middle.no_longer_assigned) == (("A > C", "D"), ("A > B",))
    assert (middle.newly_dismissed, middle.no_longer_dismissed) == ((), ("D",))
    assert (newest.assigned, newest.newly_assigned, newest.record.after.reviewed) == (("A > C", "D"), (), True)
    records = [info.record for info in (first, middle, newest)]
    assert [record.after.revision for record in records] == [2, 3, 4]
    assert [record.after.annotator for record in records] == ["me", "you", "you"]
    assert [record.after.retrieval_mode for record in records] == [5, 5, 5]
    assert [record.cause for record in records] == [Cause.ANNOTATED] * 3
    assert [record.after.updated_us for record in records] == sorted({record.after.updated_us for record in records})


async def test_a_change_that_changes_nothing_leaves_no_trace(bench: Bench) -> None:
    await prepared(bench)
    for _ in range(2):
        await annotate(bench, AnnotationUpdate(DOCUMENT, ("D",)))
    assert len(history(bench)) == 1


async def test_what_was_cleared_and_said_again_is_one_story(bench: Bench) -> None:
    await prepared(bench)
    await annotate(bench, AnnotationUpdate(DOCUMENT, ("D",)))
    await annotate(bench, AnnotationUpdate(DOCUMENT, assigned=()), by="you")
    await bench.upload(item("d1", labels=("A > B",)))
    assert [(info.assigned, info.no_longer_assigned, info.record.cause) for info in history(bench)] == [
        (("A > B",), (), Cause.UPLOADED),
        ((), ("D",), Cause.ANNOTATED),
        (("D",), (), Cause.ANNOTATED),
    ]


async def test_the_story_of_a_deleted_document_is_kept(bench: Bench) -> None:
    await prepared(bench)
    await annotate(bench, AnnotationUpdate(DOCUMENT, ("D",)))
    await bench.use.deletions.delete("support", ["d1", "d10"])
    assert [(info.assigned, info.record.cause) for info in history(bench)] == [
        ((), Cause.DOCUMENT_DELETED),
        (("D",), Cause.ANNOTATED),
    ]
    assert history(bench, "sources/support/documents/d10") == []


async def test_changes_are_listed_page_after_page(bench: Bench) -> None:
    await prepared(bench)
    for number in range(5):
        await annotate(bench, AnnotationUpdate(DOCUMENT, reviewed=number % 2 == 0, assigned=("D",)))
    await annotate(bench, AnnotationUpdate("sources/support/documents/d10", ("D",)))
    found, token = [], ""
    for _ in range(3):
        page = bench.use.annotation_history.list_changes("support", DOCUMENT, PageRequest(2, token))
        found += [(info.record.after.revision, info.newly_assigned) for info in page.records]
        token = page.next_token
    assert token == ""
    assert found == [(6, ()), (5, ()), (4, ()), (3, ()), (2, ("D",))]


async def test_what_is_not_there_is_named(bench: Bench) -> None:
    await prepared(bench)
    list_changes = bench.use.annotation_history.list_changes
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        list_changes("gone", DOCUMENT, PageRequest())
    with refused(Code.NOT_FOUND, "SOURCE_NOT_FOUND", "document"):
        list_changes("support", "sources/gone/documents/d1", PageRequest())
    with refused(Code.INVALID, "INVALID_NAME", "document"):
        list_changes("support", "d1", PageRequest())
    with refused(Code.INVALID, "INVALID_PAGE_TOKEN"):
        list_changes("support", DOCUMENT, PageRequest(token="bm9uc2Vuc2U="))
    assert history(bench, "sources/support/documents/never") == []


@pytest.mark.parametrize(("etag", "reason"), [("0", ""), ("1-7", "ETAG_MISMATCH"), ("nonsense", "ETAG_MISMATCH")])
async def test_an_etag_of_nothing_guards_the_first_word(bench: Bench, etag: str, reason: str) -> None:
    await prepared(bench)
    answer = await bench.use.annotations.annotate("support", [AnnotationUpdate(DOCUMENT, ("D",), etag=etag)])
    assert [failure.reason for failure in answer.failures] == ([reason] if reason else [])


async def test_of_two_people_with_the_same_etag_one_is_refused(bench: Bench) -> None:
    await prepared(bench)
    await annotate(bench, AnnotationUpdate(DOCUMENT, ("D",)))
    etag = bench.use.annotations.get("support", DOCUMENT).etag
    updates = [AnnotationUpdate(DOCUMENT, assigned, etag=etag) for assigned in (("A > B",), ("A > C",))]
    answers = [await bench.use.annotations.annotate("support", [update]) for update in updates]
    assert [[failure.reason for failure in answer.failures] for answer in answers] == [[], ["ETAG_MISMATCH"]]
    assert bench.use.annotations.get("support", DOCUMENT).assigned == ("A > B",)


async def test_an_annotation_that_is_older_than_its_history_opens_it(bench: Bench) -> None:
    await prepared(bench)
    await annotate(bench, AnnotationUpdate(DOCUMENT, ("D",)), by="long ago")
    with bench.store.write() as txn:  # as an earlier server left it
        owner = datasets.get(txn, "support")
        assert owner is not None
        owner.has_history = False
        datasets.put(txn, owner)
        delete_prefix(txn, annotation_events.scope(owner.uid), 100)
    await annotate(bench, AnnotationUpdate(DOCUMENT, ("A > B",)))
    await annotate(bench, AnnotationUpdate(DOCUMENT, assigned=()))
    told = [(info.assigned, info.record.cause, info.record.after.annotator) for info in history(bench)]
    assert told == [
        ((), Cause.ANNOTATED, "me"),
        (("A > B",), Cause.ANNOTATED, "me"),
        (("D",), Cause.EARLIER, "long ago"),
    ]


async def test_the_history_goes_with_its_dataset(bench: Bench) -> None:
    await prepared(bench)
    await annotate(bench, AnnotationUpdate(DOCUMENT, ("D",)))
    uid = bench.use.datasets.get("support").uid
    await bench.use.datasets.delete("support")
    with bench.store.write() as txn:
        sweep(txn, 1_000)
        assert next(annotation_events.every(txn, uid), None) is None
