"""Which part of a training documents are for: the calls, and what callers hold of the answers (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pinfold import _methods, _names
from pinfold._calls import Call, Listing, call, listing
from pinfold._convert import item_failure
from pinfold._quality_enums import SPLITS, Split
from pinfold._types import ItemFailure
from pinfold.v1 import split_pb2 as pb

CHOICES_A_CALL = 1_000


@dataclass(frozen=True, slots=True)
class DocumentSplit:
    """A document for which a part was chosen; `split` is None for one that this release does not know."""

    source: str
    document_id: str
    split: Split | None


@dataclass(frozen=True, slots=True)
class SplitReport:
    """What became of chosen parts; `revision` is that of the dataset afterwards."""

    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    revision: int = 0
    failures: tuple[ItemFailure, ...] = field(default=(), repr=False)

    def __add__(self, other: "SplitReport") -> "SplitReport":
        """One report of this call and a later one."""
        return SplitReport(
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
            failed=self.failed + other.failed,
            revision=max(self.revision, other.revision),
            failures=self.failures + other.failures,
        )


def set_splits(dataset_id: str, source_id: str, splits: Mapping[str, Split | str | None]) -> list[Call[SplitReport]]:
    """As many calls as the limit of one needs. Raises TypeError or ValueError naming what cannot be sent."""
    if not isinstance(splits, Mapping):
        raise TypeError(f"splits must map document ids to parts, got {type(splits).__name__}")
    choices = [_choice(source_id, document_id, split) for document_id, split in splits.items()]
    name = _names.dataset(dataset_id)
    return [
        _call(pb.SetSplitsRequest(dataset=name, splits=choices[start : start + CHOICES_A_CALL]), start)
        for start in range(0, len(choices), CHOICES_A_CALL)
    ]


def list_splits(dataset_id: str) -> Listing[DocumentSplit]:
    request = pb.ListSplitsRequest(dataset=_names.dataset(dataset_id))
    return listing(_methods.LIST_SPLITS, request, lambda page: page.splits, _document_split)


def _choice(source_id: str, document_id: str, split: Split | str | None) -> pb.DocumentSplit:
    choice = pb.DocumentSplit(document=_names.document(source_id, document_id))
    if split is not None:
        choice.MergeFrom(pb.DocumentSplit(split=SPLITS.encode(split, f"splits[{document_id!r}]")))
    return choice


def _call(request: pb.SetSplitsRequest, offset: int) -> Call[SplitReport]:
    return call(_methods.SET_SPLITS, request, lambda answer: _report(answer, offset))


def _report(answer: pb.SetSplitsResponse, offset: int) -> SplitReport:
    return SplitReport(
        changed=answer.changed_count,
        unchanged=answer.unchanged_count,
        failed=answer.failed_count,
        revision=answer.revision,
        failures=tuple(_renumbered(item_failure(failure), offset) for failure in answer.failures),
    )


def _renumbered(failure: ItemFailure, offset: int) -> ItemFailure:
    """In the caller's words: the place among all documents, and the id of the document."""
    known = _names.document_parts(failure.id)[1] if failure.id.startswith("sources/") else failure.id
    return replace(failure, index=failure.index + offset, id=known)


def _document_split(message: pb.DocumentSplit) -> DocumentSplit:
    source, document_id = _names.document_parts(message.document)
    return DocumentSplit(source, document_id, SPLITS.decode(message.split))
