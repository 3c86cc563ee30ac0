"""Tries shadows: texts that a tag's version answered are scored by both versions when nobody waits, and where they
differ is counted; what was counted goes to the store from time to time.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pinfold_server.domain.labels.sentiments import label_count
from pinfold_server.domain.releases.shadows import Answers, Columns, Disagreement
from pinfold_server.errors import AppError
from pinfold_server.metrics import Family, counter
from pinfold_server.services.common.backlog import Backlog, Pace
from pinfold_server.services.common.changes import Changes
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.predictions.resolution import Resolved, TagShadow
from pinfold_server.services.predictions.served import Key, ServedVersion, ServedVersions
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import CountAnswer, DisagreementRecord
from pinfold_server.store.tables import datasets, shadows, tags

log = logging.getLogger(__name__)

WAITING_TEXTS = 4_096
WAITING_CHARACTERS = 1 << 20
#: Shadows may take more of the time than watching: they are few, set for a while, and tried on all that was chosen.
PACE = Pace(texts=16, share=0.2)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The version that answered, and the one that is tried beside it."""

    key: Key
    live: ServedVersion
    shadow: TagShadow


@dataclass(slots=True, eq=False)
class _Trial:
    """What was counted of a pair. `columns` and `found` are None until both models were there."""

    pair: _Pair
    columns: Columns | None = None
    found: Disagreement | None = None
    dropped: int = 0


class Shadowing:
    """Belongs to the event loop."""

    def __init__(self, served: ServedVersions, changes: Changes) -> None:
        self._served = served
        self._changes = changes
        self._backlog: Backlog[_Pair] = Backlog(texts_max=WAITING_TEXTS, characters_max=WAITING_CHARACTERS, pace=PACE)
        self._trials: dict[tuple[Key, Key, str], _Trial] = {}
        self._due: dict[tuple[int, str], float] = {}  # by dataset uid and tag: requests to be taken, a part of one
        self._tried = 0

    def saw(self, found: Resolved, shadow: TagShadow, served: ServedVersion, texts: Sequence[str]) -> None:
        """The version of a tag that has a shadow answered some texts. Of ten requests, a share of 0.3 takes three."""
        where = (found.key[0], shadow.tag)
        due = self._due.get(where, 0.0) + shadow.share
        self._due[where] = due if due < 1 else due - 1
        if due < 1:
            return
        pair = _Pair(found.key, served, shadow)
        if not self._backlog.offer(pair, texts):
            self._trial(pair).dropped += len(texts)

    async def work(self) -> None:
        """Tries what was taken, until cancelled."""
        await self._backlog.work(self._look)

    async def flush(self) -> None:
        """Adds what was counted since the last time to the store. Raises AppError; then it is lost."""
        trials, self._trials = list(self._trials.values()), {}
        if not trials:
            return

        def work(txn: Txn, _now_us: int) -> CountAnswer:
            owners = {owner.uid for owner in datasets.every(txn)}
            for trial in trials:
                if trial.pair.key[0] in owners:
                    _store(txn, trial)
            return CountAnswer()

        await self._changes.run(CountAnswer, work)

    def families(self) -> Iterable[Family]:
        yield counter("pinfold_shadow_texts_total", "Texts that shadows were tried on.", self._tried)

    def _trial(self, pair: _Pair) -> _Trial:
        name = (pair.key, pair.shadow.key, pair.shadow.tag)
        trial = self._trials.get(name)
        if trial is None:
            trial = self._trials[name] = _Trial(pair)
        return trial

    async def _look(self, pair: _Pair, texts: Sequence[str]) -> None:
        wanted = pair.shadow
        try:
            shadow = self._served.loaded(wanted.key) or await self._served.load(wanted.key, wanted.record)
        except AppError as error:
            log.error("the shadow of tag %r cannot be tried: %s", wanted.tag, error.message)
            self._trial(pair).dropped += len(texts)
            return
        trial = self._trial(pair)
        if trial.columns is None or trial.found is None:
            trial.columns = Columns.shared(_labels(pair.live), _labels(shadow))
            trial.found = Disagreement.of(len(trial.columns.numbers))
        trial.found.look(_answers(pair.live, texts), _answers(shadow, texts), trial.columns)
        self._tried += len(texts)


def _labels(served: ServedVersion) -> list[tuple[int, str]]:
    columns = served.model.labels[: label_count(served.model.labels)]  # without sentiments, which have no numbers
    return list(zip(served.numbers, columns, strict=True))


def _answers(served: ServedVersion, texts: Sequence[str]) -> Answers:
    return Answers(served.model.score(texts).probabilities, served.selections.of(Asked()).thresholds)


def _store(txn: Txn, trial: _Trial) -> None:
    """Nothing when the tag or its shadow has moved meanwhile."""
    (dataset_uid, live), shadow = trial.pair.key, trial.pair.shadow
    record, tag = shadows.get(txn, dataset_uid, shadow.tag), tags.get(txn, dataset_uid, shadow.tag)
    if record is None or tag is None or (tag.version, record.version) != (live, shadow.key[1]):
        return
    if record.found.live_version != live:
        record.found.CopyFrom(DisagreementRecord(live_version=live))
    record.found.dropped += trial.dropped
    if trial.found is not None:
        _add(record.found, trial.found)
    shadows.put(txn, dataset_uid, record)


def _add(stored: DisagreementRecord, found: Disagreement) -> None:
    stored.texts += found.texts
    stored.differing += found.differing
    for field in ("both", "live_only", "shadow_only", "distance"):
        values = getattr(stored, field)
        more = getattr(found, field).tolist()
        values[:] = [old + new for old, new in zip(values, more, strict=True)] if values else more
