"""Made-up held-out documents."""

import numpy as np
from hypothesis import strategies as st

from pinfold_server.domain.quality.held_out import HeldOut


def made_up(seed: int, documents: int, labels: int, *, undecided: float = 0.0, steps: int = 50) -> HeldOut:
    """Scores that mostly agree with the truth, on a coarse grid so that many are equal."""
    random = np.random.default_rng(seed)
    truth = random.random((documents, labels)) < 0.3
    known = random.random((documents, labels)) >= undecided
    scores = np.clip(random.normal(0.3 + 0.3 * truth, 0.25), 0, 1)
    return HeldOut(
        documents=tuple(("mail", f"d{number}") for number in range(documents)),
        label_numbers=tuple(range(1, labels + 1)),
        label_names=tuple(f"L{number}" for number in range(labels)),
        truth=truth & known,
        known=known,
        probabilities=(np.round(scores * steps) / steps).astype(np.float32),
    )


#: Held-out documents of every small shape, most pairs decided.
ANY = st.builds(
    made_up,
    st.integers(0, 2**32 - 1),
    st.integers(1, 40),
    st.integers(1, 6),
    undecided=st.sampled_from([0.0, 0.2]),
    steps=st.sampled_from([3, 50]),
)
