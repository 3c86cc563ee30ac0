"""Is an imported dataset sound? The invariants of `pinfold-server check`, its limits, and its versions' own answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pinfold_server.domain.labels.sentiments import label_count
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import TITLE_CHARS_MAX, check_id, check_text_field, version_name
from pinfold_server.engine.session import Model, ModelDamaged
from pinfold_server.errors import AppError, too_many
from pinfold_server.services.datasets.datasets import SOURCES_MAX, DatasetFields
from pinfold_server.services.labels import label_modes
from pinfold_server.services.runs import run_configs
from pinfold_server.services.versions import golden
from pinfold_server.store.archive_pb2 import ArchiveHeader
from pinfold_server.store.archives.archive_writing import contradiction
from pinfold_server.store.checks.check_annotations import annotation_findings
from pinfold_server.store.checks.check_catalogue import document_count_findings, label_findings
from pinfold_server.store.checks.check_models import model_findings
from pinfold_server.store.checks.findings import Finding
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, SourceRecord, VersionRecord
from pinfold_server.store.tables import artefacts, versions


@dataclass(frozen=True, slots=True)
class Limits:
    """What an operator allows a dataset here."""

    dataset: DatasetLimits
    pins_max: int


def check_header(header: ArchiveHeader, limits: Limits) -> None:
    """Raises AppError INVALID or PRECONDITION before anything of the archive is stored."""
    dataset = header.dataset
    try:
        check_id(dataset.id, "dataset_id")
        DatasetFields(dataset.title, dataset.description, label_mode=label_modes.from_record(dataset))
        for source in header.sources:
            check_id(source.id, "source_ids")
            check_text_field(source.title, "source.title", TITLE_CHARS_MAX)
        for configuration in header.run_configurations:
            check_id(configuration.id, "run_configuration_id")
            run_configs.check(run_configs.from_record(configuration.config))
    except AppError as error:
        raise contradiction(error.message) from error
    except ValueError as error:  # a choice that a newer server offers
        raise contradiction(str(error)) from error
    if not 1 <= len(header.sources) <= SOURCES_MAX:
        raise contradiction(f"it has {len(header.sources)} sources")
    ids = [source.id for source in header.sources]
    if sorted(dataset.source_ids) != sorted(set(ids)) or len(set(ids)) < len(ids):
        raise contradiction("its dataset reads other sources than it has")
    if dataset.label_count > limits.dataset.labels_max:
        raise _too_many("labels", dataset.label_count, limits.dataset.labels_max)
    if dataset.pinned_count > limits.pins_max:
        raise _too_many("pins", dataset.pinned_count, limits.pins_max)


def check(store: Store, owner: DatasetRecord, sources: Sequence[SourceRecord], limits: Limits) -> None:
    """Reads everything that was stored: seconds for a large dataset. Raises AppError ARCHIVE_INVALID."""
    with store.read() as txn:
        for finding in _findings(txn, owner, sources):
            raise contradiction(f"{finding.place} {finding.problem}")
        available = [record for _, record in versions.newest_first(txn, owner.uid) if record.available]
    for record in available:
        _check_answers(store, owner, record)


def _findings(txn: Txn, owner: DatasetRecord, sources: Sequence[SourceRecord]) -> Iterator[Finding]:
    for source in sources:
        yield from document_count_findings(txn, source)
    yield from label_findings(txn, owner)
    yield from annotation_findings(txn, owner, {source.uid for source in sources})
    yield from model_findings(txn, owner)


def _check_answers(store: Store, owner: DatasetRecord, record: VersionRecord) -> None:
    """The file loads here, knows the labels that the archive tells, and gives its golden answers bit by bit."""
    with store.read() as txn:
        blob = artefacts.read(txn, record.sha256)
        told = [label.name for label in versions.labels(txn, owner.uid, record.number).labels]
        expected = versions.golden(txn, owner.uid, record.number)
    name = version_name(owner.id, record.number)
    try:
        model = Model.load(blob, record.sha256.hex())
        golden.verify(model, record, expected)
    except (ModelDamaged, golden.GoldenMismatch) as error:
        raise contradiction(f"{name}: {error}") from error
    if list(model.labels[: label_count(model.labels)]) != told:
        raise contradiction(f"{name} has other labels than its file")


def _too_many(what: str, count: int, limit: int) -> AppError:
    return too_many(what, f"the archive's dataset has {count:,} {what}; this server allows {limit:,}")
