"""Small calls to a server while something else goes on, from a process of their own: callers that are busy themselves
would only measure themselves.

`python bench/watching.py HOST:PORT DATASET` calls until its standard input ends, then prints the longest times as JSON.
"""

import json
import sys
import threading
import time
from collections.abc import Callable

import pinfold

PAUSE_SECONDS = 0.05


class _Watch(threading.Thread):
    """The longest time that a call took; `failure` is what it raised."""

    def __init__(self, call: Callable[[], object], ended: threading.Event) -> None:
        super().__init__()
        self.longest = 0.0
        self.failure: Exception | None = None
        self._call = call
        self._ended = ended

    def run(self) -> None:
        while not self._ended.wait(PAUSE_SECONDS):
            began = time.perf_counter()
            try:
                self._call()
            except Exception as error:
                self.failure = error
                return
            self.longest = max(self.longest, time.perf_counter() - began)


def main() -> int:
    target, dataset = sys.argv[1:]
    ended = threading.Event()
    with pinfold.Client(target) as client:
        client.wait_until_ready()
        health = _Watch(client.wait_until_ready, ended)
        admin = _Watch(client.dataset(dataset).refresh, ended)
        for watch in (health, admin):
            watch.start()
        print("watching", flush=True)
        sys.stdin.read()
        ended.set()
        for watch in (health, admin):
            watch.join()
            if watch.failure is not None:
                raise watch.failure
    print(json.dumps({"health_max_ms": health.longest * 1e3, "admin_max_ms": admin.longest * 1e3}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
