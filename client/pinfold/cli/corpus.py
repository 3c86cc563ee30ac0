"""Real labelled text on every machine that has the server: the documentation of installed Python packages.

A text is one paragraph of a docstring, its label the part of the package that it is about (`scipy > sparse`).
Sources are parsed, never imported. The same installation gives the same texts in the same order.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import re
import sysconfig
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Package → its parts; a part is a module or a folder, a leading underscore aside.
PARTS: dict[str, tuple[str, ...]] = {
    "numpy": ("core", "lib", "linalg", "ma", "polynomial"),
    "python": (
        "argparse",
        "asyncio",
        "difflib",
        "email",
        "http",
        "importlib",
        "inspect",
        "ipaddress",
        "logging",
        "statistics",
        "threading",
        "tkinter",
        "unittest",
        "urllib",
        "xml",
    ),
    "scipy": (
        "cluster",
        "integrate",
        "interpolate",
        "io",
        "linalg",
        "optimize",
        "signal",
        "sparse",
        "spatial",
        "special",
        "stats",
    ),
    "sklearn": (
        "cluster",
        "datasets",
        "decomposition",
        "ensemble",
        "linear_model",
        "metrics",
        "model_selection",
        "preprocessing",
    ),
}
MIN_LENGTH = 80
MAX_LENGTH = 600
MIN_PER_LABEL = 20
MAX_PER_LABEL = 220
_SKIPPED_FOLDERS = frozenset({"tests", "test", "_examples"})
_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_SECTION = re.compile(r"^\s*(-{3,}|={3,})\s*$", re.MULTILINE)
# Examples, directives, tables and lists are not prose.
_NOT_PROSE = re.compile(r">>>|\.\. |::|^\s*[-*|+] |^\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One text, where it was found (`scipy/sparse/_csr.py:31.2`: line, paragraph), what it documents."""

    id: str
    text: str
    label: str


def read_corpus() -> list[Paragraph]:
    """Every paragraph of 80 to 600 characters, no text twice, 20 to 220 of each label, sorted by id."""
    by_label: dict[str, list[Paragraph]] = defaultdict(list)
    seen: set[str] = set()
    for paragraph in _all_paragraphs():
        if paragraph.text not in seen:
            seen.add(paragraph.text)
            by_label[paragraph.label].append(paragraph)
    chosen = (_at_most(texts, MAX_PER_LABEL) for texts in by_label.values() if len(texts) >= MIN_PER_LABEL)
    return sorted((text for texts in chosen for text in texts), key=lambda text: text.id)


def paragraphs(docstring: str) -> Iterator[str]:
    """The prose paragraphs before the first section (`Parameters` and the like), white space folded."""
    section = _SECTION.search(docstring)
    prose = docstring[: section.start()].rstrip().rpartition("\n")[0] if section else docstring
    for block in re.split(r"\n\s*\n", prose):
        text = " ".join(block.split())
        if MIN_LENGTH <= len(text) <= MAX_LENGTH and not _NOT_PROSE.search(block):
            yield text


def _all_paragraphs() -> Iterator[Paragraph]:
    with warnings.catch_warnings():
        # Parsing other people's sources warns of their invalid escapes.
        warnings.simplefilter("ignore")
        for package, parts in PARTS.items():
            root = _package_folder(package)
            if root is None:
                continue
            for part in parts:
                yield from _paragraphs_of(root, package, part)


def _package_folder(package: str) -> Path | None:
    if package == "python":
        return Path(sysconfig.get_paths()["stdlib"])
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _paragraphs_of(root: Path, package: str, part: str) -> Iterator[Paragraph]:
    for name in (part, f"_{part}"):
        module, folder = root / f"{name}.py", root / name
        files = [module] if module.is_file() else sorted(folder.rglob("*.py"))
        for file in files:
            where = file.relative_to(root)
            if _SKIPPED_FOLDERS.isdisjoint(where.parts):
                for line, index, text in _prose_of(file):
                    place = f"{package}/{where.as_posix()}:{line}.{index}"
                    yield Paragraph(id=place, text=text, label=f"{package} > {part}")


def _prose_of(file: Path) -> Iterator[tuple[int, int, str]]:
    """Line of the docstring's owner, number of the paragraph, text."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError, OSError):
        return
    for owner in _documented(tree):
        line = getattr(owner, "lineno", 1)
        for index, text in enumerate(paragraphs(ast.get_docstring(owner) or "")):
            yield line, index, text


def _documented(owner: ast.Module | _Definition) -> Iterator[ast.Module | _Definition]:
    """The module and its classes and functions, at any depth. Twice as quick as a walk over every node."""
    yield owner
    for node in owner.body:
        if isinstance(node, _Definition):
            yield from _documented(node)


def _at_most(texts: list[Paragraph], limit: int) -> list[Paragraph]:
    """A sample that does not favour the first files: by a hash of the text."""
    return sorted(texts, key=lambda text: hashlib.sha256(text.text.encode()).digest())[:limit]
