"""Two versions of a dataset compared, for those who decide which one answers."""

import hashlib
import struct
from dataclasses import dataclass, replace

import numpy as np

from pinfold_server.domain.names import VersionRef, version_name
from pinfold_server.domain.quality.bootstrap import Answers, Trials
from pinfold_server.domain.quality.comparing import answers_of, compare, flipped
from pinfold_server.domain.quality.comparison import (
    CONFIDENCE_DEFAULT,
    CONFIDENCE_RANGE,
    TRIALS_DEFAULT,
    TRIALS_RANGE,
    Comparison,
    Cuts,
    Flip,
)
from pinfold_server.domain.quality.pairing import Paired, SharedLabels, pair, share_labels
from pinfold_server.domain.runs.configs import SEED_RANGE
from pinfold_server.errors import invalid, precondition
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.predictions.asking import Asked, unknown_label
from pinfold_server.services.quality.comparison_words import are_comparable, caution_of, summary_of
from pinfold_server.services.quality.held_outs import HeldOutCache, KeptValidation
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.tables import documents, sources

#: Trials times documents: half a second.
DRAWS_MAX = 1 << 27
LABELS_MAX = 1_024
TEXT_CHARS_MAX = 1_000

_ROW = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class ComparisonQuery:
    """Two versions of one dataset, and what of them is compared: of `asked` policy, default threshold and labels."""

    dataset_id: str
    base: VersionRef
    candidate: VersionRef
    asked: Asked

    def check(self) -> None:
        """Raises AppError for what is wrong whatever the versions."""
        self.asked.check()
        if len(self.asked.labels) > LABELS_MAX:
            raise invalid("labels", f"must name at most {LABELS_MAX:,} labels, got {len(self.asked.labels):,}")


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Two versions, and what they have in common."""

    base: KeptValidation
    candidate: KeptValidation
    labels: SharedLabels
    paired: Paired
    cuts: Cuts


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A comparison and the ground that it stands on. `trials`: those that were drawn."""

    ground: Ground
    comparison: Comparison
    trials: Trials

    @property
    def is_comparable(self) -> bool:
        """Both versions were measured in the same way."""
        return are_comparable(self.ground.base.record, self.ground.candidate.record)

    @property
    def summary(self) -> str:
        """The answer in one sentence."""
        base, candidate = self.ground.base.record, self.ground.candidate.record
        return summary_of(base, candidate, self.comparison, self.trials.confidence)

    @property
    def caution(self) -> str:
        """What to keep in mind, or nothing."""
        return caution_of(self.ground.base.record, self.ground.candidate.record, self.ground.paired)


@dataclass(frozen=True, slots=True)
class FlippedDocument:
    """A document whose answer became right or wrong; labels by the names of the candidate."""

    source_id: str
    document_id: str
    flip: Flip
    text: str
    true_labels: tuple[str, ...]
    base_labels: tuple[str, ...]
    candidate_labels: tuple[str, ...]


