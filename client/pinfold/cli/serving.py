"""The command that starts the server."""

from __future__ import annotations

import os
import sys

import typer

from pinfold.cli.local_server import INSTALL_SERVER, server_is_installed
from pinfold.cli.output import fail
from pinfold.cli.session import ERROR_EXIT

# Everything after `serve`, --help included, belongs to pinfold-server.
PASS_EVERYTHING_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def serve(context: typer.Context) -> None:
    """Start the server; every option is passed on to `pinfold-server` (see `pinfold serve --help`)."""
    if not server_is_installed():
        fail([INSTALL_SERVER])
        raise typer.Exit(ERROR_EXIT)
    sys.stdout.flush()
    # Replaced, not spawned: signals of a service manager reach the server itself.
    os.execv(sys.executable, [sys.executable, "-m", "pinfold_server", *context.args])
