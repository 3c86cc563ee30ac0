"""A stored model file, loaded: texts in, probabilities out, by one of two lanes that give the same bits.

The file is the reference: what is downloaded, what the golden answers were made with, and what ONNX Runtime runs. Where
machine code for its tables is there (`kernels.py`), `Model.compiled` gives the same model at a tenth of the time.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.compiled import CompiledLane, Kernel
from pinfold_server.engine.inspection import ForbiddenContentError, inspect
from pinfold_server.engine.runtime import FileLane
from pinfold_server.engine.spec import SPECIFICATION
from pinfold_server.engine.tensors import Description, StoredModel, UnreadableError, read_description, read_tensors
from pinfold_server.engine.writing import Writing

FORMAT = 1
"""Of model files as a whole: inputs, outputs and metadata."""


class ModelDamaged(Exception):
    """The bytes are not the model that was stored, or not one that this server can run."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """`probabilities` float32 [texts, labels] in the order of the texts and of the model's labels; `truncated` bool
    [texts]: the model did not see all of the text.
    """

    probabilities: NDArray[np.float32]
    truncated: NDArray[np.bool_]

    def part(self, begin: int, end: int) -> "Scores":
        """Those of some of the texts."""
        return Scores(self.probabilities[begin:end], self.truncated[begin:end])


class Lane(Protocol):
    """A way to answer."""

    @property
    def name(self) -> str:
        """For logs and figures."""

    def score(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[int]]:
        """Probabilities [texts, labels], and the indices of the texts that were cut."""

    def write(self, texts: Sequence[str], parts: Sequence[int], writing: Writing) -> list[bytes] | None:
        """The messages of the texts of each part; None where the lane cannot write them."""


class Model:
    """Answers the same text with the same bits, alone, in any batch and in any order. Safe to share between threads.

    `stored` is what the file holds; None where it has no tables under the names of ours, and then only ONNX Runtime
    can answer.
    """

    def __init__(self, description: Description, stored: StoredModel | None, lane: Lane) -> None:
        self.labels = description.labels
        self.stored = stored
        self._description = description
        self._lane = lane

    @classmethod
    def load(cls, blob: bytes, sha256: str) -> Self:
        """Loads a file whose SHA-256 (hex) must be the given one; ONNX Runtime answers. Raises `ModelDamaged`."""
        actual = hashlib.sha256(blob).hexdigest()
        if actual != sha256:
            raise ModelDamaged(f"SHA-256 is {actual}, expected {sha256}")
        description = _described(blob)
        stored = _tensors(blob)
        try:
            lane = FileLane(blob, description, stored)
        except Exception as error:  # ONNX Runtime's own exceptions share no base below Exception
            raise ModelDamaged(f"ONNX Runtime cannot load it: {error}") from error
        if lane.outputs != [("probabilities", len(description.labels))]:
            raise ModelDamaged(f"{len(description.labels)} labels do not fit the outputs {lane.outputs}")
        return cls(description, stored, lane)

    @property
    def lane(self) -> str:
        """Who answers: `onnx` or `compiled`."""
        return self._lane.name

    def compiled(self, kernel: Kernel) -> "Model | None":
        """The same model answered by compiled code, on the same arrays; None where the file has no tables for it."""
        if self.stored is None:
            return None
        return Model(self._description, self.stored, CompiledLane(self.stored, kernel))

    def score(self, texts: Sequence[str]) -> Scores:
        """Probabilities of all labels for each text; texts may be empty and may hold anything a str can."""
        truncated = np.zeros(len(texts), np.bool_)
        if not truncated.size:
            return Scores(np.zeros((0, len(self.labels)), np.float32), truncated)
        probabilities, cut = self._lane.score(texts)
        if cut:
            truncated[cut] = True
        return Scores(probabilities, truncated)

    def write(self, texts: Sequence[str], parts: Sequence[int], writing: Writing) -> list[bytes] | None:
        """Messages in the place of probabilities: those of the texts of each part, which has so many of them. At least
        one text. None where they have to be made of scores: ONNX Runtime answers, or a text is cut.
        """
        return self._lane.write(texts, parts, writing)


def _described(blob: bytes) -> Description:
    """The metadata of a file that ONNX Runtime may see."""
    try:
        inspect(blob)
        description = read_description(blob)
    except (ForbiddenContentError, UnreadableError) as error:
        raise ModelDamaged(str(error)) from error
    if description.versions != (FORMAT, SPECIFICATION):
        raise ModelDamaged(
            f"format and specification are {description.versions}, this server reads {(FORMAT, SPECIFICATION)}"
        )
    return description


def _tensors(blob: bytes) -> StoredModel | None:
    try:
        return read_tensors(blob)
    except UnreadableError:
        return None
