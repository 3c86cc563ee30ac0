"""The entry point of the command `pinfold`: says what to install when the extra is missing."""

from __future__ import annotations

import sys

_EXTRA = frozenset({"rich", "typer"})


def main() -> None:
    """Runs the command line of this process."""
    try:
        from pinfold.cli.app import app
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        sys.exit(f"error: the command line needs {error.name}: pip install 'pinfold[cli]'")
    app(prog_name="pinfold")
