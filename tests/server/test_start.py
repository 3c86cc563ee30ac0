"""From the start of a server to its first answer."""

import time

import pinfold
from tests.serving import serving, train_tickets

#: The goal is 1.5 s on a machine with nothing else to do, and half of it is usual; this one may be busy.
FIRST_ANSWER_SECONDS = 6.0


def test_a_pinned_version_answers_soon_after_the_start(start_server, tmp_path):
    server = start_server("first")
    trained = train_tickets(server)
    assert server.stop() == 0

    began = time.monotonic()
    with serving(tmp_path / "again", workers=2, data=server.data) as again, pinfold.Client(again.target) as client:
        (answer,) = client.dataset(trained.dataset).predict(["where is my refund"])
        took = time.monotonic() - began

    assert answer.version == trained.first
    assert took < FIRST_ANSWER_SECONDS


def test_workers_serve_before_a_trainer_is_even_started(start_server):
    server = start_server(flags=["--log-level", "debug"])
    deadline = time.monotonic() + 60
    while "started trainer" not in (log := server.log.read_text()):
        assert time.monotonic() < deadline, log
        time.sleep(0.02)

    assert log.index("serving on") < log.index("started trainer")
