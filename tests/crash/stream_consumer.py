"""A consumer of a stream that is killed: writes down every document that it was given, and what it advanced over.

    python -m tests.crash.stream_consumer TARGET DATASET STREAM JOURNAL LAST

The journal has a line for each batch, `+` and the ids of its documents, and a line `=` once the stream is advanced over
it; each is one write, which a kill cannot tear. It ends after the batch with the document LAST.
"""

import os
import sys
import time

import pinfold
from tests.serving import HANG_SECONDS

SIZE = 64
WORK_SECONDS = 0.02
STUBBORN = pinfold.RetryPolicy(max_attempts=10_000, initial_backoff=0.02, max_backoff=0.2)


def main(target: str, dataset: str, stream: str, journal: str, last: str) -> None:
    output = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with pinfold.Client(target, timeout=HANG_SECONDS, retry=STUBBORN) as client:
        handle = client.dataset(dataset).stream(stream)
        for batch in handle.consume(SIZE):
            ids = [item.document.id for item in batch.items]
            with handle.processing(batch):
                os.write(output, f"+ {' '.join(ids)}\n".encode())
                time.sleep(WORK_SECONDS)
            os.write(output, b"=\n")
            if last in ids:
                return


if __name__ == "__main__":
    main(*sys.argv[1:])
