from collections.abc import Callable

import pytest

from tests.promises.load import Busy
from tests.scraping import free_port
from tests.serving import Server, Trained

StartBusy = Callable[[int], Busy]


@pytest.fixture
def start_busy(start_server: Callable[..., Server], bring_tickets: Callable[[Server], Trained]) -> StartBusy:
    """Starts a server of two workers and so many trainers, with a trained dataset."""

    def start(trainers: int) -> Busy:
        port = free_port()
        flags = ["--metrics-port", str(port)]
        return Busy(bring_tickets(start_server(workers=2, trainers=trainers, flags=flags)), port)

    return start


@pytest.fixture
def busy(start_busy: StartBusy) -> Busy:
    return start_busy(0)


@pytest.fixture
def busy_with_trainer(start_busy: StartBusy) -> Busy:
    return start_busy(1)
