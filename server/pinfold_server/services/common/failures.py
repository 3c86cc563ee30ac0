"""Items of a batch that fail without harm to the others."""

from pinfold_server.errors import AppError
from pinfold_server.store.storage_pb2 import ItemFailureRecord

_ID_CHARS_SHOWN = 256


def failure(index: int, item_id: str, error: AppError) -> ItemFailureRecord:
    """What is told of an item whose place is `index`."""
    return ItemFailureRecord(
        index=index,
        id=item_id[:_ID_CHARS_SHOWN],
        code=error.code.name,
        reason=error.reason,
        field=error.violations[0].field if error.violations else "",
        message=error.message,
    )
