"""Datasets taken back: exactly what was, nothing lost, and every invariant kept (the fixture checks them)."""

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pinfold_server.domain.labels.annotations import Cause
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import VersionRef
from pinfold_server.errors import AppError, Code
from pinfold_server.services.annotations import restores
from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.services.annotations.restores import RestoreService, RestoreTarget
from pinfold_server.services.common.changes import RequestKey
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.labels.label_moves import LabelMoveService
from pinfold_server.services.labels.labels import LabelUpdate
from pinfold_server.store.storage_pb2 import RestoreAnswer
from pinfold_server.store.tables import datasets, label_events
from tests.services.refusals import refused
from tests.stores import Bench, item, open_bench

EVERY = PageRequest(1_000)


async def restored(bench: Bench, revision: int, **options: object) -> RestoreAnswer:
    target = RestoreTarget(revision=revision, **options)  # type: ignore[arg-type]
    return await RestoreService(bench.changes, DatasetLimits(), pins_max=2).restore("support", target, "boss")


def moves(bench: Bench) -> LabelMoveService:
    return LabelMoveService(bench.store, bench.changes, DatasetLimits())


def said(bench: Bench) -> dict[str, object]:
    """All that trainings learn from, and all counts."""
    owner = bench.use.datasets.get("support")
    annotations = {
        info.document: (info.assigned, info.dismissed, info.record.reviewed, info.record.annotator)
        for info in bench.use.annotations.list_annotations("support", EVERY).records
    }
    labels = {
        label.name: (label.number, label.assigned_count, label.dismissed_count)
        for label in bench.use.labels.list_labels("support", EVERY).records
    }
    counts = (owner.annotated_count, owner.reviewed_count, owner.label_count)
    return {"annotations": annotations, "labels": labels, "counts": counts}


async def annotate(bench: Bench, document: str, *labels: str, by: str = "ann", **more: object) -> None:
    update = AnnotationUpdate(f"sources/support/documents/{document}", labels, **more)  # type: ignore[arg-type]
    answer = await bench.use.annotations.annotate("support", [update], by)
    assert not answer.failures, answer.failures


async def prepared(bench: Bench) -> int:
    """The revision to which the tests return."""
    await bench.dataset()
    await bench.use.labels.upsert("support", [LabelUpdate("A > B", "about b"), LabelUpdate("C")])
    await bench.upload(item("d1", labels=("A > B",)), item("d2", labels=("C",)), item("d3"), item("d4"))
    await annotate(bench, "d3", "A", reviewed=False, dismissed=("C",))
    return bench.use.datasets.get("support").revision


async def changed(bench: Bench) -> None:
    await annotate(bench, "d1", "C", by="bob")
    await annotate(bench, "d2", reviewed=False)
    await annotate(bench, "d4", "A > B")
    await bench.use.labels.upsert("support", [LabelUpdate("Z > Y")])
    await moves(bench).rename("support", "A", "N > A")
    await moves(bench).rename("support", "C", "N > A > B")
    await moves(bench).delete("support", "Z", force=True)


async def test_labels_and_annotations_are_again_what_they_were(bench: Bench) -> None:
    revision = await prepared(bench)
    before = said(bench)
    await changed(bench)
    then = bench.use.datasets.get("support").revision
    answer = await restored(bench, revision)
    assert said(bench) == before
    assert (answer.restored_revision, answer.previous_revision, answer.revision) == (revision, then, then + 1)
    assert bench.use.datasets.get("support").revision == then + 1
    assert answer.missing_count == 0


async def test_a_restoration_is_taken_back_by_restoring_what_was_before(bench: Bench) -> None:
    revision = await prepared(bench)
    await changed(bench)
    later = said(bench)
    answer = await restored(bench, revision)
    again = await restored(bench, answer.previous_revision)
    assert said(bench) == later
    assert again.revision == answer.revision + 1


async def test_the_histories_tell_of_it(bench: Bench) -> None:
    revision = await prepared(bench)
    await changed(bench)
    await restored(bench, revision)
    newest = bench.use.annotation_history.list_changes("support", "sources/support/documents/d1", EVERY).records[0]
    assert (newest.record.cause, newest.record.actor, newest.record.after.annotator) == (Cause.RESTORED, "boss", "ann")
    assert newest.assigned == ("A > B",)
    assert moves(bench).history("support", "C", EVERY).records[0].actor == "boss"


async def test_what_is_so_already_makes_no_revision(bench: Bench) -> None:
    revision = await prepared(bench)
    same = await restored(bench, revision)
    assert (same.revision, same.annotation_count, same.label_count) == (revision, 0, 0)
    await annotate(bench, "d2", "A")
    await annotate(bench, "d2", "C")
    answer = await restored(bench, revision)
    assert (answer.revision, answer.annotation_count, answer.label_count) == (revision + 2, 0, 0)


async def test_back_to_the_empty_beginning(bench: Bench) -> None:
    await prepared(bench)
    await restored(bench, 0)
    assert said(bench) == {"annotations": {}, "labels": {}, "counts": (0, 0, 0)}


async def test_documents_that_are_gone_are_told_and_stay_gone(bench: Bench) -> None:
    revision = await prepared(bench)
    await bench.use.deletions.delete("support", ["d1", "d4"])
    answer = await restored(bench, revision)
    assert (answer.missing_count, list(answer.missing)) == (1, ["sources/support/documents/d1"])
    assert set(said(bench)["annotations"]) == {f"sources/support/documents/{name}" for name in ("d2", "d3")}  # type: ignore[call-overload]


