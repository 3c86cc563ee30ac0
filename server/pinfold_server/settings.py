"""Settings of a server: one frozen value, built from environment variables and then flags, checked once at the start.

Nobody else reads the environment. Each field of `Settings` is the flag `--name` and the variable
`PINFOLD_SERVER_NAME`.
"""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

PREFIX = "PINFOLD_SERVER_"


def _setting(default: Any, help_text: str, *, low: float | None = None, high: float | None = None) -> Any:
    return field(default=default, metadata={"help": help_text, "low": low, "high": high})


class SettingsError(Exception):
    """A setting has a wrong value; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can choose. Ranges are inclusive."""

    data: Path = _setting(Path("pinfold-data"), "folder of the store; made when it is not there")
    host: str = _setting("127.0.0.1", "address to listen on; other than loopback exposes the server to the network")
    port: int = _setting(7463, "port to listen on; 0 takes a free one", low=0, high=65_535)
    port_file: Path | None = _setting(None, "file that gets the port number once the server is ready")
    workers: int = _setting(
        min(4, os.cpu_count() or 1), "worker processes that answer calls on the one port", low=1, high=256
    )
    worker_cores: str = _setting(
        "shared", "shared: the system says where workers run; own: each keeps to a core, which nothing else should need"
    )
    trainers: int = _setting(1, "trainer processes; 0 queues trainings and runs none", low=0, high=64)
    training_threads: int = _setting(
        max(1, min(4, (os.cpu_count() or 1) // 2)),
        "threads that fit the labels of a training, in each trainer",
        low=1,
        high=256,
    )
    training_cache_mib: int = _setting(
        256, "MiB that a trainer keeps of what it computed from texts, for the next training", low=0, high=1_048_576
    )
    store_max_gib: int = _setting(
        64, "most GiB that the store may grow to; address space, not disk that is taken", low=1, high=65_536
    )
    model_memory_mib: int = _setting(2_048, "MiB of loaded models that a worker keeps", low=16, high=1_048_576)
    engine: str = _setting(
        "auto", "who computes answers, with the same bits: auto (compiled code once it is there), compiled or onnx"
    )
    queue_texts_max: int = _setting(
        16_384, "texts that may wait in a worker before more are refused", low=1, high=10_000_000
    )
    queue_seconds_max: float = _setting(
        1.0, "seconds that a large request may wait in a worker before more are refused", low=0.01, high=3_600.0
    )
    texts_per_request_max: int = _setting(4_096, "most texts in one Predict", low=1, high=65_536)
    text_bytes_max: int = _setting(1_048_576, "most bytes of a text", low=1_024, high=8_388_608)
    message_mib_max: int = _setting(16, "most MiB of one message", low=1, high=256)
    labels_max: int = _setting(1_024, "most labels in a dataset", low=1, high=4_096)
    pins_max: int = _setting(100, "most pinned versions in a dataset", low=1, high=10_000)
    waiting_runs_max: int = _setting(100, "most runs of a dataset that wait", low=1, high=10_000)
    connection_age_seconds: float = _setting(
        60.0,
        "seconds after which a connection is given up for a new one, which may meet another worker",
        low=1.0,
        high=86_400.0,
    )
    write_seconds_max: float = _setting(
        30.0, "seconds that a process may hold the store's write lock before it is ended", low=0.5, high=3_600.0
    )
    monitoring_share: float = _setting(
        0.01,
        "part of a worker's time that may go into watching what versions say; 0 counts texts only",
        low=0,
        high=0.5,
    )
    monitoring_seconds: float = _setting(
        10.0, "seconds between two times that a worker stores what it watched", low=0.1, high=3_600.0
    )
    drain_seconds: float = _setting(10.0, "seconds that running calls get to finish at the end", low=0.0, high=3_600.0)
    log_level: str = _setting("info", "least severity that is logged: debug, info, warning or error")
    log_format: str = _setting("text", "text for people, or json: one object a line")
    traces: str = _setting("none", "where OpenTelemetry traces go: none, otlp or console; needs the extra otel")
    channelz: str = _setting(
        "off", "on answers grpc.channelz.v1, a worker's own view of its connections; needs the extra"
    )
    metrics_host: str = _setting("127.0.0.1", "address of the page for Prometheus")
    metrics_port: int = _setting(0, "port of the page for Prometheus, /metrics; 0 is none", low=0, high=65_535)

    def __post_init__(self) -> None:
        for item in fields(self):
            _check_range(item.name, getattr(self, item.name), item.metadata["low"], item.metadata["high"])
        if self.traces not in ("none", "otlp", "console"):
            raise SettingsError(f"{_described('traces')}: must be none, otlp or console")
        if self.channelz not in ("off", "on"):
            raise SettingsError(f"{_described('channelz')}: must be off or on")
        if self.log_level not in ("debug", "info", "warning", "error"):
            raise SettingsError(f"{_described('log_level')}: must be debug, info, warning or error")
        if self.engine not in ("auto", "compiled", "onnx"):
            raise SettingsError(f"{_described('engine')}: must be auto, compiled or onnx")
        if self.worker_cores not in ("shared", "own"):
            raise SettingsError(f"{_described('worker_cores')}: must be shared or own")
        if self.log_format not in ("text", "json"):
            raise SettingsError(f"{_described('log_format')}: must be text or json")
        if self.metrics_port and self.metrics_port == self.port:
            raise SettingsError(f"{_described('metrics_port')}: must not be the port of the calls")

    @property
    def map_bytes(self) -> int:
        return self.store_max_gib << 30

    def to_args(self) -> list[str]:
        """Flags that give the same settings again: what a child process is started with."""
        args: list[str] = []
        for item in fields(self):
            value = getattr(self, item.name)
            if value is not None:
                args += [_flag(item.name), str(value)]
        return args


def add_flags(parser: argparse.ArgumentParser, names: Sequence[str] | None = None) -> None:
    """Adds a flag for each setting (or for those of `names`)."""
    for item in fields(Settings):
        if names is None or item.name in names:
            default = "" if item.default is None else f" (default: {item.default})"
            parser.add_argument(
                _flag(item.name),
                dest=item.name,
                metavar=item.name.split("_")[-1].upper(),
                default=None,
                help=f"{item.metadata['help']}{default}; {_variable(item.name)}",
            )


def build(flags: Mapping[str, str | None], environ: Mapping[str, str]) -> Settings:
    """Settings from flags, else environment variables, else defaults.

    Raises SettingsError that names the flag and the variable of a wrong value.
    """
    known = {_variable(item.name) for item in fields(Settings)}
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(f"unknown setting {unknown[0]}; known are {', '.join(sorted(known))}")
    values: dict[str, Any] = {}
    for item in fields(Settings):
        text = flags.get(item.name)
        if text is None:
            text = environ.get(_variable(item.name))
        if text is not None:
            values[item.name] = _parse(item.name, item.type, text)
    return Settings(**values)


def _parse(name: str, kind: Any, text: str) -> Any:
    try:
        if kind is int:
            return int(text)
        if kind is float:
            return float(text)
    except ValueError:
        raise SettingsError(f"{_described(name)}: must be a number, got {text!r}") from None
    return text if kind is str else Path(text)


def _check_range(name: str, value: Any, low: float | None, high: float | None) -> None:
    if low is None or high is None:
        return
    if not low <= value <= high:
        raise SettingsError(f"{_described(name)}: must be from {low:,} to {high:,}, got {value:,}")


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _described(name: str) -> str:
    return f"{_flag(name)} ({_variable(name)})"
