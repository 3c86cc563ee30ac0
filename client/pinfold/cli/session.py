"""The client of one command; its errors become a line or two and exit code 1 (server, run) or 2 (usage)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import typer

import pinfold
from pinfold._files.bad_lines import InputError
from pinfold.cli.local_server import LocalServerError
from pinfold.cli.output import fail

ERROR_EXIT = 1
USAGE_EXIT = 2
#: A person who mistyped an address wants to hear of it within a few seconds.
RETRY = pinfold.RetryPolicy(max_attempts=7)


@contextlib.contextmanager
def connect(server: str, *, actor: str | None = None) -> Iterator[pinfold.Client]:
    """A client for the block, errors told as `told_errors` does."""
    with told_errors(server), pinfold.Client(server, actor=actor, retry=RETRY) as client:
        yield client


@contextlib.contextmanager
def told_errors(server: str | None = None) -> Iterator[None]:
    """Turns the errors that a user can cause or meet into a message and an exit code."""
    try:
        yield
    except InputError as error:
        fail([str(error)])
        raise typer.Exit(USAGE_EXIT) from None
    except LocalServerError as error:
        fail(str(error).splitlines())
        raise typer.Exit(ERROR_EXIT) from None
    except pinfold.PinfoldError as error:
        fail(error_lines(error, server))
        raise typer.Exit(ERROR_EXIT) from None


def error_lines(error: pinfold.PinfoldError, server: str | None) -> list[str]:
    """What went wrong with its reason, then the fields that the message does not name, or what to do."""
    lines = [f"{error.message} [{error.reason}]" if error.reason else error.message]
    fields = [f"{wrong.field}: {wrong.description}" for wrong in error.field_violations]
    lines += [field for field in fields if field not in error.message]
    if isinstance(error, pinfold.Unavailable) and server:
        why = "connection refused" if "Connection refused" in error.message else error.message
        lines = [
            f"no server answers at {server} ({why})",
            "start one with `pinfold serve --data DIR`, or name it with --server",
        ]
    if error.error_id:
        lines.append(f"the server's log has it as {error.error_id}")
    return lines
