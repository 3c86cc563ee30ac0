"""Documents a second that a server stores durably: each message is on disk before the call goes on.

    python bench/upload.py --json

Sends made-up short texts to a server of its own through the generated stub, in messages of 5,000: new documents, the
same again, and new ones with labels. Client and server share the machine. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import grpc

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pinfold.cli.local_server import LocalServer
from pinfold.v1 import dataset_service_pb2 as pb
from pinfold.v1 import dataset_service_pb2_grpc as stubs

_DOCUMENTS_A_MESSAGE = 5_000
_LABELS = 77


@dataclass(frozen=True, slots=True)
class Figures:
    """The last line of the output; rates in documents a second, the better of the rounds."""

    documents: int
    bytes_a_text: int
    new: float
    unchanged: float
    labelled: float


def main() -> int:
    """Prints the figures."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="pinfold-upload-") as folder, LocalServer(Path(folder)) as server:
        rounds = [_measure(server.target, number, arguments.documents) for number in range(arguments.rounds)]
    best = Figures(
        documents=rounds[0].documents,
        bytes_a_text=rounds[0].bytes_a_text,
        new=max(figures.new for figures in rounds),
        unchanged=max(figures.unchanged for figures in rounds),
        labelled=max(figures.labelled for figures in rounds),
    )
    if not arguments.json:
        for name, value in asdict(best).items():
            print(f"{name:16} {value:12,.0f}")
    print(json.dumps(asdict(best)))
    return 0


def _measure(target: str, number: int, documents: int) -> Figures:
    with grpc.insecure_channel(target) as channel:
        stub = stubs.DatasetServiceStub(channel)
        name = f"upload-{number}"
        stub.CreateDataset(pb.CreateDatasetRequest(dataset_id=name))
        plain = list(_messages(name, documents, "plain"))
        labelled = list(_messages(name, documents, "labelled"))
        new, _ = _upload(stub, plain)
        again, unchanged = _upload(stub, plain)
        annotated, answer = _upload(stub, labelled)
    assert unchanged.unchanged_count == documents, unchanged
    assert answer.annotated_count == documents, answer
    text = plain[0].documents[0].document.text
    return Figures(documents, len(text.encode()), documents / new, documents / again, documents / annotated)


def _upload(
    stub: stubs.DatasetServiceStub, messages: list[pb.UploadDocumentsRequest]
) -> tuple[float, pb.UploadDocumentsResponse]:
    """Seconds of the call, and its answer."""
    start = time.perf_counter()
    answer: pb.UploadDocumentsResponse = stub.UploadDocuments(iter(messages))
    seconds = time.perf_counter() - start
    assert answer.failed_count == 0, answer.failures[0]
    return seconds, answer


def _messages(name: str, documents: int, kind: str) -> Iterator[pb.UploadDocumentsRequest]:
    for first in range(0, documents, _DOCUMENTS_A_MESSAGE):
        message = pb.UploadDocumentsRequest(source=f"sources/{name}", dataset=f"datasets/{name}", create_labels=True)
        for number in range(first, min(first + _DOCUMENTS_A_MESSAGE, documents)):
            upload = message.documents.add()
            upload.document.id = f"{kind}-{number:08}"
            upload.document.text = f"Where is my refund for order {number:08}? I have waited for two weeks now."
            if kind == "labelled":
                upload.labels.labels.append(f"Topic {number % 7} > Question {number % _LABELS}")
        yield message


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=100_000, help="documents of a call (default: 100,000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the best counts (default: 3)")
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
