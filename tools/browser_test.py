"""The report in a real browser: is every chart on the page, and does nothing that strangers wrote run?

    python -m tools.browser_test [--keep DIR]

Trains two versions on labels and texts that try to break out of the page, on a server of its own, writes the report of
one compared with the other, and opens it in headless Chromium: as it is, and as a copy that allows scripts and ends
with one that measures every drawing. Ends with one JSON line; the exit status is 1 when a chart is missing, has no
size or is empty, or when a hostile text ran, 2 when there is no Chromium.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pinfold
from pinfold.cli.local_server import LocalServer

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"),
    # Nothing but the page: no update, no account, no host of the browser's maker.
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"),
)
SECONDS = 120
#: `--blink-settings=preferredColorScheme=`.
SCHEMES = {"dark": 0, "light": 1}
CHARTS = {
    *("rating", "precision-recall", "calibration", "scores", "label-scores", "confusions", "projection"),
    *("figure-changes", "label-changes", "flips"),
}
LEAST_PIXELS, LEAST_MARKS = 100, 10
POLICY = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"""
HOSTILE = "<img src=x onerror=\"document.title='broken out'\"></svg>"
#: A part of a label holds no ">"; a browser would find one further on.
HOSTILE_LABEL = "<img src=x onerror=document.title=1 x"
PROBE = """<script>
const measured = [...document.querySelectorAll("figure[id^=chart-]")].map((figure) => {
  const box = figure.querySelector("svg").getBoundingClientRect();
  const marks = [...figure.querySelectorAll("svg path, svg use, svg text")].map((mark) => mark.getBoundingClientRect());
  return { chart: figure.id.slice(6), width: box.width, height: box.height,
    marks: marks.filter((mark) => mark.width + mark.height > 0).length };
});
addEventListener("load", () => {
  const told = document.createElement("pre");
  told.id = "measured";
  told.textContent = JSON.stringify({ title: document.title, wide: document.documentElement.scrollWidth,
    scripts: document.scripts.length, charts: measured });
  document.body.append(told);
});
</script>"""


class _Told(HTMLParser):
    """The text of the element `measured`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._inside = False
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = ("id", "measured") in attrs

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.browser_test", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the report and its screenshots here")
    keep = parser.parse_args(arguments).keep
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("no Chromium here: install Debian's package chromium, or another system's", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="pinfold-browser-") as scratch:
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        report = write_report(folder)
        told = measure(browser, report, Path(scratch))
        sizes = {scheme: screenshot(browser, report, scheme, Path(scratch)) for scheme in SCHEMES}
    wrong = complaints(told)
    for complaint in wrong:
        print(complaint, file=sys.stderr)
    drawn = {chart["chart"]: chart["marks"] for chart in told["charts"]}
    print(json.dumps({"charts": len(drawn), "marks": drawn, "screenshot_bytes": sizes, "wrong": len(wrong)}))
    return 1 if wrong else 0


def write_report(folder: Path) -> Path:
    """The report of a version with hostile labels and texts, compared with one that knows single words only."""
    words = {HOSTILE_LABEL: "refund", "$x_{1$ <script": "invoice", "_Login & co": "password", "Delivery": "parcel"}
    labels, nouns = list(words), list(words.values())
    rows = [
        # The first noun is what counts, which single words cannot tell; every seventh label is wrong.
        {
            "text": f"{HOSTILE} {nouns[place]} {nouns[other]} number {number}",
            "labels": [labels[other if number % 7 == 0 else place]],
        }
        for place in range(len(words))
        for other in range(len(words))
        for number in range(1, 15)
        if other != place
    ]
    with (
        tempfile.TemporaryDirectory(prefix="pinfold-browser-") as data,
        LocalServer(Path(data)) as server,
        pinfold.Client(server.target) as client,
    ):
        dataset = client.create_dataset("hostile")
        if failures := dataset.upload(rows).failures:
            raise RuntimeError(f"the server refused a row: {failures[0]}")
        first = dataset.train(word_ngram_max=1, char_ngram_min=0, char_ngram_max=0).wait()
        return dataset.train().wait().report(folder / "report.html", compare=first)


def measure(browser: str, report: Path, scratch: Path) -> dict[str, Any]:
    """What a script sees in a copy of the page that lets scripts run."""
    page = report.read_text(encoding="utf-8")
    copy = scratch / "measured.html"
    copy.write_text(page.replace(POLICY, "", 1).replace("</body>", f"{PROBE}</body>"), encoding="utf-8")
    done = _run(browser, copy, scratch, "--dump-dom")
    told: dict[str, Any] = json.loads(_Told(done.stdout).text)
    told["policy"] = POLICY in page
    return told


def screenshot(browser: str, report: Path, scheme: str, scratch: Path) -> int:
    """Bytes of the picture of the page as readers of a light or dark scheme see it; it lies beside the report."""
    picture = report.with_name(f"report-{scheme}.png")
    shown = f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}"
    _run(browser, report, scratch, shown, "--window-size=1200,6000", f"--screenshot={picture}")
    return picture.stat().st_size


def complaints(told: dict[str, Any]) -> list[str]:
    """Everything that is not as it must be."""
    charts = {chart["chart"]: chart for chart in told["charts"]}
    wrong = [f"chart {name} is missing" for name in sorted(CHARTS - charts.keys())]
    for name, chart in charts.items():
        if min(chart["width"], chart["height"]) < LEAST_PIXELS or chart["marks"] < LEAST_MARKS:
            wrong.append(f"chart {name} is empty: {chart}")
    if told["title"] != "hostile, version 2":
        wrong.append(f"a text became part of the page: its title is {told['title']!r}")
    if told["scripts"] != 1:
        wrong.append(f"the page has {told['scripts'] - 1} scripts")
    if not told["policy"]:
        wrong.append("the page has no content policy")
    return wrong


def _run(browser: str, page: Path, scratch: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    profile = f"--user-data-dir={scratch / 'profile'}"
    command = [browser, *FLAGS, profile, *flags, page.resolve().as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)


if __name__ == "__main__":
    sys.exit(main())
