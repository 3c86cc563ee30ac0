import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pinfold.cli.local_server import LocalServer, LocalServerError


def test_a_server_that_cannot_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(LocalServerError, match=r"ended with code 1(.|\n)*data"), LocalServer(tmp_path):
        pass


PROGRAM = """
import sys, time
from pathlib import Path
from pinfold.cli.local_server import LocalServer
with LocalServer(Path(sys.argv[1])) as server:
    print(server.target, flush=True)
    time.sleep(60)
"""


def test_the_server_ends_with_the_program_that_is_terminated(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        host, _, port = program.stdout.readline().strip().partition(":")
        socket.create_connection((host, int(port))).close()
        program.terminate()
        assert program.wait(60) == 128 + signal.SIGTERM
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))
