"""A thread of the trainer that keeps the index of words up with the documents, also while a training runs."""

import logging
import threading
import time
from collections.abc import Callable

from pinfold_server.errors import AppError
from pinfold_server.services.documents.word_index import index_some, texts_to_index
from pinfold_server.store.env import Store

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.2
PAUSE_AFTER_FAILURE = 30.0
REST_SECONDS = 0.5
"""Texts that still arrive are left alone: beside an upload, indexing takes its processor and the write lock."""
LONGEST_WAIT_SECONDS = 30.0
"""What never rests, or always finds something else at work, is indexed a batch at a time, this far apart."""


class Patience:
    """Tells when texts that arrive have come to rest, or have been waited for long enough."""

    def __init__(self) -> None:
        self._number = 0
        self._changed = 0.0
        self._waits_since: float | None = None

    def is_over(self, number: int, now: float, *, busy: bool = False) -> bool:
        """`number`: the last number of a text that is to be indexed, 0 for none; `now` in seconds; `busy`: something
        else goes first.
        """
        if not number:
            self._waits_since = None
            return False
        if self._waits_since is None:
            self._waits_since = now
        if number != self._number:
            self._number, self._changed = number, now
        if now - self._changed >= REST_SECONDS and not busy:
            return True
        if now - self._waits_since >= LONGEST_WAIT_SECONDS:
            self._waits_since = now
            return True
        return False


class Indexing:
    """Works from its making until `stop`. What `busy` tells of goes first: beside it, indexing would take half of the
    interpreter, and a search looks at texts that are not indexed yet by itself.
    """

    def __init__(self, store: Store, busy: Callable[[], bool]) -> None:
        self._store = store
        self._busy = busy
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="word-index", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends after the transaction in hand."""
        self._stopping.set()
        self._thread.join()

    def _work(self) -> None:
        seen = -1
        pause = 0.0
        patience = Patience()
        while not self._stopping.wait(pause):
            change, pause = self._store.last_change, LOOK_SECONDS
            if change == seen:
                continue
            try:
                number = texts_to_index(self._store)
                if patience.is_over(number, time.monotonic(), busy=self._busy()):
                    index_some(self._store)
                    pause = 0.0
                elif not number:
                    seen = change
            except AppError as error:
                log.warning("the index of words waits: %s", error.message)
                pause = PAUSE_AFTER_FAILURE
            except Exception:
                log.exception("the index of words failed, and is tried again in %.0f seconds", PAUSE_AFTER_FAILURE)
                pause = PAUSE_AFTER_FAILURE
