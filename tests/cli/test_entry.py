"""How the command is entered, and what it says when something is not installed."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from pinfold.cli import serving
from pinfold.cli.app import app
from pinfold.cli.local_server import INSTALL_SERVER
from tests.serving import HANG_SECONDS


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pinfold.cli", *arguments], capture_output=True, text=True, timeout=HANG_SECONDS
    )


def test_the_module_is_the_command() -> None:
    assert "Usage: pinfold" in run("--help").stdout


def test_serve_hands_everything_to_the_server_its_help_included() -> None:
    shown = run("serve", "--help").stdout
    assert shown.startswith("usage: pinfold-server")
    refused = run("serve", "--port", "none")
    assert refused.returncode == 2
    assert "--port" in refused.stderr


@pytest.mark.parametrize("package", ["typer", "rich"])
def test_a_missing_extra_is_told_with_the_command_that_installs_it(package: str) -> None:
    program = f"import sys; sys.modules[{package!r}] = None; from pinfold.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=HANG_SECONDS)
    assert done.returncode == 1
    assert done.stderr == f"error: the command line needs {package}: pip install 'pinfold[cli]'\n"


def test_a_missing_server_is_told_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "server_is_installed", lambda: False)
    result = CliRunner().invoke(app, ["serve", "--port", "1"])
    assert result.exit_code == 1
    assert INSTALL_SERVER in result.stderr
