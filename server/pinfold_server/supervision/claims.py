"""What a server claims for itself before it starts anything: its data folder and its port."""

import fcntl
import os
import socket
from pathlib import Path


class StartError(Exception):
    """The server cannot start; the message says why and what to do."""


def lock_data(folder: Path) -> int:
    """Claims the data folder for this server until the returned descriptor is closed, or the process dies.

    Raises StartError when another server has it: their trainers would take each other for dead.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / "server.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StartError(f"cannot use the data folder {folder}: {error.strerror}; choose another --data") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise StartError(
            f"another server uses the data folder {folder}; choose another --data, or end that one"
        ) from error
    return handle


def hold_port(host: str, port: int) -> socket.socket:
    """A bound socket that never listens: it keeps the port ours while workers come and go.

    Raises StartError when anybody else uses the port; with SO_REUSEPORT alone two servers would silently share it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if port:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
                probe.listen(1)
        holder = socket.socket(family, socket.SOCK_STREAM)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind((host, port))
    except OSError as error:
        raise StartError(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another --host or --port"
        ) from error
    return holder


def write_port(path: Path, port: int) -> None:
    """Writes the number so that a reader sees all of it or nothing."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(f"{port}\n")
    partial.replace(path)
