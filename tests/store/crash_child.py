"""A process that writes as fast as it can, tells each change before and after, and waits to be killed.

    python -m tests.store.crash_child FOLDER FIRST_NUMBER

It waits for a line on standard input before it touches the store, so that the next one can start up meanwhile.
"""

import asyncio
import os
import random
import sys
from collections.abc import Awaitable
from pathlib import Path

from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.store import garbage
from pinfold_server.store.tables import artefacts
from tests.store.models import add_version
from tests.stores import Bench, item, open_bench

WRITERS = 4


async def told(change: str, work: Awaitable[object]) -> None:
    # One system call writes a short line whole or not at all.
    os.write(1, f"try {change}\n".encode())
    answer = await work
    assert not getattr(answer, "failures", None), answer
    os.write(1, f"ok {change}\n".encode())


async def write_documents(bench: Bench, first: int, step: int) -> None:
    """Uploads documents, changes the labels of some and deletes some, each by one writer only."""
    number = first
    while True:
        await told(f"upload {number}", bench.upload(item(f"d{number}", f"text {number}", ("All > Uploaded",))))
        if number % 3 == 0:
            update = AnnotationUpdate(f"sources/support/documents/d{number}", ("All > Changed",))
            await told(f"change {number}", bench.use.annotations.annotate("support", [update]))
        if number % 5 == 0:
            await told(f"delete {number}", bench.use.deletions.delete("support", [f"d{number}"]))
        number += step


async def write_models(bench: Bench, number: int) -> None:
    """Publishes versions, a few with the file of the one before, and sweeps what is not used any more."""
    while True:
        blob = random.Random(number // 2).randbytes(1_500_000)
        await told(
            f"version {number}", asyncio.to_thread(add_version, bench.store, "support", blob, pinned=number % 8 == 0)
        )
        await asyncio.to_thread(artefacts.sweep_unreferenced, bench.store, 2)
        number += 1


async def delete_datasets(bench: Bench) -> None:
    """Makes, fills, deletes and sweeps a dataset of its own, again and again."""
    number = os.getpid() * 1_000
    while True:
        name = f"short-lived-{number}"
        await bench.dataset(name)
        await bench.upload(*(item(f"x{n}", labels=(f"L{n}",)) for n in range(20)), source=name, dataset=name)
        await bench.use.datasets.delete(name)
        await bench.use.sources.delete(name)
        more = True
        while more:
            more = await asyncio.to_thread(_sweep, bench)
        number += 1


def _sweep(bench: Bench) -> bool:
    with bench.store.write() as txn:
        return garbage.sweep(txn, 10)


async def write(bench: Bench, first: int) -> None:
    writers = (write_documents(bench, first + offset, WRITERS) for offset in range(WRITERS))
    await asyncio.gather(*writers, write_models(bench, first), delete_datasets(bench))


def main() -> None:
    sys.stdin.readline()
    with open_bench(Path(sys.argv[1])) as bench:
        asyncio.run(write(bench, int(sys.argv[2])))


if __name__ == "__main__":
    main()
