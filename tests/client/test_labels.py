from typing import Any

import pytest

import pinfold
from pinfold._taxonomy_calls import upsert_labels


def test_labels_are_described_renamed_deleted_and_copied(client: Any, dataset: Any) -> None:
    dataset.upload([{"id": "1", "text": "My refund is late", "labels": "Billing > Refund"}])
    made = dataset.upsert_labels(
        ["Returns", {"name": "Billing", "description": "Bills", "external_id": "B-1"}], actor="ann"
    )
    assert [(label.name, label.description, label.external_id) for label in made] == [
        ("Returns", "", ""),
        ("Billing", "Bills", "B-1"),
    ]
    moved = dataset.rename_label("Billing > Refund", "Returns > Refund")
    assert (moved.renamed, moved.merged, moved.label.assigned_count) == (1, 0, 1)
    events = list(dataset.label_history("Returns > Refund"))
    assert [(event.kind, event.from_label, event.to_label) for event in events] == [
        (pinfold.LabelEventKind.RENAMED, "Billing > Refund", "Returns > Refund"),
        (pinfold.LabelEventKind.CREATED, None, "Billing > Refund"),
    ]
    assert events[0].actor == "tester"
    with pytest.raises(pinfold.FailedPrecondition) as raised:
        dataset.delete_label("Returns")
    assert raised.value.reason == "LABEL_IN_USE"
    assert dataset.delete_label("Returns", move_to="Billing").annotations == 1
    other = client.create_dataset(f"{dataset.id}-copy", sources=[dataset.id])
    copied = other.copy_taxonomy(dataset.id, annotations=True)
    assert (copied.labels, copied.annotations, copied.kept) == (1, 1, 0)
    with pytest.raises(pinfold.NotFound):
        other.rename_label("Gone", "New")


@pytest.mark.parametrize(
    ("labels", "error", "told"),
    [
        ("Billing", TypeError, "single str"),
        ([3], TypeError, r"labels\[0\]"),
        ([{"description": "x"}], ValueError, "needs a name"),
        ([{"name": "A", "colour": "red"}], ValueError, "unknown key 'colour'"),
        ([{"name": "A", "description": 3}], TypeError, r"labels\[0\]\['description'\]"),
        (["A", ""], ValueError, r"labels\[1\]"),
    ],
)
def test_labels_that_cannot_be_sent_are_refused_before_any_call(labels: Any, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        upsert_labels("support", labels, "")
