"""Workers are killed under an upload: the client sends the calls again, and nothing is lost, doubled or said twice."""

import os
import signal
from collections import Counter
from collections.abc import Callable

import pinfold
from pinfold import RetryPolicy, UploadProgress
from tests.crash.processes import check_store, children
from tests.serving import HANG_SECONDS, Server

ROWS = 40_000
STUBBORN = RetryPolicy(max_attempts=10_000, initial_backoff=0.05, max_backoff=0.5)


class Killer:
    """Kills every worker when the first 5,000 rows are settled and the next calls are under way."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.killed = 0

    def __call__(self, _progress: UploadProgress) -> None:
        if self.killed:
            return
        for role, pid in children(self._server):
            if role == "worker":
                os.kill(pid, signal.SIGKILL)
                self.killed += 1


def test_an_upload_goes_on_through_kills_of_all_workers(start_server: Callable[..., Server]) -> None:
    server = start_server(workers=2, trainers=0)
    kill = Killer(server)
    rows = [{"id": f"d{n * 7_919 % ROWS:05}", "text": f"text {n}", "labels": [f"L{n % 3}"]} for n in range(ROWS)]
    with pinfold.Client(server.target, timeout=HANG_SECONDS, retry=STUBBORN) as client:
        dataset = client.create_dataset("killed")
        report = dataset.upload(rows, progress=kill)
        assert kill.killed == 2
        # A call whose answer was lost is sent again: what it had stored is unchanged then.
        assert (report.failed, report.new + report.unchanged) == (0, ROWS)
        stored = Counter(document.text for document in dataset.documents())
        assert stored == Counter(row["text"] for row in rows)
        info = dataset.refresh().info
        assert (info.annotated_count, info.reviewed_count) == (ROWS, ROWS)
        assert info.revision == ROWS // 5_000
    assert server.stop() == 0
    check_store(server.data)
