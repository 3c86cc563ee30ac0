"""The command that rates a version."""

from __future__ import annotations

import shlex

import pinfold
from pinfold.cli import options
from pinfold.cli.output import answers, note, number, print_fields, print_json, print_table
from pinfold.cli.session import connect

_COUNTS = frozenset({"labels", "poor_labels", "average_labels", "documents", "told"})


def rating(
    dataset: options.Dataset,
    version: options.Version = "latest",
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Rate a version from 0 to 100, say what that is made of, and what to annotate next."""
    with connect(server) as client:
        found = client.dataset(dataset).version(options.version_of(version)).rating()
    if as_json:
        print_json(found)
        return
    print_fields([("version", str(found.version)), ("rating", _graded(found.score, found.grade))])
    answers().print()
    print_table(["factor", ">score", "", ">weight", "made of"], map(_factor_row, found.factors))
    if found.actions:
        answers().print()
        print_table(["do next", "why"], ([_command(dataset, one), one.reason] for one in found.actions))
    else:
        note("Nothing in particular would raise it.")


def _factor_row(factor: pinfold.RatingFactor) -> list[str]:
    parts = ", ".join(f"{name.replace('_', ' ')} {_figure(name, value)}" for name, value in factor.contributors.items())
    return [
        str(factor.kind or "–").replace("_", " "),
        number(factor.score, 0),
        f"{factor.grade or '–'}{', estimated' if factor.estimated else ''}",
        f"{factor.weight:.0%}",
        parts,
    ]


def _graded(score: float | None, grade: pinfold.RatingGrade | None) -> str:
    return f"{number(score, 0)} of 100, {grade or '–'}"


def _command(dataset: str, action: pinfold.RatingAction) -> str:
    label = "" if action.label is None else f" --label {shlex.quote(action.label)}"
    return f"pinfold sample {dataset} --mode {action.mode or '–'}{label}"


def _figure(name: str, value: float) -> str:
    return f"{value:,.0f}" if name in _COUNTS else f"{value:.2f}"
