"""The command that says why a text gets its labels."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

import pinfold
from pinfold._files.bad_lines import InputError
from pinfold.cli import options
from pinfold.cli.output import answers, make_table, number, print_json
from pinfold.cli.session import connect

_TOWARDS, _AGAINST = "green", "red"
_SPACE = "␣"


def explain(
    dataset: options.Dataset,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The text.", show_default=False)],
    version: Annotated[str, typer.Option("--version", help="Number of a version, a tag, or `latest`.")] = "live",
    labels: Annotated[
        list[str] | None,
        typer.Option(
            "--label",
            metavar="LABEL",
            help="Explain this label; may be given several times. Default: the predicted ones.",
            show_default=False,
        ),
    ] = None,
    top_k: Annotated[
        int | None,
        typer.Option("--top-k", min=1, max=64, help="Explain so many of the most probable labels.", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Words and n-grams to list a label.")] = 10,
    expand_ngrams: Annotated[
        bool, typer.Option("--expand-ngrams", help="List the character n-grams of words apart.")
    ] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show which words of a text gave its labels their scores, and by how much."""
    with connect(server) as client:
        try:
            explanation = client.dataset(dataset).explain(
                text,
                version=options.version_of(version),
                labels=labels,
                top_k=top_k,
                max_contributions=limit,
                expand_ngrams=expand_ngrams,
            )
        except ValueError as error:
            # What the client refuses before it calls: an empty text, or one that is not UTF-8.
            raise InputError(str(error)) from error
    if as_json:
        print_json(explanation)
    else:
        tell(explanation)


def tell(explanation: pinfold.Explanation) -> None:
    """The text in the colours of its words, then what they added, label by label."""
    console = answers()
    for label in explanation.labels:
        console.print(f"{number(label.probability)}  {label.name}", style="bold", markup=False)
        if label.sum_of:
            console.print(f"  the sum of {', '.join(label.sum_of)}", style="dim", markup=False)
            continue
        console.print(coloured(explanation.text, label))
        console.print(_table(label))
        if label.raised_by is not None:
            console.print(f"  raised to the probability of {label.raised_by}", style="dim", markup=False)
    if explanation.truncated:
        console.print("  only the beginning was read", style="dim")


def coloured(text: str, label: pinfold.LabelExplanation) -> Text:
    """Every character in the colour of the strongest listed feature over it."""
    shown = Text("  ") + Text(text)
    # The strongest last, over the others.
    for contribution in reversed(label.contributions):
        style = _TOWARDS if contribution.weight > 0 else _AGAINST
        for start, end in contribution.spans:
            shown.stylize(style, start + 2, end + 2)
    return shown


def _table(label: pinfold.LabelExplanation) -> Table:
    table = make_table([">log-odds", "feature", "kind"])
    for each in label.contributions:
        weight = Text(f"{each.weight:+.3f}", _TOWARDS if each.weight > 0 else _AGAINST)
        name = each.feature.replace(" ", _SPACE) if each.kind is pinfold.FeatureKind.CHAR_NGRAM else each.feature
        kind = "" if each.kind is None else each.kind.value.replace("_", " ").replace("char", "character")
        times = f" x{each.occurrences:,}" if each.occurrences > 1 else ""
        table.add_row(weight, Text(name + times), kind if each.known else f"{kind}, by its n-grams")
    if label.remaining_count:
        table.add_row(f"{label.remaining:+.3f}", Text(f"{label.remaining_count:,} more", "dim"), "")
    if label.bias is not None and label.score is not None:
        table.add_row(f"{label.bias:+.3f}", Text("without any of these", "dim"), "")
        table.add_row(f"{label.score:+.3f}", Text("score", "dim"), "")
    return table
