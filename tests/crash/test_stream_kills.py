"""Every document reaches the consumer of a stream, in order, while consumers, workers and whole servers are killed.

PINFOLD_STREAM_DOCUMENTS sets how many documents are consumed (default 6,000).
"""

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pinfold
from tests.crash.processes import check_store, children, until_ended
from tests.crash.stream_consumer import STUBBORN
from tests.scraping import free_port
from tests.serving import HANG_SECONDS, Server, Trained, train_tickets

DOCUMENTS = int(os.environ.get("PINFOLD_STREAM_DOCUMENTS", "6000"))
UPLOADERS = 3
ROWS_AN_UPLOAD = 100
LAST = "last"
STREAM = "all"
BETWEEN_UPLOADS = (0.02, 0.4)
KILLS = 10 + DOCUMENTS // 2_500
BEFORE_A_KILL = (0.0, 0.1)
VICTIMS = ("consumer", "worker", "worker", "consumer", "server")
END_SECONDS = HANG_SECONDS + DOCUMENTS // 100


def rows_of(uploader: int) -> list[str]:
    """Ids of the documents that an uploader brings, in its order."""
    return [f"u{uploader}-{number}" for number in range(DOCUMENTS // UPLOADERS)]


class Uploads:
    """Several callers at a time; their first error is raised at the end."""

    def __init__(self, own: Trained) -> None:
        self._own = own
        self._errors: list[BaseException] = []
        self._threads = [threading.Thread(target=self._guard, args=(number,)) for number in range(UPLOADERS)]
        for thread in self._threads:
            thread.start()

    @property
    def running(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def finish(self) -> None:
        for thread in self._threads:
            thread.join(END_SECONDS)
        if self._errors:
            raise self._errors[0]
        self._upload(LAST)

    def _guard(self, uploader: int) -> None:
        chance = random.Random(uploader)
        try:
            ids = rows_of(uploader)
            for begin in range(0, len(ids), ROWS_AN_UPLOAD):
                self._upload(*ids[begin : begin + ROWS_AN_UPLOAD])
                time.sleep(chance.uniform(*BETWEEN_UPLOADS))
        except BaseException as error:
            self._errors.append(error)

    def _upload(self, *ids: str) -> None:
        with pinfold.Client(self._own.server.target, timeout=HANG_SECONDS, retry=STUBBORN) as client:
            report = client.dataset(self._own.dataset).upload({"id": name, "text": f"refund {name}"} for name in ids)
            assert report.failed == 0, report.failures


class Consumer:
    """A process that is started again whenever it is killed."""

    def __init__(self, own: Trained, journal: Path) -> None:
        module = "tests.crash.stream_consumer"
        self._command = [sys.executable, "-m", module, own.server.target, own.dataset, STREAM, str(journal), LAST]
        self._journal = journal
        self._start()

    @property
    def progress(self) -> int:
        """Rises with everything that it is given and done with."""
        return self._journal.stat().st_size

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._start()

    def _start(self) -> None:
        self._journal.touch()
        self.process = subprocess.Popen(self._command)


class Killer:
    """Takes the life of one thing after the other."""

    def __init__(self, server: Server, restart: Callable[[Server], Server], consumer: Consumer) -> None:
        self.server = server
        self.killed = dict.fromkeys(VICTIMS, 0)
        self._restart = restart
        self._consumer = consumer
        self._chance = random.Random(11)
        self._victims = itertools.cycle(VICTIMS)

    def kill_one(self, uploads: Uploads) -> None:
        """Once the consumer has been given something since the last time: else nothing would ever come to its end."""
        before, deadline = self._consumer.progress, time.monotonic() + END_SECONDS
        while self._consumer.progress == before and uploads.running:
            assert time.monotonic() < deadline, f"the consumer gets nothing after {self.killed}"
            time.sleep(0.01)
        time.sleep(self._chance.uniform(*BEFORE_A_KILL))
        victim = next(self._victims)
        if victim == "server":
            self._kill_server()
        elif victim == "worker":
            workers = [pid for role, pid in children(self.server) if role == "worker"]
            os.kill(self._chance.choice(workers), signal.SIGKILL)
        else:
            self._consumer.kill()
        self.killed[victim] += 1

    def _kill_server(self) -> None:
        orphans = [pid for _, pid in children(self.server)]
        self.server.process.kill()
        self.server.process.wait()
        until_ended(orphans)
        self.server = self._restart(self.server)


def order_of(server: Server, own: Trained) -> list[str]:
    """Ids in the order of the stream, read at leisure."""
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
        stream = client.dataset(own.dataset).stream(STREAM).reset(datetime(1970, 1, 1, tzinfo=UTC))
        ids: list[str] = []
        more = True
        while more:
            batch = stream.fetch(1_024)
            ids += [item.document.id for item in batch.items]
            stream.advance(batch)
            more = batch.more
    return ids


def check_journal(journal: Path, order: list[str]) -> int:
    """How many documents came again. Fails where one is missing, out of place, or came again though it was done."""
    place = {name: number for number, name in enumerate(order)}
    reached = done = place[journal.read_text().split(maxsplit=2)[1]] - 1
    repeated = 0
    for line in journal.read_text().splitlines():
        if line == "=":
            done = reached
            continue
        for name in line.split()[1:]:
            if place[name] != reached + 1:
                assert done == place[name] - 1, f"{name} comes behind {order[reached]}, done is {order[done]}"
                repeated += reached - done
            reached = place[name]
    assert reached == len(order) - 1
    return repeated


def test_nothing_is_lost_or_out_of_order_while_consumers_and_servers_are_killed(start_server, tmp_path):
    server = start_server(workers=2, port=free_port())
    own = train_tickets(server)
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
        client.dataset(own.dataset).create_stream(STREAM, own.first)
    journal = tmp_path / "journal"
    names = (f"again-{number}" for number in itertools.count())

    def restart(killed: Server) -> Server:
        return start_server(next(names), workers=2, data=killed.data, port=killed.port)

    consumer = Consumer(own, journal)
    killer = Killer(server, restart, consumer)
    uploads = Uploads(own)
    for _ in range(KILLS):
        killer.kill_one(uploads)
    uploads.finish()
    assert consumer.process.wait(END_SECONDS) == 0

    order = order_of(killer.server, own)
    uploaded = [name for name in order if not name.startswith(("u", LAST))]
    assert sorted(order[len(uploaded) :]) == sorted([*itertools.chain(*map(rows_of, range(UPLOADERS))), LAST])
    for uploader in range(UPLOADERS):
        assert [name for name in order if name.startswith(f"u{uploader}-")] == rows_of(uploader)
    repeated = check_journal(journal, order)
    print(f"{len(order) - len(uploaded)} documents, {repeated} of them again; killed: {killer.killed}")
    assert killer.server.stop() == 0
    check_store(killer.server.data)
