"""`predicted:` in every call that takes a filter, read from what the trainer's scorer stored."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pinfold_server.domain.documents.documents import Document
from pinfold_server.domain.labels.annotations import RetrievalMode
from pinfold_server.errors import Code
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.documents.deletions import Matching, Policy
from pinfold_server.services.documents.documents import DocumentPage
from pinfold_server.services.documents.upload_batches import UploadItem
from pinfold_server.services.labels.labels import LabelUpdate
from pinfold_server.services.sampling.sample_queries import SampleQuery
from pinfold_server.services.sampling.search_samples import search_page
from pinfold_server.store import keys
from pinfold_server.store.tables import datasets, scores, versions
from tests.scoring import TEXT_OF, Clock, fill, score, train
from tests.services.refusals import refused
from tests.stores import Bench, item, open_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "store") as opened:
        yield opened
        assert opened.findings() == []


async def fill_and_score(bench: Bench) -> Clock:
    clock = Clock()
    await fill(bench)
    await train(bench, clock)
    score(bench, clock)
    return clock


def listed(bench: Bench, text: str, size: int = 1_000) -> list[str]:
    """Ids of every page."""
    found: list[str] = []
    token = ""
    while True:
        page = page_of(bench, text, PageRequest(size, token))
        found += [one.document_id for one in page.records]
        token = page.next_token
        if not token:
            return found


def page_of(bench: Bench, text: str, page: PageRequest | None = None) -> DocumentPage:
    return bench.use.documents.list_documents(None, page or PageRequest(1_000), "support", text)


def probabilities(bench: Bench, label: str) -> dict[str, float]:
    """What the scorer stored of one label, by document id."""
    with bench.store.read() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        names = [one.name for one in bench_labels(bench)]
        found: dict[str, float] = {}
        for chunk in scores.chunks(txn, owner.uid, owner.latest_version):
            row = np.frombuffer(chunk.probabilities, "<f4").reshape(len(names), -1)[names.index(label)]
            found |= {keys.of_scored_document(name)[1]: float(p) for name, p in zip(chunk.documents, row, strict=True)}
        return found


def bench_labels(bench: Bench) -> list:
    with bench.store.read() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        return list(versions.labels(txn, owner.uid, owner.latest_version).labels)


async def test_a_list_holds_exactly_the_documents_that_the_version_scored_so(bench: Bench) -> None:
    await fill_and_score(bench)
    stored = probabilities(bench, "Login")
    likely = sorted(name for name, p in stored.items() if p >= np.float32(0.4))
    assert 0 < len(likely) < len(TEXT_OF)
    assert listed(bench, "predicted:Login >= 0.4") == likely
    assert listed(bench, "predicted:Login >= 0.4", size=3) == likely
    assert listed(bench, "NOT predicted:Login >= 0.4") == sorted(TEXT_OF.keys() - set(likely))
    assert listed(bench, "predicted:Login < 0.4") == sorted(TEXT_OF.keys() - set(likely))
    cut = next(one.threshold_balanced for one in bench_labels(bench) if one.name == "Login")
    assert listed(bench, "predicted:Login") == sorted(name for name, p in stored.items() if p >= np.float32(cut))
    both = f'predicted:Login >= 0.4 OR (NOT predicted:Login >= 0.4 AND id = "{min(TEXT_OF.keys() - set(likely))}")'
    assert set(listed(bench, both)) == {*likely, min(TEXT_OF.keys() - set(likely))}
    coverage = page_of(bench, "predicted:Login").scores
    assert coverage is not None
    assert (coverage.version, coverage.unscored_count) == (1, 0)
    assert page_of(bench, "text:login").scores is None


async def test_new_and_changed_documents_match_neither_way_until_they_are_scored(bench: Bench) -> None:
    clock = await fill_and_score(bench)
    likely = listed(bench, "predicted:Login >= 0.4")
    await bench.upload(item("brand-new", TEXT_OF[likely[0]]), item(likely[0], "something else entirely"))
    for text in ("predicted:Login >= 0.4", "NOT predicted:Login >= 0.4"):
        assert not {"brand-new", likely[0]} & set(listed(bench, text))
    page = page_of(bench, "predicted:Login >= 0")
    assert page.scores is not None
    assert page.scores.unscored_count == 2
    assert score(bench, clock)
    assert "brand-new" in listed(bench, "predicted:Login >= 0.4")
    page = page_of(bench, "predicted:Login >= 0")
    assert page.scores is not None
    assert page.scores.unscored_count == 0
    assert len(page.records) == len(TEXT_OF) + 1


async def test_a_document_that_only_got_another_time_keeps_its_scores(bench: Bench) -> None:
    await fill_and_score(bench)
    likely = listed(bench, "predicted:Login >= 0.4")
    await bench.upload(UploadItem(Document(likely[0], TEXT_OF[likely[0]], timestamp_us=5)))
    assert listed(bench, "predicted:Login >= 0.4") == likely


async def test_a_deletion_by_prediction_spares_what_is_not_scored(bench: Bench) -> None:
    await fill_and_score(bench)
    likely = listed(bench, "predicted:Login >= 0.4")
    await bench.upload(item("brand-new", TEXT_OF[likely[0]]))
    matching = Matching("NOT predicted:Login >= 0.4", "support", None)
    answer = await bench.use.deletions.delete_matching(matching, Policy.DELETE)
    assert answer.deleted_count == len(TEXT_OF) - len(likely)
    assert (answer.scored_version, answer.unscored_count) == (1, 1)
    assert listed(bench, "") == sorted([*likely, "brand-new"])


async def test_a_search_sample_finds_by_prediction_and_by_word_newest_first(bench: Bench) -> None:
    await fill_and_score(bench)
    wanted = "predicted:Login >= 0.4 AND text:password"
    query = SampleQuery("support", RetrievalMode.SEARCH, filter_text=wanted, include_reviewed=True)
    with bench.store.read() as txn:
        page = search_page(txn, query, bench.use.scores)
    assert sorted(one.document_id for one in page.samples) == listed(bench, wanted)
    times = [one.document.timestamp_us for one in page.samples]
    assert times == sorted(times, reverse=True)
    assert page.scores is not None


async def test_without_scores_the_filter_is_refused(bench: Bench) -> None:
    await fill(bench)
    await bench.upload(item("labelled", "password", ("Login",)))
    with refused(Code.PRECONDITION, "PREDICTIONS_REQUIRED"):
        page_of(bench, "predicted:Login")
    clock = Clock()
    await train(bench, clock)
    with refused(Code.PRECONDITION, "PREDICTIONS_REQUIRED"):
        page_of(bench, "predicted:Login")
    score(bench, clock)
    with refused(Code.INVALID, "UNKNOWN_LABEL", "filter"):
        page_of(bench, "predicted:Nonsense")
    await bench.use.labels.upsert("support", [LabelUpdate("Later")])
    assert listed(bench, "predicted:Later") == []
    assert len(listed(bench, "predicted:Later < 0.1")) == len(TEXT_OF) + 1