class ComparisonService:
    """Raises AppError NOT_FOUND for a dataset, version or tag that is not there, VALIDATION_NOT_KEPT,
    NO_COMMON_DOCUMENTS, NO_COMMON_LABELS, UNKNOWN_LABEL, OVERLOADED.
    """

    def __init__(self, store: Store, held_outs: HeldOutCache, slow: SlowWork) -> None:
        self._store = store
        self._held_outs = held_outs
        self._slow = slow

    async def compare(self, query: ComparisonQuery, trials: Trials) -> Compared:
        """Raises AppError INVALID for trials out of range, too."""
        query.check()
        check_trials(trials)
        return await self._slow.run(lambda: self.work_out(query, trials))

    async def flipped(self, query: ComparisonQuery, flip: Flip | None, page: PageRequest) -> Page[FlippedDocument]:
        """In the order in which the candidate held them out; of both kinds when `flip` is None."""
        query.check()
        return await self._slow.run(lambda: self._flipped(query, flip, page))

    def ground(self, query: ComparisonQuery) -> Ground:
        """Takes milliseconds: not for the event loop."""
        base = self._held_outs.get(query.dataset_id, query.base)
        candidate = self._held_outs.get(query.dataset_id, query.candidate)
        labels = _wanted(share_labels(base.held_out, candidate.held_out), query, candidate)
        paired = pair(base.held_out, candidate.held_out, labels.shared)
        if not len(paired):
            raise precondition(
                "NO_COMMON_DOCUMENTS",
                f"no document was held out by both version {base.record.number} and version {candidate.record.number}:"
                " documents were replaced in between, or the dataset reads other sources now",
                name=version_name(query.dataset_id, candidate.record.number),
            )
        columns = (
            np.array([label.base_column for label in labels.shared]),
            np.array([label.candidate_column for label in labels.shared]),
        )
        thresholds = replace(query.asked, labels=())
        cuts = Cuts(
            base.selection(thresholds).thresholds[columns[0]], candidate.selection(thresholds).thresholds[columns[1]]
        )
        return Ground(base, candidate, labels, paired, cuts)

    def work_out(self, query: ComparisonQuery, trials: Trials) -> Compared:
        """The comparison; takes tens of milliseconds: not for the event loop."""
        ground = self.ground(query)
        fitting = max(DRAWS_MAX // len(ground.paired), TRIALS_RANGE[0])
        trials = replace(trials, count=min(trials.count, fitting))
        return Compared(ground, compare(ground.paired, ground.cuts, trials), trials)

    def _flipped(self, query: ComparisonQuery, flip: Flip | None, page: PageRequest) -> Page[FlippedDocument]:
        ground = self.ground(query)
        answers = answers_of(ground.paired, ground.cuts)
        fixed, broken = (set(rows.tolist()) for rows in flipped(answers))
        rows = {Flip.FIXED: fixed, Flip.BROKEN: broken, None: fixed | broken}[flip]
        scope = _scope(query, ground, flip)
        start = page.position(scope)
        after = _ROW.unpack(start)[0] if len(start) == _ROW.size else -1
        wanted = ((row, Flip.FIXED if row in fixed else Flip.BROKEN) for row in sorted(rows) if row > after)
        with self._store.read() as txn:
            entries = ((_ROW.pack(row), _told(txn, ground, answers, row, kind)) for row, kind in wanted)
            return take(entries, page.limit(), scope)


def check_trials(trials: Trials) -> None:
    """Raises AppError INVALID for what is out of range."""
    low, high = TRIALS_RANGE
    if not low <= trials.count <= high:
        raise invalid("trials", f"must be from {low:,} to {high:,}, or 0 for {TRIALS_DEFAULT:,}, got {trials.count:,}")
    if not SEED_RANGE[0] <= trials.seed <= SEED_RANGE[1]:
        raise invalid("seed", f"must be from {SEED_RANGE[0]} to {SEED_RANGE[1]:,}, got {trials.seed:,}")
    least, most = CONFIDENCE_RANGE
    if not least <= trials.confidence <= most:
        description = f"must be from {least} to {most}, such as {CONFIDENCE_DEFAULT}, got {trials.confidence}"
        raise invalid("confidence", description)


def _wanted(labels: SharedLabels, query: ComparisonQuery, candidate: KeptValidation) -> SharedLabels:
    """Those that were asked for, in the order of the candidate."""
    if not labels.shared:
        raise precondition(
            "NO_COMMON_LABELS",
            f"version {candidate.record.number} knows no label of the other: there is nothing to compare",
            name=version_name(query.dataset_id, candidate.record.number),
        )
    if not query.asked.labels:
        return labels
    known = {label.name for label in labels.shared}
    for index, name in enumerate(query.asked.labels):
        if name in labels.added:
            raise invalid(f"labels[{index}]", f"only the candidate knows the label {name[:80]!r}", "UNKNOWN_LABEL")
        if name not in known:
            raise unknown_label(f"labels[{index}]", name)
    asked = frozenset(query.asked.labels)
    return SharedLabels(tuple(label for label in labels.shared if label.name in asked), (), ())


def _scope(query: ComparisonQuery, ground: Ground, flip: Flip | None) -> bytes:
    """Tells pages of other questions apart, and of the same tags after they moved."""
    numbers = (ground.base.record.number, ground.candidate.record.number)
    return hashlib.sha256(repr((query.dataset_id, numbers, query.asked, flip)).encode()).digest()


def _told(txn: Txn, ground: Ground, answers: Answers, row: int, flip: Flip) -> FlippedDocument:
    source_id, document_id = ground.paired.documents[row]
    names = [label.name for label in ground.labels.shared]
    told = (
        tuple(names[column] for column in np.flatnonzero(each[row]))
        for each in (answers.truth, answers.base, answers.candidate)
    )
    return FlippedDocument(source_id, document_id, flip, text_of(txn, source_id, document_id), *told)


def text_of(txn: Txn, source_id: str, document_id: str) -> str:
    """The beginning of a document's text as it is now; empty when it was deleted."""
    source = sources.get(txn, source_id)
    record = None if source is None else documents.get(txn, source.uid, document_id)
    return "" if record is None else record.text[:TEXT_CHARS_MAX]
