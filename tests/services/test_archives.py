"""A dataset leaves one store as a file and enters another: the same, or nothing of it."""

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinfold_server.domain.container import Packer, Unpacker
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import document_name
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.domain.runs.splits import Split
from pinfold_server.errors import AppError, Code
from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.services.annotations.splits import SplitChoice
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import RequestKey
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.datasets.imports import ImportTarget
from pinfold_server.services.labels.labels import LabelUpdate
from pinfold_server.services.runs import run_configs
from pinfold_server.store import garbage, keys
from pinfold_server.store.archive_pb2 import ArchiveBlock, ArchiveRecord
from pinfold_server.store.archives.archive_kinds import LEFT_OUT, TREATMENTS
from pinfold_server.store.storage_pb2 import ImportAnswer, RunConfigurationRecord, RunRecord
from pinfold_server.store.table import scan
from pinfold_server.store.tables import datasets, imports, run_configurations, runs
from tests.services.refusals import refused
from tests.store.models import add_queued_run, add_tag, add_version
from tests.stores import Bench, item, open_bench

HERE = ImportTarget()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Bench]:
    """Another server's store, with things of its own."""
    with open_bench(tmp_path / "other") as opened:
        yield opened
        assert opened.findings() == []


async def filled(bench: Bench) -> None:
    """Two sources, labels, a history with everything in it, runs and tags; no model, which only a trainer makes."""
    await bench.use.sources.create("mail", "Mails")
    await bench.dataset()
    await bench.use.datasets.update("support", DatasetFields(title="Title", source_ids=("support", "mail")))
    await bench.use.labels.upsert("support", [LabelUpdate("A > B", "about b"), LabelUpdate("C")])
    await bench.upload(*(item(f"d{n}", f"text {n}", ("A > B",) if n % 2 else None) for n in range(30)))
    await bench.upload(item("m/1", "from mail", ("C",)), item("m/2", "ünï\U0001f600"), source="mail")
    for assigned in (("C",), (), ("A",)):
        update = AnnotationUpdate("sources/support/documents/d2", assigned, reviewed=bool(assigned))
        await bench.use.annotations.annotate("support", [update], "ann")
    parts = [("support", "d3", Split.TEST), ("mail", "m/1", Split.TRAIN), ("support", "d4", Split.TRAIN)]
    choices = [SplitChoice(document_name(source, document), split) for source, document, split in parts]
    await bench.use.splits.choose("support", choices)
    await bench.use.deletions.delete("support", ["d1", "d4"])
    with bench.store.write() as txn:
        config = run_configs.to_record(RunConfig())
        run_configurations.put(txn, RunConfigurationRecord(id="fast", description="it is", config=config))
        owner = lookup.dataset(txn, "support")
        owner.last_run = 1
        datasets.put(txn, owner)
        record = RunRecord(number=1, state="failed", config=config, configuration_id="fast", ended_us=5)
        runs.put(txn, owner.uid, record)


async def exported(bench: Bench, dataset: str = "support") -> bytes:
    async with bench.use.exports.export(dataset) as archive:
        data = b"".join([piece async for piece in archive.pieces()])
        assert len(data) == archive.size
        return data


async def imported(
    bench: Bench, data: bytes, target: ImportTarget = HERE, once: RequestKey | None = None, piece: int = 1 << 16
) -> ImportAnswer:
    running = bench.use.imports.begin(target, once)
    try:
        for at in range(0, len(data), piece):
            await running.feed(data[at : at + piece])
        return await running.finish()
    finally:
        await running.abandon()


def seen(bench: Bench, dataset: str) -> object:
    """Everything that callers can ask of a dataset."""
    use, every = bench.use, PageRequest(1_000)
    owner = use.datasets.get(dataset)
    told = [
        (info.document, info.assigned, info.dismissed, info.record)
        for info in use.annotations.list_annotations(dataset, every).records
    ]
    found = use.documents.list_documents(None, every, dataset).records
    for one in found:
        one.record.ClearField("number")  # the order in which a server stored them
    texts = [(each.source_id, each.document_id, each.record, each.annotation) for each in found]
    stories = [
        use.annotation_history.list_changes(dataset, f"sources/support/documents/d{n}", every).records for n in range(5)
    ]
    labels = use.labels.list_labels(dataset, every).records
    parts = use.splits.list_splits(dataset, every).records
    return owner.revision, owner.title, list(owner.source_ids), owner.created_us, labels, told, texts, stories, parts


