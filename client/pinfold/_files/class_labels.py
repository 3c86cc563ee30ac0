"""Labels that Hugging Face `datasets` hold as numbers, with their names apart (pure; the package is not needed)."""

from collections.abc import Mapping, Sequence
from typing import Any


def names_by_column(features: Any) -> dict[str, list[str]]:
    """Names of the labels of each column that holds such numbers, or lists of them.

    `features` is what a dataset has under that name, or the same as JSON beside a Parquet file.
    """
    if not isinstance(features, Mapping):
        return {}
    found = {str(column): _names(feature) for column, feature in features.items()}
    return {column: names for column, names in found.items() if names}


def name_class_labels(values: Mapping[str, object], classes: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """The values with names instead of numbers; -1 stands for no label."""
    named = dict(values)
    for column, names in classes.items():
        if column in named:
            named[column] = _named(named[column], names)
    return named


def _names(feature: Any) -> list[str]:
    inner = _member(feature, "feature")
    if inner is not None:
        return _names(inner)
    if isinstance(feature, list) and len(feature) == 1:
        return _names(feature[0])
    names = _member(feature, "names")
    return list(names) if isinstance(names, list | tuple) and all(isinstance(name, str) for name in names) else []


def _member(feature: Any, name: str) -> Any:
    return feature.get(name) if isinstance(feature, Mapping) else getattr(feature, name, None)


def _named(value: object, names: Sequence[str]) -> object:
    if isinstance(value, list | tuple):
        return [_named(item, names) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return names[value] if 0 <= value < len(names) else None
    return value
