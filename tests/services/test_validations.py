"""Validations of versions on a real store: old versions, samples, pages, and answers that would be too large."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.quality.outcomes import Outcome
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.domain.runs.splits import Split
from pinfold_server.errors import Code
from pinfold_server.rpc.convert.convert_validations import validation_to_pb
from pinfold_server.services.annotations.splits import SplitChoice
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.quality import validations
from pinfold_server.services.quality.held_outs import HeldOutCache, KeptValidation
from pinfold_server.services.quality.threshold_search import ThresholdQuery, ThresholdSearch
from pinfold_server.services.quality.validation_documents import DocumentsQuery, ValidationDocuments
from pinfold_server.services.quality.validations import Validated, ValidationQuery, ValidationService
from pinfold_server.services.runs.runs import RunService
from pinfold_server.store.storage_pb2 import MetricsRecord, VersionLabelRecord, VersionRecord
from pinfold_server.store.tables import held_out
from pinfold_server.training.loop import Trainer
from pinfold_server.training.validate import held_out as keeping
from tests.domain.held_outs import made_up
from tests.services.refusals import refused
from tests.serving import ticket_rows
from tests.stores import Bench, item

FIRST = VersionRef(1, None)


@dataclass(frozen=True, slots=True)
class Asking:
    """The services over one bench."""

    validations: ValidationService
    thresholds: ThresholdSearch
    documents: ValidationDocuments

    async def get(self, asked: Asked | None = None, curve_points: int | None = None) -> Validated:
        return await self.validations.get(ValidationQuery("support", FIRST, asked or Asked(), curve_points))


@pytest.fixture
def asking(bench: Bench) -> Iterator[Asking]:
    with ThreadPoolExecutor(1) as executor:
        cache, slow = HeldOutCache(bench.store), SlowWork(executor)
        yield Asking(
            ValidationService(cache, slow), ThresholdSearch(cache, slow), ValidationDocuments(bench.store, cache, slow)
        )


async def fill(bench: Bench, rows: int = 1_000) -> None:
    await bench.dataset()
    told = ticket_rows()[:rows]
    await bench.upload(*(item(str(row["id"]), str(row["text"]), tuple(row["labels"])) for row in told))  # type: ignore[arg-type]
    await RunService(bench.store, bench.changes, waiting_max=10).train("support", RunConfig())
    assert Trainer(bench.store, "trainer-0", lambda: 1_000_000).tick()


def forget(bench: Bench) -> None:
    with bench.store.write() as txn:
        for source_uid, number in held_out.kept(txn, 1):
            held_out.delete(txn, 1, source_uid, number)


async def test_of_an_old_version_the_figures_are_left(bench: Bench, asking: Asking) -> None:
    await fill(bench)
    before = validation_to_pb(await asking.get())
    forget(bench)
    after = validation_to_pb(await asking.get())
    assert (before.detailed, after.detailed) == (True, False)
    assert after.metrics == before.metrics
    assert not after.HasField("all_labels")
    assert not after.confusions
    for told, left in zip(before.labels, after.labels, strict=True):
        assert not left.HasField("counts")
        for name in ("name", "test_count", "reliable", "threshold", "quality", "average_precision", "thresholds"):
            assert getattr(left, name) == getattr(told, name), name
    assert [label.name for label in validation_to_pb(await asking.get(Asked(labels=("Login",)))).labels] == ["Login"]
    with refused(Code.INVALID, "UNKNOWN_LABEL", "labels[0]"):
        await asking.get(Asked(labels=("Nonsense",)))
    with refused(Code.INVALID, "UNKNOWN_LABEL", "thresholds['Nonsense']"):
        await asking.get(Asked(thresholds=(("Nonsense", 0.5),)))
    with refused(Code.PRECONDITION, "VALIDATION_NOT_KEPT"):
        await asking.thresholds.find(ThresholdQuery("support", FIRST, 0.9, None))
    with refused(Code.PRECONDITION, "VALIDATION_NOT_KEPT"):
        await asking.documents.list_documents(documents_of("Login"))


async def test_a_label_with_few_examples_is_told_to_be_unreliable(bench: Bench, asking: Asking) -> None:
    await fill(bench, rows=32 + 22)
    found = validation_to_pb(await asking.get())
    told = {label.name: (label.reliable, label.missing_count) for label in found.labels}
    assert told == {"Billing": (True, 0), "Billing > Refund": (True, 0), "Billing > Invoice": (False, 3)}
    assert found.unreliable_count == 1


def test_the_safe_mean_leaves_unreliable_labels_out() -> None:
    record = VersionRecord(number=1, metrics=MetricsRecord(validation_mode="holdout"))
    unseen = made_up(7, 80, 3)
    labels = tuple(
        VersionLabelRecord(name=name, train_count=count)
        for name, count in zip(unseen.label_names, (19, 20, 90), strict=True)
    )
    kept = KeptValidation("support", record, labels, unseen)
    details = validations.work_out(kept, kept.selection(Asked()), None)
    own = [label.average_precision for label in details.labels]
    assert None not in own
    assert details.mean_average_precision == pytest.approx(sum(filter(None, own)) / 3)
    assert details.reliable_mean_average_precision == pytest.approx(sum(filter(None, own[1:])) / 2)


async def test_a_part_of_a_large_validation_says_that_it_is_one(
    bench: Bench, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "CELLS_MAX", 100)
    await fill(bench)
    found = validation_to_pb(await asking.get())
    assert found.sampled
    assert found.document_count == 20 < found.metrics.test_size == len(ticket_rows())


async def test_more_points_than_fit_in_an_answer_are_refused(
    bench: Bench, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(bench)
    monkeypatch.setattr(validations, "POINTS_IN_ALL", 60)
    with refused(Code.INVALID, "TOO_MANY_POINTS", "curve_points"):
        await asking.get(curve_points=0)
    found = await asking.get(curve_points=12)
    assert found.details is not None
    assert sum(len(label.curve.counts) for label in found.details.labels if label.curve is not None) <= 60


def documents_of(label: str, page: PageRequest | None = None) -> DocumentsQuery:
    return DocumentsQuery("support", FIRST, label, Outcome.TRUE_NEGATIVE, 1.0, page or PageRequest())


async def test_pages_of_documents_meet_and_tell_of_deleted_ones(bench: Bench, asking: Asking) -> None:
    await fill(bench)
    whole = await asking.documents.list_documents(documents_of("Login"))
    assert whole.total == len(whole.documents) == 96
    paged, token = [], ""
    while len(paged) < 96:
        page = await asking.documents.list_documents(documents_of("Login", PageRequest(40, token)))
        assert page.total == 96
        paged += page.documents
        token = page.next_token
    assert (tuple(paged), token) == (whole.documents, "")
    with refused(Code.INVALID, "INVALID_PAGE_TOKEN"):
        first = await asking.documents.list_documents(documents_of("Login", PageRequest(40)))
        await asking.documents.list_documents(documents_of("Delivery", PageRequest(40, first.next_token)))
    assert all(one.record is not None and one.record.text for one in whole.documents)


async def test_many_questions_at_once_get_the_same_answer(bench: Bench, asking: Asking) -> None:
    await fill(bench)
    answers = await asyncio.gather(*(asking.get() for _ in range(8)))
    told = {validation_to_pb(answer).SerializeToString(deterministic=True) for answer in answers}
    assert len(told) == 1


async def test_a_version_that_was_tested_on_nothing_says_so(bench: Bench, asking: Asking) -> None:
    await fill(bench)
    names = [f"sources/support/documents/{row['id']}" for row in ticket_rows()]
    await bench.use.splits.choose("support", [SplitChoice(name, Split.TRAIN) for name in names])
    await RunService(bench.store, bench.changes, waiting_max=10).train("support", RunConfig())
    assert Trainer(bench.store, "trainer-0", lambda: 1_000_000).tick()
    second = VersionRef(2, None)
    found = validation_to_pb(await asking.validations.get(ValidationQuery("support", second, Asked())))
    assert (found.detailed, found.metrics.test_size) == (False, 0)
    with refused(Code.PRECONDITION, "NOTHING_HELD_OUT"):
        await asking.thresholds.find(ThresholdQuery("support", second, 0.9, None))
