"""The processes of a server under test, and its store after they were killed."""

import subprocess
import sys
from pathlib import Path

from tests.serving import HANG_SECONDS, Server, until


def children(server: Server) -> list[tuple[str, int]]:
    """Role and pid of every child of the supervisor."""
    pid = server.process.pid
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        for role in ("worker", "trainer"):
            if role.encode() in words:
                found.append((role, int(child)))
    return found


def until_ended(pids: list[int]) -> None:
    """Returns when none of the processes runs; who waits for them at the end may take its time."""
    until(lambda: not any(map(_runs, pids)), lambda: f"of {pids} some go on")


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def check_store(data: Path) -> None:
    """Every invariant of the store holds."""
    command = [sys.executable, "-m", "pinfold_server", "check", "--data", str(data)]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=HANG_SECONDS, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
