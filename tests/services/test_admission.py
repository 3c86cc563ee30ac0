"""Who is let in, who is turned away, and work that nobody waits for any more."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, Future

import pytest

from pinfold_server.domain.names import VersionRef
from pinfold_server.errors import AppError, Code
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.predictions.predictions import AsAnswer, PredictionService, PredictLimits, Query
from pinfold_server.services.predictions.served import ServedVersions
from pinfold_server.settings import Settings
from pinfold_server.store.env import Store
from tests.serving import Trained

LARGE = 600  # texts of a request that is scored in a thread
QUEUE = 3 * LARGE


class Gate(Executor):
    """Threads that are busy until the gate is opened; then everything runs at once, in order."""

    def __init__(self) -> None:
        self.ran = 0
        self._waiting: list[tuple[Future, Callable[[], object]]] = []

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future = Future()
        self._waiting.append((future, lambda: fn(*args, **kwargs)))
        return future

    def open(self) -> None:
        while self._waiting:
            future, work = self._waiting.pop(0)
            if future.set_running_or_notify_cancel():
                self.ran += 1
                future.set_result(work())


class Clock:
    """Goes on by the same step with every reading."""

    def __init__(self) -> None:
        self.seconds_a_reading = 0.0
        self._now = 0.0

    def __call__(self) -> float:
        self._now += self.seconds_a_reading
        return self._now


class Service:
    """Predictions over a real store, with a gate instead of threads and a clock of its own."""

    def __init__(self, store: Store, dataset: str) -> None:
        self.gate = Gate()
        served = ServedVersions(store, self.gate, memory_bytes_max=1 << 30)
        self.clock = Clock()
        limits = PredictLimits(queue_texts_max=QUEUE)
        self._service = PredictionService(store, served, self.gate, limits, saw=lambda *_: None, clock=self.clock)
        self._dataset = dataset

    def ask(self, count: int = LARGE, *, size: int = 0, time_left: float | None = None) -> "asyncio.Task":
        texts = [f"where is my refund {number}" for number in range(count)]
        query = Query(self._dataset, VersionRef(None, "live"), texts, Asked())
        return asyncio.create_task(self._service.predict_as(AsAnswer(), query, size, lambda: time_left))

    def check_unread(self, size: int) -> None:
        self._service.check_unread(size, lambda: None)

    async def answered(self, *tasks: "asyncio.Task") -> list[object]:
        """Opens the gate until all tasks have ended."""
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            self.gate.open()
        return await asyncio.gather(*tasks, return_exceptions=True)

    def figure(self, name: str) -> float:
        families = {family.name: family.samples[0] for family in self._service.meter.families()}
        sample = families[name]
        return sum(sample.counts) if sample.counts else sample.value


@pytest.fixture
async def service(trained: Trained) -> AsyncIterator[Service]:
    """The version `live` is loaded."""
    store = Store.open(trained.server.data, map_bytes=Settings().map_bytes)
    built = Service(store, trained.dataset)
    await built.answered(built.ask(1))
    built.gate.ran = 0
    yield built
    store.close()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_full_queue_is_let_in_and_one_request_more_is_refused(service):
    waiting = [service.ask() for _ in range(3)]
    await settle()
    one_more = service.ask()
    await settle()

    with pytest.raises(AppError) as refused:
        one_more.result()
    assert (refused.value.code, refused.value.reason) == (Code.EXHAUSTED, "OVERLOADED")
    assert refused.value.retry_after is not None
    assert service.figure("pinfold_predict_refused_total") == 1
    answers = await service.answered(*waiting)
    assert [len(answer.truncated) for answer in answers] == [LARGE] * 3


async def test_small_requests_are_answered_while_the_queue_of_large_ones_is_full(service):
    waiting = [service.ask() for _ in range(3)]
    await settle()

    answer = await service.ask(1)

    assert len(answer.truncated) == 1
    assert service.figure("pinfold_predict_refused_total") == 0
    await service.answered(*waiting)


async def test_small_requests_have_a_bound_of_their_own(trained):
    store = Store.open(trained.server.data, map_bytes=Settings().map_bytes)
    service = Service(store, trained.dataset)
    small = [service.ask(60) for _ in range(QUEUE // 60)]  # they wait for their version to be loaded
    await settle()
    one_more = service.ask(1)
    await settle()

    with pytest.raises(AppError, match="1800 texts wait") as refused:
        one_more.result()
    assert refused.value.reason == "OVERLOADED"
    answers = await service.answered(*small)
    assert [len(answer.truncated) for answer in answers] == [60] * len(small)
    store.close()


async def test_a_large_request_that_would_wait_beyond_its_deadline_is_refused_and_one_with_time_is_not(service):
    service.clock.seconds_a_reading = 0.5
    for _ in range(2):  # the pace is known: one large request in half a second
        await service.answered(service.ask(size=1_000))
    service.clock.seconds_a_reading = 0.0
    waiting = service.ask(size=1_000)
    await settle()
    hurried = service.ask(size=1_000, time_left=1.0)
    patient = service.ask(size=1_000, time_left=2.0)
    await settle()

    with pytest.raises(AppError) as refused:
        hurried.result()
    assert refused.value.reason == "OVERLOADED"
    assert refused.value.retry_after == pytest.approx(0.5)
    assert not patient.done()
    await service.answered(waiting, patient)


async def test_a_large_message_is_refused_before_it_is_read_when_it_would_wait_too_long(service):
    service.clock.seconds_a_reading = 0.5
    await service.answered(service.ask(size=1_000))
    service.clock.seconds_a_reading = 0.0
    service.check_unread(1 << 20)  # nothing is under way
    waiting = service.ask(size=1_000)
    await settle()

    with pytest.raises(AppError) as refused:
        service.check_unread(1 << 20)
    service.check_unread(1_000)  # it may be a small one

    assert refused.value.code is Code.EXHAUSTED
    await service.answered(waiting)


async def test_there_is_room_again_as_soon_as_others_are_answered_or_have_gone(service):
    first, second, third = (service.ask() for _ in range(3))
    await settle()
    second.cancel()
    await settle()
    fourth = service.ask()

    answers = await service.answered(first, third, fourth)
    assert [len(answer.truncated) for answer in answers] == [LARGE] * 3
    assert service.figure("pinfold_predict_refused_total") == 0


async def test_a_request_larger_than_the_queue_is_answered_when_nothing_waits(service):
    (answer,) = await service.answered(service.ask(QUEUE + 1))

    assert len(answer.truncated) == QUEUE + 1


async def test_work_whose_caller_has_gone_while_it_waited_for_a_thread_is_not_done(service):
    runs = service.figure("pinfold_predict_run_texts")
    gone, stays = service.ask(), service.ask()
    await settle()
    gone.cancel()  # what gRPC does when the caller hangs up or its deadline passes
    await service.answered(gone, stays)

    assert service.gate.ran == 1
    assert service.figure("pinfold_predict_run_texts") == runs + 1


async def test_a_small_request_whose_caller_has_gone_is_not_scored(service):
    await asyncio.gather(*(service.ask(1) for _ in range(20)))  # a crowd: who comes next waits for others
    runs = service.figure("pinfold_predict_run_texts")
    gone = service.ask(1)
    await asyncio.sleep(0)
    gone.cancel()
    await settle()

    assert service.figure("pinfold_predict_run_texts") == runs


async def test_a_request_whose_caller_has_gone_while_its_version_was_loaded_is_not_scored(trained):
    store = Store.open(trained.server.data, map_bytes=Settings().map_bytes)
    service = Service(store, trained.dataset)
    gone = service.ask(1)
    await settle()
    gone.cancel()
    await service.answered(gone)
    await settle()

    assert gone.cancelled()
    assert service.figure("pinfold_predict_run_texts") == 0
    store.close()
