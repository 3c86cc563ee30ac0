"""Whether the labels of a dataset exclude each other: what the dataset says, and what holds for a run.

A run's configuration comes first, then the dataset's own word; where both leave it open the training finds out.
"""

from pinfold_server.domain.labels.labels import levels
from pinfold_server.domain.names import dataset_name
from pinfold_server.domain.runs.configs import LabelMode
from pinfold_server.errors import AppError, Code, FieldViolation
from pinfold_server.services.common import lookup
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, RunConfigRecord
from pinfold_server.store.tables import annotations, labels

NOT_SINGLE_LABEL = "NOT_SINGLE_LABEL"


def to_record(mode: LabelMode) -> str:
    """AUTO is stored as nothing, like the datasets of earlier servers."""
    return "" if mode is LabelMode.AUTO else mode.value


def from_record(record: DatasetRecord) -> LabelMode:
    """Raises ValueError for a mode of a newer server, which an archive may have."""
    return LabelMode(record.label_mode or LabelMode.AUTO)


def of_run(owner: DatasetRecord, config: RunConfigRecord) -> str:
    """What a run that is queued now will be trained with."""
    asked = config.label_mode or LabelMode.AUTO.value
    return asked if asked != LabelMode.AUTO else owner.label_mode or LabelMode.AUTO.value


def check_single(store: Store, dataset_id: str) -> None:
    """Raises AppError NOT_SINGLE_LABEL, naming the first document that has two leaf labels. Reads every annotation."""
    with store.read() as txn:
        owner = lookup.dataset(txn, dataset_id)
        leaves = _leaves(txn, owner.uid)
        for key, record in annotations.by_document(txn, owner.uid):
            if sum(number in leaves for number in record.assigned) > 1:
                raise _not_single(dataset_id, keys.annotated_document(key)[1])


def _leaves(txn: Txn, dataset_uid: int) -> frozenset[int]:
    """Numbers of the labels that have none below them."""
    names = labels.names(txn, dataset_uid)
    above = {level for name in names.values() for level in levels(name)[:-1]}
    return frozenset(number for number, name in names.items() if name not in above)


def _not_single(dataset_id: str, document_id: str) -> AppError:
    told = (
        f"document {document_id!r} of {dataset_name(dataset_id)} has two leaf labels, and in a single-label dataset"
        " every document has one: change its labels, or choose multi_label or auto"
    )
    return AppError(
        Code.PRECONDITION,
        NOT_SINGLE_LABEL,
        told,
        violations=(FieldViolation("dataset.label_mode", told),),
        metadata={"name": dataset_name(dataset_id), "document": document_id},
    )
