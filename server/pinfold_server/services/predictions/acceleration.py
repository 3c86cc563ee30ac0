"""Brings compiled code to a worker that serves already: no request waits for a compiler.

Until it is there, and for good where it cannot be had, ONNX Runtime answers, with the same bits.
"""

import asyncio
import logging
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable
from dataclasses import dataclass

from pinfold_server.engine.compiled import Kernel
from pinfold_server.engine.compiled_wire import CompiledWire, Split
from pinfold_server.engine.writing import Columns, Heads, Messages, Writing
from pinfold_server.services.predictions.served import ServedVersions

__all__ = ["Acceleration", "Columns", "CompiledWire", "Heads", "Messages", "Split", "Writing"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Code:
    """Everything that is compiled for a worker."""

    kernel: Kernel
    wire: CompiledWire


class Acceleration:
    """Loads the code, or has it compiled by a process of its own once for an installation, and hands it over: to the
    versions that are served, and to the function that takes what reads requests and writes answers.
    """

    def __init__(self, served: ServedVersions, take_wire: Callable[[CompiledWire], None]) -> None:
        self._served = served
        self._take_wire = take_wire

    async def run(self) -> None:
        """Returns when the versions in memory, and all that come later, are answered by compiled code where they can
        be.
        """
        begun = time.perf_counter()
        try:
            code = await _code()
            self._take_wire(code.wire)
            switched = await self._served.accelerate(code.kernel)
        except Exception as error:
            log.warning("there is no compiled code, ONNX Runtime goes on answering: %s", error)
        else:
            log.info("compiled code answers after %.1f s; %d versions switched", time.perf_counter() - begun, switched)


async def _code() -> _Code:
    """Raises whatever keeps this machine from having it."""
    code = await asyncio.to_thread(_load)
    if code is None:
        log.info("compiling, once for this installation; ONNX Runtime answers meanwhile")
        await _build()
        code = await asyncio.to_thread(_load)
    if code is None:
        raise RuntimeError("it was compiled and cannot be found again")
    return code


def _load() -> _Code | None:
    """What is on the disk. Imports numba, which takes some tenths of a second."""
    from pinfold_server.engine import compilation

    try:
        return _Code(compilation.load(), compilation.load_wire())
    except compilation.NotCompiledError:
        return None


async def _build() -> None:
    from pinfold_server.engine import compilation

    process = await asyncio.create_subprocess_exec(*compilation.command(), stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
    try:
        _, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the compiler ended with status {process.returncode}: {errors.decode(errors='replace')}")
