"""In which sense labels apply, in datasets that ask for it: what people say, and how a model holds what it learnt.

A model of such a dataset has two columns for each label: first all labels, then as many sentiments, in the same order.
A sentiment's column is the probability p that the label applies in a good sense where it applies, told as 2p - 1.
Its name begins with U+001F and has U+001F between the levels: no label has that, and no level stands above it.
"""

import enum
from collections.abc import Sequence

from pinfold_server.domain.labels.labels import SEPARATOR

MARK = "\x1f"

#: Where a label with a sentiment is the least certain: it applies or not, in a good or a bad sense (three outcomes).
TEACH_CENTRE = 0.66


class Sentiment(enum.IntEnum):
    """How a label applies; the numbers are those of the protocol."""

    UNSPECIFIED = 0
    POSITIVE = 1
    NEGATIVE = 2


def column_name(label: str) -> str:
    """Name of the column of a label's sentiment."""
    return MARK + label.replace(SEPARATOR, MARK)


def label_count(columns: Sequence[str]) -> int:
    """How many columns of a model are labels; the others are their sentiments."""
    return next((place for place, name in enumerate(columns) if name.startswith(MARK)), len(columns))
