"""Commands about run configurations: options of trainings under names."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

import pinfold
from pinfold.cli import options, run_options
from pinfold.cli.output import as_json as plain
from pinfold.cli.output import moment, note, print_json, print_table
from pinfold.cli.session import connect

Name = Annotated[
    str,
    typer.Argument(metavar="CONFIG", help="Id of the run configuration.", show_default=False, callback=options.name),
]
Other = Annotated[
    str, typer.Argument(metavar="OTHER", help="Id of another one.", show_default=False, callback=options.name)
]


def create(
    configuration: Name,
    description: Annotated[str, typer.Option("--description", help="What it is for.", show_default=False)] = "",
    algorithm: run_options.Algorithm = None,
    word_ngram_min: run_options.WordMin = None,
    word_ngram_max: run_options.WordMax = None,
    char_ngram_min: run_options.CharMin = None,
    char_ngram_max: run_options.CharMax = None,
    char_scope: run_options.CharScope = None,
    max_features: run_options.MaxFeatures = None,
    feature_selection: run_options.Selection = None,
    min_df: run_options.MinDf = None,
    stop_word_list: run_options.StopList = None,
    stop_word: run_options.StopWords = None,
    fold_urls: run_options.FoldUrls = None,
    fold_numbers: run_options.FoldNumbers = None,
    class_weight: run_options.ClassWeight = None,
    label_mode: run_options.LabelMode = None,
    auto_seconds: run_options.AutoSeconds = None,
    regularization: run_options.Regularization = None,
    seed: run_options.Seed = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Store options of a training under a name, for all datasets."""
    config = pinfold.RunConfig(
        algorithm=algorithm,
        word_ngram_min=word_ngram_min,
        word_ngram_max=word_ngram_max,
        char_ngram_min=char_ngram_min,
        char_ngram_max=char_ngram_max,
        char_scope=char_scope,
        max_features=max_features,
        feature_selection=feature_selection,
        min_df=min_df,
        stop_word_list=stop_word_list,
        fold_urls=fold_urls,
        fold_numbers=fold_numbers,
        class_weight=class_weight,
        label_mode=label_mode,
        auto_seconds=auto_seconds,
        regularization=regularization,
        seed=seed,
        stop_words=tuple(stop_word or ()),
    )
    with connect(server) as client:
        made = client.create_run_configuration(configuration, config, description=description)
    if as_json:
        print_json(made)
    else:
        note(f"Run configuration {made.id} is stored. Next: pinfold train DATASET --config {made.id}")


def list_configurations(server: options.Server = options.DEFAULT_SERVER, as_json: options.Json = False) -> None:
    """List the run configurations."""
    with connect(server) as client:
        found = list(client.list_run_configurations())
    if as_json:
        print_json(found)
        return
    print_table(
        ["config", "algorithm", "created", "description"],
        ([each.id, str(each.config.algorithm), moment(each.create_time), each.description] for each in found),
        empty="No run configuration yet. Next: pinfold config create CONFIG",
    )


def show(configuration: Name, server: options.Server = options.DEFAULT_SERVER, as_json: options.Json = False) -> None:
    """Show every option of a run configuration."""
    with connect(server) as client:
        found = client.get_run_configuration(configuration)
    if as_json:
        print_json(found)
    else:
        print_table(["option", found.id], ([name, value] for name, value in _values(found.config).items()))


def compare(
    configuration: Name,
    other: Other,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show the options in which two run configurations differ."""
    with connect(server) as client:
        both = [client.get_run_configuration(each).config for each in (configuration, other)]
    if as_json:
        first, second = (dataclasses.asdict(each) for each in both)
        print_json({name: [plain(first[name]), plain(second[name])] for name in first if first[name] != second[name]})
        return
    left, right = (_values(each) for each in both)
    print_table(
        ["option", configuration, other],
        ([name, left[name], right[name]] for name in left if left[name] != right[name]),
        empty="The options are the same.",
    )


def delete(configuration: Name, server: options.Server = options.DEFAULT_SERVER, as_json: options.Json = False) -> None:
    """Delete a run configuration; runs that used it keep their options."""
    with connect(server) as client:
        client.delete_run_configuration(configuration)
    if as_json:
        print_json({"deleted": configuration})
    else:
        note(f"Run configuration {configuration} is deleted.")


def _values(config: pinfold.RunConfig) -> dict[str, str]:
    values = dataclasses.asdict(config)
    return {name: " ".join(value) if isinstance(value, tuple) else str(value) for name, value in values.items()}
