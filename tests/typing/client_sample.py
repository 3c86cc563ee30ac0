"""What type checkers see of the public client. Checked by mypy, never run."""

from collections.abc import AsyncIterator, Iterator
from typing import assert_type

import pinfold


def sync_user(client: pinfold.Client) -> None:
    dataset = client.dataset("support")
    assert_type(dataset, pinfold.Dataset)
    assert_type(client.list_datasets(), Iterator[pinfold.Dataset])
    assert_type(dataset.upload([{"text": "a"}], progress=True), pinfold.UploadReport)
    run = dataset.train(pinfold.RunConfig(seed=1), algorithm=pinfold.Algorithm.LINEAR_SVM)
    assert_type(run, pinfold.Run)
    version = run.wait(60, progress=lambda info: print(info.fraction))
    assert_type(version, pinfold.Version)
    assert_type(version.pin(), pinfold.Version)
    assert_type(dataset.set_tag("live", version), pinfold.Tag)
    predictions = dataset.predict(("a", "b"), version=version, policy="balanced")
    assert_type(predictions, list[pinfold.Prediction])
    name, probability = predictions[0].labels[0]
    assert_type(name, str)
    assert_type(probability, float)
    dataset.train(sed=1)  # type: ignore[call-arg]  # a misspelt option is seen
    dataset.predict([1])  # type: ignore[list-item]
    dataset.upload(["a"])  # type: ignore[list-item]


def sync_consumer(stream: pinfold.Stream) -> None:
    for batch in stream.consume(100, timeout=60):
        assert_type(batch, pinfold.StreamBatch)
        with stream.processing(batch):
            assert_type(batch.items[0].prediction, pinfold.Prediction)
    assert_type(stream.advance(stream.fetch()), bool)


async def async_consumer(stream: pinfold.AsyncStream) -> None:
    async for batch in stream.consume():
        async with stream.processing(batch):
            assert_type(batch.items, tuple[pinfold.StreamItem, ...])
    assert_type(await stream.advance(await stream.fetch()), bool)


async def async_user(client: pinfold.AsyncClient) -> None:
    dataset = client.dataset("support")
    assert_type(dataset, pinfold.AsyncDataset)
    assert_type(client.list_datasets(), AsyncIterator[pinfold.AsyncDataset])
    run = await dataset.train(seed=1)
    assert_type(run, pinfold.AsyncRun)
    version = await run.wait()
    assert_type(version, pinfold.AsyncVersion)
    assert_type(await dataset.predict(["a"], version=version), list[pinfold.Prediction])
    async for document in dataset.documents():
        assert_type(document, pinfold.Document)


def handler(error: pinfold.PinfoldError) -> None:
    assert_type(error.reason, str)
    assert_type(error.retry_delay, float | None)
    assert_type(error.field_violations, tuple[pinfold.FieldViolation, ...])
