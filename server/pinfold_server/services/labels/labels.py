"""Labels of a dataset: made, described, listed."""

from collections.abc import Sequence
from dataclasses import dataclass

from pinfold_server.domain.labels.labels import check_path, tree_order
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import ACTOR_CHARS_MAX, DESCRIPTION_CHARS_MAX, check_text_field
from pinfold_server.errors import invalid
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.pages import BYTES_MAX, Page, PageRequest, take
from pinfold_server.services.labels.taxonomy import Taxonomy
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import LabelRecord, UpsertLabelsAnswer
from pinfold_server.store.tables import datasets, labels

PAGE_MAX = 1_024
EXTERNAL_ID_CHARS_MAX = 128


@dataclass(frozen=True, slots=True)
class LabelUpdate:
    """A label that must exist afterwards; what is empty leaves what it has."""

    name: str
    description: str = ""
    external_id: str = ""


class LabelService:
    """Every method raises AppError NOT_FOUND for a dataset that is not there."""

    def __init__(self, store: Store, changes: Changes, limits: DatasetLimits) -> None:
        self._store = store
        self._changes = changes
        self._limits = limits

    async def upsert(
        self, dataset_id: str, updates: Sequence[LabelUpdate], once: RequestKey | None = None, *, actor: str = ""
    ) -> UpsertLabelsAnswer:
        """All of them or none. Raises AppError INVALID naming the label, TOO_MANY_LABELS.

        Descriptions are left out of the answer where all labels together are too large for one.
        """
        wanted = _checked(updates, self._limits.labels_max)
        check_text_field(actor, "actor", ACTOR_CHARS_MAX)

        def work(txn: Txn, now_us: int) -> UpsertLabelsAnswer:
            owner = lookup.dataset(txn, dataset_id)
            taxonomy = Taxonomy(txn, owner, self._limits.labels_max)
            created = taxonomy.create(wanted)
            numbers = [number for path in wanted if (number := taxonomy.number(path)) is not None]
            for number, update in zip(numbers, wanted.values(), strict=True):
                taxonomy.describe(number, update.description, update.external_id)
            if taxonomy.changed:
                taxonomy.flush(actor, now_us)
                owner.revision += 1
                datasets.put(txn, owner)
            answer = UpsertLabelsAnswer(created_count=created, revision=owner.revision)
            answer.labels.extend(taxonomy.record(number) for number in numbers)
            return _within_a_message(answer)

        return await self._changes.run(UpsertLabelsAnswer, work, once)

    def list_labels(self, dataset_id: str, page: PageRequest) -> Page[LabelRecord]:
        """Labels in the order of the tree: children follow their parent."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            records = sorted(labels.by_number(txn, owner.uid), key=lambda record: tree_order(record.name))
        scope = labels.scope(owner.uid)
        last = tree_order(page.position(scope).decode(errors="replace"))
        entries = ((record.name.encode(), record) for record in records if tree_order(record.name) > last)
        return take(entries, page.limit(PAGE_MAX, PAGE_MAX), scope, LabelRecord.ByteSize)


def _within_a_message(answer: UpsertLabelsAnswer) -> UpsertLabelsAnswer:
    if answer.ByteSize() > BYTES_MAX:
        for label in answer.labels:
            label.ClearField("description")
    return answer


def _checked(updates: Sequence[LabelUpdate], most: int) -> dict[str, LabelUpdate]:
    """Updates by path in NFC form."""
    if not 1 <= len(updates) <= most:
        raise invalid("labels", f"must have 1 to {most:,} labels, got {len(updates):,}")
    wanted: dict[str, LabelUpdate] = {}
    for index, update in enumerate(updates):
        path = check_path(update.name, f"labels[{index}].name")
        if path in wanted:
            raise invalid(f"labels[{index}].name", f"names {path!r} a second time", "DUPLICATE_LABEL")
        check_text_field(update.description, f"labels[{index}].description", DESCRIPTION_CHARS_MAX)
        check_text_field(update.external_id, f"labels[{index}].external_id", EXTERNAL_ID_CHARS_MAX)
        wanted[path] = update
    return wanted
