"""Compiled code is made once, in a process of its own, and only loaded from then on."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pinfold_server.engine import compilation
from tests.serving import HANG_SECONDS

LIFE = """
from pinfold_server.engine import compilation, kernels
kernels.SIGNATURES = kernels.SIGNATURES[:1]  # half the time
try:
    compilation.load()
except compilation.NotCompiledError:
    print("not there")
compilation.build()
print("misses", sum(kernels.score.stats.cache_misses.values()), "hits", sum(kernels.score.stats.cache_hits.values()))
print(kernels.score.stats.cache_path)
"""


def run(program: str, **variables: str) -> list[str]:
    environment = os.environ | variables | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    finished = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        check=True,
        timeout=HANG_SECONDS,
        capture_output=True,
        text=True,
    )
    return finished.stdout.splitlines()


def test_what_is_not_on_the_disk_is_compiled_by_build_and_never_by_load(tmp_path: Path) -> None:
    first = run(LIFE, NUMBA_CACHE_DIR=str(tmp_path))
    assert first[:1] == ["not there"]
    assert Path(first[2]).is_relative_to(tmp_path)
    second = run(LIFE, NUMBA_CACHE_DIR=str(tmp_path))
    assert second[0] == "misses 0 hits 1"


def test_where_no_folder_can_be_written_a_private_one_is_used(tmp_path: Path) -> None:
    program = """
import numba.core.caching as caching
def refuse(self): raise OSError("read-only")
for locator in (caching.InTreeCacheLocator, caching.UserWideCacheLocator):
    locator.ensure_cache_path = refuse
from pinfold_server.engine import compilation
from tests.serving import HANG_SECONDS
print(compilation._kernels().score.stats.cache_path)
"""
    (path,) = run(program, TMPDIR=str(tmp_path), NUMBA_CACHE_DIR="")
    assert Path(path).is_relative_to(tmp_path / f"pinfold-compiled-{os.getuid()}")


def test_a_folder_that_others_can_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = compilation._private_folder()
    assert folder.stat().st_mode & 0o077 == 0
    folder.chmod(0o777)
    with pytest.raises(PermissionError, match="NUMBA_CACHE_DIR"):
        compilation._private_folder()


def test_a_link_in_the_place_of_the_private_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / f"pinfold-compiled-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        compilation._private_folder()
