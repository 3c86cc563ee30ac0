"""Turns texts of the caller into calls, as they come."""

from collections.abc import Iterable, Iterator

from pinfold._calls import Call
from pinfold._predict import PredictFeed
from pinfold._predictions import Answer


def filled(feed: PredictFeed, texts: Iterable[str]) -> Iterator[Call[Answer]]:
    """The calls that the texts fill, the last one with what is left."""
    for text in texts:
        if (full := feed.push(text)) is not None:
            yield full
    if (last := feed.flush()) is not None:
        yield last
