"""Shadows of tags: set, ended, and what they showed."""

import math
from dataclasses import dataclass

from pinfold_server.domain.names import (
    ACTOR_CHARS_MAX,
    check_text_field,
    dataset_name,
    tag_name,
    version_name,
)
from pinfold_server.errors import invalid, not_found, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import (
    CountAnswer,
    DatasetRecord,
    DisagreementRecord,
    ShadowRecord,
    TagEventRecord,
    VersionLabelRecord,
)
from pinfold_server.store.tables import shadows, tags, versions

DEFAULT_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class LabelDisagreement:
    """Counts of texts, and the mean absolute difference of the probabilities."""

    name: str
    both: int
    live_only: int
    shadow_only: int
    mean_distance: float

    @property
    def differing(self) -> int:
        return self.live_only + self.shadow_only


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """What a shadow showed beside the version that its tag points to. `labels` by falling disagreement."""

    shadow: ShadowRecord
    live_version: int
    texts: int
    differing: int
    dropped: int
    labels: list[LabelDisagreement]
    unshared: list[str]


class ShadowService:
    """Every method raises AppError NOT_FOUND for a dataset or tag that is not there."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self._store = store
        self._changes = changes

    async def set(
        self, where: tuple[str, str], version: int, share: float, actor: str, once: RequestKey | None = None
    ) -> ShadowRecord:
        """`where`: dataset id and tag. Forgets what an earlier shadow showed. Raises AppError VERSION_NOT_PINNED."""
        dataset_id, tag = where
        check_text_field(actor, "actor", ACTOR_CHARS_MAX)
        if math.isnan(share) or not 0 <= share <= 1:
            raise invalid("share", f"must be above 0 and at most 1, or 0 for {DEFAULT_SHARE}, got {share}")

        def work(txn: Txn, now_us: int) -> ShadowRecord:
            owner = lookup.dataset(txn, dataset_id)
            live = lookup.tag(txn, owner, tag).version
            if live == version:
                raise invalid("version", f"is {version}, the version that tag {tag!r} points to: it would agree")
            _check_pinned(txn, owner, version)
            record = ShadowRecord(
                tag=tag, version=version, share=share or DEFAULT_SHARE, created_us=now_us, actor=actor
            )
            shadows.put(txn, owner.uid, record)
            tags.add_event(txn, owner.uid, _event("shadow", tag, live, version, now_us, actor))
            return record

        return await self._changes.run(ShadowRecord, work, once)

    async def clear(self, where: tuple[str, str], actor: str, once: RequestKey | None = None) -> None:
        """Raises AppError NOT_FOUND when the tag has no shadow."""
        dataset_id, tag = where
        check_text_field(actor, "actor", ACTOR_CHARS_MAX)

        def work(txn: Txn, now_us: int) -> CountAnswer:
            owner = lookup.dataset(txn, dataset_id)
            record = _shadow(txn, owner, tag)
            shadows.delete(txn, owner.uid, tag)
            live = lookup.tag(txn, owner, tag).version
            tags.add_event(txn, owner.uid, _event("shadow_end", tag, live, record.version, now_us, actor))
            return CountAnswer(count=record.version)

        await self._changes.run(CountAnswer, work, once)

    def report(self, dataset_id: str, tag: str) -> ShadowReport:
        """Raises AppError NOT_FOUND when the tag has no shadow."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            live = lookup.tag(txn, owner, tag).version
            record = _shadow(txn, owner, tag)
            known = versions.labels(txn, owner.uid, live).labels
            tried = versions.labels(txn, owner.uid, record.version).labels
        # What was counted before the tag moved tells nothing of the version that it points to now.
        found = record.found if record.found.live_version == live else DisagreementRecord(live_version=live)
        shared = {label.number for label in tried}
        names = [label.name for label in known if label.number in shared] if found.texts else []
        counts = zip(names, found.both, found.live_only, found.shadow_only, found.distance, strict=True)
        labels = [
            LabelDisagreement(name, both, live_only, shadow_only, distance / found.texts)
            for name, both, live_only, shadow_only, distance in counts
        ]
        return ShadowReport(
            shadow=record,
            live_version=live,
            texts=found.texts,
            differing=found.differing,
            dropped=found.dropped,
            labels=sorted(labels, key=lambda label: -label.differing),
            unshared=_unshared(list(known), list(tried)),
        )


def _unshared(known: list[VersionLabelRecord], tried: list[VersionLabelRecord]) -> list[str]:
    names = ({label.number: label.name for label in labels} for labels in (known, tried))
    live, shadow = names
    return [live.get(number) or shadow[number] for number in sorted(live.keys() ^ shadow.keys())]


def _shadow(txn: Txn, owner: DatasetRecord, tag: str) -> ShadowRecord:
    lookup.tag(txn, owner, tag)
    record = shadows.get(txn, owner.uid, tag)
    if record is None:
        raise not_found("shadow", tag_name(owner.id, tag))
    return record


def _check_pinned(txn: Txn, owner: DatasetRecord, number: int) -> None:
    if not lookup.version_number(txn, owner, number).pinned:
        raise precondition(
            "VERSION_NOT_PINNED",
            f"version {number} of {dataset_name(owner.id)} is not pinned: pin it, then try it as a shadow",
            name=version_name(owner.id, number),
        )


def _event(kind: str, tag: str, live: int, shadow: int, now_us: int, actor: str) -> TagEventRecord:
    """`to_version` is that of the shadow: the tag itself stays where it is."""
    return TagEventRecord(tag=tag, kind=kind, from_version=live, to_version=shadow, time_us=now_us, actor=actor)
