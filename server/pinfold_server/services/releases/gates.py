"""Gates of tags: set, read, deleted; and how a version stands before one."""

from collections.abc import Sequence
from dataclasses import dataclass

from pinfold_server.domain.names import ACTOR_CHARS_MAX, VersionRef, check_text_field, tag_name
from pinfold_server.domain.quality.bootstrap import Trials
from pinfold_server.domain.quality.comparison import CONFIDENCE_DEFAULT, TRIALS_DEFAULT
from pinfold_server.domain.releases.gates import Check, Facts, Gate, LabelChange, Measured, check
from pinfold_server.errors import AppError, not_found
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.quality.comparisons import ComparisonQuery, ComparisonService
from pinfold_server.services.quality.ratings import RatingService
from pinfold_server.services.releases.gate_records import gate_from_record, gate_to_record
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import CountAnswer, GateRecord, TagEventRecord, VersionRecord
from pinfold_server.store.tables import gates, tags

CHECKS_MAX = 100
_TRIALS = Trials(TRIALS_DEFAULT, 0, CONFIDENCE_DEFAULT)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a version stood before the gate that a tag had, and gates besides it, when the tag pointed to `base` (0: to
    nothing). `gate` None: the tag had none.
    """

    base: int
    candidate: int
    gate: GateRecord | None
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return all(each.passed for each in self.checks)


@dataclass(frozen=True, slots=True)
class _Found:
    """The version that a tag points to, the one that it is to point to, and its gate."""

    base: VersionRecord | None
    candidate: VersionRecord
    gate: GateRecord | None


class GateService:
    """Every method raises AppError NOT_FOUND for a dataset that is not there."""

    def __init__(
        self, store: Store, changes: Changes, comparisons: ComparisonService, ratings: RatingService, slow: SlowWork
    ) -> None:
        self._store = store
        self._changes = changes
        self._comparisons = comparisons
        self._ratings = ratings
        self._slow = slow

    def get(self, dataset_id: str, tag: str) -> Gate:
        """Raises AppError NOT_FOUND when the tag has no gate."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            record = gates.get(txn, owner.uid, tag)
        if record is None:
            raise not_found("gate", tag_name(dataset_id, tag))
        return gate_from_record(record)

    async def set(self, where: tuple[str, str], gate: Gate, actor: str, once: RequestKey | None = None) -> Gate:
        """`where`: dataset id and tag, which need not be set yet."""
        dataset_id, tag = where
        check_text_field(actor, "actor", ACTOR_CHARS_MAX)

        def work(txn: Txn, now_us: int) -> GateRecord:
            owner = lookup.dataset(txn, dataset_id)
            record = gate_to_record(tag, gate)
            gates.put(txn, owner.uid, record)
            _remember(txn, owner.uid, "gate", tag, (now_us, actor))
            return record

        return gate_from_record(await self._changes.run(GateRecord, work, once))

    async def delete(self, where: tuple[str, str], actor: str, once: RequestKey | None = None) -> None:
        """Raises AppError NOT_FOUND when the tag has no gate."""
        dataset_id, tag = where
        check_text_field(actor, "actor", ACTOR_CHARS_MAX)

        def work(txn: Txn, now_us: int) -> CountAnswer:
            owner = lookup.dataset(txn, dataset_id)
            if not gates.delete(txn, owner.uid, tag):
                raise not_found("gate", tag_name(dataset_id, tag))
            _remember(txn, owner.uid, "gate_end", tag, (now_us, actor))
            return CountAnswer()

        await self._changes.run(CountAnswer, work, once)

    async def stand(self, dataset_id: str, tag: str, wanted: VersionRef, besides: Sequence[Gate] = ()) -> Standing:
        """How a version stands before the gate of a tag, as it is now, and other gates besides it.

        Raises AppError NOT_FOUND, OVERLOADED. What cannot be measured is a condition that is not met.
        """
        found = self._find(dataset_id, tag, wanted)
        own = [] if found.gate is None else [gate_from_record(found.gate)]
        return await self._stand(dataset_id, found, [*own, *besides])

    async def try_gate(self, dataset_id: str, tag: str, wanted: VersionRef, gate: Gate | None) -> Standing:
        """How a version would fare: before `gate`, or that of the tag. Raises AppError NOT_FOUND when it has none."""
        found = self._find(dataset_id, tag, wanted)
        if gate is None:
            if found.gate is None:
                raise not_found("gate", tag_name(dataset_id, tag))
            gate = gate_from_record(found.gate)
        return await self._stand(dataset_id, found, [gate])

    def _find(self, dataset_id: str, tag: str, wanted: VersionRef) -> _Found:
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            pointing = tags.get(txn, owner.uid, tag)
            return _Found(
                base=None if pointing is None else lookup.version_number(txn, owner, pointing.version),
                candidate=lookup.version(txn, owner, wanted),
                gate=gates.get(txn, owner.uid, tag),
            )

    async def _stand(self, dataset_id: str, found: _Found, made: Sequence[Gate]) -> Standing:
        base, candidate = found.base, found.candidate
        checks: tuple[Check, ...] = ()
        if made and (base is None or base.number != candidate.number):
            checks = await self._slow.run(lambda: self._checks(dataset_id, base, candidate, made))
        return Standing(0 if base is None else base.number, candidate.number, found.gate, checks)

    def _checks(
        self, dataset_id: str, base: VersionRecord | None, candidate: VersionRecord, made: Sequence[Gate]
    ) -> tuple[Check, ...]:
        """Those that failed first, bounded."""
        checks: list[Check] = []
        for gate in made:
            checks += check(gate, self._facts(dataset_id, base, candidate, gate))
        return tuple(sorted(checks, key=lambda each: each.passed)[:CHECKS_MAX])

    def _facts(self, dataset_id: str, base: VersionRecord | None, candidate: VersionRecord, gate: Gate) -> Facts:
        labels, rating, missing = None, None, ""
        number = VersionRef(candidate.number, None)
        try:
            if gate.compares and base is not None:
                labels = self._changes_of(dataset_id, VersionRef(base.number, None), number)
            if gate.rating_min is not None:
                rating = self._ratings.work_out(dataset_id, number).rating.score
        except AppError as error:
            missing = error.message
        return Facts(None if base is None else _measured(base), _measured(candidate), labels, rating, missing)

    def _changes_of(self, dataset_id: str, base: VersionRef, candidate: VersionRef) -> list[LabelChange]:
        compared = self._comparisons.work_out(ComparisonQuery(dataset_id, base, candidate, Asked()), _TRIALS)
        pairs = zip(compared.ground.labels.shared, compared.comparison.labels, strict=True)
        return [
            LabelChange(label.name, told.positives, told.f1.base, told.f1.candidate, told.is_significant)
            for label, told in pairs
        ]


def _measured(record: VersionRecord) -> Measured:
    metrics = record.metrics
    known = metrics.HasField("mean_average_precision")
    return Measured(record.split_digest, metrics.mean_average_precision if known else None)


def _remember(txn: Txn, dataset_uid: int, kind: str, tag: str, when_and_who: tuple[int, str]) -> None:
    """The tag stays where it is, if it is anywhere."""
    pointing = tags.get(txn, dataset_uid, tag)
    version = 0 if pointing is None else pointing.version
    now_us, actor = when_and_who
    event = TagEventRecord(tag=tag, kind=kind, from_version=version, to_version=version, time_us=now_us, actor=actor)
    tags.add_event(txn, dataset_uid, event)
