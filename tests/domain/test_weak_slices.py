"""Where a version does worse than elsewhere: found when it is there, and not when it is not."""

import numpy as np
import pytest

from pinfold_server.domain.documents import filter_syntax
from pinfold_server.domain.quality.held_out import HeldOut
from pinfold_server.domain.quality.metrics import micro_f1
from pinfold_server.domain.quality.slices import Judged
from pinfold_server.domain.quality.weak_slices import Metadata, find_weak


def judged(metadata: list[Metadata], wrong: dict[str, float], seed: int = 1) -> Judged:
    """Three labels, one a document; `wrong`: how often the answer is, by channel."""
    generator = np.random.default_rng(seed)
    rows = np.arange(len(metadata))
    true = generator.integers(0, 3, len(rows))
    errs = generator.random(len(rows)) < np.array([wrong[str(each["channel"])] for each in metadata])
    truth, probabilities = np.zeros((len(rows), 3), np.bool_), np.full((len(rows), 3), 0.1, np.float32)
    truth[rows, true] = True
    probabilities[rows, np.where(errs, (true + 1) % 3, true)] = 0.8
    documents = tuple(("mail", str(row)) for row in rows)
    held_out = HeldOut(documents, (1, 2, 3), ("A", "B", "C"), truth, np.ones_like(truth), probabilities)
    return Judged.at(held_out, np.full(3, 0.5, np.float32))


def tickets(documents: int) -> list[Metadata]:
    channels = ("mail", "chat", 'the "old" \\ form')
    return [
        {"channel": channels[place % 3], "words": float(place), "stars": float(place % 5)} for place in range(documents)
    ]


def test_the_part_that_is_worse_is_found_and_significant() -> None:
    metadata = tickets(600)
    wrong = {"mail": 0.1, "chat": 0.4, 'the "old" \\ form': 0.1}
    ground = judged(metadata, wrong)
    found = find_weak(ground, metadata, 20)
    worst = found.slices[0]
    assert (worst.filter, worst.documents, worst.is_significant) == ('metadata.channel = "chat"', 200, True)
    rows = np.array([each["channel"] == "chat" for each in metadata])
    known = np.ones_like(ground.truth[rows])
    assert worst.f1 == pytest.approx(micro_f1(ground.truth[rows], ground.predicted[rows], known))
    assert worst.rest_f1 > worst.f1
    assert found.examined == 3 + 4 + 5
    assert [each.is_significant for each in found.slices[1:]].count(True) == 0


def test_where_nothing_is_worse_hardly_anything_is_called_significant() -> None:
    metadata = tickets(600)
    same = dict.fromkeys(("mail", "chat", 'the "old" \\ form'), 0.2)
    found = [find_weak(judged(metadata, same, seed), metadata, 20) for seed in range(20)]
    assert sum(any(each.is_significant for each in weak.slices) for weak in found) <= 3  # one expected of 20


def test_filters_name_values_as_the_language_of_filters_does() -> None:
    metadata = tickets(600)
    ground = judged(metadata, {"mail": 0.0, "chat": 0.0, 'the "old" \\ form': 0.5})
    found = find_weak(ground, metadata, 20)
    assert found.slices[0].filter == 'metadata.channel = "the \\"old\\" \\\\ form"'
    for each in found.slices:
        filter_syntax.parse(each.filter)


def test_parts_with_few_documents_are_not_looked_at() -> None:
    metadata = tickets(30)
    ground = judged(metadata, {"mail": 0.0, "chat": 1.0, 'the "old" \\ form': 0.0})
    assert find_weak(ground, metadata, 20).examined == 0
    assert find_weak(ground, metadata, 10).slices[0].filter == 'metadata.channel = "chat"'
    assert find_weak(ground, [{} for _ in metadata], 5).slices == ()
