"""Runs as experiments, by both clients of a real server."""

import contextlib
from typing import Any

import pytest

import pinfold
from tests.serving import HANG_SECONDS, ticket_rows, until

FAST: dict[str, Any] = {"algorithm": "complement_naive_bayes", "char_ngram_min": 0, "char_ngram_max": 0}


@pytest.fixture
def tickets(dataset: Any) -> Any:
    dataset.upload(ticket_rows()[::4])
    return dataset


def refused(error: type[pinfold.PinfoldError], call: Any) -> tuple[str, list[str]]:
    with pytest.raises(error) as caught:
        call()
    return caught.value.reason, [violation.field for violation in caught.value.field_violations]


def test_a_grid_is_queued_followed_and_ordered_as_one(tickets: Any) -> None:
    grid = {"min_df": [1, 3], "regularization": [0.1, 10.0]}
    sweep = tickets.create_sweep("small", grid=grid, base=pinfold.RunConfig(**FAST), metric="macro_f1", title="Small")
    assert (sweep.id, sweep.info.title, sweep.info.runs, sweep.info.metric) == ("small", "Small", 4, "macro_f1")
    seen: list[float] = []
    done = sweep.wait(timeout=HANG_SECONDS, progress=lambda info: seen.append(info.fraction))
    assert (done.succeeded, done.failed, done.fraction) == (4, 0, 1.0)
    assert seen == sorted(seen)
    ordered = list(sweep.runs(pinfold.RunMetric.MACRO_F1))
    scores = [run.metrics.macro_f1 for run in ordered]
    assert scores == sorted(scores, reverse=True)
    assert (done.best_run, done.best_version) == (ordered[0].number, ordered[0].version_number)
    assert done.best_score == pytest.approx(scores[0])
    assert sweep.best_version().number == done.best_version
    options = {(run.config.min_df, run.config.regularization) for run in sweep.runs()}
    assert options == {(1, 0.1), (1, 10.0), (3, 0.1), (3, 10.0)}
    assert {run.config.algorithm for run in sweep.runs()} == {pinfold.Algorithm.COMPLEMENT_NAIVE_BAYES}
    assert [run.number for run in tickets.runs("small")] == [4, 3, 2, 1]
    # Versions that newer ones superseded keep their figures, and can still be compared.
    assert [version.metrics.macro_f1 for version in tickets.versions()]
    assert tickets.compare(1, 4).documents == 32


def test_single_runs_join_an_experiment_and_carry_what_people_say(tickets: Any) -> None:
    run = tickets.train(experiment="by-hand", title="first", notes="a try", metadata={"commit": "abc"}, **FAST)
    assert (run.info.experiment, run.info.title, run.info.notes) == ("by-hand", "first", "a try")
    assert run.info.metadata == {"commit": "abc"}
    tickets.train(experiment="by-hand", **FAST)
    tickets.train(**FAST).wait(timeout=HANG_SECONDS)
    assert [found.number for found in tickets.runs("by-hand")] == [2, 1]
    assert [experiment.id for experiment in tickets.experiments()] == ["by-hand"]
    assert tickets.experiment("by-hand").info.runs == 2
    run.update(starred=True, notes="", metadata={"commit": "def"})
    assert (run.info.title, run.info.notes, run.info.starred) == ("first", "", True)
    assert [found.number for found in tickets.runs(starred_only=True)] == [1]
    assert tickets.run(1).info.metadata == {"commit": "def"}


