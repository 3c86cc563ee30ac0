"""Makes a virtual environment equal to a lock file; does nothing when it already is.

    python tools/bootstrap.py .venv requirements/dev.lock --editable client --editable server

Runs on a bare Python: standard library only.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

STAMP = "pinfold-stamp.json"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an environment was made from; any difference in `python` or `lock` rebuilds it from nothing."""

    python: str
    lock: str
    projects: str

    @classmethod
    def wanted(cls, lock: Path, projects: Sequence[Path]) -> "Stamp":
        return cls(
            # The real prefix, so that a replaced or moved interpreter is noticed.
            python=f"{sys.version} {sys.base_prefix}",
            lock=_digest([lock]),
            projects=_digest([project / "pyproject.toml" for project in projects]),
        )

    @classmethod
    def read(cls, environment: Path) -> "Stamp | None":
        try:
            return cls(**json.loads((environment / STAMP).read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def write(self, environment: Path) -> None:
        (environment / STAMP).write_text(json.dumps(asdict(self), indent=1) + "\n")


def _digest(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _pip(environment: Path, *arguments: str) -> None:
    # An active environment or a user's target folder must not redirect what is installed here.
    surroundings = {
        name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PIP_TARGET", "PIP_USER"}
    }
    command = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    subprocess.run([*command, "-qq", *arguments], check=True, env=surroundings)


def bring_up(environment: Path, lock: Path, projects: Sequence[Path]) -> None:
    wanted, present = Stamp.wanted(lock, projects), Stamp.read(environment)
    if present == wanted:
        return
    if present is None or (present.python, present.lock) != (wanted.python, wanted.lock):
        print(f"==> {environment}: installing {lock} (a few minutes the first time)", flush=True)
        venv.create(environment, clear=True, with_pip=True)
        _pip(environment, "--require-hashes", "--only-binary", ":all:", "-r", str(lock))
    (environment / STAMP).unlink(missing_ok=True)
    editables = [argument for project in projects for argument in ("--editable", str(project))]
    if editables:
        _pip(environment, "--no-deps", "--no-build-isolation", *editables)
    wanted.write(environment)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("environment", type=Path)
    parser.add_argument("lock", type=Path)
    parser.add_argument("--editable", type=Path, action="append", default=[], metavar="FOLDER")
    arguments = parser.parse_args()
    try:
        bring_up(arguments.environment, arguments.lock, arguments.editable)
    except subprocess.CalledProcessError as error:
        sys.exit(f"Setting up {arguments.environment} failed: pip ended with {error.returncode}; see above.")


if __name__ == "__main__":
    main()
