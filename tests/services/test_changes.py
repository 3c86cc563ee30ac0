import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinfold_server.errors import AppError, Code
from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.services.common.changes import RequestKey
from pinfold_server.services.common.etags import etag_of
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.store.storage_pb2 import RequestRecord
from pinfold_server.store.tables import requests
from pinfold_server.store.tables.requests import KEPT_US
from tests.services.refusals import refused
from tests.stores import Bench, item


async def test_changes_made_at_the_same_time_all_count(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(*(item(f"d{n}", labels=("A",)) for n in range(40)))
    before = bench.use.datasets.get("support").revision
    updates = (AnnotationUpdate(f"sources/support/documents/d{n}", assigned=()) for n in range(40))
    await asyncio.gather(*(bench.use.annotations.annotate("support", [update]) for update in updates))
    record = bench.use.datasets.get("support")
    assert (record.revision, record.annotated_count, record.reviewed_count) == (before + 40, 40, 40)


async def test_the_same_request_sent_many_times_at_once_is_done_once(bench: Bench) -> None:
    once = RequestKey("CreateDataset", "r", bytes(32))
    wanted = DatasetFields("Support")
    answers = await asyncio.gather(*(bench.use.datasets.create("support", wanted, once) for _ in range(10)))
    assert all(answer == answers[0] for answer in answers)


async def test_of_changes_on_one_etag_exactly_one_wins(bench: Bench) -> None:
    await bench.dataset()
    etag = etag_of(bench.use.datasets.get("support"))
    changes = (bench.use.datasets.update("support", DatasetFields(f"Title {n}"), etag) for n in range(10))
    outcomes = await asyncio.gather(*changes, return_exceptions=True)
    lost = [outcome for outcome in outcomes if isinstance(outcome, AppError)]
    assert [error.reason for error in lost] == ["ETAG_MISMATCH"] * 9


async def test_an_answer_is_forgotten_after_a_day(bench: Bench) -> None:
    once = RequestKey("CreateSource", "r", bytes(32))
    made = await bench.use.sources.create("mail", "", once)
    with bench.store.write() as txn:
        assert requests.expire(txn, made.created_us + KEPT_US - 1, 10) == 0
    assert await bench.use.sources.create("mail", "", once) == made
    with bench.store.write() as txn:
        assert requests.expire(txn, made.created_us + KEPT_US + 1_000, 10) == 1
    with refused(Code.EXISTS, "SOURCE_EXISTS"):
        await bench.use.sources.create("mail", "", once)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(ages=st.lists(st.integers(0, 3 * KEPT_US), max_size=8), limit=st.integers(1, 8))
def test_answers_are_forgotten_oldest_first_and_no_more_than_the_limit(
    bench: Bench, ages: list[int], limit: int
) -> None:
    now_us = 10 * KEPT_US
    with bench.store.write() as txn:
        requests.expire(txn, 100 * KEPT_US, 1_000)
        for number, age in enumerate(ages):
            record = RequestRecord(created_us=now_us - age)
            requests.put(txn, "Train", str(number), record)
        old = sorted((age for age in ages if age >= KEPT_US), reverse=True)
        assert requests.expire(txn, now_us, limit) == min(limit, len(old))
        left = sorted(age for number, age in enumerate(ages) if requests.get(txn, "Train", str(number)))
        assert left == sorted([age for age in ages if age < KEPT_US] + old[limit:])
