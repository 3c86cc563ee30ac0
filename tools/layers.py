"""The table of layers: who may import what. `tools/check_imports.py` enforces it."""

from collections.abc import Mapping
from dataclasses import dataclass

# Unpickling runs whatever the file says.
UNPICKLERS = frozenset({"pickle", "_pickle", "cPickle", "joblib", "dill", "cloudpickle", "skops", "shelve", "marshal"})


@dataclass(frozen=True, slots=True)
class Layer:
    """What the modules of one layer may import besides the standard library and their own layer.

    `internal` names layers, `external` dotted prefixes of third-party modules.
    """

    internal: frozenset[str] = frozenset()
    external: frozenset[str] = frozenset()


def _layer(internal: str = "", external: str = "") -> Layer:
    return Layer(frozenset(internal.split()), frozenset(external.split()))


_SERVER = "pinfold_server"
_CORE = f"{_SERVER}.errors {_SERVER}.metrics {_SERVER}.settings {_SERVER}.domain"
_RECORDS = f"{_SERVER}.store.storage_pb2"
_ARCHIVES = f"{_SERVER}.store.archive_pb2"
_STREAMS = f"{_SERVER}.store.streams_pb2"

# A module belongs to the layer with the longest dotted prefix of its name.
LAYERS: Mapping[str, Layer] = {
    # The light client: a calling service must not get more than grpcio and protobuf.
    "pinfold": _layer("pinfold.v1 pinfold._files pinfold._report", "grpc google.protobuf google.rpc"),
    # Files in and out: what is not in the standard library is an extra, imported where it is needed.
    "pinfold._files": _layer("pinfold", "charset_normalizer pyarrow"),
    # The report people look at: what draws it is an extra too.
    "pinfold._report": _layer("pinfold pinfold._files", "jinja2 markupsafe matplotlib"),
    "pinfold.v1": _layer(external="grpc google.protobuf google.rpc"),
    "pinfold.cli": _layer(f"pinfold pinfold._files pinfold.v1 {_SERVER}", "grpc typer click rich"),
    # The server, from the inside out.
    f"{_SERVER}.errors": _layer(),
    f"{_SERVER}.settings": _layer(f"{_SERVER}.errors"),
    f"{_SERVER}.metrics": _layer(),
    f"{_SERVER}.interpreter": _layer(),
    f"{_SERVER}.processes": _layer(),
    f"{_SERVER}.resources": _layer(f"{_SERVER}.metrics"),
    f"{_SERVER}.domain": _layer(f"{_SERVER}.errors", "numpy"),
    # The stored records are plain values: whoever is handed one may name its type without knowing LMDB.
    _RECORDS: _layer(external="google.protobuf"),
    _ARCHIVES: _layer(_RECORDS, "google.protobuf"),
    _STREAMS: _layer(_RECORDS, "google.protobuf"),
    f"{_SERVER}.write_mark": _layer(),
    f"{_SERVER}.store": _layer(
        f"{_CORE} {_RECORDS} {_ARCHIVES} {_STREAMS} {_SERVER}.write_mark", "lmdb google.protobuf"
    ),
    f"{_SERVER}.engine": _layer(_CORE, "numba numpy onnxruntime"),
    f"{_SERVER}.services": _layer(
        f"{_CORE} {_RECORDS} {_ARCHIVES} {_STREAMS} {_SERVER}.store {_SERVER}.engine",
        "numpy google.protobuf",  # arrays from the engine and records from the store pass through, nothing else
    ),
    # Two edges that do not know each other: the trainer process and the network.
    f"{_SERVER}.training": _layer(
        f"{_CORE} {_RECORDS} {_SERVER}.interpreter {_SERVER}.processes {_SERVER}.resources"
        f" {_SERVER}.store {_SERVER}.engine {_SERVER}.services",
        "numba numpy onnx scipy skl2onnx sklearn umap google.protobuf",
    ),
    f"{_SERVER}.rpc": _layer(
        f"pinfold.v1 {_CORE} {_RECORDS} {_STREAMS} {_SERVER}.services",
        "grpc grpc_channelz grpc_health grpc_reflection google.protobuf google.rpc opentelemetry",
    ),
    # The process tree must not die of what its children die of.
    f"{_SERVER}.supervision": _layer(f"{_SERVER}.metrics {_SERVER}.processes {_SERVER}.settings {_SERVER}.write_mark"),
    f"{_SERVER}.logs": _layer(),
    # app, wiring, __main__ and what else lies at the top.
    _SERVER: _layer(
        f"pinfold.v1 {_CORE} {_RECORDS} {_SERVER}.processes {_SERVER}.store {_SERVER}.engine {_SERVER}.services"
        f" {_SERVER}.training {_SERVER}.rpc {_SERVER}.supervision {_SERVER}.logs {_SERVER}.resources"
        f" {_SERVER}.interpreter",
        "grpc uvloop google.protobuf",
    ),
}

# Packages whose `__init__.py` must be empty: a re-export there is how cycles begin.
EMPTY_INITS = (_SERVER,)


def layer_of(module: str) -> str | None:
    """Name of the layer that holds `module`; None for a module that is not ours."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        if (prefix := ".".join(parts[:length])) in LAYERS:
            return prefix
    return None
