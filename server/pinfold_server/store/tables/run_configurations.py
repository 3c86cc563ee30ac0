"""Options of trainings under names."""

from collections.abc import Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import RunConfigurationRecord
from pinfold_server.store.table import Table, scan

_configurations = Table(RunConfigurationRecord)

SCOPE = keys.RUN_CONFIGURATION


def get(txn: Txn, configuration_id: str) -> RunConfigurationRecord | None:
    return _configurations.get(txn, keys.run_configuration(configuration_id))


def put(txn: Txn, record: RunConfigurationRecord) -> None:
    _configurations.put(txn, keys.run_configuration(record.id), record)


def delete(txn: Txn, configuration_id: str) -> None:
    _configurations.delete(txn, keys.run_configuration(configuration_id))


def by_id(txn: Txn, start: bytes = b"") -> Iterator[tuple[bytes, RunConfigurationRecord]]:
    """Key and record of every run configuration, by id."""
    return _configurations.scan(txn, SCOPE, start)


def count(txn: Txn) -> int:
    return sum(1 for _ in scan(txn, SCOPE))
