"""Texts and labels of a data folder that holds DATASET/{train,valid,test}.jsonl; every bench reads through here."""

import json
import os
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA_FOLDERS = ("banking77", "clinc150", "cooking_stackexchange", "goemotions", "mams_acsa")
DATA_VARIABLE = "PINFOLD_DATA"
SEPARATOR = " > "


class DataMissing(Exception):
    """The folder or file that a bench needs is not there; nothing was measured."""


@dataclass(frozen=True, slots=True)
class Example:
    """One document: its text and the full paths of its labels; no labels means that none applies."""

    text: str
    labels: tuple[str, ...]


def data_folder(given: str | Path | None) -> Path:
    """The folder given on the command line, or else the one named by PINFOLD_DATA. Raises `DataMissing`."""
    chosen = given or os.environ.get(DATA_VARIABLE)
    if not chosen:
        raise DataMissing(f"nothing was measured: name the folder of the data sets with --data or {DATA_VARIABLE}")
    folder = Path(chosen)
    if not folder.is_dir():
        raise DataMissing(f"nothing was measured: there is no folder {folder}")
    return folder


def read_split(folder: Path, dataset: str, split: str) -> list[Example]:
    """All examples of a split in file order. Raises `DataMissing`."""
    path = folder / dataset / f"{split}.jsonl"
    if not path.is_file():
        raise DataMissing(f"nothing was measured: there is no file {path}")
    with path.open(encoding="utf-8") as lines:
        records = (json.loads(line) for line in lines)
        return [Example(record["text"], tuple(record["labels"])) for record in records]


def made_up(labels: int = 77, texts: int = 20) -> list[Example]:
    """Texts of about 12 words, of which some are those of their label, for benches that no folder was named to."""
    draw = random.Random(1)
    syllables = [first + last for first in "bcdfghklmnprstvw" for last in ("a", "e", "ilo", "ond", "u", "ist")]
    words = ["".join(draw.sample(syllables, draw.randint(1, 3))) for _ in range(4_000)]
    own = [draw.sample(words, 6) for _ in range(labels)]
    return [
        Example(" ".join(draw.sample(own[label], 4) + draw.choices(words, k=draw.randint(4, 12))), (f"Topic {label}",))
        for _ in range(texts)
        for label in range(labels)
    ]


def label_names(examples: list[Example]) -> tuple[str, ...]:
    """All labels of the examples and their ancestors, sorted."""
    return tuple(sorted({level for example in examples for label in example.labels for level in levels(label)}))


def assigned(examples: list[Example], names: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which labels each example has, closed over ancestors; bool [examples, names]. Labels not named are left out."""
    column_of = {name: column for column, name in enumerate(names)}
    matrix = np.zeros((len(examples), len(names)), np.bool_)
    for place, example in enumerate(examples):
        columns = (column_of.get(level) for label in example.labels for level in levels(label))
        matrix[place, [column for column in columns if column is not None]] = True
    return matrix


def levels(label: str) -> list[str]:
    """The paths of all levels of a label."""
    parts = label.split(SEPARATOR)
    return [SEPARATOR.join(parts[: depth + 1]) for depth in range(len(parts))]
