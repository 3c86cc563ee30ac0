"""A thread of the trainer that keeps the index of words up with the documents, also while a training runs."""

import logging
import threading

from pinfold_server.errors import AppError
from pinfold_server.services.word_index import index_some
from pinfold_server.store.env import Store

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.2
PAUSE_AFTER_FAILURE = 30.0


class Indexing:
    """Works from its making until `stop`."""

    def __init__(self, store: Store) -> None:
        self._store = store
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
        while not self._stopping.wait(pause):
            change, pause = self._store.last_change, LOOK_SECONDS
            if change == seen:
                continue
            try:
                # What is being uploaded goes on changing the store: a look a fifth of a second gathers it.
                if index_some(self._store):
                    pause = 0.0
                else:
                    seen = change
            except AppError as error:
                log.warning("the index of words waits: %s", error.message)
                pause = PAUSE_AFTER_FAILURE
            except Exception:
                log.exception("the index of words failed, and is tried again in %.0f seconds", PAUSE_AFTER_FAILURE)
                pause = PAUSE_AFTER_FAILURE
