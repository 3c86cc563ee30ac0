"""The report that an async client writes of a version."""

import asyncio
from os import PathLike
from pathlib import Path

from pinfold._aio.connection import Connection
from pinfold._arguments import version_or_tag
from pinfold._comparison_types import FlippedDocument
from pinfold._comparisons import ComparedVersions, Trials, compare_versions, list_flipped_documents
from pinfold._model_calls import get_version
from pinfold._projections import PROJECTION_SECONDS, ProjectionMethod, get_projection, projection
from pinfold._ratings import get_rating
from pinfold._report import writing
from pinfold._report.findings import FLIPS_LISTED, PROJECTED_DOCUMENTS, WITH_CURVES, Comparison, Findings, Reported
from pinfold._validations import get_validation


async def write_report(
    connection: Connection, reported: Reported, path: str | PathLike[str], timeout: float | None
) -> Path:
    """The file. `timeout` bounds each call. Raises InputError before any call where the extra is missing."""
    # Importing what draws, drawing and writing take seconds, not the event loop's.
    render = await asyncio.to_thread(writing.renderer)
    findings = await _gather(connection, reported, timeout)
    return await asyncio.to_thread(lambda: writing.write(render(findings), path))


async def _gather(connection: Connection, reported: Reported, timeout: float | None) -> Findings:
    dataset = reported.dataset
    info = await connection.run(get_version(dataset, version_or_tag(reported.version)), timeout)
    validation = await connection.run(get_validation(dataset, info.number, WITH_CURVES), timeout)
    # Without the held-out documents there is nothing to rate or to draw.
    rating = plane = None
    if validation.detailed:
        rating = await connection.run(get_rating(dataset, info.number), timeout)
        stream = get_projection(dataset, info.number, ProjectionMethod.PCA, PROJECTED_DOCUMENTS, 0)
        plane = projection([part async for part in connection.stream(stream, timeout or PROJECTION_SECONDS)])
    comparison = None
    if reported.base is not None:
        comparison = await _compare(connection, ComparedVersions(dataset, reported.base, info), timeout)
    return Findings(dataset, info, validation, rating, plane, comparison)


async def _compare(connection: Connection, versions: ComparedVersions, timeout: float | None) -> Comparison:
    figures = await connection.run(compare_versions(versions, {}, Trials(None, 0, None)), timeout)
    compared = ComparedVersions(versions.dataset, figures.base, figures.candidate)
    flipped: list[FlippedDocument] = []
    async for document in connection.list(list_flipped_documents(compared, None, {}), timeout):
        flipped.append(document)
        if len(flipped) == FLIPS_LISTED:
            break
    return Comparison(figures, tuple(flipped))
