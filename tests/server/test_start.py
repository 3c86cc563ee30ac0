"""From the start of a server to its first answer. How many seconds that is, the README tells of a quiet machine."""

import subprocess
import sys

import pinfold
from bench.processes import cpu_seconds, workers_of
from tests.serving import serving, until

#: The most work until the first answer, in imports of the modules that a worker is made of; 1.2 is usual.
IMPORTS_MAX = 3.0


def import_seconds() -> float:
    """Processor time of a Python process that imports what a worker imports."""
    program = "import time, pinfold_server.app; print(time.process_time())"
    return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def test_a_pinned_version_answers_with_little_more_work_than_the_imports_take(start_trained, tmp_path):
    trained = start_trained("first")
    assert trained.server.stop() == 0

    flags = ["--engine", "onnx"]  # compiled code comes after the first answer
    with (
        serving(tmp_path / "again", workers=2, flags=flags, data=trained.server.data) as again,
        pinfold.Client(again.target) as client,
    ):
        (answer,) = client.dataset(trained.dataset).predict(["where is my refund"])
        taken = max(map(cpu_seconds, workers_of(again.process.pid)))

    assert answer.version == trained.first
    assert taken < IMPORTS_MAX * import_seconds()


def test_workers_serve_before_a_trainer_is_even_started(start_server):
    server = start_server(flags=["--log-level", "debug"])
    until(lambda: "started trainer" in server.log.read_text(), server.log.read_text)

    log = server.log.read_text()
    assert log.index("serving on") < log.index("started trainer")
