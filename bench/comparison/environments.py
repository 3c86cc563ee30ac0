"""Throw-away environments for the peers: one each, of exact releases, kept outside the tree and used again."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "peer_servers"
_READY = "ready"
_INSTALL_SECONDS = 1_800


class CannotRun(Exception):
    """A peer could not be installed, started or trusted; says why, in a line."""


@dataclass(frozen=True, slots=True)
class Environment:
    """An installed environment; `requirements` is the file of its releases."""

    python: Path
    requirements: Path

    def version_of(self, distribution: str) -> str:
        """The release that the file pins. Raises KeyError."""
        pins: dict[str, str] = dict(re.findall(r"^([\w.-]+)==(\S+)", self.requirements.read_text(), re.MULTILINE))
        return pins[distribution]


def default_folder() -> Path:
    """Where the environments are kept unless another folder is named."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "pinfold-bench"


def installed(name: str, folder: Path) -> Environment:
    """The environment of a peer, made first where there is none of these releases. Raises `CannotRun`."""
    requirements = REQUIREMENTS / f"requirements-{name}.txt"
    release = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    place = folder.absolute() / f"{name}-{release}"
    environment = Environment(place / "bin" / "python", requirements)
    if (place / _READY).exists():
        return environment
    shutil.rmtree(place, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(place)])
    _run([str(environment.python), "-m", "pip", "install", "--quiet", "--requirement", str(requirements)])
    (place / _READY).touch()
    return environment


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=_INSTALL_SECONDS)
    except subprocess.CalledProcessError as failed:
        raise CannotRun(f"not installed: {_last_line(failed.stderr or failed.stdout)}") from None
    except subprocess.TimeoutExpired:
        raise CannotRun(f"not installed within {_INSTALL_SECONDS} s") from None


def _last_line(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip() and not line.startswith("[notice]")]
    return lines[-1].strip() if lines else "pip said nothing"
