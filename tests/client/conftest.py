"""Fixtures of the client's tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import pinfold
from tests.client.blocking import BlockingClient
from tests.client.scripted import ScriptedServer, scripted_server
from tests.serving import HANG_SECONDS, Server


@pytest.fixture(params=[pinfold.Client, BlockingClient], ids=["sync", "async"])
def make_client(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Both clients, with the same face."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def client(server: Server, make_client: Callable[..., Any]) -> Iterator[Any]:
    """Both clients, of the session's real server."""
    patience = {"timeout": HANG_SECONDS, "predict_timeout": HANG_SECONDS}
    with make_client(server.target, actor="tester", **patience) as connected:
        yield connected


@pytest.fixture
def dataset(client: Any, own_name: str) -> Any:
    """An empty dataset that nobody else uses."""
    return client.create_dataset(own_name)


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server
