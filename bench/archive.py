"""Does an archive move a dataset whole, and how long does it take?

    python bench/archive.py --data DIR [--dataset clinc150] --json

One server gets the training texts, trains and pins a version and saves an archive; another one loads it. Both answer
the test texts with it, then both train anew. `same_answers` says that no bit of any probability differed, `same_file`
that the two trainings gave the same ONNX file, `same_archive` that the second server's archive of what it loaded has
the same bytes. The last line is one JSON object; the exit status is 1 unless all three are true.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench.corpora import DATA_FOLDERS, DataMissing, Example, data_folder, read_split
from pinfold.cli.local_server import LocalServer


@dataclass(frozen=True, slots=True)
class Figures:
    """The last line of the output; times in seconds."""

    dataset: str
    documents: int
    archive_bytes: int
    export_seconds: float
    import_seconds: float
    same_answers: bool
    same_archive: bool
    same_file: bool
    sha256: str

    @property
    def good(self) -> bool:
        return self.same_answers and self.same_archive and self.same_file


def main() -> int:
    """Prints the figures; 3 when the data are absent."""
    options = _arguments()
    try:
        folder = data_folder(options.data)
        train, test = (read_split(folder, options.dataset, part) for part in ("train", "test"))
    except DataMissing as missing:
        print(f"skipped: {missing}", file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory(prefix="pinfold-archive-") as name:
        figures = _measure(Path(name), options.dataset, train, [example.text for example in test])
    if not options.json:
        for key, value in asdict(figures).items():
            print(f"{key:16} {value}")
    print(json.dumps(asdict(figures)))
    return 0 if figures.good else 1


def _measure(folder: Path, dataset: str, train: Sequence[Example], texts: list[str]) -> Figures:
    saved, again = folder / "first.pinfold", folder / "second.pinfold"
    with LocalServer(folder / "first") as server, pinfold.Client(server.target, timeout=300) as client:
        first = client.create_dataset("bench")
        first.upload({"id": f"d{n:06}", "text": each.text, "labels": each.labels} for n, each in enumerate(train))
        version = first.train().wait(timeout=900).pin()
        first.set_tag("live", version)
        began = time.perf_counter()
        report = first.export_archive(saved)
        export_seconds = time.perf_counter() - began
        expected = _answers(first, texts)
        retrained = first.train().wait(timeout=900).info.file
    with LocalServer(folder / "second") as server, pinfold.Client(server.target, timeout=300) as client:
        began = time.perf_counter()
        client.import_archive(saved)
        import_seconds = time.perf_counter() - began
        second = client.dataset("bench")
        second_report = second.export_archive(again)
        answers = _answers(second, texts)
        trained_there = second.train().wait(timeout=900).info.file
    return Figures(
        dataset=dataset,
        documents=report.summary.documents,
        archive_bytes=report.size,
        export_seconds=export_seconds,
        import_seconds=import_seconds,
        same_answers=answers == expected,
        same_archive=second_report.sha256 == report.sha256,
        same_file=trained_there.sha256 == retrained.sha256,
        sha256=trained_there.sha256,
    )


def _answers(dataset: pinfold.Dataset, texts: list[str]) -> list[object]:
    return [answer.labels for answer in dataset.predict(texts, version="live", all_scores=True, timeout=120)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", metavar="DIR", help="folder of the data sets (default: PINFOLD_DATA)")
    parser.add_argument("--dataset", choices=DATA_FOLDERS, default="clinc150", help="which of them")
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
