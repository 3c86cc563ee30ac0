"""The demo as `make demo` calls it, on a small file, its standard error on a terminal."""

import contextlib
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

from tests.cli.test_commands import rows
from tests.serving import HANG_SECONDS


def run_on_terminal(command: list[str]) -> tuple[subprocess.CompletedProcess[str], str]:
    """The finished process and what the terminal showed."""
    ours, theirs = pty.openpty()
    shown: list[bytes] = []

    def read() -> None:
        # The end of a terminal is an OSError on Linux and an empty read elsewhere.
        with contextlib.suppress(OSError):
            while piece := os.read(ours, 65536):
                shown.append(piece)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, text=True, timeout=HANG_SECONDS)
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)
    return done, b"".join(shown).decode()


def test_the_demo_shows_the_main_job_and_leaves_what_was_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("text,label\n" + "".join(f"{text},{label}\n" for _, text, label in rows()))
    keep = tmp_path / "kept"
    command = [sys.executable, "-m", "pinfold.cli", "demo", "--data", str(file), "--keep", str(keep)]
    done, shown = run_on_terminal([*command, "--seconds", "0.05"])
    assert done.returncode == 0, shown + done.stdout
    assert shown.count("100%") >= 2
    assert "succeeded" in shown
    for section in (
        "1  Upload",
        "2  Train",
        "3  Predict",
        "4  Train another",
        "5  Promote and roll back",
        "6  Speed",
        "7  The report",
    ):
        assert section in done.stdout
    assert "promote staging → live: the next request is answered by 2" in done.stdout
    assert "roll back live: the next request is answered by 1" in done.stdout
    assert f"serve --data {keep / 'data'}" in done.stdout
    assert any((keep / "data").iterdir())
    assert str(keep / "report.html") in done.stdout.splitlines()
    assert "Compared with version 1" in (keep / "report.html").read_text()

    again = subprocess.run(command, capture_output=True, text=True, timeout=HANG_SECONDS)
    assert again.returncode == 2
    assert "is not empty" in again.stderr
