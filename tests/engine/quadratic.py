"""Whether something takes time that grows with the square of a text, on a machine of any speed under any load."""

import time
import unicodedata
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of processor time, and what came out."""
    begin = time.process_time()
    result = work()
    return time.process_time() - begin, result


def quadratic_seconds(text: str) -> float:
    """A quarter of what Python's own normalisation, which sorts a heap of marks by insertion, takes for a text."""
    taken, _ = timed(lambda: unicodedata.normalize("NFKC", text[: len(text) // 4]))
    return 4 * taken
