"""Processes are killed while everything goes on; what was answered must still be there, and nothing may be half done.

PINFOLD_CRASHES sets the number of kills (default 50). kill -9 does not test a power cut: the page cache survives it.
"""

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pinfold
from pinfold import RetryPolicy
from tests.crash.processes import check_store, children, until_ended
from tests.serving import HANG_SECONDS, Server, until

KILLS = int(os.environ.get("PINFOLD_CRASHES", "50"))
PAUSE_SECONDS = (0.02, 0.8)
STUBBORN = RetryPolicy(max_attempts=10_000, initial_backoff=0.05, max_backoff=0.5)
TEXTS = {"Billing": "refund of invoice number {}", "Delivery": "parcel {} was lost by the courier"}


class Acknowledged:
    """What the server has answered, in the words of its callers."""

    def __init__(self) -> None:
        self.documents: list[str] = []
        self.pinned: dict[int, str] = {}
        self.live: list[int] = []
        self.answers = 0


class Traffic:
    """Callers in threads of their own; the first error of any of them is raised at the end."""

    def __init__(self, server: Server, retry: RetryPolicy = STUBBORN) -> None:
        self.acknowledged = Acknowledged()
        self._server = server
        self._retry = retry
        self._stop = threading.Event()
        self._errors: list[BaseException] = []
        jobs = (self._upload, self._train_pin_and_tag, self._predict)
        self._threads = [threading.Thread(target=self._guard, args=(job,)) for job in jobs]
        for thread in self._threads:
            thread.start()

    def until_live(self) -> None:
        """Returns once `live` was set for the first time."""
        until(lambda: bool(self.acknowledged.live) or self._stop.is_set(), lambda: "nothing went live")

    def until_answered(self) -> None:
        """Returns once another text was predicted."""
        before = self.acknowledged.answers
        until(lambda: self.acknowledged.answers > before or self._stop.is_set(), lambda: "nothing is answered any more")

    def finish(self) -> Acknowledged:
        self._stop.set()
        for thread in self._threads:
            thread.join(HANG_SECONDS)
            assert not thread.is_alive()
        if self._errors:
            raise self._errors[0]
        return self.acknowledged

    def _guard(self, job: Callable[[pinfold.Dataset], None]) -> None:
        try:
            patience = {"timeout": HANG_SECONDS, "predict_timeout": HANG_SECONDS}
            with pinfold.Client(self._server.target, retry=self._retry, **patience) as client:
                job(client.dataset("crash"))
        except BaseException as error:
            self._errors.append(error)
            self._stop.set()

    def _upload(self, dataset: pinfold.Dataset) -> None:
        number = 1_000
        while not self._stop.is_set():
            rows = []
            for label, text in TEXTS.items():
                rows.append({"id": f"{label}-{number}", "text": text.format(number), "labels": [label]})
                number += 1
            report = dataset.upload(rows)
            assert report.failed == 0, report.failures
            self.acknowledged.documents += [row["id"] for row in rows]

    def _train_pin_and_tag(self, dataset: pinfold.Dataset) -> None:
        while not self._stop.is_set():
            run = dataset.train(max_features=500)
            version = run.wait(timeout=HANG_SECONDS).pin()
            self.acknowledged.pinned[version.number] = version.file.sha256
            dataset.set_tag("live", version)
            self.acknowledged.live.append(version.number)

    def _predict(self, dataset: pinfold.Dataset) -> None:
        while not self._stop.is_set():
            if not self.acknowledged.live:
                time.sleep(0.01)
                continue
            newest_before = self.acknowledged.live[-1]
            (answer,) = dataset.predict(["where is my refund"], all_scores=True)
            assert answer.version >= newest_before, "an answer by a version from before the last switch"
            self.acknowledged.answers += 1


def prepare(server: Server) -> None:
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
        dataset = client.create_dataset("crash")
        dataset.upload(
            {"id": f"{label}-{number}", "text": text.format(number), "labels": [label]}
            for label, text in TEXTS.items()
            for number in range(10)
        )


def kill_at_random(server: Server, kills: int, seed: int) -> dict[str, int]:
    chance = random.Random(seed)
    killed = {"worker": 0, "trainer": 0}
    while sum(killed.values()) < kills:
        time.sleep(chance.uniform(*PAUSE_SECONDS))
        assert server.process.poll() is None, server.log.read_text()
        alive = children(server)
        if not alive:
            continue
        role, pid = chance.choice(alive)
        os.kill(pid, signal.SIGKILL)
        killed[role] += 1
    return killed


def verify(server: Server, acknowledged: Acknowledged, folder: Path) -> None:
    """Every answered write is there, whole."""
    with pinfold.Client(server.target, timeout=HANG_SECONDS, retry=STUBBORN) as client:
        dataset = client.dataset("crash")
        assert set(acknowledged.documents) <= {document.id for document in dataset.documents()}
        annotated = {annotation.document_id for annotation in dataset.annotations()}
        assert set(acknowledged.documents) <= annotated
        for number, sha256 in acknowledged.pinned.items():
            version = dataset.version(number)
            assert (version.pinned, version.available, version.file.sha256) == (True, True, sha256)
        number = max(acknowledged.pinned)
        dataset.version(number).download(folder / "model.onnx")  # checks the digest
        assert dataset.tag("live").version >= acknowledged.live[-1]
        numbers = [version.number for version in dataset.versions()]
        assert numbers == sorted(set(numbers), reverse=True)


def test_no_answered_write_is_lost_while_workers_and_trainers_are_killed(start_server, tmp_path):
    server = start_server(workers=2, flags=["--pins-max", "10000"])
    prepare(server)
    traffic = Traffic(server)
    try:
        traffic.until_live()
        killed = kill_at_random(server, KILLS, seed=7)
        traffic.until_answered()
    finally:
        acknowledged = traffic.finish()

    assert min(killed.values()) > 0
    assert acknowledged.documents
    assert acknowledged.pinned
    assert acknowledged.answers > 0
    verify(server, acknowledged, tmp_path)
    assert server.stop() == 0
    check_store(server.data)


def test_a_killed_supervisor_takes_its_children_along_and_the_next_start_finds_everything(start_server, tmp_path):
    server = start_server(workers=2)
    prepare(server)
    traffic = Traffic(server, RetryPolicy(max_attempts=2))
    traffic.until_live()
    orphans = [pid for _, pid in children(server)]
    server.process.kill()
    server.process.wait()
    until_ended(orphans)
    again = start_server("again", workers=1, trainers=0, data=server.data)
    with contextlib.suppress(pinfold.PinfoldError):  # their server is gone: what they were told before is what counts
        traffic.finish()
    verify(again, traffic.acknowledged, tmp_path)
    assert again.stop() == 0
    check_store(again.data)
