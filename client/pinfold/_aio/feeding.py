"""Turns texts of the caller into calls, as they come."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable

from pinfold._aio.iterate import each
from pinfold._calls import Call
from pinfold._predict import PredictFeed
from pinfold._predictions import Answer


async def filled(feed: PredictFeed, texts: Iterable[str] | AsyncIterable[str]) -> AsyncIterator[Call[Answer]]:
    """The calls that the texts fill, the last one with what is left."""
    async for text in each(texts):
        if (full := feed.push(text)) is not None:
            yield full
    if (last := feed.flush()) is not None:
        yield last
