"""The tools of the repository: environments, the choice of Python, drift of generated code."""

import os
import subprocess
from pathlib import Path

from tools.bootstrap import bring_up
from tools.check_imports import ROOT
from tools.check_protos import compare_descriptors


def test_an_environment_is_kept_while_its_lock_is_and_rebuilt_when_it_changes(tmp_path: Path) -> None:
    environment, lock = tmp_path / "venv", tmp_path / "empty.lock"
    lock.write_text("# nothing\n")
    bring_up(environment, lock, [])
    assert (environment / "bin" / "python").exists()
    witness = environment / "witness"
    witness.touch()
    bring_up(environment, lock, [])
    assert witness.exists()
    lock.write_text("# nothing, said differently\n")
    bring_up(environment, lock, [])
    assert not witness.exists()


def test_without_a_suitable_python_it_is_said_which_one_is_needed(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        [ROOT / "tools" / "find_python.sh"],
        env={"PATH": os.environ["PATH"], "PYTHON": str(old)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert str(old) in done.stderr
    assert "3.11 to 3.13" in done.stderr


def test_the_committed_code_carries_the_descriptors_of_the_protos() -> None:
    assert compare_descriptors() == []
