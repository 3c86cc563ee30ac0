"""UMAP in a process of its own: it needs scikit-learn, compiles for seconds, and holds the interpreter lock.

    python -m pinfold_server.training.scoring.neighbours DIMENSIONS SEED

reads float32 vectors from standard input, of so many dimensions each, and writes two float32 a vector.
McInnes, Healy, Melville: UMAP (arXiv:1802.03426, 2018).
"""

import sys

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 15


def neighbour_plane(vectors: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Points float32 [documents, 2] of vectors [documents, dimensions]; at least 3 documents."""
    from umap import UMAP

    # A seed makes it use one thread, which is what makes it repeatable.
    reducer = UMAP(n_neighbors=min(NEIGHBOURS, len(vectors) - 1), random_state=seed, n_jobs=1, init="pca")
    points: NDArray[np.float32] = reducer.fit_transform(vectors).astype(np.float32)
    return points


def main() -> None:
    dimensions, seed = (int(argument) for argument in sys.argv[1:])
    vectors = np.frombuffer(sys.stdin.buffer.read(), "<f4").reshape(-1, dimensions)
    sys.stdout.buffer.write(neighbour_plane(vectors, seed).astype("<f4").tobytes())


if __name__ == "__main__":
    main()