def test_a_run_is_deleted_with_its_version_after_a_second_look(tickets: Any) -> None:
    run = tickets.train(experiment="short", **FAST)
    run.wait(timeout=HANG_SECONDS)
    assert refused(pinfold.FailedPrecondition, run.delete)[0] == "VERSION_IN_USE"
    second = tickets.train(**FAST).wait(timeout=HANG_SECONDS)
    look = look_once_nobody_ranks_by_it(run)
    assert (look.deleted, look.version) == (False, 1)
    assert "version 1" in look.consequences
    run.update(title="changed meanwhile")
    assert refused(pinfold.Conflict, lambda: run.delete(look.token))[0] == "CONFIRMATION_STALE"
    done = run.delete(run.delete().token)
    assert (done.deleted, done.token, done.version) == (True, None, 1)
    assert refused(pinfold.NotFound, lambda: tickets.run(1))[0] == "RUN_NOT_FOUND"
    assert refused(pinfold.NotFound, lambda: tickets.version(1))[0] == "VERSION_NOT_FOUND"
    assert tickets.experiment("short").info.runs == 0
    second.pin()
    tickets.train(**FAST).wait(timeout=HANG_SECONDS)
    assert refused(pinfold.FailedPrecondition, tickets.run(2).delete)[0] == "VERSION_IN_USE"


def look_once_nobody_ranks_by_it(run: Any) -> pinfold.RunDeletion:
    """Documents are ranked by a version until the next one has scored them."""
    looks: list[pinfold.RunDeletion] = []

    def looked() -> bool:
        with contextlib.suppress(pinfold.FailedPrecondition):
            looks.append(run.delete())
        return bool(looks)

    until(looked, lambda: "its version is still in use")
    return looks[0]


def test_a_sweep_is_cancelled_as_one(tickets: Any) -> None:
    sweep = tickets.create_sweep("long", [pinfold.RunConfig(seed=seed) for seed in range(64)])
    waiting = tickets.run(64)
    assert refused(pinfold.FailedPrecondition, waiting.delete)[0] == "RUN_NOT_ENDED"
    sweep.cancel()
    done = sweep.wait(timeout=HANG_SECONDS)
    assert done.done
    assert done.cancelled > 0
    assert done.cancelled + done.succeeded == 64
    assert done.fraction == 1


def test_what_cannot_be_queued_is_refused(tickets: Any, dataset: Any) -> None:
    invalid = pinfold.InvalidArgument
    seeds = [pinfold.RunConfig(seed=seed) for seed in range(65)]
    assert refused(invalid, lambda: tickets.create_sweep("big", seeds))[0] == "INVALID_SWEEP"
    too_many = {"seed": list(range(9)), "min_df": list(range(1, 9))}
    assert refused(invalid, lambda: tickets.create_sweep("big", grid=too_many)) == ("INVALID_SWEEP", ["axes"])
    assert refused(invalid, lambda: tickets.create_sweep("empty", [])) == ("INVALID_SWEEP", ["configs"])
    assert refused(invalid, lambda: tickets.create_sweep("empty", grid={"seed": []}))[1] == ["axes[0].values"]
    wrong = [pinfold.RunConfig(), pinfold.RunConfig(min_df=0)]
    assert refused(invalid, lambda: tickets.create_sweep("wrong", wrong)) == ("INVALID_CONFIG", ["configs[1].min_df"])
    assert refused(invalid, lambda: tickets.create_sweep("Big", grid={"seed": [1]})) == (
        "INVALID_ID",
        ["experiment_id"],
    )
    assert refused(invalid, lambda: list(tickets.runs(order_by="macro_f1")))[1] == ["order_by"]
    assert refused(pinfold.NotFound, lambda: list(tickets.runs("nothing")))[0] == "EXPERIMENT_NOT_FOUND"
    assert refused(invalid, lambda: tickets.train(metadata={"": "x"}))[1] == ["metadata['']"]
    assert refused(invalid, lambda: tickets.train(title="x" * 129))[1] == ["title"]
    with pytest.raises(TypeError, match="either configs or a grid"):
        tickets.create_sweep("neither")
    with pytest.raises(TypeError, match="no option 'nonsense'"):
        tickets.create_sweep("wrong", grid={"nonsense": [1]})
    assert list(tickets.experiments()) == []


def test_a_second_experiment_of_the_same_id_is_refused(tickets: Any) -> None:
    tickets.create_sweep("once", grid={"seed": [1]}, base=pinfold.RunConfig(**FAST))
    again = refused(pinfold.AlreadyExists, lambda: tickets.create_sweep("once", grid={"seed": [2]}))
    assert again[0] == "EXPERIMENT_EXISTS"
    assert len(list(tickets.runs())) == 1
