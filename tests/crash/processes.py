"""The processes of a server under test, and its store after they were killed."""

import subprocess
import sys
from pathlib import Path

from tests.serving import Server


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


def check_store(data: Path) -> None:
    """Every invariant of the store holds."""
    command = [sys.executable, "-m", "pinfold_server", "check", "--data", str(data)]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
