"""Which of several channels takes the next call."""

import threading


class Balance:
    """Counts the calls under way on each channel. Safe to use from several threads.

    A server's workers share one port, and the kernel gives each connection to one of them: a client with a single
    connection would use a single worker.
    """

    def __init__(self, channels: int) -> None:
        self._lock = threading.Lock()
        self._under_way = [0] * channels
        self._next = 0

    def take(self) -> int:
        """The place of the channel with the fewest calls under way; of equals in turn, so that a repeat of a call that
        failed goes another way.
        """
        with self._lock:
            fewest = min(self._under_way)
            count = len(self._under_way)
            place = next(
                place
                for place in ((self._next + step) % count for step in range(count))
                if self._under_way[place] == fewest
            )
            self._under_way[place] += 1
            self._next = (place + 1) % count
            return place

    def give_back(self, place: int) -> None:
        """A call on the channel has ended."""
        with self._lock:
            self._under_way[place] -= 1