async def test_work_goes_on_after_it(bench: Bench) -> None:
    revision = await prepared(bench)
    await changed(bench)
    await restored(bench, revision)
    await bench.use.labels.upsert("support", [LabelUpdate("Z > Y")])
    await annotate(bench, "d4", "Z > Y", "C")
    assert bench.use.annotations.get("support", "sources/support/documents/d4").assigned == ("C", "Z > Y")


async def test_somebody_was_faster(bench: Bench) -> None:
    revision = await prepared(bench)
    await annotate(bench, "d2", "A")
    with refused(Code.CONFLICT, "REVISION_MISMATCH"):
        await restored(bench, 1, expected=revision)
    await restored(bench, revision, expected=revision + 1)


@pytest.mark.parametrize("revision", [-1, 99])
async def test_a_revision_that_is_not_there_is_refused(bench: Bench, revision: int) -> None:
    await prepared(bench)
    with refused(Code.INVALID, "INVALID_FIELD", "revision"):
        await restored(bench, revision)


async def test_versions_that_are_not_there_are_refused(bench: Bench) -> None:
    await prepared(bench)
    service = RestoreService(bench.changes, DatasetLimits(), pins_max=2)
    with refused(Code.NOT_FOUND, "VERSION_NOT_FOUND"):
        await service.restore("support", RestoreTarget(VersionRef(7, None)))
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        await service.restore("gone", RestoreTarget(revision=0))


def without_history(bench: Bench, _: pytest.MonkeyPatch) -> None:
    with bench.store.write() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        owner.has_history = False
        datasets.put(txn, owner)


def with_forgotten_labels(_: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_events, "KEPT_MAX", 1)


@pytest.mark.parametrize("forget", [without_history, with_forgotten_labels], ids=lambda forget: forget.__name__)
async def test_a_history_that_does_not_reach_back_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, forget: Callable[[Bench, pytest.MonkeyPatch], None]
) -> None:
    await prepared(bench)
    await annotate(bench, "d2", "A")
    before = said(bench)
    forget(bench, monkeypatch)
    with refused(Code.PRECONDITION, "HISTORY_INCOMPLETE"):
        await restored(bench, 0)
    assert said(bench) == before


async def test_more_than_one_step_can_hold_is_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await prepared(bench)
    monkeypatch.setattr(restores, "ANNOTATIONS_MAX", 2)
    with refused(Code.PRECONDITION, "TOO_MANY_ANNOTATIONS"):
        await restored(bench, 0)


async def test_a_retry_restores_once(bench: Bench) -> None:
    revision = await prepared(bench)
    await annotate(bench, "d2", "A")
    service, once = (
        RestoreService(bench.changes, DatasetLimits(), pins_max=2),
        RequestKey("RestoreDataset", "r", bytes(32)),
    )
    first = await service.restore("support", RestoreTarget(revision=revision), "boss", once)
    await annotate(bench, "d2", "A")
    assert await service.restore("support", RestoreTarget(revision=revision), "boss", once) == first
    assert bench.use.annotations.get("support", "sources/support/documents/d2").assigned == ("A",)


PATHS = ("A", "A > B", "C", "C > D")
paths = st.sampled_from(PATHS)


class Restorations(RuleBasedStateMachine):
    """Whatever happened, every earlier revision can be had again, exactly."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.bench = self.stack.enter_context(open_bench(Path(folder) / "store"))
        self.runner = self.stack.enter_context(asyncio.Runner())
        self.runner.run(self.bench.dataset())
        self.runner.run(self.bench.upload(item("d1"), item("d2"), item("d3"), dataset=None))
        self.seen = {0: said(self.bench)}

    def teardown(self) -> None:
        with self.stack:
            assert self.bench.findings() == []

    def attempt(self, work: object) -> None:
        """Some steps are refused: a label that is not there, one below itself. Those must change nothing."""
        try:
            self.runner.run(work)  # type: ignore[arg-type]
        except AppError:
            assert self.bench.use.datasets.get("support").revision in self.seen

    @rule(document=st.sampled_from(["d1", "d2"]), labels=st.sets(paths, max_size=2), reviewed=st.booleans())
    def annotate(self, document: str, labels: set[str], reviewed: bool) -> None:
        update = AnnotationUpdate(f"sources/support/documents/{document}", tuple(labels), reviewed=reviewed)
        self.attempt(self.bench.use.annotations.annotate("support", [update]))

    @rule(document=st.sampled_from(["d1", "d2"]), labels=st.sets(paths, max_size=2))
    def dismiss(self, document: str, labels: set[str]) -> None:
        update = AnnotationUpdate(f"sources/support/documents/{document}", dismissed=tuple(labels))
        self.attempt(self.bench.use.annotations.annotate("support", [update]))

    @rule(label=paths)
    def make(self, label: str) -> None:
        self.attempt(self.bench.use.labels.upsert("support", [LabelUpdate(label)]))

    @rule(label=paths, new=paths)
    def rename(self, label: str, new: str) -> None:
        self.attempt(moves(self.bench).rename("support", label, new))

    @rule(label=paths, into=st.none() | paths)
    def delete(self, label: str, into: str | None) -> None:
        self.attempt(moves(self.bench).delete("support", label, into or "", force=True))

    @precondition(lambda self: len(self.seen) > 1)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        revision = data.draw(st.sampled_from(sorted(self.seen)))
        self.runner.run(restored(self.bench, revision))
        assert said(self.bench) == self.seen[revision]

    @invariant()
    def remember(self) -> None:
        self.seen.setdefault(self.bench.use.datasets.get("support").revision, said(self.bench))


TestRestorations = Restorations.TestCase
TestRestorations.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
