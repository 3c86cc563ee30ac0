"""Versions are loaded before they are asked for, and once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pinfold
from pinfold_server.services.predictions.preload import Preloader
from pinfold_server.services.predictions.served import ServedVersions
from pinfold_server.settings import Settings
from pinfold_server.store.env import Store
from tests.serving import HANG_SECONDS, Trained


async def test_a_tag_that_moves_back_finds_its_version_in_memory(start_trained: Callable[..., Trained]) -> None:
    trained = start_trained()
    store = Store.open(trained.server.data, map_bytes=Settings().map_bytes)
    with pinfold.Client(trained.server.target, timeout=HANG_SECONDS) as client, ThreadPoolExecutor(1) as executor:
        served = ServedVersions(store, executor, memory_bytes_max=1 << 30)
        preloader = Preloader(store, served)
        await preloader.load_now()
        before = {key: served.loaded(key) for key in served.in_memory()}

        for version in (trained.second, trained.first):
            client.dataset(trained.dataset).set_tag("live", version)
            await preloader.load_now()

        assert {number for _, number in before} == {trained.first, trained.second}
        assert all(served.loaded(key) is version for key, version in before.items())
    store.close()
