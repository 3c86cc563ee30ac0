"""What a dataset of a sync client asks of versions before a tag may point to them."""

from pinfold import _gates as calls
from pinfold._arguments import Numbered, version_or_tag
from pinfold._gate_types import Gate, GateReport
from pinfold._sync.content import DatasetContent


class DatasetReleases(DatasetContent):
    """Part of `Dataset`: gates of tags."""

    def set_gate(
        self, gate: Gate, *, tag: str = "live", actor: str | None = None, timeout: float | None = None
    ) -> Gate:
        """Makes conditions for the versions that a tag is pointed to from now on; they replace those before.

        Rollbacks are never held up. The tag need not be set yet, and the conditions stay when it is cleared.

        Example:
            >>> support.set_gate(pinfold.Gate(max_f1_drop=0.05, max_mean_average_precision_drop=0.0))
            >>> support.promote("staging", "live")
            FailedPrecondition: version 7 does not meet the conditions of datasets/support/tags/live: F1 of ...

        """
        return self._connection.run(calls.set_gate(self._id, tag, gate, self._actor(actor)), timeout)

    def gate(self, tag: str = "live", *, timeout: float | None = None) -> Gate:
        """The conditions of a tag. Raises NotFound when it has none."""
        return self._connection.run(calls.get_gate(self._id, tag), timeout)

    def delete_gate(self, tag: str = "live", *, actor: str | None = None, timeout: float | None = None) -> None:
        """Deletes the conditions of a tag. Raises NotFound when it has none."""
        self._connection.run(calls.delete_gate(self._id, tag, self._actor(actor)), timeout)

    def check_gate(
        self,
        version: int | str | Numbered,
        *,
        tag: str = "live",
        gate: Gate | None = None,
        timeout: float | None = None,
    ) -> GateReport:
        """How a version would fare before the gate of a tag, or before `gate`; changes nothing.

        Raises NotFound when the tag has no gate and none is given.
        """
        call = calls.check_gate(self._id, tag, version_or_tag(version), gate)
        return self._connection.run(call, timeout)
