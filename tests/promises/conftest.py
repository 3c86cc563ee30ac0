from collections.abc import Callable

import pytest

from tests.promises.load import Busy
from tests.scraping import free_port
from tests.serving import Server, train_tickets


@pytest.fixture
def busy(start_server: Callable[..., Server]) -> Busy:
    port = free_port()
    return Busy(train_tickets(start_server(workers=2, flags=["--metrics-port", str(port)])), port)
