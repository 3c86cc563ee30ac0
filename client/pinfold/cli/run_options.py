"""The options of a training on the command line; left out, the server's defaults hold."""

from __future__ import annotations

from typing import Annotated

import typer

import pinfold


def _option(name: str, told: str) -> typer.models.OptionInfo:
    info: typer.models.OptionInfo = typer.Option(f"--{name}", help=told, show_default=False)
    return info


Algorithm = Annotated[pinfold.Algorithm | None, _option("algorithm", "Learning algorithm.")]
WordMin = Annotated[int | None, _option("word-ngram-min", "Shortest word n-gram.")]
WordMax = Annotated[int | None, _option("word-ngram-max", "Longest word n-gram; both 0 for no words.")]
CharMin = Annotated[int | None, _option("char-ngram-min", "Shortest character n-gram.")]
CharMax = Annotated[int | None, _option("char-ngram-max", "Longest character n-gram; both 0 for none.")]
CharScope = Annotated[pinfold.CharScope | None, _option("char-scope", "Where character n-grams lie.")]
MaxFeatures = Annotated[int | None, _option("max-features", "Most n-grams kept.")]
Selection = Annotated[pinfold.FeatureSelection | None, _option("feature-selection", "Which n-grams are kept.")]
MinDf = Annotated[int | None, _option("min-df", "Fewest documents that an n-gram must be in.")]
StopList = Annotated[pinfold.StopWordList | None, _option("stop-word-list", "Built-in words that are not read.")]
StopWords = Annotated[list[str] | None, _option("stop-word", "A word that is not read; may be given several times.")]
FoldUrls = Annotated[
    bool | None, typer.Option("--fold-urls/--keep-urls", help="Read web addresses as one word.", show_default=False)
]
FoldNumbers = Annotated[
    bool | None, typer.Option("--fold-numbers/--keep-numbers", help="Read numbers as one word.", show_default=False)
]
ClassWeight = Annotated[pinfold.ClassWeight | None, _option("class-weight", "How much rare labels count.")]
LabelMode = Annotated[pinfold.LabelMode | None, _option("label-mode", "Whether leaf labels exclude each other.")]
AutoSeconds = Annotated[int | None, _option("auto-seconds", "After these, `auto` tries no further algorithm.")]
Regularization = Annotated[float | None, _option("regularization", "Larger fits the training texts more closely.")]
Seed = Annotated[int | None, _option("seed", "Seed of the training.")]
Experiment = Annotated[
    str | None,
    typer.Option(
        "--experiment", metavar="EXPERIMENT", help="The experiment that the run belongs to.", show_default=False
    ),
]
Title = Annotated[str | None, typer.Option("--title", help="A title of the run, for people.", show_default=False)]
Notes = Annotated[str | None, typer.Option("--notes", help="Notes on the run, for people.", show_default=False)]
