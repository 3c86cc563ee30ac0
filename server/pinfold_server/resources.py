"""What this process takes from the machine, under the names that every Prometheus client uses."""

import time
from collections.abc import Iterable
from pathlib import Path
from resource import getpagesize

from pinfold_server.metrics import Family, counter, gauge

_STATM = Path("/proc/self/statm")


def families() -> Iterable[Family]:
    """Resident memory is told where the system tells it (Linux)."""
    yield counter("process_cpu_seconds_total", "Processor time taken.", time.process_time())
    try:
        pages = int(_STATM.read_text().split()[1])
    except OSError:
        return
    yield gauge("process_resident_memory_bytes", "Memory in use.", pages * getpagesize())
