"""A whole worker inside the test's own process: the real server, store and services, on a free port of loopback."""

from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest

from pinfold_server.app import App
from pinfold_server.settings import Settings


@pytest.fixture
async def channel(tmp_path: Path) -> AsyncIterator[grpc.aio.Channel]:
    """A channel to a worker with an empty store and small limits."""
    settings = Settings(data=tmp_path / "data", store_max_gib=1, labels_max=8, pins_max=2, drain_seconds=1.0)
    app = App(settings, share_port=False)
    port = await app.start(0)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as opened:
        yield opened
    await app.stop()
