"""Files that come as a stream: whole and checked, or not at all; a stream that breaks is opened again."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from pinfold._aio.connection import Connection
from pinfold._calls import Budget, Stream, check_timeout
from pinfold._download import Announced, FileWriter, P
from pinfold._errors import PinfoldError


async def receive(
    connection: Connection,
    stream: Stream[P],
    path: Path,
    timeout: float,
    report: Callable[[int, Announced], object] | None = None,
) -> Announced:
    """What the server said of the file. `report` gets the bytes so far and what was announced.

    Raises DataLoss when the bytes that came do not have the announced SHA-256, and OSError for the disk.
    """
    budget = Budget(check_timeout(timeout, "timeout"), connection.settings.retry)
    with FileWriter(path) as writer:
        while True:
            try:
                writer.start()
                async for message in connection.stream(stream, budget.remaining()):
                    await asyncio.to_thread(writer.take, message)
                    if report is not None and writer.told is not None:
                        report(writer.received, writer.told)
                return await asyncio.to_thread(writer.commit)
            except PinfoldError as error:
                pause = budget.pause_after(error)
                if pause is None:
                    raise
            await asyncio.sleep(pause)
