"""Where the compiled lane's machine code comes from: the disk, or once for an installation from a process of its own.

    python -m pinfold_server.engine.compilation

compiles, which takes some seconds of one core, and keeps the result where numba keeps such things: the folder of the
variable NUMBA_CACHE_DIR, else beside the code, else in the user's cache, else in a folder for this user below the
folder for temporary files. Numba tells by itself that the code is for another processor, release or source.
"""

import fcntl
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import ModuleType

from numba import config
from numba.core.event import Event, Listener, install_listener

from pinfold_server.engine.compiled import Kernel
from pinfold_server.engine.compiled_wire import CompiledWire

NICENESS = 10  # predictions come first


class NotCompiledError(Exception):
    """There is no machine code on the disk for this machine and release."""


def load() -> Kernel:
    """The kernel that scores and writes answers, from the disk; never compiles. Raises NotCompiledError."""
    kernels = _kernels()
    with _never_compiling():
        return _prepared(kernels)


def build() -> Kernel:
    """The kernel that scores and writes answers, compiled unless it is on the disk. Of several processes one compiles,
    and the others wait for it.
    """
    kernels = _kernels()
    with _alone(Path(kernels.score.stats.cache_path)):
        return _prepared(kernels)


def load_wire() -> CompiledWire:
    """What reads requests, from the disk; never compiles. Raises NotCompiledError."""
    kernels = _wire_kernels()
    with _never_compiling():
        return _prepared_wire(kernels)


def build_wire() -> CompiledWire:
    """What reads requests, as `build`."""
    kernels = _wire_kernels()
    with _alone(Path(kernels.split.stats.cache_path)):
        return _prepared_wire(kernels)


def command() -> list[str]:
    """What to run for `build` and `build_wire` in a process of its own."""
    return [sys.executable, "-m", "pinfold_server.engine.compilation"]


def _prepared(kernels: ModuleType) -> Kernel:
    for signature in kernels.SIGNATURES:
        kernels.score.compile(signature)
    kernel: Kernel = kernels.score
    return kernel


def _prepared_wire(kernels: ModuleType) -> CompiledWire:
    kernels.split.compile(kernels.SPLIT_SIGNATURE)
    return CompiledWire(kernels.split)


def _never_compiling() -> AbstractContextManager[object]:
    return install_listener("numba:compile", _Refusal())


class _Refusal(Listener):
    """Numba has no call that only loads: it announces that it compiles after it has looked on the disk."""

    def on_start(self, event: Event) -> None:
        raise NotCompiledError(f"no machine code for {event.data['dispatcher'].__name__}")

    def on_end(self, event: Event) -> None:
        """Never comes: no compilation starts."""


def _kernels() -> ModuleType:
    """Imports the kernels, which is when numba looks for a folder that it can write."""
    try:
        from pinfold_server.engine import kernels
    except RuntimeError:  # no folder can be written
        os.environ["NUMBA_CACHE_DIR"] = str(_private_folder())
        config.reload_config()  # type: ignore[no-untyped-call]
        from pinfold_server.engine import kernels
    return kernels


def _wire_kernels() -> ModuleType:
    _kernels()  # a folder was found
    from pinfold_server.engine import wire_kernels

    return wire_kernels


def _private_folder() -> Path:
    """A folder that only this user can write: what lies in it is run. Raises OSError where somebody else made it."""
    folder = Path(tempfile.gettempdir()) / f"pinfold-compiled-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(f"{folder} is not a folder of this user alone: set NUMBA_CACHE_DIR to one that is")
    return folder


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "pinfold-kernels.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Builds, and says how long it took and where the code is."""
    os.nice(NICENESS)
    begun = time.perf_counter()
    build()
    build_wire()
    print(f"compiled code is in {_kernels().score.stats.cache_path} ({time.perf_counter() - begun:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
