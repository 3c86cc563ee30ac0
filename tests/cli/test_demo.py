"""The demo as `make demo` calls it, on a small file."""

import subprocess
import sys
from pathlib import Path

from tests.cli.test_commands import rows


def test_the_demo_shows_the_main_job_and_leaves_what_was_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("text,label\n" + "".join(f"{text},{label}\n" for _, text, label in rows()))
    keep = tmp_path / "kept"
    command = [sys.executable, "-m", "pinfold.cli", "demo", "--data", str(file), "--keep", str(keep)]
    done = subprocess.run([*command, "--seconds", "0.05"], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr + done.stdout
    for section in ("1  Upload", "2  Train", "3  Predict", "4  Train another", "5  Promote and roll back", "6  Speed"):
        assert section in done.stdout
    assert "promote staging → live: the next request is answered by 2" in done.stdout
    assert "roll back live: the next request is answered by 1" in done.stdout
    assert f"serve --data {keep / 'data'}" in done.stdout
    assert any((keep / "data").iterdir())

    again = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert again.returncode == 2
    assert "is not empty" in again.stderr
