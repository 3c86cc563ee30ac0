import numpy as np
import pytest
from sklearn.decomposition import PCA

from pinfold_server.domain.quality.projections import choose, principal_plane

VECTORS = np.random.default_rng(3).normal(size=(200, 6)).astype(np.float32) * np.array([9, 5, 1, 1, 1, 0.1], np.float32)


def test_the_plane_is_that_of_scikit_learn_but_for_the_direction_of_its_axes() -> None:
    plane = principal_plane(VECTORS)
    reference = PCA(2, svd_solver="full").fit(VECTORS)
    expected = reference.transform(VECTORS)
    for axis in range(2):
        assert min(np.abs(plane.points[:, axis] - sign * expected[:, axis]).max() for sign in (1, -1)) < 1e-3
    assert plane.explained == pytest.approx(reference.explained_variance_ratio_.sum(), abs=1e-6)


def test_the_same_vectors_give_the_same_plane() -> None:
    assert np.array_equal(principal_plane(VECTORS).points, principal_plane(VECTORS.copy()).points)


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (1, 1)])
def test_few_documents_or_labels_are_drawn_as_well(shape: tuple[int, int]) -> None:
    plane = principal_plane(np.ones(shape, np.float32))
    assert plane.points.shape == (shape[0], 2)
    assert np.isfinite(plane.points).all()
    assert plane.explained == 1.0


def test_of_many_documents_some_are_chosen_by_the_seed() -> None:
    assert choose(5, 10, 0).tolist() == [0, 1, 2, 3, 4]
    rows = choose(1_000, 10, 1)
    assert len(set(rows.tolist())) == 10
    assert rows.tolist() == sorted(rows.tolist()) == choose(1_000, 10, 1).tolist()
    assert rows.tolist() != choose(1_000, 10, 2).tolist()
