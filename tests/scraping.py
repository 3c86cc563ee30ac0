"""Reads the page for Prometheus as strictly as Prometheus does."""

import asyncio
import re
import socket
import urllib.request
from collections.abc import Callable, Mapping

from tests.serving import HANG_SECONDS, until

_SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)')
_LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')

Series = tuple[str, frozenset[tuple[str, str]]]


#: Below those that Linux gives to whoever asks for any: such a one may be given to somebody else before it is used.
_PORTS = range(20_000, 30_000)
_taken: list[socket.socket] = []


def free_port() -> int:
    """A TCP port of the loopback that no other test gets, in this process or in another."""
    for port in _PORTS:
        mark, probe = socket.socket(type=socket.SOCK_DGRAM), socket.socket()
        with probe:
            try:
                mark.bind(("127.0.0.1", port))  # the UDP port of the same number, until this process ends
                probe.bind(("127.0.0.1", port))
            except OSError:
                mark.close()
                continue
        _taken.append(mark)
        return port
    raise OSError("no port is free")


def parse(page: str) -> dict[Series, float]:
    """Every series of a page. Raises AssertionError where the page breaks a rule of the format."""
    found: dict[Series, float] = {}
    kinds: dict[str, str] = {}
    for line in page.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in kinds, f"{name} has two types, or its series are not together"
            kinds[name] = kind
        elif not line.startswith("# HELP "):
            matched = _SAMPLE.fullmatch(line)
            assert matched, line
            name, labels, value = matched.groups()
            series = (name, frozenset(_LABEL.findall(labels or "")))
            assert series not in found, f"{line}: twice"
            family = re.sub("_(bucket|sum|count)$", "", name)
            assert (kinds.get(family) == "histogram") != (name in kinds), line
            found[series] = float(value)
    return found


def fetch(port: int, path: str = "/metrics") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=HANG_SECONDS) as answer:
        return str(answer.read().decode())


def value(figures: Mapping[Series, float], name: str, **labels: str) -> float:
    """Sum of the series of a name that have these labels."""
    wanted = frozenset(labels.items())
    return sum(number for (found, own), number in figures.items() if found == name and wanted <= own)


async def until_up(port: int, count: int) -> None:
    """Returns when `count` workers serve. Raises TimeoutError."""
    async with asyncio.timeout(HANG_SECONDS):
        while True:
            figures = parse(await asyncio.to_thread(fetch, port))
            if sum(value(figures, "pinfold_process_up", process=f"worker-{slot}") for slot in range(count)) == count:
                return
            await asyncio.sleep(0.05)


def page_when(port: int, holds: Callable[[dict[Series, float]], bool]) -> dict[Series, float]:
    """The page as soon as something holds of it: one that is busy for a second has no figures on it. Raises
    AssertionError with the last page when it never does.
    """
    pages: list[dict[Series, float]] = []

    def held() -> bool:
        pages[:] = [parse(fetch(port))]
        return holds(pages[0])

    until(held, lambda: pages)
    return pages[0]
