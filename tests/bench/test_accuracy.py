"""bench/accuracy.py on made-up data: what it tells, and how it compares."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import f1_score

from bench import accuracy, baseline
from bench.corpora import Example, made_up
from bench.quality import Answers, leads, macro_f1, quality

EXAMPLES = made_up(labels=5, texts=30)


def write(folder: Path, examples: list[Example]) -> None:
    folder.mkdir()
    for name, part in (("train", examples[:80]), ("test", examples[80:])):
        rows = (json.dumps({"text": each.text, "labels": each.labels}) for each in part)
        (folder / f"{name}.jsonl").write_text("\n".join(rows), encoding="utf-8")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["accuracy.py", *arguments])
    return accuracy.main()


def test_every_dataset_of_the_folder_is_told_beside_the_baselines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    several = [Example(each.text, (*each.labels, "Some")[: 1 + row % 2]) for row, each in enumerate(EXAMPLES)]
    write(tmp_path / "banking77", EXAMPLES)
    write(tmp_path / "mams_acsa", several)
    assert run(monkeypatch, "--data", str(tmp_path), "--baseline") == 0
    *table, last = capsys.readouterr().out.splitlines()
    told = json.loads(last)["datasets"]
    assert list(told) == ["banking77", "mams_acsa"]
    assert told["banking77"]["accuracy"] > 0.8
    assert told["mams_acsa"]["accuracy"] is None
    for figures in told.values():
        assert list(figures["baseline"]) == list(figures["leads"]) == list(baseline.MODELS)
        assert 0 <= figures["calibration_error"] < 0.5
    assert sum(line.startswith("  LinearSVC ") for line in table) == 2


def test_a_folder_without_the_data_is_told_apart_from_bad_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--data", str(tmp_path)) == 3
    assert "nothing was measured" in capsys.readouterr().err


@pytest.mark.parametrize("model", baseline.MODELS)
def test_a_baseline_says_how_far_it_is_and_repeats_itself(model: str) -> None:
    labels = sorted({label for each in EXAMPLES for label in each.labels})
    done: list[float] = []
    first, again = (baseline.answers(model, EXAMPLES[:80], EXAMPLES[80:], labels, done.append) for _ in range(2))
    assert first.scores.tolist() == again.scores.tolist()
    truth = np.array([[label in each.labels for label in labels] for each in EXAMPLES[80:]])
    assert quality(truth, first).macro_f1 > 0.8
    assert done[: len(done) // 2] == sorted(done[: len(done) // 2])


def test_a_label_that_only_the_held_out_fifth_has_is_not_predicted_everywhere() -> None:
    rare = range(0, 5 * baseline._FEWEST_POSITIVES, 5)
    train = [Example(each.text, ("Rare",) if row in rare else each.labels) for row, each in enumerate(EXAMPLES[:80])]
    answers = baseline.answers("LinearSVC", train, EXAMPLES[80:], ["Rare", "Topic 0"], lambda _: None)
    assert not answers.predicted[:, 0].all()


@given(arrays(np.bool_, (9, 3)), arrays(np.bool_, (9, 3)))
def test_macro_f1_is_that_of_scikit_learn_over_the_labels_there_are(truth: np.ndarray, predicted: np.ndarray) -> None:
    present = np.flatnonzero(truth.any(axis=0))
    if len(present):
        expected = np.mean([f1_score(truth[:, label], predicted[:, label], zero_division=0) for label in present])
        assert macro_f1(truth, Answers(predicted.astype(float), predicted)) == pytest.approx(expected)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**31))
def test_a_lead_is_nothing_over_oneself_and_sure_over_chance(seed: int) -> None:
    draw = np.random.default_rng(seed)
    truth = np.eye(4, dtype=bool)[np.arange(200) % 4]
    right = Answers(truth.astype(float), truth)
    scores = draw.random(truth.shape)
    assert all((each.difference, each.low, each.high) == (0, 0, 0) for each in leads(truth, right, right))
    ahead = leads(truth, right, Answers(scores, scores >= scores.max(axis=1, keepdims=True)))
    assert [each.measure for each in ahead] == ["accuracy", "macro_f1", "mean_average_precision"]
    assert all(0 < each.low <= each.difference <= each.high for each in ahead)
