"""The async client behind a blocking face, so that one test runs with both clients."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from types import TracebackType
from typing import Any, Self

import pinfold


class Blocking:
    """Runs whatever the wrapped handle returns to its end, and wraps the handles that come out."""

    def __init__(self, wrapped: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._wrapped = wrapped
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._wrapped, name)
        if not inspect.ismethod(value):
            return self._settle(value)
        return lambda *args, **kwargs: self._settle(value(*map(_unwrap, args), **kwargs))

    def _settle(self, value: Any) -> Any:
        if inspect.iscoroutine(value):
            value = self._loop.run_until_complete(value)
        if isinstance(value, AsyncIterator):
            return self._iterate(value)
        if isinstance(value, AbstractAsyncContextManager) and not isinstance(value, pinfold.AsyncClient):
            return self._enter(value)
        if type(value).__module__.startswith("pinfold._aio"):
            return Blocking(value, self._loop)
        return value

    @contextmanager
    def _enter(self, manager: AbstractAsyncContextManager[Any]) -> Iterator[Any]:
        value = self._loop.run_until_complete(manager.__aenter__())
        try:
            yield self._settle(value)
        except BaseException as error:
            if not self._loop.run_until_complete(manager.__aexit__(type(error), error, error.__traceback__)):
                raise
        else:
            self._loop.run_until_complete(manager.__aexit__(None, None, None))

    def _iterate(self, values: AsyncIterator[Any]) -> Iterator[Any]:
        end = object()
        while (value := self._loop.run_until_complete(anext(values, end))) is not end:
            yield self._settle(value)


class BlockingClient(Blocking):
    """`pinfold.AsyncClient` with an event loop of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(pinfold.AsyncClient(*args, **kwargs), asyncio.new_event_loop())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run_until_complete(self._wrapped.close())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


def _unwrap(value: Any) -> Any:
    return value._wrapped if isinstance(value, Blocking) else value
