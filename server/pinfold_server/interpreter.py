"""How the interpreters of workers and trainers are tuned: for Python that goes on beside threads of machine code."""

import gc
import sys

#: A thread that holds the interpreter lock gives it up after so long when another one waits. By default 5 ms: an event
#: loop, which lets go of the lock in every turn, then made 200 turns a second beside busy scoring threads; and a thread
#: that comes back from machine code of a millisecond waited five for a trainer that reads.
SWITCH_SECONDS = 0.0005

#: Objects allocated beyond those freed before the youngest are looked through (Python: 700). Each call leaves a cycle
#: of five in gRPC's own code, about 1 KiB: they are found after a thousand calls, in a fraction of a millisecond.
YOUNG_MAX = 5_000

#: The same of a trainer: fifteen thousand annotated documents are forty-five thousand objects, all of which stay. What
#: was imported is half a million: to look through it takes 0.15 s, and came with every snapshot.
YOUNG_MAX_TRAINING = 100_000


def tune_for_serving() -> None:
    """To be called once everything is imported and loaded: what is there now is not looked through any more."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    keep_what_is_loaded()
    gc.set_threshold(YOUNG_MAX)


def keep_what_is_loaded() -> None:
    """What was imported later (numba brings hundreds of thousands of objects) is not looked through either."""
    gc.freeze()


def tune_for_training() -> None:
    """To be called once everything is imported: looking through scikit-learn and numba takes a tenth of a second.
    Cycles are left to `collect`, where they are few.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    keep_what_is_loaded()
    gc.set_threshold(YOUNG_MAX_TRAINING)


def collect() -> None:
    """Frees what only cycles hold; after a piece of work, when nobody waits."""
    gc.collect()
