"""What a dataset of an async client says to real callers, and what other versions would say."""

from pinfold import _traffic as calls
from pinfold._aio.content import AsyncDatasetContent
from pinfold._aio.version import AsyncVersion
from pinfold._traffic import Shadow, ShadowReport


class AsyncDatasetTraffic(AsyncDatasetContent):
    """Part of `AsyncDataset`: versions tried in secret."""

    async def set_shadow(
        self,
        version: int | AsyncVersion,
        *,
        tag: str = "live",
        share: float | None = None,
        actor: str | None = None,
        timeout: float | None = None,
    ) -> Shadow:
        """Tries a pinned version on a part of the requests for a tag, beside the version that answers.

        `share` of the requests, above 0 and at most 1; default: 0.1. What an earlier shadow showed is forgotten. It
        ends when the tag is cleared or comes to point to the version.

        Example:
            >>> await support.set_shadow(7, share=0.5)
            >>> (await support.shadow_report()).labels[0]
            LabelDisagreement(name='Billing', both_count=311, live_only_count=4, shadow_only_count=19, ...)

        """
        number = version if isinstance(version, int) else version.number
        call = calls.set_shadow(self._id, tag, number, share, self._actor(actor))
        return await self._connection.run(call, timeout)

    async def clear_shadow(self, tag: str = "live", *, actor: str | None = None, timeout: float | None = None) -> None:
        """Ends the trial; what it showed is forgotten. Raises NotFound when the tag has no shadow."""
        await self._connection.run(calls.clear_shadow(self._id, tag, self._actor(actor)), timeout)

    async def shadow_report(self, tag: str = "live", *, timeout: float | None = None) -> ShadowReport:
        """Where the shadow of a tag differs from the version that answers; some seconds old.

        Raises NotFound when the tag has no shadow.
        """
        return await self._connection.run(calls.get_shadow_report(self._id, tag), timeout)
