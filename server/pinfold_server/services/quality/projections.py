"""Held-out documents of a version in a plane: principal components here, UMAP in a child; both kept for a while."""

import asyncio
import contextlib
import logging
import sys
from asyncio.subprocess import PIPE
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.names import VersionRef, version_name
from pinfold_server.domain.quality.projections import (
    DOCUMENTS_DEFAULT,
    DOCUMENTS_MAX,
    FEWEST_FOR_UMAP,
    Plane,
    ProjectionMethod,
    choose,
    log_odds,
    principal_plane,
)
from pinfold_server.domain.quality.slices import Judged
from pinfold_server.domain.runs.configs import SEED_RANGE
from pinfold_server.errors import AppError, Code, invalid, precondition
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.quality.held_outs import HeldOutCache, KeptValidation

log = logging.getLogger(__name__)

KEPT_MAX = 8
UMAP_SECONDS_MAX = 300.0

_Key = tuple[str, int, int, ProjectionMethod, int, int]


@dataclass(frozen=True, slots=True)
class ProjectionQuery:
    """`max_documents` 0 takes the default."""

    dataset_id: str
    version: VersionRef
    method: ProjectionMethod
    max_documents: int
    seed: int

    def check(self) -> None:
        """Raises AppError INVALID."""
        if not 0 <= self.max_documents <= DOCUMENTS_MAX:
            description = (
                f"must be from 1 to {DOCUMENTS_MAX:,}, or 0 for {DOCUMENTS_DEFAULT:,}, got {self.max_documents:,}"
            )
            raise invalid("max_documents", description)
        if not SEED_RANGE[0] <= self.seed <= SEED_RANGE[1]:
            raise invalid("seed", f"must be from {SEED_RANGE[0]} to {SEED_RANGE[1]:,}, got {self.seed:,}")


@dataclass(frozen=True, slots=True)
class ProjectedDocument:
    """A held-out document in the plane."""

    source_id: str
    document_id: str
    x: float
    y: float
    true_labels: tuple[str, ...]
    predicted_labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """Held-out documents of a version, all of `total` or a part, in the order in which they were held out."""

    version: int
    total: int
    explained: float | None
    documents: tuple[ProjectedDocument, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """`rows` are those of the held-out documents that were drawn."""

    kept: KeptValidation
    rows: NDArray[np.int64]
    plane: Plane

    def projection(self) -> Projection:
        """Takes milliseconds: not for the event loop."""
        held_out = self.kept.held_out
        return Projection(self.kept.record.number, len(held_out), self.plane.explained, tuple(self._documents()))

    def _documents(self) -> Iterator[ProjectedDocument]:
        judged = Judged.at(self.kept.held_out, self.kept.selection(Asked()).thresholds)
        names = self.kept.held_out.label_names
        for row, (x, y) in zip(self.rows.tolist(), self.plane.points.tolist(), strict=True):
            true, predicted = (
                tuple(names[column] for column in np.flatnonzero(each[row]))
                for each in (judged.truth, judged.predicted)
            )
            source_id, document_id = self.kept.held_out.documents[row]
            yield ProjectedDocument(source_id, document_id, x, y, true, predicted)


class ProjectionService:
    """Belongs to the event loop. Raises AppError NOT_FOUND for what is not there, VALIDATION_NOT_KEPT, OVERLOADED."""

    def __init__(self, held_outs: HeldOutCache, slow: SlowWork, *, has_umap: bool) -> None:
        self._has_umap = has_umap
        self._held_outs = held_outs
        self._slow = slow
        self._planes: OrderedDict[_Key, Plane] = OrderedDict()
        self._one_child = asyncio.Lock()

    async def project(self, query: ProjectionQuery) -> Projection:
        """Raises AppError INVALID, EXTRA_NOT_INSTALLED, TOO_FEW_DOCUMENTS."""
        query.check()
        if query.method is ProjectionMethod.UMAP and not self._has_umap:
            raise precondition(
                "EXTRA_NOT_INSTALLED",
                "UMAP needs the extra pinfold-server[projection]: install it beside the server, or ask for PCA",
            )
        kept = await self._slow.run(lambda: self._held_outs.get(query.dataset_id, query.version))
        rows = choose(len(kept.held_out), query.max_documents or DOCUMENTS_DEFAULT, query.seed)
        _check_enough(query, kept, rows)
        record = kept.record
        key = (query.dataset_id, record.number, record.created_us, query.method, len(rows), query.seed)
        plane = self._planes.get(key)
        if plane is None:
            plane = await self._compute(query, kept, rows)
            self._planes[key] = plane
        self._planes.move_to_end(key)
        while len(self._planes) > KEPT_MAX:
            self._planes.popitem(last=False)
        return await self._slow.run(_Drawn(kept, rows, plane).projection)

    async def _compute(self, query: ProjectionQuery, kept: KeptValidation, rows: NDArray[np.int64]) -> Plane:
        if query.method is ProjectionMethod.PCA:
            return await self._slow.run(lambda: principal_plane(log_odds(kept.held_out, rows)))
        if self._one_child.locked():
            raise AppError(
                Code.EXHAUSTED, "OVERLOADED", "UMAP works for somebody else: ask again in a while", retry_after=5.0
            )
        async with self._one_child:
            return Plane(await _neighbour_plane(log_odds(kept.held_out, rows), query.seed), None)


def _check_enough(query: ProjectionQuery, kept: KeptValidation, rows: NDArray[np.int64]) -> None:
    if query.method is ProjectionMethod.UMAP and len(rows) < FEWEST_FOR_UMAP:
        raise precondition(
            "TOO_FEW_DOCUMENTS",
            f"UMAP needs at least {FEWEST_FOR_UMAP} held-out documents, there are {len(rows)}: ask for PCA",
            name=version_name(query.dataset_id, kept.record.number),
        )


async def _neighbour_plane(vectors: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """The child ends with the call, however that ends."""
    command = (sys.executable, "-m", "pinfold_server.training.scoring.neighbours", str(vectors.shape[1]), str(seed))
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    try:
        async with asyncio.timeout(UMAP_SECONDS_MAX):
            answer, errors = await process.communicate(vectors.astype("<f4").tobytes())
    except TimeoutError:
        raise AppError(
            Code.EXHAUSTED, "OVERLOADED", "UMAP took too long: ask for fewer documents", retry_after=60.0
        ) from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    if process.returncode or len(answer) != len(vectors) * 8:
        log.error("UMAP ended with status %s: %s", process.returncode, errors.decode(errors="replace")[-2_000:])
        raise RuntimeError(f"UMAP ended with status {process.returncode}")
    return np.frombuffer(answer, "<f4").reshape(-1, 2)
