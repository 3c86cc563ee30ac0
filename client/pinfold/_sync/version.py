"""A model version that a sync client holds."""

from collections.abc import Iterable
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Self

from pinfold import _model_calls as calls
from pinfold._arguments import Numbered
from pinfold._calls import DOWNLOAD_SECONDS
from pinfold._enums import MonitoringResolution
from pinfold._keywords import LabelKeywords, list_keywords
from pinfold._model_types import VersionLabel
from pinfold._projections import PROJECTION_SECONDS, Projection, ProjectionMethod, get_projection, projection
from pinfold._report.findings import Reported
from pinfold._sync.quality import VersionQuality
from pinfold._sync.receiving import receive
from pinfold._sync.reporting import write_report
from pinfold._traffic import MonitoringReport, get_monitoring


class Version(VersionQuality):
    """A trained model. Immutable but for its pin; what it tells is as last seen, `refresh()` reads it anew."""

    @property
    def labels(self) -> tuple[VersionLabel, ...]:
        """Labels with quality and thresholds, in the order of the file's output; fetched when lists left them out."""
        if self._info.labels is None:
            self.refresh()
        return self._info.labels or ()

    def refresh(self, *, timeout: float | None = None) -> Self:
        """Reads the version anew, with its labels."""
        self._info = self._connection.run(calls.get_version(self._dataset_id, self.number), timeout)
        return self

    def pin(self, *, timeout: float | None = None) -> Self:
        """Keeps the version for ever. Pinning it again changes nothing."""
        self._info = self._connection.run(calls.pin_version(self._dataset_id, self.number), timeout)
        return self

    def unpin(self, *, timeout: float | None = None) -> Self:
        """Gives the version up. Raises FailedPrecondition while a tag points to it."""
        self._info = self._connection.run(calls.unpin_version(self._dataset_id, self.number), timeout)
        return self

    def keywords(
        self, labels: Iterable[str] | None = None, *, limit: int = 10, timeout: float | None = None
    ) -> list[LabelKeywords]:
        """What, on average, speaks for the labels and against them; all labels unless some are named.

        At most `limit` (1 to 50) keywords for each label and as many against it. Raises FailedPrecondition for a
        version whose file was dropped.

        Example:
            >>> [keyword.feature for keyword in (version.keywords(["Billing > Refund"], limit=3))[0].positive]
            ['refund', 'money back', 'reimburse']

        """
        listed = list_keywords(self._dataset_id, self.number, labels, limit)
        return list(self._connection.list(listed, timeout))

    def monitoring(
        self,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        resolution: MonitoringResolution | str | None = None,
        labels: Iterable[str] | None = None,
        timeout: float | None = None,
    ) -> MonitoringReport:
        """What the version said to callers: counts, histograms and drift of each label, and counts over time.

        Args:
            start: Default: 24 hours before `end`.
            end: Default: now.
            resolution: `minute` (kept for 2 hours), `hour` (7 days) or `day` (90 days); default: the finest that is
                kept.
            labels: Only these; default: all.
            timeout: Seconds for the call.

        Example:
            >>> version.monitoring().drift
            0.031

        """
        call = get_monitoring(self._dataset_id, self.number, (start, end), resolution, labels)
        return self._connection.run(call, timeout)

    def projection(
        self,
        method: ProjectionMethod | str = ProjectionMethod.PCA,
        *,
        limit: int | None = None,
        seed: int = 0,
        timeout: float = PROJECTION_SECONDS,
    ) -> Projection:
        """The held-out documents in a plane: those that the model can hardly tell apart lie together.

        At most `limit` of them (1 to 10,000, default 2,000), drawn by `seed`. Raises FailedPrecondition for `umap` on a
        server without umap-learn.

        Example:
            >>> [(each.x, each.y, each.true_labels) for each in version.projection().documents]

        """
        stream = get_projection(self._dataset_id, self.number, method, limit, seed)
        return projection(list(self._connection.stream(stream, timeout)))

    def report(
        self,
        path: str | PathLike[str],
        *,
        compare: int | str | Numbered | None = None,
        timeout: float | None = None,
    ) -> Path:
        """Writes the report that people look at: one HTML file that needs no network, for screens and printers.

        It holds the rating with what to do next, precision and recall, calibration, histograms, confusions, a
        projection and every label with its flags; with `compare`, another version, also whether this one is better, by
        how much for each label, which documents flipped and what becomes of the thresholds. Needs `pip install
        "pinfold[report]"` (InputError says so). Raises FailedPrecondition when the two cannot be compared, and OSError
        for the disk.

        Example:
            >>> version.report("tickets.html", compare="live")
            PosixPath('tickets.html')

        """
        reported = Reported(self._dataset_id, self.number, compare)
        return write_report(self._connection, reported, path, timeout)

    def download(self, path: str | PathLike[str], *, timeout: float = DOWNLOAD_SECONDS) -> Path:
        """Writes the self-contained ONNX file; it appears at `path` whole and checked, or not at all.

        Raises DataLoss when the bytes that came do not have the announced SHA-256, and OSError for the disk.
        """
        stream = calls.download_model(self._dataset_id, self.number)
        receive(self._connection, stream, Path(path), timeout)
        return Path(path)
