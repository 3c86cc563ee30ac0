"""The quickest way of this process to score many documents: compiled code where it lies on the disk already."""

import functools
import logging

from pinfold_server.engine.compiled import Kernel
from pinfold_server.engine.session import Model
from pinfold_server.services.versions import golden

log = logging.getLogger(__name__)


def quickest(model: Model) -> Model:
    """The same model with the same bits; the given one where there is no compiled code, or it is wrong."""
    found = kernel()
    compiled = None if found is None else model.compiled(found)
    if compiled is None:
        return model
    try:
        golden.compare(model, compiled)
    except golden.GoldenMismatch as mismatch:
        log.error("compiled code is wrong and not used: %s", mismatch)
        return model
    return compiled


def kernel() -> Kernel | None:
    """The compiled code; None as long as nobody has compiled it, which a worker does in its first minutes.

    Importing numba takes some tenths of a second.
    """
    try:
        return _load()
    except Exception as error:
        log.info("documents are scored without compiled code: %s", error)
        return None


@functools.cache
def _load() -> Kernel:
    # A failure is not kept: the code that was not there for the first version may be there for the next.
    from pinfold_server.engine import compilation

    return compilation.load()
