"""The command line as a whole: which command is which function."""

from __future__ import annotations

import typer

from pinfold.cli import (
    archives,
    comparisons,
    configurations,
    consuming,
    datasets,
    demo,
    documents,
    experiments,
    explanations,
    exports,
    gates,
    history,
    keywords,
    labels,
    predictions,
    projections,
    quality,
    rating,
    reports,
    restores,
    review,
    runs,
    serving,
    slices,
    splits,
    statuses,
    streams,
    tags,
    traffic,
    uploads,
    versions,
)

app = typer.Typer(
    name="pinfold",
    help="Train, pin and serve text classifiers.",
    no_args_is_help=True,
    # A failure that we did not foresee is told by Python's own traceback, without the values of variables.
    pretty_exceptions_enable=False,
)
dataset_app = typer.Typer(help="Create, list, show, change and delete datasets.", no_args_is_help=True)
label_app = typer.Typer(help="Change the labels of a dataset.", no_args_is_help=True)
document_app = typer.Typer(help="List, search, show and delete documents.", no_args_is_help=True)
archive_app = typer.Typer(help="Move whole datasets as files.", no_args_is_help=True)
config_app = typer.Typer(help="Keep options of trainings under names.", no_args_is_help=True)
run_app = typer.Typer(help="Say something of a training, or delete it.", no_args_is_help=True)
experiment_app = typer.Typer(help="Follow trainings that belong together.", no_args_is_help=True)
slice_app = typer.Typer(help="Name parts of the documents, and see how good versions are there.", no_args_is_help=True)
shadow_app = typer.Typer(help="Try a version in secret beside the one that answers.", no_args_is_help=True)
gate_app = typer.Typer(help="Ask something of versions before a tag may point to them.", no_args_is_help=True)
tag_app = typer.Typer(help="Point names such as `live` to pinned versions.", no_args_is_help=True)
stream_app = typer.Typer(help="Consume documents as they are uploaded, predicted.", no_args_is_help=True)

app.command("serve", context_settings=serving.PASS_EVERYTHING_ON, add_help_option=False)(serving.serve)
app.command("demo")(demo.demo)

app.add_typer(archive_app, name="archive")
archive_app.command("save")(archives.save)
archive_app.command("load")(archives.load)

app.add_typer(dataset_app, name="dataset")
dataset_app.command("create")(datasets.create)
dataset_app.command("list")(datasets.list_datasets)
dataset_app.command("show")(datasets.show)
dataset_app.command("update")(datasets.update)
dataset_app.command("delete")(datasets.delete)
dataset_app.command("split")(splits.split)
dataset_app.command("splits")(splits.list_splits)

app.command("upload")(uploads.upload)
app.command("labels")(labels.list_labels)
app.add_typer(label_app, name="label")
label_app.command("import")(labels.import_labels)
label_app.command("rename")(labels.rename)
label_app.command("delete")(labels.delete)
label_app.command("copy")(labels.copy)
label_app.command("history")(labels.history)
app.add_typer(document_app, name="document")
document_app.command("list")(documents.list_documents)
document_app.command("search")(documents.search)
document_app.command("show")(documents.show)
document_app.command("delete")(documents.delete)
app.command("export")(exports.export)
app.command("history")(history.history)
app.command("restore")(restores.restore)
app.command("sample")(review.sample)
app.command("annotate")(review.annotate)
app.command("status")(statuses.status)
app.command("auto")(statuses.auto)
app.command("train")(runs.train)
app.command("runs")(runs.runs)
app.command("cancel")(runs.cancel)
app.add_typer(run_app, name="run")
run_app.command("update")(experiments.describe)
run_app.command("delete")(experiments.delete)
app.command("sweep")(experiments.sweep)
app.add_typer(experiment_app, name="experiment")
experiment_app.command("list")(experiments.list_experiments)
experiment_app.command("show")(experiments.show)
experiment_app.command("cancel")(experiments.cancel)
app.command("versions")(versions.versions)
app.command("version")(versions.version)
app.command("compare")(comparisons.compare)
app.command("validation")(quality.validation)
app.command("thresholds")(quality.thresholds)
app.command("errors")(quality.errors)
app.command("rating")(rating.rating)
app.command("report")(reports.report)
app.command("projection")(projections.projection)
app.command("keywords")(keywords.keywords)
app.command("pin")(versions.pin)
app.command("unpin")(versions.unpin)
app.command("download")(versions.download)

app.add_typer(config_app, name="config")
config_app.command("create")(configurations.create)
config_app.command("list")(configurations.list_configurations)
config_app.command("show")(configurations.show)
config_app.command("compare")(configurations.compare)
config_app.command("delete")(configurations.delete)

app.add_typer(slice_app, name="slice")
slice_app.command("create")(slices.create)
slice_app.command("list")(slices.list_slices)
slice_app.command("show")(slices.show)
slice_app.command("delete")(slices.delete)
slice_app.command("weak")(slices.weak)

app.add_typer(tag_app, name="tag")
tag_app.command("set")(tags.set_tag)
tag_app.command("clear")(tags.clear_tag)
tag_app.command("list")(tags.list_tags)
tag_app.command("history")(tags.history)
app.add_typer(stream_app, name="stream")
stream_app.command("create")(streams.create)
stream_app.command("list")(streams.list_streams)
stream_app.command("get")(streams.get)
stream_app.command("update")(streams.update)
stream_app.command("delete")(streams.delete)
stream_app.command("fetch")(consuming.fetch)
stream_app.command("advance")(consuming.advance)
stream_app.command("reset")(consuming.reset)
stream_app.command("consume")(consuming.consume)
stream_app.command("exceptions")(consuming.exceptions)
app.command("promote")(tags.promote)
app.command("rollback")(tags.rollback)
app.add_typer(gate_app, name="gate")
gate_app.command("set")(gates.set_gate)
gate_app.command("show")(gates.show)
gate_app.command("delete")(gates.delete)
gate_app.command("check")(gates.check)
app.add_typer(shadow_app, name="shadow")
shadow_app.command("set")(traffic.set_shadow)
shadow_app.command("clear")(traffic.clear_shadow)
shadow_app.command("report")(traffic.report)
app.command("monitoring")(traffic.monitoring)
app.command("predict")(predictions.predict)
app.command("predict-documents")(review.predict_documents)
app.command("explain")(explanations.explain)
