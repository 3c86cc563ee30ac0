"""Loaded models stay within their budget, however many there are (Linux)."""

import pinfold
from bench.processes import resident_mib, workers_of
from bench.tickets import rows
from tests.scraping import free_port, page_when, value
from tests.serving import HANG_SECONDS, Server

VERSIONS = 8
ROUNDS = 4
BUDGET_MIB = 16  # the least that can be set: room for three of the versions
GROWTH_MIB_MAX = 40.0


def padded(tickets: list[dict[str, object]]) -> list[dict[str, object]]:
    """The tickets with so many different words that a model takes megabytes."""
    return [
        dict(row, text=" ".join([str(row["text"]), *(f"w{place}x{word}" for word in range(150))]))
        for place, row in enumerate(tickets)
    ]


def ask_everything(server: Server, versions: list[int]) -> None:
    with pinfold.Client(server.target) as client:
        for version in versions:
            (answer,) = client.dataset("large").predict(["where is my refund"], version=version)
            assert answer.version == version


def test_a_worker_that_answers_by_many_versions_in_turn_does_not_grow(start_server):
    port = free_port()
    # Compiled code comes when it comes, and stays: it must not be taken for a growth that goes on.
    flags = ["--model-memory-mib", str(BUDGET_MIB), "--metrics-port", str(port), "--engine", "compiled"]
    server = start_server(workers=1, flags=flags)
    (worker,) = workers_of(server.process.pid)
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
        dataset = client.create_dataset("large")
        dataset.upload(padded(rows()))
        versions = [
            dataset.train(min_df=1, seed=seed, algorithm="complement_naive_bayes")
            .wait(timeout=HANG_SECONDS)
            .pin()
            .number
            for seed in range(VERSIONS)
        ]
    ask_everything(server, versions)
    before = resident_mib(worker)
    for _ in range(ROUNDS):
        ask_everything(server, versions)
    grown = resident_mib(worker) - before
    figures = page_when(port, lambda page: value(page, "pinfold_process_up", process="worker-0") == 1)

    assert value(figures, "pinfold_versions_loaded_bytes") <= BUDGET_MIB << 20
    assert 1 <= value(figures, "pinfold_versions_loaded") < VERSIONS
    assert grown < GROWTH_MIB_MAX, f"{grown:.1f} MiB more after {ROUNDS * VERSIONS} loads"


def test_versions_that_nobody_may_ask_for_any_more_leave_the_memory(start_server):
    port = free_port()
    server = start_server(workers=1, flags=["--metrics-port", str(port)])
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
        dataset = client.create_dataset("trained-daily")
        dataset.upload(rows())
        for seed in range(4):
            version = dataset.train(seed=seed, algorithm="complement_naive_bayes").wait(timeout=HANG_SECONDS)
            dataset.predict(["where is my refund"], version="latest")
        kept = version.pin().number
        dataset.train(seed=9, algorithm="complement_naive_bayes").wait(timeout=HANG_SECONDS)
        dataset.predict(["where is my refund"], version=kept)
        until_loaded(port, 2)
        client.delete_dataset("trained-daily", force=True)
        until_loaded(port, 0)


def until_loaded(port: int, count: int) -> None:
    page_when(
        port,
        lambda page: (
            value(page, "pinfold_process_up", process="worker-0") == 1
            and value(page, "pinfold_versions_loaded") == count
        ),
    )
