"""The labels of a dataset that an async client holds."""

from collections.abc import AsyncIterator

from pinfold import _taxonomy_calls as calls
from pinfold._aio.connection import Connection
from pinfold._taxonomy_calls import Labels
from pinfold._types import DeletedLabels, Label, LabelEvent, MovedLabels, TaxonomyCopy


class AsyncDatasetTaxonomy:
    """Part of `AsyncDataset`: its labels."""

    _connection: Connection
    _id: str

    async def upsert_labels(
        self, labels: Labels, *, actor: str | None = None, timeout: float | None = None
    ) -> list[Label]:
        """Creates labels that do not exist, parents included. The labels named, as they are now.

        `labels` are names, or mappings with `name` and optionally `description` and `external_id`, of which
        empty ones leave what the label has; one mapping of names gives descriptions by name.

        Example:
            >>> await support.upsert_labels(["Billing", {"name": "Returns", "description": "Goods that come back"}])

        """
        return await self._connection.run(calls.upsert_labels(self._id, labels, self._who(actor)), timeout)

    async def labels(self, *, timeout: float | None = None) -> list[Label]:
        """Every label by path, with how often people assigned it."""
        return [label async for label in self._connection.list(calls.list_labels(self._id), timeout)]

    async def rename_label(
        self, label: str, new_label: str, *, actor: str | None = None, timeout: float | None = None
    ) -> MovedLabels:
        """Gives a label another path; labels below it and annotations follow. Versions keep the names that they have.

        Onto a label that exists: the two become one. Raises NotFound, InvalidArgument.

        Example:
            >>> (await support.rename_label("Billing > Refund", "Payments > Money back")).renamed
            1

        """
        call = calls.rename_label(self._id, label, new_label, self._who(actor))
        return await self._connection.run(call, timeout)

    async def delete_label(
        self,
        label: str,
        *,
        move_to: str | None = None,
        force: bool = False,
        actor: str | None = None,
        timeout: float | None = None,
    ) -> DeletedLabels:
        """Deletes a label and those below it; documents that have one of them get `move_to` instead.

        Raises FailedPrecondition when people assigned or dismissed one of them and there is neither `move_to`
        nor `force`, which takes the labels out of the annotations.
        """
        call = calls.delete_label(self._id, label, move_to, force, self._who(actor))
        return await self._connection.run(call, timeout)

    async def copy_taxonomy(
        self,
        from_dataset: str,
        *,
        annotations: bool = False,
        actor: str | None = None,
        timeout: float | None = None,
    ) -> TaxonomyCopy:
        """Creates the labels of another dataset.

        With `annotations` also copies those of documents that both datasets read; a document that has an
        annotation here keeps it.
        """
        call = calls.copy_taxonomy(self._id, from_dataset, annotations, self._who(actor))
        return await self._connection.run(call, timeout)

    def label_history(self, label: str | None = None, *, timeout: float | None = None) -> AsyncIterator[LabelEvent]:
        """What happened to one label, whatever it was called, or to all of them, newest first."""
        return self._connection.list(calls.list_label_history(self._id, label), timeout)

    def _who(self, actor: str | None) -> str:
        return self._connection.settings.actor if actor is None else actor
