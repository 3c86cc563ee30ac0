"""The report that a sync client writes of a version."""

from itertools import islice
from os import PathLike
from pathlib import Path

from pinfold._arguments import version_or_tag
from pinfold._comparisons import ComparedVersions, Trials, compare_versions, list_flipped_documents
from pinfold._model_calls import get_version
from pinfold._projections import PROJECTION_SECONDS, ProjectionMethod, get_projection, projection
from pinfold._ratings import get_rating
from pinfold._report import writing
from pinfold._report.findings import FLIPS_LISTED, PROJECTED_DOCUMENTS, WITH_CURVES, Comparison, Findings, Reported
from pinfold._sync.connection import Connection
from pinfold._validations import get_validation


def write_report(connection: Connection, reported: Reported, path: str | PathLike[str], timeout: float | None) -> Path:
    """The file. `timeout` bounds each call. Raises InputError before any call where the extra is missing."""
    render = writing.renderer()
    return writing.write(render(_gather(connection, reported, timeout)), path)


def _gather(connection: Connection, reported: Reported, timeout: float | None) -> Findings:
    dataset = reported.dataset
    info = connection.run(get_version(dataset, version_or_tag(reported.version)), timeout)
    validation = connection.run(get_validation(dataset, info.number, WITH_CURVES), timeout)
    # Without the held-out documents there is nothing to rate or to draw.
    rating = plane = None
    if validation.detailed:
        rating = connection.run(get_rating(dataset, info.number), timeout)
        stream = get_projection(dataset, info.number, ProjectionMethod.PCA, PROJECTED_DOCUMENTS, 0)
        plane = projection(connection.stream(stream, timeout or PROJECTION_SECONDS))
    comparison = None
    if reported.base is not None:
        comparison = _compare(connection, ComparedVersions(dataset, reported.base, info), timeout)
    return Findings(dataset, info, validation, rating, plane, comparison)


def _compare(connection: Connection, versions: ComparedVersions, timeout: float | None) -> Comparison:
    figures = connection.run(compare_versions(versions, {}, Trials(None, 0, None)), timeout)
    compared = ComparedVersions(versions.dataset, figures.base, figures.candidate)
    flipped = connection.list(list_flipped_documents(compared, None, {}), timeout)
    return Comparison(figures, tuple(islice(flipped, FLIPS_LISTED)))
