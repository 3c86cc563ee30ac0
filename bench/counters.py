"""What a server counted of its calls: its page for Prometheus, read before and after a load."""

from __future__ import annotations

import re
import socket
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field

_SAMPLE = re.compile(r"(\w+)\{(.*)\} (\S+)")
_LABEL = re.compile(r'(\w+)="([^"]*)"')
SETTLE_SECONDS = 0.1
SETTLE_LOOKS = 50


@dataclass(frozen=True, slots=True)
class Counted:
    """Calls of one method since the server started, over all workers. `codes` by the name of their status."""

    started: int = 0
    codes: Counter[str] = field(default_factory=Counter)

    def since(self, before: Counted) -> Counted:
        return Counted(self.started - before.started, self.codes - before.codes)


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def counted(port: int, method: str = "Predict") -> Counted:
    """What the page on `port` says now. Raises OSError where there is none."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as page:
        lines = page.read().decode().splitlines()
    started, codes = 0, Counter[str]()
    for line in lines:
        sample = _SAMPLE.fullmatch(line)
        labels = dict(_LABEL.findall(sample[2])) if sample else {}
        if sample is None or labels.get("grpc_method") != method:
            continue
        if sample[1] == "grpc_server_started_total":
            started += int(float(sample[3]))
        elif sample[1] == "grpc_server_handled_total":
            codes[labels["grpc_code"]] += int(float(sample[3]))
    return Counted(started, codes)


def settled(port: int) -> Counted:
    """What the page says once no call runs any more, or after some seconds."""
    for _ in range(SETTLE_LOOKS):
        found = counted(port)
        if found.started == found.codes.total():
            break
        time.sleep(SETTLE_SECONDS)
    return found
