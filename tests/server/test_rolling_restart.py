"""SIGHUP, as an operator sees it; that it costs no call is in tests/promises."""

import signal

import pinfold
from tests.crash.test_kills import children
from tests.serving import Server, until


def pids(server: Server) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {"worker": set(), "trainer": set()}
    for role, pid in children(server):
        found[role].add(pid)
    return found


def until_logged(server: Server, words: str, times: int = 1) -> None:
    until(lambda: server.log.read_text().count(words) >= times, server.log.read_text)


def until_started(server: Server, role: str, old: set[int]) -> None:
    until(lambda: bool(pids(server)[role] - old), server.log.read_text)


def test_workers_and_trainers_are_all_replaced(start_server):
    server = start_server(workers=2)
    until_started(server, "trainer", set())
    old = pids(server)
    server.process.send_signal(signal.SIGHUP)
    until_logged(server, "all workers are new")
    until_started(server, "trainer", old["trainer"])

    new = pids(server)
    assert len(new["worker"]) == 2
    assert not new["worker"] & old["worker"]


def test_a_second_request_during_a_restart_is_done_after_it(start_server):
    server = start_server(trainers=0)
    server.process.send_signal(signal.SIGHUP)
    until_logged(server, "rolling restart: replacing")
    server.process.send_signal(signal.SIGHUP)

    until_logged(server, "all workers are new", times=2)
    assert server.stop() == 0


def test_new_workers_that_cannot_run_leave_the_old_ones_in_place(start_server):
    server = start_server(workers=2)
    old = pids(server)["worker"]
    store, hidden = server.data / "data.mdb", server.data / "hidden"
    store.rename(hidden)
    store.mkdir()  # what a new worker cannot open
    server.process.send_signal(signal.SIGHUP)
    until_logged(server, "the old ones go on")
    store.rmdir()
    hidden.rename(store)

    assert pids(server)["worker"] == old
    with pinfold.Client(server.target) as client:
        client.create_dataset("still-there")


def test_the_end_is_not_held_up_by_a_restart(start_server):
    server = start_server(workers=2)
    server.process.send_signal(signal.SIGHUP)
    until_logged(server, "rolling restart: replacing")

    assert server.stop() == 0
