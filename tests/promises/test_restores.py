"""A dataset that was taken back to a version trains that very version again."""

from pathlib import Path

import pinfold
from tests.serving import HANG_SECONDS, Server, ticket_rows


def test_training_after_a_restoration_gives_the_file_of_the_version(
    server: Server, tmp_path: Path, own_name: str
) -> None:
    with pinfold.Client(server.target, timeout=HANG_SECONDS, actor="boss") as client:
        dataset = client.create_dataset(own_name)
        dataset.upload(ticket_rows())
        version = dataset.train().wait(timeout=HANG_SECONDS).pin()
        then = {each.document_id: each.assigned for each in dataset.annotations()}
        dataset.annotate({"id": row["id"], "assigned": ["Delivery"]} for row in ticket_rows()[:40])
        dataset.upsert_labels(["Another > One"])
        dataset.rename_label("Login", "Access")
        moved = dataset.refresh().info.revision
        report = dataset.restore(version)
        assert (report.restored_revision, report.previous_revision, report.revision) == (
            version.info.revision,
            moved,
            moved + 1,
        )
        assert report.labels == 3
        assert (report.kept_version, report.pinned) == (None, False)  # nothing was trained since that version
        assert {each.document_id: each.assigned for each in dataset.annotations()} == then
        again = dataset.train().wait(timeout=HANG_SECONDS)
        assert again.info.file.sha256 == version.info.file.sha256
        event = next(iter(dataset.annotation_history(str(ticket_rows()[0]["id"]))))
        assert (event.cause, event.actor) == (pinfold.AnnotationCause.RESTORED, "boss")
        report = dataset.restore(revision=moved)
        assert (report.kept_version, report.pinned) == (again.number, True)
        assert report.kept_version_revision == report.previous_revision
        kept = dataset.version(again.number)
        assert kept.pinned
        assert f"from revision {moved + 1} to {moved}" in kept.info.pin_note
        assert kept.unpin().info.pin_note == ""
        assert {label.name for label in dataset.labels()} >= {"Access", "Another > One"}
        archive = dataset.export_archive(tmp_path / "a.pinfold").path
        client.import_archive(archive, dataset_id=f"{own_name}-copy")
        copy = client.dataset(f"{own_name}-copy")
        copy.restore(1)
        assert {each.document_id: each.assigned for each in copy.annotations()} == then
