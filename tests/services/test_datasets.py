import pytest

from pinfold_server.errors import Code
from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.services.common.etags import etag_of
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.datasets.datasets import DatasetFields
from tests.services.refusals import refused
from tests.store.models import add_queued_run, add_tag, add_version
from tests.stores import Bench, item


async def test_a_dataset_without_sources_gets_one_of_its_own_name(bench: Bench) -> None:
    record = await bench.use.datasets.create("support", DatasetFields("Support", "What people write to us"))
    assert list(record.source_ids) == ["support"]
    assert bench.use.sources.get("support").title == "Support"
    assert bench.use.datasets.get("support") == record


async def test_a_dataset_can_read_sources_that_exist(bench: Bench) -> None:
    for source_id in ("mail", "chat"):
        await bench.use.sources.create(source_id, "")
    record = await bench.use.datasets.create("support", DatasetFields(source_ids=("mail", "chat")))
    assert list(record.source_ids) == ["mail", "chat"]
    with refused(Code.NOT_FOUND, "SOURCE_NOT_FOUND", "dataset.sources[1]"):
        await bench.use.datasets.create("other", DatasetFields(source_ids=("mail", "gone")))
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        bench.use.datasets.get("other")


async def test_a_taken_id_is_refused_and_nothing_is_left_of_the_attempt(bench: Bench) -> None:
    await bench.dataset()
    with refused(Code.EXISTS, "DATASET_EXISTS"):
        await bench.dataset()
    await bench.use.sources.create("taken", "")
    with refused(Code.EXISTS, "SOURCE_EXISTS"):
        await bench.dataset("taken")
    assert [record.id for record in bench.use.datasets.list_datasets(PageRequest()).records] == ["support"]


@pytest.mark.parametrize(
    ("sources", "field"),
    [((), "dataset.sources"), (("a",) * 65, "dataset.sources"), (("a", "b", "a"), "dataset.sources[2]")],
)
def test_a_list_of_sources_out_of_rule_is_refused(sources: tuple[str, ...], field: str) -> None:
    with refused(Code.INVALID, "INVALID_FIELD", field):
        DatasetFields(source_ids=sources)


def test_texts_for_people_have_limits() -> None:
    DatasetFields("t" * 128, "d" * 16_384)
    with refused(Code.INVALID, "TOO_LONG", "dataset.title"):
        DatasetFields("t" * 129)
    with refused(Code.INVALID, "TOO_LONG", "dataset.description"):
        DatasetFields(description="d" * 16_385)


async def test_an_update_changes_what_it_names_and_gives_a_new_etag(bench: Bench) -> None:
    before = await bench.use.datasets.create("support", DatasetFields("Title", "Description"))
    after = await bench.use.datasets.update("support", DatasetFields(title="New"), etag_of(before))
    assert (after.title, after.description) == ("New", "Description")
    assert etag_of(after) != etag_of(before)
    assert after.updated_us > before.updated_us
    with refused(Code.CONFLICT, "ETAG_MISMATCH"):
        await bench.use.datasets.update("support", DatasetFields(title="Newer"), etag_of(before))
    assert bench.use.datasets.get("support").title == "New"


async def test_an_update_that_changes_nothing_keeps_the_etag(bench: Bench) -> None:
    before = await bench.use.datasets.create("support", DatasetFields("Title"))
    assert await bench.use.datasets.update("support", DatasetFields("Title", "", ("support",))) == before


async def test_annotating_does_not_change_the_etag(bench: Bench) -> None:
    await bench.dataset()
    before = bench.use.datasets.get("support")
    await bench.upload(item("d", labels=("A",)))
    after = bench.use.datasets.get("support")
    assert after.revision == before.revision + 1
    assert etag_of(after) == etag_of(before)


async def test_a_source_with_annotations_stays_in_its_dataset(bench: Bench) -> None:
    await bench.dataset()
    await bench.use.sources.create("mail", "")
    await bench.upload(item("d", labels=("A",)))
    with refused(Code.PRECONDITION, "SOURCE_HAS_ANNOTATIONS"):
        await bench.use.datasets.update("support", DatasetFields(source_ids=("mail",)))
    cleared = AnnotationUpdate("sources/support/documents/d", assigned=(), reviewed=False)
    await bench.use.annotations.annotate("support", [cleared])
    record = await bench.use.datasets.update("support", DatasetFields(source_ids=("mail",)))
    assert list(record.source_ids) == ["mail"]


async def test_a_dataset_with_tags_is_deleted_only_by_force(bench: Bench) -> None:
    await bench.dataset()
    add_tag(bench.store, "support", "live", add_version(bench.store, "support", b"model", pinned=True))
    add_queued_run(bench.store, "support")
    with refused(Code.PRECONDITION, "DATASET_HAS_TAGS"):
        await bench.use.datasets.delete("support")
    await bench.use.datasets.delete("support", force=True)
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        bench.use.datasets.get("support")
    assert bench.use.sources.get("support").id == "support"


async def test_a_deletion_needs_the_etag_that_it_names(bench: Bench) -> None:
    await bench.dataset()
    old = etag_of(bench.use.datasets.get("support"))
    await bench.use.datasets.update("support", DatasetFields(title="New"))
    with refused(Code.CONFLICT, "ETAG_MISMATCH"):
        await bench.use.datasets.delete("support", old)
    await bench.use.datasets.delete("support", etag_of(bench.use.datasets.get("support")))
