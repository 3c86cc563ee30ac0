"""Keywords in the store: listed page by page, and gone with the file of their version."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pinfold_server.domain.names import VersionRef
from pinfold_server.errors import AppError
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.versions.keywords import KeywordService, ListedKeywords
from pinfold_server.services.versions.versions import drop_file
from pinfold_server.store.checks.check_models import check_models
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import (
    DatasetRecord,
    KeywordRecord,
    LabelKeywordsRecord,
    VersionLabelRecord,
    VersionLabelsRecord,
    VersionRecord,
)
from pinfold_server.store.tables import artefacts, datasets, versions
from tests.stores import open_store

LABELS = [f"Label {place}" for place in range(5)]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    """Version 1 of the dataset `tickets`, with keywords of five labels."""
    with open_store(tmp_path / "data") as opened:
        fill(opened)
        yield opened


def fill(store: Store) -> None:
    sha256 = artefacts.stage(store, b"a file", 1)
    record = VersionRecord(number=1, available=True, sha256=sha256, size=6, label_count=len(LABELS))
    keyword = KeywordRecord(feature="word", kind="word", weight=0.5, document_count=3)
    with store.write() as txn:
        artefacts.reference(txn, sha256)
        datasets.put(txn, DatasetRecord(uid=1, id="tickets", latest_version=1, last_version=1))
        versions.put(txn, 1, record)
        versions.put_labels(txn, 1, 1, VersionLabelsRecord(labels=[VersionLabelRecord(name=name) for name in LABELS]))
        many = [LabelKeywordsRecord(label=name, towards=[keyword] * 50, against=[keyword] * 3) for name in LABELS]
        versions.put_keywords(txn, 1, 1, many)


def listed(store: Store, *labels: str, most: int = 0, page: PageRequest | None = None) -> ListedKeywords:
    return KeywordService(store).list_keywords("tickets", VersionRef(1, None), labels, most, page or PageRequest())


def problems(store: Store) -> list[str]:
    with store.read() as txn:
        return [finding.problem for finding in check_models(txn) if "keywords" in finding.problem]


def test_labels_come_page_by_page_in_the_order_of_the_version(kept: Store) -> None:
    seen, token = [], ""
    for _ in range(3):
        page = listed(kept, page=PageRequest(2, token))
        seen += [record.label for record in page.labels]
        token = page.next_token
    assert (seen, token) == (LABELS, "")


def test_keywords_are_cut_to_what_was_asked_for(kept: Store) -> None:
    assert [(len(record.towards), len(record.against)) for record in listed(kept, LABELS[3]).labels] == [(10, 3)]
    assert [(len(record.towards), len(record.against)) for record in listed(kept, LABELS[3], most=50).labels] == [
        (50, 3)
    ]


def test_keywords_go_with_the_file_of_their_version(kept: Store) -> None:
    assert problems(kept) == []
    with kept.write() as txn:
        record = versions.get(txn, 1, 1)
        assert record is not None
        drop_file(txn, 1, record)
        versions.put(txn, 1, record)
        assert list(versions.keywords(txn, 1, 1)) == []
    with pytest.raises(AppError, match="its file was dropped") as dropped:
        listed(kept)
    assert dropped.value.reason == "KEYWORDS_NOT_KEPT"


def test_a_version_that_an_earlier_server_trained_says_so(kept: Store) -> None:
    with kept.write() as txn:
        versions.delete_keywords(txn, 1, 1)
    assert problems(kept) == []
    with pytest.raises(AppError, match="an earlier Pinfold trained it"):
        listed(kept)


def test_the_check_finds_keywords_of_other_labels(kept: Store) -> None:
    with kept.write() as txn:
        versions.put_keywords(txn, 1, 1, [LabelKeywordsRecord(label="Other")])
    assert problems(kept) == ["has keywords of 5 labels, which are not those of its file"]
