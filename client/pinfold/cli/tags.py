"""Commands about tags: which pinned version answers to a name."""

from __future__ import annotations

from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import moment, note, print_json, print_table
from pinfold.cli.session import connect

Force = Annotated[
    bool, typer.Option("--force", help="Move the tag even where the version does not meet the conditions of its gate.")
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why, for the tag's history.", show_default=False)
]


def set_tag(
    dataset: options.Dataset,
    tag: options.TagName,
    number_or_tag: options.Version,
    force: Force = False,
    reason: Reason = "",
    actor: options.Actor = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Point a tag to a pinned version, for every request that starts after the answer."""
    with connect(server) as client:
        handle = client.dataset(dataset)
        wanted = options.version_of(number_or_tag)
        target = wanted if isinstance(wanted, int) else handle.version(wanted)
        _tell(handle.set_tag(tag, target, force=force, reason=reason, actor=actor), as_json)


def clear_tag(
    dataset: options.Dataset,
    tag: options.TagName,
    actor: options.Actor = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Remove a tag; its history stays."""
    with connect(server, actor=actor) as client:
        client.dataset(dataset).clear_tag(tag)
    if as_json:
        print_json({"cleared": tag})
    else:
        note(f"Tag {tag} is cleared.")


def list_tags(
    dataset: options.Dataset, server: options.Server = options.DEFAULT_SERVER, as_json: options.Json = False
) -> None:
    """List the tags of a dataset."""
    with connect(server) as client:
        tags = client.dataset(dataset).tags()
    if as_json:
        print_json(tags)
        return
    print_table(
        ["tag", ">version", ">rollback to", "moved", "by"],
        (
            [tag.name, str(tag.version), str(tag.previous_version or "–"), moment(tag.update_time), tag.actor]
            for tag in tags
        ),
        empty=f"No tag is set. Next: pinfold tag set {dataset} live VERSION",
    )


def history(
    dataset: options.Dataset,
    tag: Annotated[str | None, typer.Argument(metavar="TAG", help="Only this tag.", show_default=False)] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most changes to list, newest first.")] = 50,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """List who moved which tag, newest first."""
    with connect(server) as client:
        events = [event for event, _ in zip(client.dataset(dataset).tag_history(tag), range(limit), strict=False)]
    if as_json:
        print_json(events)
        return
    print_table(
        ["time", "tag", "change", ">from", ">to", "by", "why"],
        (
            [
                moment(event.time),
                event.tag,
                event.kind or "–",
                str(event.from_version or "–"),
                str(event.to_version or "–"),
                event.actor,
                f"forced: {event.reason}" if event.forced else event.reason,
            ]
            for event in events
        ),
        empty="No tag was ever set.",
    )


def promote(
    dataset: options.Dataset,
    from_tag: Annotated[str, typer.Option("--from", metavar="TAG", help="Tag whose version is taken.")] = "staging",
    to_tag: Annotated[str, typer.Option("--to", metavar="TAG", help="Tag that is moved.")] = "live",
    force: Force = False,
    reason: Reason = "",
    actor: options.Actor = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Point one tag to the version of another: `live` to that of `staging`."""
    with connect(server, actor=actor) as client:
        _tell(client.dataset(dataset).promote(from_tag, to_tag, force=force, reason=reason), as_json)


def rollback(
    dataset: options.Dataset,
    tag: Annotated[str, typer.Argument(metavar="TAG", help="Name of the tag.")] = "live",
    actor: options.Actor = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Point a tag back to the version that it pointed to before."""
    with connect(server, actor=actor) as client:
        _tell(client.dataset(dataset).rollback(tag), as_json)


def _tell(tag: pinfold.Tag, as_json: bool) -> None:
    if as_json:
        print_json(tag)
    else:
        note(f"Tag {tag.name} now points to version {tag.version}.")
