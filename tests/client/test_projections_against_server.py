"""Maps of held-out documents by both clients of a real server."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

import pinfold
from tests.serving import Trained, ticket_rows


@pytest.fixture
def version(client: Any, trained: Trained) -> Any:
    return client.dataset(trained.dataset).version(trained.first)


def neighbours_alike(documents: tuple[pinfold.ProjectedDocument, ...]) -> float:
    """Share of documents whose nearest neighbour has the same labels."""
    points = np.array([(each.x, each.y) for each in documents])
    distances = np.linalg.norm(points[:, None] - points, axis=2)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.argmin(axis=1)
    return float(np.mean([documents[a].true_labels == documents[b].true_labels for a, b in enumerate(nearest)]))


def test_documents_that_are_alike_lie_together(version: Any) -> None:
    found = version.projection()
    assert (found.version, found.total, len(found.documents)) == (version.number, 128, 128)
    assert 0.3 < found.explained_variance <= 1
    assert neighbours_alike(found.documents) > 0.8
    labels = {str(row["id"]): row["labels"] for row in ticket_rows()}
    assert all(set(labels[each.document_id]) <= set(each.true_labels) for each in found.documents)  # type: ignore[call-overload]
    assert version.projection() == found


def test_umap_draws_in_a_process_of_its_own(version: Any) -> None:
    found = version.projection("umap", seed=3)
    assert found.explained_variance is None
    with pytest.raises(pinfold.FailedPrecondition, match="at least 10"):
        version.projection("umap", limit=9)
    assert neighbours_alike(found.documents) > 0.8
    assert version.projection(pinfold.ProjectionMethod.UMAP, seed=3) == found


def test_of_many_documents_a_part_is_drawn(version: Any) -> None:
    found = version.projection(limit=40, seed=7)
    assert (len(found.documents), found.total) == (40, 128)
    assert max(Counter(each.document_id for each in found.documents).values()) == 1
    assert found != version.projection(limit=40, seed=8)


def test_what_cannot_be_drawn_is_refused(version: Any) -> None:
    with pytest.raises(pinfold.InvalidArgument, match="max_documents"):
        version.projection(limit=10_001)
    with pytest.raises(ValueError, match="method"):
        version.projection("tsne")
