"""A small set of support tickets with a hierarchy of labels, made by rule."""

import itertools

import numpy as np

from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.training.contract import TrainedModel, TrainingSet
from pinfold_server.training.pipeline import train

_WORDING = {
    "Billing > Refund": ("refund my order", "money back please", "return the payment"),
    "Billing > Invoice": ("send the invoice", "invoice is wrong", "bill for last month"),
    "Card > Lost": ("lost my card", "card was stolen", "cannot find my card"),
}
_FRAMES = ("please {}", "hello, {} today", "I want to {} now", "{}!", "why: {} (again) {}")
LABELS = ("Billing", "Billing > Invoice", "Billing > Refund", "Card", "Card > Lost")


def tickets(copies: int = 3) -> TrainingSet:
    """45 texts for each copy, each with one leaf label and its parent."""
    rows = [
        (f"{frame.format(phrase, copy)} {copy}", label)
        for copy in range(copies)
        for label, phrases in _WORDING.items()
        for phrase, frame in itertools.product(phrases, _FRAMES)
    ]
    return training_set([text for text, _ in rows], [(label, label.split(" > ")[0]) for _, label in rows])


def training_set(
    texts: list[str], assigned: list[tuple[str, ...]], label_names: tuple[str, ...] = LABELS
) -> TrainingSet:
    """Reviewed documents of one source with running ids."""
    matrix = np.array([[name in labels for name in label_names] for labels in assigned], np.bool_)
    return TrainingSet(
        source_ids=("tickets",) * len(texts),
        document_ids=tuple(str(number) for number in range(len(texts))),
        texts=tuple(texts),
        label_names=label_names,
        assigned=matrix.reshape(len(texts), len(label_names)),
    )


def numbers_of(model: TrainedModel) -> tuple[int, ...]:
    """As a dataset numbers its labels."""
    return tuple(range(1, len(model.label_names) + 1))


def trained(data: TrainingSet, config: RunConfig | None = None) -> TrainedModel:
    """Without progress and cancelling."""
    return train(data, config or RunConfig(), report=lambda phase, fraction: None, should_stop=lambda: False)
