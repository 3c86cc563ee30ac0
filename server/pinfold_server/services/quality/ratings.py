"""The rating of a version: how good it is, what that is made of, and what to annotate next."""

from dataclasses import dataclass

from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.quality.rating import LabelFacts, Rating, rate
from pinfold_server.domain.quality.rating_actions import Action, recommend_actions
from pinfold_server.domain.quality.reliability import training_examples
from pinfold_server.services.common import lookup
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.quality import rating_facts
from pinfold_server.services.quality.held_outs import HeldOutCache, KeptValidation
from pinfold_server.services.quality.validations import Details, work_out
from pinfold_server.store.env import Store


@dataclass(frozen=True, slots=True)
class Rated:
    """The number of a version, its rating, and what would raise it, the most useful first."""

    version: int
    rating: Rating
    actions: tuple[Action, ...]


class RatingService:
    """Raises AppError NOT_FOUND for a dataset, version or tag that is not there, VALIDATION_NOT_KEPT, OVERLOADED."""

    def __init__(self, store: Store, held_outs: HeldOutCache, slow: SlowWork) -> None:
        self._store = store
        self._held_outs = held_outs
        self._slow = slow

    async def get(self, dataset_id: str, wanted: VersionRef) -> Rated:
        """The rating, worked out off the event loop."""
        return await self._slow.run(lambda: self.work_out(dataset_id, wanted))

    def work_out(self, dataset_id: str, wanted: VersionRef) -> Rated:
        """The rating; reads every annotation and every score, so not on the event loop."""
        kept = self._held_outs.get(dataset_id, wanted)
        labels = _label_facts(kept, work_out(kept, kept.selection(Asked()), None))
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            known = rating_facts.reviewed(txn, owner)
            coverage = rating_facts.coverage(txn, owner, kept, known)
            balance = rating_facts.balance(txn, owner, known)
        rating = rate(labels, coverage, balance)
        actions = recommend_actions(rating, labels, balance_told=balance.provenance.told)
        return Rated(kept.record.number, rating, tuple(actions))


def _label_facts(kept: KeptValidation, details: Details) -> list[LabelFacts]:
    confused: dict[int, tuple[str, int]] = {}
    for pair in details.confusions:  # the most frequent first
        if pair.first != pair.second:
            confused.setdefault(pair.first, (kept.labels[pair.second].name, pair.count))
    return [
        LabelFacts(
            name=label.name,
            average_precision=told.average_precision,
            examples=training_examples(label.train_count, kept.mode),
            tests=told.counts[0] + told.counts[2],
            false_positives=told.counts[1],
            false_negatives=told.counts[2],
            confused=confused.get(column, ("", 0))[0],
            confused_count=confused.get(column, ("", 0))[1],
        )
        for column, (label, told) in enumerate(zip(kept.labels, details.labels, strict=True))
    ]
