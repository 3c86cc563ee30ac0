"""Work on one item while the next one is made ready."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

T = TypeVar("T")


async def ahead(items: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    """The same items in the same order; the next one is asked for before the caller gets one.

    What `items` raises comes in its turn, behind the items before it. A caller that stops early closes this iterator,
    as `contextlib.aclosing` does: nothing is asked for any more then.
    """
    upcoming = asyncio.create_task(_next(items))
    try:
        while found := await upcoming:
            upcoming = asyncio.create_task(_next(items))
            yield found[0]
    finally:
        upcoming.cancel()
        await asyncio.gather(upcoming, return_exceptions=True)


async def _next(items: AsyncIterator[T]) -> tuple[T] | None:
    async for item in items:
        return (item,)
    return None