async def test_everything_comes_back_in_another_server(bench: Bench, other: Bench) -> None:
    await filled(bench)
    await other.dataset("its-own")
    answer = await imported(other, await exported(bench))
    assert answer.dataset.id == "support"
    assert seen(other, "support") == seen(bench, "support")
    assert list(answer.run_configurations_created) == ["fast"]
    assert await exported(other) == await exported(bench)


async def test_work_goes_on_where_it_was_left(bench: Bench, other: Bench) -> None:
    await filled(bench)
    await imported(other, await exported(bench))
    revision = other.use.datasets.get("support").revision
    answer = await other.upload(item("new", "text", ("A > B", "Z")), item("d3", "text 3", ("C",)))
    assert (answer.revision, answer.annotated_count) == (revision + 1, 2)


async def test_a_copy_beside_the_original_gets_names_of_its_own(bench: Bench) -> None:
    await filled(bench)
    data = await exported(bench)
    with refused(Code.EXISTS, "DATASET_EXISTS"):
        await imported(bench, data)
    with refused(Code.EXISTS, "SOURCE_EXISTS"):
        await imported(bench, data, ImportTarget("copy"))
    answer = await imported(bench, data, ImportTarget("copy", {"mail": "mail-copy"}))
    assert list(answer.dataset.source_ids) == ["copy", "mail-copy"]
    assert list(answer.run_configurations_created) == list(answer.run_configurations_kept) == []
    await bench.use.deletions.delete("copy", ["d0"])
    assert bench.use.documents.get("support", "d0").text == "text 0"


@pytest.mark.parametrize(
    ("target", "field"),
    [
        (ImportTarget("copy", {"gone": "x"}), "source_ids['gone']"),
        (ImportTarget("copy", {"mail": "copy"}), "source_ids"),
    ],
)
async def test_names_that_do_not_fit_are_refused(bench: Bench, target: ImportTarget, field: str) -> None:
    await filled(bench)
    with refused(Code.INVALID, "INVALID_FIELD", field):
        await imported(bench, await exported(bench), target)


@pytest.mark.parametrize(
    ("dataset", "sources", "field"), [("A b", {}, "dataset_id"), ("", {"a": "B"}, "source_ids['a']")]
)
def test_ids_out_of_rule_are_refused(dataset: str, sources: dict[str, str], field: str) -> None:
    with refused(Code.INVALID, "INVALID_ID", field):
        ImportTarget(dataset, sources)


async def test_other_options_under_the_same_name_stay_as_they_are(bench: Bench, other: Bench) -> None:
    await filled(bench)
    await other.use.sources.create("unrelated", "")
    with other.store.write() as txn:
        mine = run_configs.to_record(RunConfig(seed=7))
        run_configurations.put(txn, RunConfigurationRecord(id="fast", config=mine))
    answer = await imported(other, await exported(bench))
    assert list(answer.run_configurations_kept) == ["fast"]
    with other.store.read() as txn:
        kept = run_configurations.get(txn, "fast")
    assert kept is not None
    assert kept.config == mine


async def test_a_training_that_waits_stays_where_it_is(bench: Bench, other: Bench) -> None:
    await filled(bench)
    number = add_queued_run(bench.store, "support")
    await imported(other, await exported(bench))
    owner = other.use.datasets.get("support")
    with other.store.read() as txn:
        assert [record.number for _, record in runs.newest_first(txn, owner.uid)] == [1]
    assert owner.last_run == number


async def test_nothing_is_seen_of_an_import_under_way(bench: Bench, other: Bench) -> None:
    await filled(bench)
    data = await exported(bench)
    running = other.use.imports.begin(HERE)
    await running.feed(data)
    assert other.use.datasets.list_datasets(PageRequest()).records == []
    assert other.use.sources.list_sources(PageRequest()).records == []
    assert other.findings() == []
    await running.finish()
    assert other.use.datasets.get("support").revision == bench.use.datasets.get("support").revision


