"""Fixtures that several folders of tests share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import pinfold
from tests.serving import HANG_SECONDS, Server, Trained, serving, train_tickets, until

# How long an example takes says more of the machine's load than of the code. The examples are the same in every run: a
# failure then comes with the change that causes it, and not to somebody else by chance. Whoever looks for new
# counterexamples takes the other profile: make test ARGS="--hypothesis-profile=hunt".
settings.register_profile("hunt", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("pinfold", settings.get_profile("hunt"), derandomize=True, database=None)
settings.load_profile("pinfold")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the whole session (of each xdist worker). Tests use ids of their own in it."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def trained(server: Server) -> Trained:
    """A trained dataset of the session's server. Read it, predict with it; do not change it."""
    made = train_tickets(server)
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
        # What is read page by page must not be ranked anew meanwhile.
        until(lambda: client.dataset(made.dataset).status().scoring.ranking_version == made.second)
    return made


@pytest.fixture
def own_name(request: pytest.FixtureRequest) -> str:
    """An id that no other test uses. It is the same in every run, for which documents are held out hangs on the id of
    their source: a name at random would give each run a quality of its own.
    """
    return f"own-{blake2b(request.node.nodeid.encode(), digest_size=8).hexdigest()}"


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers of the test's own; arguments are those of `serving` behind the folder."""
    with ExitStack() as stack:

        def start(name: str = "server", **options: object) -> Server:
            return stack.enter_context(serving(tmp_path / name, **options))  # type: ignore[arg-type]

        yield start


@pytest.fixture(scope="session")
def tickets_archive(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained dataset in a file."""
    path = tmp_path_factory.mktemp("archive") / "tickets.pinfold"
    with pinfold.Client(trained.server.target, timeout=HANG_SECONDS) as client:
        client.dataset(trained.dataset).export_archive(path)
    return path


@pytest.fixture(scope="session")
def bring_tickets(trained: Trained, tickets_archive: Path) -> Callable[[Server], Trained]:
    """Brings the trained dataset to another server, which needs no trainer for it."""

    def bring(server: Server) -> Trained:
        with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
            client.import_archive(tickets_archive)
        return replace(trained, server=server)

    return bring


@pytest.fixture
def start_trained(
    start_server: Callable[..., Server], bring_tickets: Callable[[Server], Trained]
) -> Callable[..., Trained]:
    """Starts servers of the test's own with the trained dataset and without a trainer; arguments as `start_server`."""
    return lambda *place, **options: bring_tickets(start_server(*place, trainers=0, **options))


@pytest.fixture
def client(server: Server) -> Iterator[pinfold.Client]:
    """A client of the session's server."""
    with pinfold.Client(server.target, timeout=HANG_SECONDS, predict_timeout=HANG_SECONDS) as connected:
        yield connected
