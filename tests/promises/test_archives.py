"""An archive moves a dataset between servers without a bit of what it predicts being changed."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

import pinfold
from tests.serving import HANG_SECONDS, Server, Trained, ticket_rows

TEXTS = ["where is my refund", "the courier lost my parcel", "", "sign in ünd two factor code \U0001f600"]


@pytest.fixture(scope="module")
def saved(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "tickets.pinfold"
    with pinfold.Client(trained.server.target) as client:
        states: list[pinfold.TransferProgress] = []
        report = client.dataset(trained.dataset).export_archive(path, progress=states.append)
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert report.size == path.stat().st_size == states[-1].done == states[-1].total
    rows = len(ticket_rows())
    assert (report.summary.documents, report.summary.annotations, report.summary.events) == (rows, rows, rows)
    assert (report.summary.versions, report.summary.tags) == (2, 2)
    return path


def answers(client: pinfold.Client, dataset: str) -> list[object]:
    handle = client.dataset(dataset)
    return [
        [(prediction.version, prediction.scores) for prediction in handle.predict(TEXTS, version=each, all_scores=True)]
        for each in ("live", "staging", 1, 2, "latest")
    ]


def test_another_server_predicts_the_same_bits_and_trains_the_same_file(
    trained: Trained, saved: Path, start_server: Callable[..., Server], tmp_path: Path
) -> None:
    other = start_server()
    with pinfold.Client(trained.server.target) as here, pinfold.Client(other.target, timeout=HANG_SECONDS) as there:
        states: list[pinfold.TransferProgress] = []
        report = there.import_archive(saved, progress=states.append)
        assert states[-1].finished
        assert report.dataset.id == trained.dataset
        ours, theirs = here.dataset(trained.dataset), there.dataset(trained.dataset)
        for mine, other_one in zip(ours.versions(), theirs.versions(), strict=True):
            assert mine.info == other_one.info
            assert mine.labels == other_one.labels
        assert answers(here, trained.dataset) == answers(there, trained.dataset)
        assert [tag.version for tag in ours.tags()] == [tag.version for tag in theirs.tags()]
        again = theirs.export_archive(tmp_path / "again.pinfold")
        assert again.sha256 == hashlib.sha256(saved.read_bytes()).hexdigest()
        version = theirs.train().wait(timeout=HANG_SECONDS)
        assert version.number == 3
        assert version.info.file.sha256 == ours.version(trained.first).info.file.sha256


def test_a_copy_on_the_same_server(trained: Trained, saved: Path) -> None:
    with pinfold.Client(trained.server.target) as client:
        with pytest.raises(pinfold.AlreadyExists) as raised:
            client.import_archive(saved)
        assert raised.value.reason == "DATASET_EXISTS"
        report = client.import_archive(saved, dataset_id="tickets-copy")
        assert report.dataset.sources == ("tickets-copy",)
        assert answers(client, "tickets-copy") == answers(client, trained.dataset)
        client.delete_dataset("tickets-copy", force=True)
        client.delete_source("tickets-copy")


async def test_the_async_client_moves_archives_too(trained: Trained, saved: Path, tmp_path: Path) -> None:
    async with pinfold.AsyncClient(trained.server.target) as client:
        path = tmp_path / "async.pinfold"
        report = await client.dataset(trained.dataset).export_archive(path)
        assert report.path == path
        assert await asyncio.to_thread(path.read_bytes) == saved.read_bytes()
        made = await client.import_archive(path, dataset_id="tickets-async")
        assert made.summary == report.summary
        await client.delete_dataset("tickets-async", force=True)
        await client.delete_source("tickets-async")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: b"", "ARCHIVE_FOREIGN"),
        (lambda data: b"text,label\nhello,a\n", "ARCHIVE_FOREIGN"),
        (lambda data: data[: len(data) // 2], "ARCHIVE_TRUNCATED"),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "ARCHIVE_DAMAGED"),
        (lambda data: data[:19] + b"\x02" + data[20:], "ARCHIVE_NEWER"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_and_leaves_nothing(
    trained: Trained, saved: Path, tmp_path: Path, damage: Callable[[bytes], bytes], reason: str
) -> None:
    path = tmp_path / "damaged"
    path.write_bytes(damage(saved.read_bytes()))
    with pinfold.Client(trained.server.target) as client:
        with pytest.raises(pinfold.InvalidArgument) as raised:
            client.import_archive(path, dataset_id="damaged")
        assert raised.value.reason == reason
        with pytest.raises(pinfold.NotFound):
            client.get_dataset("damaged")
        with pytest.raises(pinfold.NotFound):
            client.get_source("damaged")


def test_a_file_that_is_not_there_is_an_os_error(trained: Trained, tmp_path: Path) -> None:
    with pinfold.Client(trained.server.target) as client, pytest.raises(FileNotFoundError):
        client.import_archive(tmp_path / "gone")
