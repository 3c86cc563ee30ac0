"""Finding what a request names, or saying precisely that it is not there."""

from pinfold_server.domain.names import (
    LATEST,
    VersionRef,
    dataset_name,
    experiment_name,
    run_configuration_name,
    run_name,
    source_name,
    stream_name,
    tag_name,
    version_name,
)
from pinfold_server.errors import not_found, precondition
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import (
    DatasetRecord,
    ExperimentRecord,
    RunConfigurationRecord,
    RunRecord,
    SourceRecord,
    TagRecord,
    VersionRecord,
)
from pinfold_server.store.streams_pb2 import StreamRecord
from pinfold_server.store.tables import (
    datasets,
    experiments,
    run_configurations,
    runs,
    sources,
    streams,
    tags,
    versions,
)


def source(txn: Txn, source_id: str, field: str = "") -> SourceRecord:
    """`field` is told where one request names many sources."""
    record = sources.get(txn, source_id)
    if record is None:
        raise not_found("source", source_name(source_id), field)
    return record


def dataset(txn: Txn, dataset_id: str) -> DatasetRecord:
    record = datasets.get(txn, dataset_id)
    if record is None:
        raise not_found("dataset", dataset_name(dataset_id))
    return record


def check_reads(owner: DatasetRecord, source_id: str) -> None:
    """Raises AppError SOURCE_NOT_IN_DATASET unless the dataset reads the source."""
    if source_id not in owner.source_ids:
        raise precondition(
            "SOURCE_NOT_IN_DATASET",
            f"{dataset_name(owner.id)} does not read {source_name(source_id)}: add it to the dataset's sources first",
            name=dataset_name(owner.id),
        )


def run(txn: Txn, owner: DatasetRecord, number: int) -> RunRecord:
    record = runs.get(txn, owner.uid, number)
    if record is None:
        raise not_found("run", run_name(owner.id, number))
    return record


def run_configuration(txn: Txn, configuration_id: str) -> RunConfigurationRecord:
    record = run_configurations.get(txn, configuration_id)
    if record is None:
        raise not_found("run configuration", run_configuration_name(configuration_id))
    return record


def experiment(txn: Txn, owner: DatasetRecord, experiment_id: str) -> ExperimentRecord:
    record = experiments.get(txn, owner.uid, experiment_id)
    if record is None:
        raise not_found("experiment", experiment_name(owner.id, experiment_id))
    return record


def tag(txn: Txn, owner: DatasetRecord, name: str) -> TagRecord:
    record = tags.get(txn, owner.uid, name)
    if record is None:
        raise not_found("tag", tag_name(owner.id, name))
    return record


def stream(txn: Txn, owner: DatasetRecord, stream_id: str) -> StreamRecord:
    record = streams.get(txn, owner.uid, stream_id)
    if record is None:
        raise not_found("stream", stream_name(owner.id, stream_id))
    return record


def version_number(txn: Txn, owner: DatasetRecord, number: int) -> VersionRecord:
    record = versions.get(txn, owner.uid, number) if 0 < number < 1 << 31 else None
    if record is None:
        raise not_found("version", version_name(owner.id, number))
    return record


def version(txn: Txn, owner: DatasetRecord, wanted: VersionRef) -> VersionRecord:
    """The version that a number, a tag or `latest` stands for now."""
    if wanted.number is not None:
        return version_number(txn, owner, wanted.number)
    if wanted.tag != LATEST:
        return version_number(txn, owner, tag(txn, owner, wanted.tag or "").version)
    if owner.latest_version == 0:
        raise precondition(
            "NO_VERSION",
            f"{dataset_name(owner.id)} has no model version yet: train it first",
            name=dataset_name(owner.id),
        )
    return version_number(txn, owner, owner.latest_version)
