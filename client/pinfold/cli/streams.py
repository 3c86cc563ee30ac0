"""Commands about streams: what they are, and where they are."""

from __future__ import annotations

import enum
from typing import Annotated

import typer

import pinfold
from pinfold._stream_calls import StreamOptions
from pinfold.cli import options, stream_options
from pinfold.cli.output import as_json as plain
from pinfold.cli.output import moment, note, print_fields, print_json, print_table
from pinfold.cli.predictions import thresholds_of
from pinfold.cli.session import connect


class Clearable(enum.StrEnum):
    """Options of a stream that can be taken back."""

    TITLE = "title"
    DESCRIPTION = "description"
    THRESHOLDS = "thresholds"
    POLICY = "policy"
    DEFAULT_THRESHOLD = "default_threshold"
    LABELS = "labels"
    FILTER = "filter"


def create(
    dataset: options.Dataset,
    stream: stream_options.Name,
    version: options.Version,
    title: stream_options.Title = None,
    description: stream_options.Description = None,
    threshold: stream_options.Thresholds = None,
    policy: stream_options.Policy = None,
    default_threshold: stream_options.DefaultThreshold = None,
    labels: stream_options.Labels = None,
    wanted: stream_options.Filter = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--start",
            metavar="TIME",
            help="Begin with what was uploaded at this time or later, such as 2026-01-31T08:00:00Z. Default: now.",
            show_default=False,
        ),
    ] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Make a stream that predicts with a pinned version."""
    chosen = _chosen(title, description, threshold, policy, default_threshold, labels, wanted)
    start_time = None if start is None else stream_options.time_of(start)
    with connect(server) as client:
        handle = client.dataset(dataset)
        wanted_version = options.version_of(version)
        number = wanted_version if isinstance(wanted_version, int) else handle.version(wanted_version).number
        made = handle.create_stream(stream, number, start_time=start_time, **chosen)
    if as_json:
        print_json(made.info)
    else:
        note(f"Stream {made.id} predicts with version {made.version}. Next: pinfold stream consume {dataset} {made.id}")


def list_streams(
    dataset: options.Dataset, server: options.Server = options.DEFAULT_SERVER, as_json: options.Json = False
) -> None:
    """List the streams of a dataset."""
    with connect(server) as client:
        found = [stream.info for stream in client.dataset(dataset).streams()]
    if as_json:
        print_json(found)
        return
    print_table(
        ["stream", ">version", "filter", "advanced", "title"],
        ([each.id, str(each.version), each.filter, moment(each.advance_time), each.title] for each in found),
        empty=f"No stream yet. Next: pinfold stream create {dataset} STREAM VERSION",
    )


def get(
    dataset: options.Dataset,
    stream: stream_options.Name,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show a stream: its definition, and where it is."""
    with connect(server) as client:
        _show(client.dataset(dataset).stream(stream).info, as_json)


def update(
    dataset: options.Dataset,
    stream: stream_options.Name,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="Number of another pinned version.", show_default=False)
    ] = None,
    title: stream_options.Title = None,
    description: stream_options.Description = None,
    threshold: stream_options.Thresholds = None,
    policy: stream_options.Policy = None,
    default_threshold: stream_options.DefaultThreshold = None,
    labels: stream_options.Labels = None,
    wanted: stream_options.Filter = None,
    clear: Annotated[
        list[Clearable] | None,
        typer.Option("--clear", help="Take this option back; may be given several times.", show_default=False),
    ] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Change the definition of a stream; what is not named stays, and so does its place."""
    chosen = _chosen(title, description, threshold, policy, default_threshold, labels, wanted)
    for name in clear or ():
        if name in chosen:
            raise typer.BadParameter(f"{name} is given as well", param_hint="--clear")
        chosen[name.value] = None
    with connect(server) as client:
        _show(client.dataset(dataset).stream(stream).update(version, **chosen).info, as_json)


def delete(
    dataset: options.Dataset,
    stream: stream_options.Name,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Delete a stream with its exceptions; documents stay."""
    with connect(server) as client:
        client.dataset(dataset).stream(stream).delete()
    if as_json:
        print_json({"deleted": stream})
    else:
        note(f"Stream {stream} is deleted.")


def _chosen(
    title: str | None,
    description: str | None,
    threshold: list[str] | None,
    policy: pinfold.ThresholdPolicy | None,
    default_threshold: float | None,
    labels: list[str] | None,
    wanted: str | None,
) -> StreamOptions:
    """Those that were given."""
    chosen = StreamOptions()
    if title is not None:
        chosen["title"] = title
    if description is not None:
        chosen["description"] = description
    if threshold:
        chosen["thresholds"] = thresholds_of(threshold)
    if policy is not None:
        chosen["policy"] = policy
    if default_threshold is not None:
        chosen["default_threshold"] = default_threshold
    if labels:
        chosen["labels"] = labels
    if wanted is not None:
        chosen["filter"] = wanted
    return chosen


def _show(info: pinfold.StreamInfo, as_json: bool) -> None:
    if as_json:
        print_json(plain(info))
        return
    print_fields(
        [
            ("stream", info.id),
            ("title", info.title),
            ("description", info.description),
            ("version", str(info.version)),
            ("thresholds", ", ".join(f"{label}={cut:g}" for label, cut in info.thresholds.items())),
            ("policy", info.policy or ""),
            ("default threshold", "" if info.default_threshold is None else f"{info.default_threshold:g}"),
            ("labels", ", ".join(info.labels)),
            ("filter", info.filter),
            ("created", moment(info.create_time)),
            ("changed", moment(info.update_time)),
            ("advanced", moment(info.advance_time)),
            ("done up to", info.sequence_id),
        ]
    )
