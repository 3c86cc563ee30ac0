"""The command `pinfold-server`: parses, sets up the log, and calls. Nothing is decided here."""

import argparse
import asyncio
import importlib.util
import logging
import os
import sys
from pathlib import Path

from pinfold_server import logs
from pinfold_server.errors import StoreFormatError
from pinfold_server.processes import HOPELESS, Lifeline, keep_to_core, may_keep_to_core
from pinfold_server.settings import Settings, SettingsError, add_flags, build

COMMANDS = ("serve", "check", "backup", "worker", "trainer")

DESCRIPTION = """\
Trains, pins and serves text classifiers over gRPC.

  pinfold-server [serve] [flags]        serve until Ctrl-C or SIGTERM, then drain; SIGHUP replaces the workers
                                        one after the other, without losing a call
  pinfold-server check [--data DIR]     walk every invariant of a store; exit status 1 when one is broken
  pinfold-server backup DIR             write a compact, consistent copy of a store, also while it is served
"""


def main(argv: list[str] | None = None) -> int:
    """The exit status: 0 well, 1 it went wrong, 2 it was called wrongly."""
    args = list(sys.argv[1:] if argv is None else argv)
    command = args.pop(0) if args and args[0] in COMMANDS else "serve"
    parsed = _parser(command).parse_args(args)
    try:
        settings = build(vars(parsed), os.environ)
        _check_extras(settings)
    except SettingsError as error:
        print(f"pinfold-server: {error}", file=sys.stderr)
        return 2
    process = f"{command} {parsed.slot}" if command in ("worker", "trainer") else "pinfold"
    logs.set_up(process, settings.log_level, settings.log_format)
    try:
        return _run(command, settings, parsed)
    except StoreFormatError as error:
        logging.error("%s: %s", settings.data, error)
        return HOPELESS


def _check_extras(settings: Settings) -> None:
    """Raises SettingsError for what was asked for and cannot be had here."""
    if settings.worker_cores == "own" and not may_keep_to_core():
        raise SettingsError("--worker-cores: this system does not let a process choose its core")
    wanted = {"otel": ("opentelemetry.exporter", settings.traces != "none", "--traces"),
              "channelz": ("grpc_channelz", settings.channelz == "on", "--channelz")}  # fmt: skip
    for extra, (package, asked, flag) in wanted.items():
        if asked and not _installed(package):
            raise SettingsError(f"{flag}: not installed here: pip install 'pinfold-server[{extra}]'")


def _installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:  # the package above it is missing
        return False


def _parser(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"pinfold-server {command}" if command != "serve" else "pinfold-server",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    if command == "check":
        add_flags(parser, ("data", "store_max_gib", "log_level", "log_format"))
        parser.add_argument("--json", action="store_true", help="print the findings as one JSON document")
    elif command == "backup":
        parser.add_argument("target", type=Path, metavar="DIR", help="folder to make; it must not exist")
        add_flags(parser, ("data", "store_max_gib", "log_level", "log_format"))
    else:
        add_flags(parser)
    if command in ("worker", "trainer"):
        parser.add_argument("--slot", type=int, required=True)
        parser.add_argument("--lifeline", type=int, required=True)
        parser.add_argument("--bound-port", type=int, required=True)
    return parser


def _run(command: str, settings: Settings, parsed: argparse.Namespace) -> int:
    """Imports what the command needs and no more: a worker never loads the trainer's libraries."""
    if command == "worker":
        if settings.worker_cores == "own":
            keep_to_core(parsed.slot)
        from pinfold_server.app import run_worker

        _event_loop_run(run_worker(settings, parsed.bound_port, Lifeline(parsed.lifeline)))
        return 0
    if command == "trainer":
        from pinfold_server.training.process import run_trainer

        run_trainer(settings, parsed.slot, Lifeline(parsed.lifeline))
        return 0
    if command == "serve":
        return _serve(settings)
    from pinfold_server import upkeep

    if command == "check":
        return upkeep.check(settings, as_json=parsed.json)
    return upkeep.backup(settings, parsed.target)


def _serve(settings: Settings) -> int:
    from pinfold_server.supervision.claims import StartError
    from pinfold_server.supervision.supervisor import Supervisor

    try:
        return Supervisor(settings).run()
    except StartError as error:
        print(f"pinfold-server: {error}", file=sys.stderr)
        return 1


def _event_loop_run(work: object) -> None:
    try:
        import uvloop
    except ImportError:
        asyncio.run(work)  # type: ignore[arg-type]
    else:
        uvloop.run(work)  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
