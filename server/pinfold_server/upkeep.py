"""`pinfold-server check` and `pinfold-server backup`: for operators, on a store that may be in use."""

import json
import sys
from pathlib import Path

from pinfold_server.errors import AppError, StoreFormatError
from pinfold_server.settings import Settings
from pinfold_server.store import backup as backups
from pinfold_server.store.checks.check import check as walk
from pinfold_server.store.env import Store


def check(settings: Settings, *, as_json: bool) -> int:
    """The exit status: 0 when the store is sound, 1 when it is not or cannot be read."""
    store = _open(settings)
    if store is None:
        return 1
    with store.read() as txn:
        findings = list(walk(txn))
    usage = store.usage()
    store.close()
    if as_json:
        found = [{"place": finding.place, "problem": finding.problem} for finding in findings]
        print(json.dumps({"sound": not findings, "findings": found, **usage}))
    else:
        for finding in findings:
            print(f"{finding.place}: {finding.problem}")
        print(f"{settings.data}: {len(findings) or 'no'} problems, {usage['used_bytes']:,} bytes used")
    return 1 if findings else 0


def backup(settings: Settings, target: Path) -> int:
    """The exit status: 0 when the copy is whole and on disk."""
    store = _open(settings)
    if store is None:
        return 1
    try:
        size = backups.backup(store, target)
    except (OSError, AppError) as error:
        print(f"pinfold-server backup: {error}", file=sys.stderr)
        return 1
    finally:
        store.close()
    print(f"{target}: {size:,} bytes; serve it with --data {target}")
    return 0


def _open(settings: Settings) -> Store | None:
    if not (settings.data / "data.mdb").exists():
        print(f"pinfold-server: there is no store in {settings.data}; name its folder with --data", file=sys.stderr)
        return None
    try:
        return Store.open(settings.data, map_bytes=settings.map_bytes)
    except StoreFormatError as error:
        print(f"pinfold-server: {error}", file=sys.stderr)
        return None
