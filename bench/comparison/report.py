"""The result as a table for people, and as the part of a Markdown page between two markers."""

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
_HEADINGS = (
    "server", "release", "over", "accuracy", "1 caller, requests/s", "64 callers, requests/s", "8 × 64 texts, texts/s",
    "processor µs a text, 64 callers", "… 64 texts", "Pinfold at 64 callers", "Pinfold at 64 texts",
)  # fmt: skip


def table(result: Mapping[str, Any]) -> list[list[str]]:
    """The headings and a row for each server: Pinfold first, the echo last."""
    rows = [list(_HEADINGS)]
    rows += [_row(f"Pinfold, {name}", found) for name, found in result["pinfold"].items()]
    for name, found in result["peers"].items():
        ratio = result["ratios"][name]
        multiples = [_multiples(ratio, measure) for measure in ("unary_c64", "batch64")]
        rows.append([*_row(name, found)[:-2], *multiples])
    rows.append(_row("bare grpc.aio echo", result["echo"]))
    return rows


def text(result: Mapping[str, Any]) -> str:
    """For a terminal; what was skipped, and why, below."""
    rows = table(result)
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines + [f"skipped: {name}: {why}" for name, why in result["skipped"].items()])


def markdown(result: Mapping[str, Any], command: Sequence[str]) -> str:
    """The table and how it was made."""
    rows = table(result)
    rows.insert(1, ["---"] * 3 + ["---:"] * (len(_HEADINGS) - 3))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    skipped = [f"Skipped: {name}: {why}." for name, why in result["skipped"].items()]
    return "\n".join([_made(result, command), "", *lines, *(["", *skipped] if skipped else [])])


def write(page: Path, part: str) -> None:
    """Puts `part` between the page's markers. Raises ValueError where it has none."""
    require_markers(page)
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n\n{part}\n\n{END}{after}", encoding="utf-8")


def require_markers(page: Path) -> None:
    """Raises ValueError when there is no such page, or no place in it for the table."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    if END not in text.partition(BEGIN)[2]:
        raise ValueError(f"{page} has no lines {BEGIN} and {END} to write the table between")


def _row(name: str, found: Mapping[str, Any]) -> list[str]:
    accuracy = f"{found['accuracy']:.1%}" if "accuracy" in found else ""
    rates = [f"{found[measure]:,.0f}" for measure in ("unary_c1_rps", "unary_c64_rps", "batch64_texts_per_s")]
    processor = ("unary_c64_cpu_us", "batch64_cpu_us")
    micros = [f"{found[measure]:,.1f}" if measure in found else "" for measure in processor]
    return [name, str(found.get("version", "")), str(found.get("over", "")), accuracy, *rates, *micros, "", ""]


def _multiples(ratio: Mapping[str, float], measure: str) -> str:
    """Pinfold's multiple with words only, then with the default configuration."""
    return " / ".join(f"{ratio[f'{measure}_{name}']:.1f}×" for name in ("words", "default"))


def _made(result: Mapping[str, Any], command: Sequence[str]) -> str:
    machine = f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, Python {platform.python_version()}"
    facts = result["setting"]
    return (
        f"`{' '.join(command)}` on {facts['date']}: {machine}, ONNX Runtime {facts['onnxruntime']}, "
        f"grpcio {facts['grpcio']} (Pinfold), load from {facts['load']}; {facts['texts']:,} texts of "
        f"{facts['data']}, {facts['labels']} labels, {facts['features']:,} features; "
        f"the pipeline itself is right on {facts['accuracy']:.1%} of the sample."
    )
