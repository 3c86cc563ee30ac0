"""Requests that share a run of the engine, with a real model."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
import pytest
from numpy.typing import NDArray

from pinfold_server.domain.predictions.merging import MergeLimits, Patience
from pinfold_server.domain.predictions.predictions import Picks, Selection, everything, select
from pinfold_server.engine.model import FeatureOptions
from pinfold_server.engine.session import Model, Scores
from pinfold_server.services.predictions import merging
from pinfold_server.services.predictions.merging import Merger
from pinfold_server.services.predictions.meters import PredictionMeter
from tests.engine.models import LABELS, TEXTS, file_of, random_model

ALL = Selection(everything(len(LABELS)))
SOME = Selection(np.full(len(LABELS), 0.4, np.float32), columns=(1, 3), top_k=1)


@pytest.fixture(scope="module")
def model() -> Model:
    blob = file_of(random_model(FeatureOptions(2, 3, 5)))
    return Model.load(blob, sha256(blob).hexdigest())


@pytest.fixture
def merger() -> Iterator[Merger]:
    with ThreadPoolExecutor(2) as executor:
        yield Merger(executor, PredictionMeter())


@dataclass(frozen=True, slots=True)
class Scored:
    """What is made of a job here."""

    picks: Picks
    truncated: NDArray[np.bool_]


def Job(model: object, texts: Sequence[str], selection: Selection) -> merging.Job[Scored]:  # noqa: N802  # reads as the class
    def finish(scores: Scores) -> Scored:
        return Scored(select(scores.probabilities, selection), scores.truncated)

    return merging.Job(model, texts, finish, sum(map(len, texts)))  # type: ignore[arg-type]


@dataclass
class Watched:
    """A model that notes how many texts each run had, and refuses the text that it is told to."""

    model: Model
    refused: str = ""
    lane: str = "onnx"
    labels: tuple[str, ...] = LABELS
    runs: list[int] = field(default_factory=list)

    def score(self, texts: Sequence[str]) -> Scores:
        self.runs.append(len(texts))
        if self.refused in texts:
            raise RuntimeError("refused")
        return self.model.score(texts)


@dataclass
class Ways:
    """Counts how often way was given."""

    given: int = 0

    def give(self) -> None:
        self.given += 1


def same(scored: Scored, model: Model, texts: Sequence[str], selection: Selection) -> bool:
    """Whether the answer has the bits that the texts have alone."""
    alone = [next(select(model.score([text]).probabilities, selection).by_text()) for text in texts]
    return list(scored.picks.by_text()) == alone and len(scored.truncated) == len(texts)


async def test_concurrent_requests_share_a_run_and_get_the_bits_they_have_alone(model: Model, merger: Merger) -> None:
    watched = Watched(model)
    asked = [(TEXTS[place % 5 : place % 5 + 1 + place % 3], ALL if place % 3 else SOME) for place in range(20)]

    answers = await asyncio.gather(*(merger.score(Job(watched, texts, selection)) for texts, selection in asked))  # type: ignore[arg-type]

    assert len(watched.runs) == 1
    for scored, (texts, selection) in zip(answers, asked, strict=True):
        assert same(scored, model, texts, selection)


async def test_a_request_alone_is_answered_in_its_own_run(model: Model, merger: Merger) -> None:
    watched = Watched(model)

    for _ in range(3):
        assert same(await merger.score(Job(watched, TEXTS[:1], ALL)), model, TEXTS[:1], ALL)  # type: ignore[arg-type]

    assert watched.runs == [1, 1, 1]


async def test_a_small_request_alone_is_answered_at_once_with_the_same_bits(model: Model, merger: Merger) -> None:
    scored = merger.score_at_once(Job(model, TEXTS[:1], ALL))

    assert scored is not None
    assert same(scored, model, TEXTS[:1], ALL)


async def test_a_request_that_fills_more_than_half_of_a_run_never_looks_for_others(model: Model) -> None:
    with ThreadPoolExecutor(1) as executor:
        merger = Merger(executor, PredictionMeter(), lambda _: MergeLimits(4, 1000))
        small = [merger.score_at_once(Job(model, TEXTS[:2], ALL)) for _ in range(20)]
        large = [merger.score_at_once(Job(model, TEXTS[:3], ALL)) for _ in range(20)]

    assert None in small
    assert None not in large


async def test_a_large_request_or_one_that_others_wait_for_is_not_answered_at_once(
    model: Model, merger: Merger
) -> None:
    assert merger.score_at_once(Job(model, TEXTS * 40, ALL)) is None
    waiting = asyncio.create_task(merger.score(Job(model, TEXTS[:1], ALL)))
    await asyncio.sleep(0)
    assert merger.score_at_once(Job(model, TEXTS[:1], ALL)) is None
    await waiting


async def test_a_run_is_no_larger_than_its_limit_and_nobody_is_forgotten(model: Model) -> None:
    watched = Watched(model)
    with ThreadPoolExecutor(1) as executor:
        merger = Merger(executor, PredictionMeter(), lambda _: MergeLimits(4, 1000))
        await asyncio.gather(*(merger.score(Job(watched, TEXTS[:3], ALL)) for _ in range(5)))  # type: ignore[arg-type]

    assert watched.runs == [3, 3, 3, 3, 3]


async def test_a_run_that_is_full_waits_for_nobody(model: Model) -> None:
    ways = Ways()
    with ThreadPoolExecutor(1) as executor:
        merger = Merger(executor, PredictionMeter(), lambda _: MergeLimits(4, 1000), ways.give)
        await asyncio.gather(*(merger.score(Job(model, TEXTS[:1], ALL)) for _ in range(2)))  # a crowd: others may come
        await asyncio.gather(*(merger.score(Job(model, TEXTS[:2], ALL)) for _ in range(2)))

    assert ways.given == 0


async def test_requests_for_different_models_do_not_share_a_run(model: Model, merger: Merger) -> None:
    one, other = Watched(model), Watched(model)
    jobs = [Job(watched, TEXTS[:1], ALL) for watched in (one, other, one)]  # type: ignore[arg-type]

    await asyncio.gather(*map(merger.score, jobs))

    assert (one.runs, other.runs) == ([2], [1])


async def test_a_large_request_runs_in_a_thread_and_holds_up_nobody(model: Model, merger: Merger) -> None:
    watched, texts = Watched(model), TEXTS * 40
    large = asyncio.create_task(merger.score(Job(watched, texts, ALL)))  # type: ignore[arg-type]
    small = await merger.score(Job(model, TEXTS[:1], SOME))

    assert same(small, model, TEXTS[:1], SOME)
    assert same(await large, model, texts, ALL)
    assert watched.runs == [200]


async def test_a_request_whose_caller_has_gone_is_dropped(model: Model, merger: Merger) -> None:
    watched = Watched(model)
    gone = asyncio.create_task(merger.score(Job(watched, TEXTS[:3], ALL)))  # type: ignore[arg-type]
    stays = asyncio.create_task(merger.score(Job(watched, TEXTS[:1], ALL)))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    gone.cancel()
    await stays

    assert watched.runs == [1]


async def test_a_failure_of_a_shared_run_reaches_only_the_request_that_causes_it(model: Model, merger: Merger) -> None:
    watched = Watched(model, refused=TEXTS[1])
    jobs = [Job(watched, [text], ALL) for text in TEXTS[:3]]  # type: ignore[arg-type]

    first, second, third = await asyncio.gather(*map(merger.score, jobs), return_exceptions=True)

    assert isinstance(second, RuntimeError)
    assert isinstance(first, Scored)
    assert isinstance(third, Scored)
    assert same(first, model, TEXTS[:1], ALL)
    assert same(third, model, TEXTS[2:3], ALL)


async def test_who_waits_for_company_lets_those_run_who_bring_it(model: Model) -> None:
    ways = Ways()
    with ThreadPoolExecutor(1) as executor:
        merger = Merger(executor, PredictionMeter(), give_way=ways.give)
        await asyncio.gather(*(merger.score(Job(model, [text], ALL)) for text in TEXTS[:3]))
        before = ways.given
        await merger.score(Job(model, TEXTS[:1], ALL))

    assert before == 0
    assert ways.given == Patience().quiet_turns