async def test_an_import_that_breaks_off_leaves_nothing(bench: Bench, other: Bench) -> None:
    await filled(bench)
    data = await exported(bench)
    running = other.use.imports.begin(HERE)
    await running.feed(data[: len(data) // 2])
    await running.abandon()
    assert_nothing_is_left(other)
    await imported(other, data)


async def test_an_import_whose_worker_died_is_swept_and_cannot_go_on(bench: Bench, other: Bench) -> None:
    await filled(bench)
    data = await exported(bench)
    running = other.use.imports.begin(HERE)
    await running.feed(data[:-100])
    with other.store.write() as txn:
        imports.expire(txn, 1 << 50)
    assert_nothing_is_left(other)
    with refused(Code.CONFLICT, "IMPORT_EXPIRED"):
        await running.feed(data[-100:])


def assert_nothing_is_left(bench: Bench) -> None:
    with bench.store.write() as txn:
        while garbage.sweep(txn, 1_000):
            pass
        left = {key[:1] for key, _ in scan(txn, b"")}
    assert left <= {keys.META, keys.COUNTER}


async def test_a_retry_gets_the_first_answer(bench: Bench, other: Bench) -> None:
    await filled(bench)
    data = await exported(bench)
    once = RequestKey("ImportDataset", "r", bytes(32))
    first = await imported(other, data, once=once)
    assert await imported(other, data, once=once) == first
    await bench.upload(item("more"))
    with refused(Code.INVALID, "REQUEST_ID_REUSED", "request_id"):
        await imported(other, await exported(bench), once=once)


async def test_limits_of_the_server_hold_for_archives(bench: Bench, tmp_path: Path) -> None:
    await filled(bench)
    data = await exported(bench)
    few = DatasetLimits(labels_max=2)
    with open_bench(tmp_path / "small", few) as small, refused(Code.EXHAUSTED, "TOO_MANY_LABELS"):
        await imported(small, data)
    with open_bench(tmp_path / "short", DatasetLimits(text_bytes_max=5)) as short:
        with refused(Code.INVALID, "TEXT_TOO_LONG"):
            await imported(short, data)
        assert_nothing_is_left(short)


Damage = Callable[[list[ArchiveRecord]], None]


def repacked(data: bytes, damage: Damage) -> bytes:
    """The archive with other contents, its frame in order."""
    unpacker = Unpacker()
    records = [ArchiveRecord.FromString(payload) for payload in unpacker.feed(data)]
    damage(records)
    packer = Packer()
    return packer.begin() + b"".join(packer.add(record.SerializeToString()) for record in records) + packer.end()


def block(records: list[ArchiveRecord], kind: bytes) -> ArchiveBlock:
    return next(record.block for record in records if record.block.kind == kind[0])


def without_end(records: list[ArchiveRecord]) -> None:
    records.pop()


def twice(records: list[ArchiveRecord]) -> None:
    records.insert(1, records[0])


def headless(records: list[ArchiveRecord]) -> None:
    records.pop(0)


def late_block(records: list[ArchiveRecord]) -> None:
    records.append(records[1])


def strange_kind(records: list[ArchiveRecord]) -> None:
    block(records, keys.LABEL).kind = keys.REQUEST[0]


def strange_source(records: list[ArchiveRecord]) -> None:
    block(records, keys.ANNOTATION).source = 9


def lost_value(records: list[ArchiveRecord]) -> None:
    block(records, keys.LABEL).values.pop()


def lost_entry(records: list[ArchiveRecord]) -> None:
    found = block(records, keys.ANNOTATION)
    found.keys.pop()
    found.values.pop()


def counted_loss(records: list[ArchiveRecord]) -> None:
    lost_entry(records)
    records[-1].end.counts[keys.ANNOTATION[0]] -= 1


def unreadable(records: list[ArchiveRecord]) -> None:
    block(records, keys.LABEL).values[0] = b"\xff"


def outside_the_dataset(records: list[ArchiveRecord]) -> None:
    block(records, keys.LABEL).keys[0] = b""


def running_run(records: list[ArchiveRecord]) -> None:
    block(records, keys.RUN).values[0] = RunRecord(
        number=1, state="running", claimed_by="trainer-0"
    ).SerializeToString()


def empty_text(records: list[ArchiveRecord]) -> None:
    block(records, keys.DOCUMENT).values[0] = b""


def bad_id(records: list[ArchiveRecord]) -> None:
    records[0].header.dataset.id = "No id"


def no_sources(records: list[ArchiveRecord]) -> None:
    del records[0].header.sources[:]


CONTRADICTIONS = {
    without_end: "no beginning or no end",
    twice: "in this order",
    headless: "in this order",
    late_block: "in this order",
    strange_kind: "do not belong to a dataset",
    strange_source: "has no source 9",
    lost_value: "keys without values",
    lost_entry: "should have",
    counted_loss: "annotation",
    unreadable: "cannot be read",
    outside_the_dataset: "has a key of",
    running_run: "is 'running'",
    bad_id: "dataset_id",
    no_sources: "has 0 sources",
}


@pytest.mark.parametrize("damage", CONTRADICTIONS, ids=lambda damage: damage.__name__)
async def test_an_archive_that_contradicts_itself_is_refused_whole(bench: Bench, other: Bench, damage: Damage) -> None:
    await filled(bench)
    data = repacked(await exported(bench), damage)
    with pytest.raises(AppError) as raised:
        await imported(other, data)
    assert (raised.value.code, raised.value.reason) == (Code.INVALID, "ARCHIVE_INVALID"), raised.value.message
    assert CONTRADICTIONS[damage] in raised.value.message
    assert_nothing_is_left(other)


async def test_a_document_out_of_rule_is_named(bench: Bench, other: Bench) -> None:
    await filled(bench)
    with refused(Code.INVALID, "EMPTY_TEXT", "data.documents['m/1'].text"):
        await imported(other, repacked(await exported(bench), empty_text))


async def test_a_model_file_that_is_none_is_refused(bench: Bench, other: Bench) -> None:
    """The files of these tests are no ONNX: whole and counted right, they still cannot answer."""
    await filled(bench)
    add_version(bench.store, "support", b"no model", pinned=True)
    add_tag(bench.store, "support", "live", 1)
    with pytest.raises(AppError) as raised:
        await imported(other, await exported(bench))
    assert raised.value.reason == "ARCHIVE_INVALID"
    assert "datasets/support/versions/1" in raised.value.message
    assert_nothing_is_left_but_files(other)


def assert_nothing_is_left_but_files(bench: Bench) -> None:
    with bench.store.write() as txn:
        while garbage.sweep(txn, 1_000):
            pass
        left = {key[:1] for key, _ in scan(txn, b"")}
    assert left <= {keys.META, keys.COUNTER, keys.ARTEFACT, keys.CHUNK}
    assert bench.findings() == []


async def test_a_dataset_that_is_not_there_cannot_be_exported(bench: Bench) -> None:
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        await exported(bench, "gone")


def test_an_archive_has_a_place_for_every_kind_of_record_of_a_dataset() -> None:
    assert set(TREATMENTS) | LEFT_OUT == set(keys.OF_DATASET)


PATHS = ("A", "A > B", "C")
documents = st.tuples(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=8),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).map("x".__add__),
    st.none() | st.sets(st.sampled_from(PATHS), max_size=2).map(sorted).map(tuple),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(documents, max_size=6, unique_by=lambda row: row[0]), max_size=4), st.integers(0, 9))
async def test_export_import_export_gives_the_same_bytes(
    batches: list[list[tuple[str, str, tuple[str, ...] | None]]], seed: int
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_bench(Path(folder) / "a") as first,
        open_bench(Path(folder) / "b") as second,
    ):
        await first.dataset()
        for rows in batches:
            await first.upload(*(item(*row) for row in rows))
            gone = [row[0] for row in rows if random.Random(seed).random() < 0.3]
            if gone:
                await first.use.deletions.delete("support", gone)
        data = await exported(first)
        await imported(second, data, piece=7_001)
        assert await exported(second) == data
        assert second.findings() == []
