"""The examples beside the pages: what can be checked of them without Node. `make portability` runs them."""

import re
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from pinfold_server.engine import unicode14
from tools.portability.__main__ import compare
from tools.portability.samples import SAMPLES, documents, texts

DOCS = Path(__file__).resolve().parent.parent / "docs"
SOURCE = (DOCS / "examples" / "pinfold.mjs").read_text()


def table(name: str) -> list[str]:
    (found,) = re.findall(rf"^const {name} = `([^`]*)`", SOURCE, re.MULTILINE)
    return str(found).split()


def test_the_page_shows_the_files() -> None:
    shown = re.findall(r"^```js\n(.*?)^```", (DOCS / "model-file.md").read_text(), re.MULTILINE | re.DOTALL)
    assert shown == [(DOCS / "examples" / name).read_text() for name in ("node.mjs", "browser.mjs")]


def test_the_table_of_foldings_is_what_lower_casing_leaves() -> None:
    folded = {}
    for entry in table("FOLDS"):
        key, value = entry.split(":")
        folded[chr(int(key, 16))] = "".join(chr(int(point, 16)) for point in value.split("+"))
    folded |= {chr(point): chr(point - 0x97D0) for point in range(0xAB70, 0xABC0)}
    folded |= {chr(point): chr(point - 8) for point in range(0x13F8, 0x13FE)}
    later = {chr(point) for first, last in unicode14.LATER for point in range(first, last + 1)}
    for point in range(0x110000):
        character = chr(point)
        if unicodedata.normalize("NFKC", character) == character and character not in later:
            lower = character.lower()
            assert folded.get(lower, lower) == character.casefold(), hex(point)


def test_the_ranges_assigned_later_are_those_of_the_server() -> None:
    ranges = [tuple(int(end, 16) for end in entry.split("-")) for entry in table("LATER")]
    assert ranges == list(unicode14.LATER)


def test_the_proof_asks_a_thousand_different_texts_of_every_kind_of_model() -> None:
    asked = texts(1_000)
    assert len(set(asked)) > 900
    assert any("\ud800" in text for text in asked)
    assert {len({str(row["labels"]) for row in documents(sample)}) for sample in SAMPLES} == {5}


def test_the_proof_sees_a_single_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = np.full((3, 2), 0.25, np.float32)
    answers = expected.copy()
    monkeypatch.setattr("tools.portability.__main__._node", lambda *_: None)
    answers.tofile(tmp_path / "some.answers.f32")
    assert compare(tmp_path, (), {"some": expected}) == 0
    answers.view(np.int32)[1, 1] ^= 1
    answers.tofile(tmp_path / "some.answers.f32")
    assert compare(tmp_path, (), {"some": expected}) == 1
