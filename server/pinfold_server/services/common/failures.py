"""Items of a batch that fail without harm to the others."""

from collections.abc import Callable, Iterable, Iterator, MutableSequence
from typing import Protocol, TypeVar

from pinfold_server.errors import AppError
from pinfold_server.store.storage_pb2 import ItemFailureRecord

_ID_CHARS_SHOWN = 256


class OfDocument(Protocol):
    """An item that names the document it is about."""

    @property
    def document(self) -> str: ...


Item = TypeVar("Item", bound=OfDocument)
Result = TypeVar("Result")


def work_each(
    items: Iterable[Item],
    work: Callable[[Item, str], Result],
    field: str,
    failures: MutableSequence[ItemFailureRecord],
) -> Iterator[Result]:
    """What `work` makes of each item and its field's name, in order. Items that it refuses are told in `failures`."""
    for index, item in enumerate(items):
        try:
            result = work(item, f"{field}[{index}]")
        except AppError as error:
            failures.append(failure(index, item.document, error))
        else:
            yield result


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
