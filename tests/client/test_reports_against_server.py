"""Reports that both clients write of versions of a real server."""

import sys
from pathlib import Path
from typing import Any

import pytest

import pinfold
from tests.serving import Trained


def test_a_version_is_reported_with_all_its_labels(client: Any, trained: Trained, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    assert client.dataset(trained.dataset).version(trained.first).report(file) == file
    page = file.read_text(encoding="utf-8")
    assert f"<title>{trained.dataset}, version {trained.first}</title>" in page
    assert all(label.replace(">", "&gt;") in page for label in trained.labels)
    for chart in ("rating", "precision-recall", "calibration", "scores", "label-scores", "projection"):
        assert f'id="chart-{chart}"' in page
    assert 'id="comparison"' not in page


def test_a_version_is_reported_beside_the_one_that_is_live(client: Any, trained: Trained, tmp_path: Path) -> None:
    dataset, file = client.dataset(trained.dataset), tmp_path / "report.html"
    dataset.report(file, "staging", compare="live")
    page = file.read_text(encoding="utf-8")
    assert f"version {trained.second}</title>" in page
    assert f"Compared with version {trained.first}" in page
    assert dataset.compare("live", "staging").summary.replace(">", "&gt;") in page
    assert 'id="chart-label-changes"' in page
    flipped = list(dataset.flipped_documents("live", "staging"))
    assert all(document.document_id.replace(">", "&gt;") in page for document in flipped)


def test_nothing_is_written_of_a_version_that_is_not_there(client: Any, trained: Trained, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    with pytest.raises(pinfold.NotFound):
        client.dataset(trained.dataset).report(file, 999)
    with pytest.raises(pinfold.NotFound):
        client.dataset(trained.dataset).report(file, "live", compare=999)
    assert not file.exists()


@pytest.mark.parametrize("missing", ["matplotlib", "jinja2"])
def test_without_the_extra_it_is_said_what_to_install(
    client: Any, trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name in [name for name in sys.modules if name.startswith("pinfold._report.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    # What Python remembers of a package that is not installed.
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(pinfold.InputError, match=r'pip install "pinfold\[report\]"'):
        client.dataset(trained.dataset).report(tmp_path / "report.html")
