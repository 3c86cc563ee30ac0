"""The trainer's scores of all documents, on a real store: complete, brought up to date, bounded, safe to interrupt."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.engine import compilation
from pinfold_server.engine.compiled import Kernel
from pinfold_server.engine.session import Model
from pinfold_server.services.runs.runs import RunService
from pinfold_server.services.sampling.sample_pools import Chunk, scored
from pinfold_server.store import keys
from pinfold_server.store.storage_pb2 import ScoreChunkRecord, ScoringRecord
from pinfold_server.store.tables import artefacts, datasets, runs, scores, versions
from pinfold_server.training.scoring import lanes, scoring, scoring_pass
from pinfold_server.training.scoring.scoring import Scorer
from pinfold_server.training.scoring.scoring_pass import ScorerOptions
from tests.scoring import TEXT_OF, Clock, fill, score, scorer_of, train
from tests.serving import ticket_rows
from tests.stores import Bench, item, open_bench


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "store") as opened:
        yield opened
        assert opened.findings() == []


def stored(bench: Bench) -> tuple[ScoringRecord, dict[str, np.ndarray]]:
    """The newest complete scoring, and the probabilities that it holds by document id."""
    with bench.store.read() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        record = scores.newest_complete(txn, owner.uid)
        assert record is not None
        chunks: list[Chunk] = list(scored(txn, owner.uid, record))
    found = {}
    for chunk in chunks:
        for place, name in enumerate(chunk.names):
            if not chunk.absent[place]:
                found[keys.of_scored_document(name)[1]] = chunk.probabilities[:, place]
    return record, found


def model_of(bench: Bench) -> Model:
    with bench.store.read() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        record = versions.get(txn, owner.uid, owner.latest_version)
        assert record is not None
        return Model.load(artefacts.read(txn, record.sha256), record.sha256.hex())


async def test_documents_are_grouped_before_the_first_training(bench: Bench, clock: Clock) -> None:
    await fill(bench)
    assert score(bench, clock)
    record, found = stored(bench)
    assert (record.version, set(found)) == (0, set(TEXT_OF))
    assert sum(record.cluster_sizes) == len(TEXT_OF)
    assert not score(bench, clock)


async def test_every_document_has_the_probabilities_that_the_version_gives_it(bench: Bench, clock: Clock) -> None:
    await fill(bench)
    await train(bench, clock)
    assert scorer_of(bench, clock).tick()
    record, found = stored(bench)
    assert record.version == 1
    assert sum(record.cluster_reviewed) == len(ticket_rows()[::4])
    expected = model_of(bench).score(list(TEXT_OF.values())).probabilities
    assert all(np.array_equal(found[name], row) for name, row in zip(TEXT_OF, expected, strict=True))


async def test_compiled_code_gives_the_same_scores(bench: Bench, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    compilation.build()
    monkeypatch.setattr(scoring_pass, "COMPILED_FROM", 1)
    await fill(bench)
    await train(bench, clock)
    assert lanes.quickest(model_of(bench)).lane == "compiled"
    assert score(bench, clock)
    _, found = stored(bench)
    expected = model_of(bench).score(list(TEXT_OF.values())).probabilities
    assert all(np.array_equal(found[name], row) for name, row in zip(TEXT_OF, expected, strict=True))


def test_code_that_is_compiled_later_is_found_by_the_next_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    code = compilation.build()
    answers = iter([compilation.NotCompiledError("not yet"), code])

    def load() -> Kernel:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    lanes._load.cache_clear()
    monkeypatch.setattr(compilation, "load", load)
    assert [lanes.kernel(), lanes.kernel(), lanes.kernel()] == [None, code, code]
    lanes._load.cache_clear()


async def test_changed_new_and_deleted_documents_are_brought_up_to_date(
    bench: Bench, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring_pass, "CELLS_A_CHUNK", 1)
    await fill(bench)
    await train(bench, clock)
    assert score(bench, clock)
    first, *others = TEXT_OF
    await bench.use.deletions.delete("support", others[:3])
    await bench.upload(item(first, "my parcel is lost"), item("fresh", "please refund me"))
    assert score(bench, clock)
    record, found = stored(bench)
    assert set(found) == set(TEXT_OF) - set(others[:3]) | {"fresh"}
    assert len(record.stale) == 4
    expected = model_of(bench).score(["my parcel is lost", "please refund me"]).probabilities
    assert np.array_equal(found[first], expected[0])
    assert np.array_equal(found["fresh"], expected[1])
    assert record.scored_count == record.document_count == len(found)


async def test_much_waste_is_a_reason_to_begin_anew(bench: Bench, clock: Clock) -> None:
    await fill(bench)
    assert score(bench, clock)
    for turn in range(3):
        await bench.upload(*(item(key, f"{text} {turn}") for key, text in list(TEXT_OF.items())[::2]))
        assert score(bench, clock)
    record, found = stored(bench)
    assert set(found) == set(TEXT_OF)
    assert len(record.stale) <= len(TEXT_OF)


async def test_older_scores_stay_until_the_newer_are_complete(bench: Bench, clock: Clock) -> None:
    await fill(bench)
    await train(bench, clock)
    assert score(bench, clock)
    await train(bench, clock)
    assert stored(bench)[0].version == 1
    assert score(bench, clock)
    assert stored(bench)[0].version == 2
    with bench.store.read() as txn:
        assert scores.get(txn, 1, 1) is None
        assert not list(scores.chunks(txn, 1, 1))


async def test_an_interrupted_pass_is_taken_up_by_another_trainer_once_the_first_is_silent(
    bench: Bench, clock: Clock
) -> None:
    await fill(bench)
    looks = iter([False, False, True])
    first = Scorer(bench.store, ScorerOptions("trainer-0", clock, lambda: next(looks, True)))
    first.tick()
    clock.rest()
    assert not first.tick()
    with bench.store.read() as txn:
        assert scores.newest_complete(txn, 1) is None
    assert score(bench, clock, "trainer-1")
    assert set(stored(bench)[1]) == set(TEXT_OF)


async def test_what_an_interrupted_pass_stored_is_not_scored_again(
    bench: Bench, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring_pass, "CELLS_A_CHUNK", 1)  # 128 documents a chunk, the fewest
    await bench.dataset()
    await bench.upload(*(item(f"t-{number}", f"ticket number {number}") for number in range(1_000)))

    def chunk_count() -> int:
        with bench.store.read() as txn:
            record = scores.get(txn, 1, 0)
            return 0 if record is None else record.chunk_count

    scorer = Scorer(bench.store, ScorerOptions("trainer-0", clock, lambda: chunk_count() >= 3))
    scorer.tick()
    clock.rest()
    assert not scorer.tick()
    assert chunk_count() == 3
    assert score(bench, clock)
    record, found = stored(bench)
    assert set(found) == {f"t-{number}" for number in range(1_000)}
    assert (record.scored_count, record.chunk_count, list(record.stale)) == (1_000, 8, [])


async def test_a_pass_gives_way_to_a_run_and_goes_on_after_it(bench: Bench, clock: Clock) -> None:
    await fill(bench)
    await train(bench, clock)
    scorer = scorer_of(bench, clock)
    run = await RunService(bench.store, bench.changes, waiting_max=10).train("support", RunConfig())
    assert not scorer.tick()
    with bench.store.read() as txn:
        assert scores.newest_complete(txn, 1) is None
    await RunService(bench.store, bench.changes, waiting_max=10).cancel("support", run.number)
    assert scorer.tick()
    assert stored(bench)[0].version == 1


async def test_a_run_that_is_queued_during_a_pass_ends_it_at_its_next_step(bench: Bench, clock: Clock) -> None:
    await fill(bench)
    await train(bench, clock)
    looks = 0

    def queue_at_the_second_look() -> bool:
        nonlocal looks
        looks += 1
        if looks == 2:
            with bench.store.write() as txn:
                runs.enqueue(txn, 1, 99)
        return False

    scorer = Scorer(bench.store, ScorerOptions("trainer-0", clock, queue_at_the_second_look))
    assert not scorer.tick()
    assert looks == 2
    with bench.store.write() as txn:
        assert scores.newest_complete(txn, 1) is None
        runs.dequeue(txn, next(runs.waiting(txn))[0])
    assert scorer.tick()
    assert set(stored(bench)[1]) == set(TEXT_OF)


async def test_a_dataset_that_is_trained_without_a_break_is_scored_all_the_same(bench: Bench, clock: Clock) -> None:
    await fill(bench)
    await train(bench, clock)
    scorer = scorer_of(bench, clock)
    await RunService(bench.store, bench.changes, waiting_max=10).train("support", RunConfig())
    assert not scorer.tick()
    clock.now += scoring.PATIENCE_US
    assert scorer.tick()
    assert stored(bench)[0].version == 1


async def test_an_upload_is_not_chased(bench: Bench, clock: Clock) -> None:
    await fill(bench)
    scorer = scorer_of(bench, clock)
    for turn in range(5):
        await bench.upload(item(f"new-{turn}"))
        assert not scorer.tick()
        clock.now += scoring.REST_US // 2
    clock.rest()
    assert scorer.tick()


async def test_of_a_large_dataset_a_random_part_is_scored(
    bench: Bench, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pinfold_server.domain.runs.sampling.CELLS_MAX", len(TEXT_OF) // 2)
    await fill(bench)
    assert score(bench, clock)
    record, found = stored(bench)
    assert record.shift == 1
    assert len(TEXT_OF) // 4 < len(found) < 3 * len(TEXT_OF) // 4


async def test_nothing_is_left_of_a_deleted_dataset(bench: Bench, clock: Clock) -> None:
    await fill(bench)
    assert score(bench, clock)
    await bench.use.datasets.delete("support")
    assert not score(bench, clock)


async def test_check_finds_chunks_that_are_missing_or_cut(bench: Bench, clock: Clock) -> None:
    await fill(bench)
    assert score(bench, clock)
    key = keys.score_chunk(1, 0, 0)
    with bench.store.write() as txn:
        whole = txn.get(key)
        assert whole is not None
        chunk = ScoreChunkRecord.FromString(whole)
        chunk.ties = chunk.ties[:-8]
        scores.put_chunk(txn, 1, 0, 0, chunk)
    assert ["arrays that do not fit" in finding.problem for finding in bench.findings()] == [True]
    with bench.store.write() as txn:
        txn.delete(key)
    assert ["counts 1 chunks and has 0" in finding.problem for finding in bench.findings()] == [True]
    with bench.store.write() as txn:
        txn.put(key, whole)


async def test_others_can_see_that_a_pass_is_made(bench: Bench, clock: Clock) -> None:
    await fill(bench)
    seen: list[bool] = []
    scorer = Scorer(bench.store, ScorerOptions("trainer-0", clock, lambda: bool(seen.append(scorer.at_work))))
    scorer.tick()
    clock.rest()
    assert not scorer.at_work
    assert scorer.tick()
    assert seen[-1]
    assert not scorer.at_work


async def test_a_changed_text_alone_is_noticed(bench: Bench, clock: Clock) -> None:
    await fill(bench)
    assert score(bench, clock)
    assert not score(bench, clock)
    await bench.upload(item(next(iter(TEXT_OF)), "another text"))
    assert score(bench, clock)
