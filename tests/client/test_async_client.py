"""What only the async client has to promise."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

import pinfold
from pinfold import _methods as methods
from pinfold.v1.dataset_pb2 import Dataset
from pinfold.v1.dataset_service_pb2 import UploadDocumentsResponse
from pinfold.v1.model_service_pb2 import ListVersionsResponse
from pinfold.v1.run_pb2 import Run
from pinfold.v1.version_pb2 import Version
from tests.client.scripted import ScriptedServer, Stall

SUPPORT = Dataset(name="datasets/support", sources=["sources/support"])


async def test_rows_may_come_from_an_async_generator(scripted: ScriptedServer) -> None:
    scripted.answer(methods.GET_DATASET, SUPPORT)
    scripted.answer(methods.UPLOAD_DOCUMENTS, UploadDocumentsResponse(new_count=2))

    async def rows() -> AsyncIterator[Mapping[str, Any]]:
        for text in ("one", "two"):
            await asyncio.sleep(0)
            yield {"text": text}

    async with pinfold.AsyncClient(scripted.target) as client:
        report = await client.dataset("support").upload(rows())
    assert report.new == 2


async def test_a_cancelled_task_ends_its_call(scripted: ScriptedServer) -> None:
    scripted.answer(methods.GET_DATASET, Stall())
    async with pinfold.AsyncClient(scripted.target) as client:
        task = asyncio.create_task(client.get_dataset("support"))
        while not scripted.calls(methods.GET_DATASET):
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_calls_run_side_by_side(scripted: ScriptedServer) -> None:
    scripted.answer(methods.GET_DATASET, SUPPORT)
    async with pinfold.AsyncClient(scripted.target) as client:
        datasets = await asyncio.gather(*(client.get_dataset("support") for _ in range(20)))
    assert {dataset.id for dataset in datasets} == {"support"}


async def test_a_watch_that_is_left_early_ends_its_stream(scripted: ScriptedServer) -> None:
    waiting = Run(name="datasets/support/runs/1", state="STATE_QUEUED")
    scripted.answer(methods.GET_RUN, waiting)
    scripted.answer(methods.WATCH_RUN, [waiting] * 1_000)
    async with pinfold.AsyncClient(scripted.target) as client:
        run = await client.dataset("support").run(1)
        news = run.watch()
        assert (await anext(news)).number == 1
        await news.aclose()  # type: ignore[attr-defined]  # a generator, typed as the iterator that callers need


async def test_what_needs_a_call_is_not_made_up(scripted: ScriptedServer) -> None:
    version = Version(name="datasets/support/versions/2", number=2, label_count=1)
    scripted.answer(methods.LIST_VERSIONS, ListVersionsResponse(versions=[version]))
    scripted.answer(methods.GET_VERSION, Version(name=version.name, number=2, label_count=1, labels=[{"name": "A"}]))
    async with pinfold.AsyncClient(scripted.target) as client:
        dataset = client.dataset("support")
        with pytest.raises(RuntimeError, match=r"datasets/support has not been read yet; `await` its refresh\(\)"):
            _ = dataset.info
        (listed,) = [version async for version in dataset.versions()]
        with pytest.raises(RuntimeError, match=r"labels of datasets/support/versions/2"):
            _ = listed.labels
        assert [label.name for label in (await listed.refresh()).labels] == ["A"]


def test_a_client_belongs_to_one_event_loop(scripted: ScriptedServer) -> None:
    scripted.answer(methods.GET_DATASET, SUPPORT)
    client = pinfold.AsyncClient(scripted.target)
    with asyncio.Runner() as first, asyncio.Runner() as second:
        first.run(client.get_dataset("support"))
        with pytest.raises(RuntimeError, match="another event loop"):
            second.run(client.get_dataset("support"))
        first.run(client.close())


async def test_a_client_that_is_forgotten_open_warns(scripted: ScriptedServer) -> None:
    scripted.answer(methods.GET_DATASET, SUPPORT)
    client = pinfold.AsyncClient(scripted.target)
    await client.get_dataset("support")
    with pytest.warns(ResourceWarning, match=r"unclosed pinfold\.AsyncClient"):
        del client


async def test_a_client_that_never_called_has_nothing_to_close() -> None:
    client = pinfold.AsyncClient("localhost:1")
    del client
