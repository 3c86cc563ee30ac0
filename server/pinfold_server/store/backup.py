"""A compact, consistent copy of a store, made while others read and write."""

import os
import shutil
from pathlib import Path

from pinfold_server.store.env import Store


def backup(store: Store, target: Path) -> int:
    """Copies the store into the new folder `target`; bytes written.

    The folder appears under its name only when all of it is on disk. Raises FileExistsError when there is something of
    that name, OSError or AppError STORAGE_FULL when it cannot be written. The copy is a snapshot: while it is made, the
    store keeps the pages that others overwrite.
    """
    if os.path.lexists(target):
        raise FileExistsError(f"{target} exists already; a backup never overwrites anything")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
    partial.mkdir(mode=0o700)
    try:
        store.copy(partial)
        size = 0
        for file in partial.iterdir():
            file.chmod(0o600)
            _flush(file)
            size += file.stat().st_size
        _flush(partial)
        # A folder that was made meanwhile, unless it is empty, makes this fail too.
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    _flush(target.parent)
    return size


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
