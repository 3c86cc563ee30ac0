"""Two versions on the same texts."""

import numpy as np

from pinfold_server.domain.releases.shadows import Answers, Columns, Disagreement


def test_labels_are_matched_by_number_whatever_they_are_called() -> None:
    columns = Columns.shared([(1, "A"), (2, "B"), (3, "C")], [(3, "C"), (1, "Renamed"), (9, "New")])
    assert (columns.numbers, columns.names) == ((1, 3), ("A", "C"))
    assert (columns.live.tolist(), columns.shadow.tolist()) == ([0, 2], [1, 0])


def test_each_label_is_predicted_by_both_by_one_or_by_none() -> None:
    columns = Columns.shared([(1, "A"), (2, "B")], [(2, "B"), (1, "A")])
    live = Answers(np.array([[0.9, 0.1], [0.9, 0.6], [0.1, 0.1]], np.float32), np.array([0.5, 0.5], np.float32))
    shadow = Answers(np.array([[0.1, 0.9], [0.1, 0.2], [0.1, 0.1]], np.float32), np.array([0.3, 0.5], np.float32))
    found = Disagreement.of(2)
    found.look(live, shadow, columns)
    assert (found.texts, found.differing) == (3, 1)
    assert found.both.tolist() == [1, 0]
    assert found.live_only.tolist() == [1, 1]
    assert found.shadow_only.tolist() == [0, 0]
    assert np.allclose(found.distance, [0.7, 0.5])


def test_versions_without_a_common_label_never_differ() -> None:
    columns = Columns.shared([(1, "A")], [(2, "B")])
    found = Disagreement.of(0)
    answers = Answers(np.ones((2, 1), np.float32), np.zeros(1, np.float32))
    found.look(answers, answers, columns)
    assert (found.texts, found.differing) == (2, 0)
