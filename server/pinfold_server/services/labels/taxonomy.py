"""The labels of one dataset as one transaction sees and changes them."""

from collections.abc import Iterable, Mapping, Sequence

from pinfold_server.domain.labels.label_moves import LabelEventKind
from pinfold_server.domain.labels.labels import check_path, levels, missing_levels
from pinfold_server.domain.names import dataset_name
from pinfold_server.errors import AppError, Code, FieldViolation, invalid, too_many
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, LabelEventRecord, LabelRecord
from pinfold_server.store.tables import label_events, labels


class Taxonomy:
    """Reads only the labels that are asked for, each once; `flush` writes the changed ones.

    Counts of labels and the last label number are kept in `owner`, which the caller stores.
    """

    def __init__(self, txn: Txn, owner: DatasetRecord, labels_max: int) -> None:
        self._txn = txn
        self._owner = owner
        self._labels_max = labels_max
        self._records: dict[int, LabelRecord] = {}
        self._numbers: dict[str, int | None] = {}
        self._levels: dict[int, frozenset[int]] = {}
        self._resolved: dict[tuple[str, ...], frozenset[int]] = {}
        self._changed: set[int] = set()
        self.created = 0
        self._new: list[str] = []
        self._removed = False

    def number(self, path: str) -> int | None:
        """Number of the label; None when there is none. `path` is in NFC form."""
        if path not in self._numbers:
            self._numbers[path] = labels.number_of(self._txn, self._owner.uid, path)
        return self._numbers[path]

    def record(self, number: int) -> LabelRecord:
        """The record, also of a label that was deleted, then without a name."""
        record = self._records.get(number)
        if record is None:
            record = labels.get(self._txn, self._owner.uid, number) or LabelRecord(number=number)
            self._records[number] = record
        return record

    def levels_of(self, number: int) -> frozenset[int]:
        """Numbers of the label and of all above it."""
        found = self._levels.get(number)
        if found is None:
            numbers = (self.number(level) for level in levels(self.record(number).name))
            found = frozenset(level for level in numbers if level is not None)
            self._levels[number] = found
        return found

    def resolve(self, paths: Sequence[str], field: str, *, create: bool) -> frozenset[int]:
        """Numbers of the labels, made with those above them where `create` allows.

        Raises AppError INVALID_LABEL, UNKNOWN_LABEL, DUPLICATE_LABEL, TOO_MANY_LABELS; nothing is made then.
        """
        key = tuple(paths)
        known = self._resolved.get(key)
        if known is not None:
            return known
        checked = [check_path(path, f"{field}[{index}]") for index, path in enumerate(paths)]
        self._check_each(checked, field, create=create)
        self.create(checked)
        found = frozenset(number for path in checked if (number := self.number(path)) is not None)
        self._resolved[key] = found
        return found

    def create(self, paths: Iterable[str]) -> int:
        """Makes the labels that do not exist, and those above them; how many. Raises AppError TOO_MANY_LABELS."""
        missing = self._missing(paths)
        if self._owner.label_count + len(missing) > self._labels_max:
            raise too_many(
                "labels",
                f"{dataset_name(self._owner.id)} has {self._owner.label_count:,} labels;"
                f" {len(missing):,} more would pass the limit of {self._labels_max:,}",
                name=dataset_name(self._owner.id),
            )
        for path in missing:
            self._owner.last_label += 1
            self._owner.label_count += 1
            record = LabelRecord(number=self._owner.last_label, name=path)
            labels.put_name(self._txn, self._owner.uid, record)
            self._numbers[path] = record.number
            self._records[record.number] = record
            self._changed.add(record.number)
        self.created += len(missing)
        self._new += missing
        return len(missing)

    def describe(self, number: int, description: str = "", external_id: str = "") -> None:
        """Sets what is not empty."""
        record = self.record(number)
        if description and record.description != description:
            record.description = description
            self._changed.add(number)
        if external_id and record.external_id != external_id:
            record.external_id = external_id
            self._changed.add(number)

    def rename(self, renamed: Mapping[int, str]) -> None:
        """Gives labels new paths, all of them at once, none of which another label has."""
        for number in renamed:
            labels.drop_name(self._txn, self._owner.uid, self.record(number).name)
        for number, path in renamed.items():
            self.record(number).name = path
            labels.put_name(self._txn, self._owner.uid, self.record(number))
            self._changed.add(number)
        self._forget_names()

    def hide(self, numbers: Iterable[int]) -> None:
        """Takes the names of labels that are to be removed away, so that others can have them."""
        for number in numbers:
            labels.drop_name(self._txn, self._owner.uid, self.record(number).name)
        self._forget_names()

    def remove(self, numbers: Iterable[int]) -> None:
        """Deletes labels that were hidden, and of which no annotation says anything any more."""
        for number in numbers:
            labels.retire(self._txn, self._owner.uid, self.record(number))
            del self._records[number]
            self._changed.discard(number)
            self._owner.label_count -= 1
            self._removed = True

    def _forget_names(self) -> None:
        self._numbers.clear()
        self._levels.clear()
        self._resolved.clear()

    def count(self, assigned: Iterable[int], dismissed: Iterable[int], step: int) -> None:
        """Adds `step` to how often the labels were assigned and dismissed; the former are closed over levels."""
        for number in assigned:
            self.record(number).assigned_count += step
            self._changed.add(number)
        for number in dismissed:
            self.record(number).dismissed_count += step
            self._changed.add(number)

    @property
    def changed(self) -> bool:
        return self._removed or bool(self._changed)

    def flush(self, actor: str, now_us: int) -> None:
        """Writes the changed labels, and that the new ones were created, in the revision that comes next."""
        for path in self._new:
            event = LabelEventRecord(kind=LabelEventKind.CREATED, number=self.number(path) or 0, to_name=path)
            self.tell(event, actor, now_us)
        self._new.clear()
        for number in sorted(self._changed):
            labels.put(self._txn, self._owner.uid, self._records[number])
        self._changed.clear()

    def tell(self, event: LabelEventRecord, actor: str, now_us: int) -> None:
        """Adds to the history of labels."""
        event.actor, event.time_us, event.revision = actor, now_us, self._owner.revision + 1
        label_events.append(self._txn, self._owner, event)

    def _missing(self, paths: Iterable[str]) -> list[str]:
        wanted = list(paths)
        known = [level for path in wanted for level in levels(path) if self.number(level) is not None]
        return missing_levels(wanted, known)

    def _check_each(self, paths: Sequence[str], field: str, *, create: bool) -> None:
        seen: set[str] = set()
        for index, path in enumerate(paths):
            if path in seen:
                raise invalid(f"{field}[{index}]", f"names {path!r} a second time", "DUPLICATE_LABEL")
            seen.add(path)
            if not create and self.number(path) is None:
                violation = FieldViolation(f"{field}[{index}]", "is not a label of the dataset")
                raise AppError(
                    Code.NOT_FOUND,
                    "UNKNOWN_LABEL",
                    f"{violation.field}: {dataset_name(self._owner.id)} has no label {path!r}; create it first",
                    violations=(violation,),
                )
