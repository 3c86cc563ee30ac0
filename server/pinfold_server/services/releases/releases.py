"""Tags pointed to versions that stood before their gates first."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from pinfold_server.domain.names import VersionRef, check_tag, check_text_field, tag_name
from pinfold_server.domain.releases.gates import Gate
from pinfold_server.errors import AppError, Code, FieldViolation, invalid
from pinfold_server.services.common.changes import RequestKey
from pinfold_server.services.releases.gates import GateService, Standing
from pinfold_server.services.releases.tag_moves import Release, TagChange
from pinfold_server.services.releases.tags import TagService
from pinfold_server.store.storage_pb2 import TagRecord

REASON_CHARS_MAX = 1_000
#: Times that a version is looked at anew because the tag or its gate changed meanwhile.
LOOKS_MAX = 3


@dataclass(frozen=True, slots=True)
class Insistence:
    """Whether a tag is moved although conditions are not met, and why."""

    force: bool = False
    reason: str = ""

    def check(self) -> None:
        """Raises AppError INVALID for force without a reason."""
        check_text_field(self.reason, "reason", REASON_CHARS_MAX)
        if self.force and not self.reason.strip():
            raise invalid("reason", "must say why, because force is set: it is kept in the tag's history")


class ReleaseService:
    """Raises AppError as `TagService` does, and GATE_REFUSED with what is not met."""

    def __init__(self, tags: TagService, gates: GateService) -> None:
        self._tags = tags
        self._gates = gates

    async def set(
        self, change: TagChange, version: int, insistence: Insistence, once: RequestKey | None = None
    ) -> TagRecord:
        """Points the tag to a version."""
        insistence.check()

        async def point(release: Release) -> TagRecord:
            return await self._tags.set(change, version, once, release)

        return await self._release(change, VersionRef(version, None), (), insistence, point)

    async def promote(
        self,
        change: TagChange,
        from_tag: str,
        besides: Sequence[Gate],
        insistence: Insistence,
        once: RequestKey | None = None,
    ) -> TagRecord:
        """Points `change.tag` to the version of `from_tag`; `besides`: conditions of this time."""
        insistence.check()
        check_tag(from_tag, "from_tag")

        async def point(release: Release) -> TagRecord:
            return await self._tags.promote(change, from_tag, once, release)

        return await self._release(change, VersionRef(None, from_tag), besides, insistence, point)

    async def _release(
        self,
        change: TagChange,
        wanted: VersionRef,
        besides: Sequence[Gate],
        insistence: Insistence,
        point: Callable[[Release], Awaitable[TagRecord]],
    ) -> TagRecord:
        """Looks again when, at the moment of the move, tag, gate or version are no longer those that were looked at."""
        for look in range(LOOKS_MAX):
            standing = await self._gates.stand(change.dataset_id, change.tag, wanted, besides)
            if not standing.passed and not insistence.force:
                raise _refused(change, standing)
            try:
                return await point(Release(standing, forced=not standing.passed, reason=insistence.reason))
            except AppError as error:
                if error.reason != "GATE_OUTDATED" or look == LOOKS_MAX - 1:
                    raise
        raise AssertionError("the last look returns or raises")


def _refused(change: TagChange, standing: Standing) -> AppError:
    failed = [each for each in standing.checks if not each.passed]
    name = tag_name(change.dataset_id, change.tag)
    told = "; ".join(each.description for each in failed[:5])
    more = f"; and {len(failed) - 5} more" if len(failed) > 5 else ""
    return AppError(
        Code.PRECONDITION,
        "GATE_REFUSED",
        f"version {standing.candidate} does not meet the conditions of {name}: {told}{more}. Set force and say why to "
        "move the tag nevertheless",
        metadata={"name": name},
        preconditions=tuple(FieldViolation(each.label or each.condition.value, each.description) for each in failed),
    )
