"""Commands about what versions say to real callers, and what others would say in their place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import moment, note, print_json, print_table
from pinfold.cli.session import connect

ShadowedTag = Annotated[str, typer.Option("--tag", metavar="TAG", help="The tag whose requests it is tried on.")]


def monitoring(
    dataset: options.Dataset,
    version: Annotated[str, typer.Option("--version", help="Number of a version, a tag, or `latest`.")] = "live",
    hours: Annotated[float, typer.Option("--hours", min=0.02, max=2_160, help="How far to look back.")] = 24,
    resolution: Annotated[
        pinfold.MonitoringResolution | None,
        typer.Option("--resolution", help="Length of a window. Default: the finest that is kept.", show_default=False),
    ] = None,
    over_time: Annotated[bool, typer.Option("--over-time", help="List the windows instead of the labels.")] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show how often a version predicted each label, and how far its answers are from its validation."""
    start = datetime.now(UTC) - timedelta(hours=hours)
    with connect(server) as client:
        held = client.dataset(dataset).version(options.version_of(version))
        report = held.monitoring(start=start, resolution=resolution)
    if as_json:
        print_json(report)
        return
    note(
        f"Version {report.version} answered {report.text_count:,} texts; {report.sampled_count:,} were looked at, and "
        f"{report.unlabelled_count:,} of these got no label. Drift: {_drift(report.drift, report.drift_level)}."
    )
    if over_time:
        print_table(
            ["time", ">texts", ">looked at", ">without a label"],
            (
                [
                    moment(each.start_time),
                    f"{each.text_count:,}",
                    f"{each.sampled_count:,}",
                    f"{each.unlabelled_count:,}",
                ]
                for each in report.windows
            ),
            empty="No text was answered in this time.",
        )
        return
    print_table(
        ["label", ">predicted", ">share", ">drift"],
        (
            [
                label.name,
                f"{label.predicted_count:,}",
                f"{label.predicted_share:.1%}",
                _drift(label.drift, label.drift_level),
            ]
            for label in sorted(report.labels, key=lambda label: -label.predicted_count)
        ),
    )


def set_shadow(
    dataset: options.Dataset,
    version: options.Version,
    tag: ShadowedTag = "live",
    share: Annotated[
        float, typer.Option("--share", min=0.0001, max=1, help="Part of the requests that it is tried on.")
    ] = 0.1,
    actor: options.Actor = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Try a pinned version on a part of the requests for a tag; its answers are counted and never sent."""
    with connect(server, actor=actor) as client:
        handle = client.dataset(dataset)
        wanted = options.version_of(version)
        target = wanted if isinstance(wanted, int) else handle.version(wanted)
        shadow = handle.set_shadow(target, tag=tag, share=share)
    if as_json:
        print_json(shadow)
    else:
        note(f"Version {shadow.version} is tried on {shadow.share:.0%} of the requests for {shadow.tag}.")
        note(f"Next: pinfold shadow report {dataset} --tag {tag}")


def clear_shadow(
    dataset: options.Dataset,
    tag: ShadowedTag = "live",
    actor: options.Actor = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """End the trial of a version beside a tag; what it showed is forgotten."""
    with connect(server, actor=actor) as client:
        client.dataset(dataset).clear_shadow(tag)
    if as_json:
        print_json({"cleared": tag})
    else:
        note(f"Tag {tag} has no shadow any more.")


def report(
    dataset: options.Dataset,
    tag: ShadowedTag = "live",
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show where a shadow differs from the version that answers."""
    with connect(server) as client:
        found = client.dataset(dataset).shadow_report(tag)
    if as_json:
        print_json(found)
        return
    note(
        f"Version {found.shadow.version} beside version {found.live_version}: {found.text_count:,} texts, "
        f"{found.differing_count:,} with another answer; {found.dropped_count:,} were left out for want of time."
    )
    if found.unshared_labels:
        note(f"Known to one version only: {', '.join(found.unshared_labels)}")
    print_table(
        ["label", ">both", f">only {found.live_version}", f">only {found.shadow.version}", ">mean distance"],
        (
            [
                label.name,
                f"{label.both_count:,}",
                f"{label.live_only_count:,}",
                f"{label.shadow_only_count:,}",
                f"{label.mean_distance:.4f}",
            ]
            for label in found.labels
        ),
        empty="No text was tried yet.",
    )


def _drift(index: float | None, level: pinfold.DriftLevel | None) -> str:
    return "not known" if index is None else f"{index:.3f} {level or ''}".rstrip()
