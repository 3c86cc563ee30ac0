"""Slices of a dataset that a sync client holds."""

from pinfold import _slices as calls
from pinfold._arguments import Numbered, version_or_tag
from pinfold._enums import ThresholdPolicy
from pinfold._slices import Cuts, Slice, SliceCriteria, SliceEvaluation, WeakSlice
from pinfold._sync.connection import Connection


class DatasetSlices:
    """Part of `Dataset`: parts of its documents, and how good versions are there."""

    _connection: Connection
    _id: str

    def create_slice(
        self, slice_id: str, criteria: SliceCriteria, *, description: str = "", timeout: float | None = None
    ) -> Slice:
        """Stores criteria under a name of 3 to 30 characters; at most 100. Raises AlreadyExists."""
        return self._connection.run(calls.create_slice(self._id, slice_id, criteria, description), timeout)

    def slice(self, slice_id: str, *, timeout: float | None = None) -> Slice:
        """A slice, stored or built-in. Raises NotFound."""
        return self._connection.run(calls.get_slice(self._id, slice_id), timeout)

    def slices(self, *, timeout: float | None = None) -> list[Slice]:
        """The built-in slices, then those of the dataset by id."""
        return self._connection.run(calls.list_slices(self._id), timeout)

    def update_slice(
        self,
        slice_id: str,
        criteria: SliceCriteria | None = None,
        *,
        description: str | None = None,
        etag: str | None = None,
        timeout: float | None = None,
    ) -> Slice:
        """Changes a slice; what is None stays. Raises Conflict when `etag` is given and it has changed since."""
        call = calls.update_slice(self._id, slice_id, criteria, description, etag)
        return self._connection.run(call, timeout)

    def delete_slice(self, slice_id: str, *, timeout: float | None = None) -> None:
        """Raises NotFound, FailedPrecondition for a built-in one."""
        self._connection.run(calls.delete_slice(self._id, slice_id), timeout)

    def evaluate_slice(
        self,
        slice: str | SliceCriteria,
        version: int | str | Numbered = "latest",
        *,
        policy: ThresholdPolicy | str | None = None,
        default_threshold: float | None = None,
        limit: int = 0,
        timeout: float | None = None,
    ) -> SliceEvaluation:
        """How good a version is on the held-out documents of a slice, and the `limit` most confident of them.

        Raises FailedPrecondition when no held-out document belongs to it.

        Example:
            >>> found = support.evaluate_slice(SliceCriteria('metadata.channel = "mail"'), "live")
            >>> (found.documents, found.quality.f1, found.rest.f1)
            (120, 0.81, 0.93)

        """
        cuts = Cuts(policy, default_threshold)
        call = calls.evaluate_slice(self._id, version_or_tag(version), slice, cuts, limit)
        return self._connection.run(call, timeout)

    def weak_slices(
        self,
        version: int | str | Numbered = "latest",
        *,
        min_documents: int | None = None,
        limit: int | None = None,
        policy: ThresholdPolicy | str | None = None,
        default_threshold: float | None = None,
        timeout: float | None = None,
    ) -> list[WeakSlice]:
        """Metadata values and ranges where a version does worse than elsewhere, the significant ones first.

        Each has at least `min_documents` held-out documents (5 to 10,000, default 20); at most `limit` (1 to 200,
        default 20).

        Example:
            >>> [(weak.filter, weak.f1, weak.rest_f1) for weak in support.weak_slices("live") if weak.significant]
            [('metadata.channel = "chat"', 0.71, 0.92)]

        """
        cuts = Cuts(policy, default_threshold)
        call = calls.find_weak_slices(self._id, version_or_tag(version), cuts, min_documents, limit)
        return self._connection.run(call, timeout)
