"""The sync and the async client are the same to their users, but for `await`."""

import inspect
import re
from typing import Any

import pytest

import pinfold

TWINS = [
    (pinfold.Client, pinfold.AsyncClient),
    (pinfold.Dataset, pinfold.AsyncDataset),
    (pinfold.Source, pinfold.AsyncSource),
    (pinfold.Stream, pinfold.AsyncStream),
    (pinfold.Run, pinfold.AsyncRun),
    (pinfold.Version, pinfold.AsyncVersion),
    (pinfold.Experiment, pinfold.AsyncExperiment),
]
RENAMED = {"__aenter__": "__enter__", "__aexit__": "__exit__"}
WITHOUT_CALL = {"dataset", "source"}


def members(cls: type) -> dict[str, Any]:
    found = {name: value for base in reversed(cls.__mro__[:-1]) for name, value in vars(base).items()}
    return {RENAMED.get(name, name): value for name, value in found.items() if _is_public(name)}


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name in {"__init__", "__repr__", "__enter__", "__exit__", *RENAMED}


def plain(annotation: object) -> str:
    """An annotation as the sync twin has it."""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    text = re.sub(r"pinfold\._(aio|sync)\.\w+\.", "", text)
    text = re.sub(r"(\| )?collections\.abc\.AsyncIterable\[.*?\]\](?= \||$)", "", text).strip()
    return text.replace("Async", "")


@pytest.mark.parametrize(("sync", "aio"), TWINS, ids=lambda cls: cls.__name__)
def test_twins_have_the_same_members(sync: type, aio: type) -> None:
    assert members(sync).keys() == members(aio).keys()


FUNCTIONS = [
    pytest.param(value, members(aio)[name], id=f"{sync.__name__}.{name}")
    for sync, aio in TWINS
    for name, value in members(sync).items()
    if inspect.isfunction(value)
]


@pytest.mark.parametrize(("sync", "aio"), FUNCTIONS)
def test_twins_have_the_same_signatures(sync: Any, aio: Any) -> None:
    ours, theirs = inspect.signature(sync), inspect.signature(aio)
    assert [(p.name, p.kind, p.default) for p in ours.parameters.values()] == [
        (p.name, p.kind, p.default) for p in theirs.parameters.values()
    ]
    assert plain(ours.return_annotation) == plain(theirs.return_annotation)
    for name, parameter in ours.parameters.items():
        if (sync.__name__, name) != ("predict_stream", "texts") and name != "rows":  # async iterables too
            assert plain(parameter.annotation) == plain(theirs.parameters[name].annotation)


@pytest.mark.parametrize(("sync", "aio"), FUNCTIONS)
def test_what_makes_a_call_is_awaited_or_iterated(sync: Any, aio: Any) -> None:
    if sync.__name__ in WITHOUT_CALL or sync.__name__ in {"__init__", "__repr__"}:
        assert not inspect.iscoroutinefunction(aio)
    elif plain(inspect.signature(sync).return_annotation).startswith("collections.abc.Iterator"):
        assert not inspect.iscoroutinefunction(aio)
        assert "AsyncIterator" in inspect.formatannotation(inspect.signature(aio).return_annotation)
    else:
        assert inspect.iscoroutinefunction(aio)


@pytest.mark.parametrize("cls", [cls for pair in TWINS for cls in pair], ids=lambda cls: cls.__name__)
def test_everything_public_is_documented(cls: type) -> None:
    hidden = {"__init__", "__repr__", "__enter__", "__exit__"}
    assert [name for name, value in members(cls).items() if name not in hidden and not inspect.getdoc(value)] == []


def test_the_public_names_are_there_and_sorted() -> None:
    assert sorted(pinfold.__all__) == pinfold.__all__
    assert [name for name in pinfold.__all__ if not inspect.isclass(getattr(pinfold, name))] == []


def test_every_public_class_of_values_and_errors_is_exported() -> None:
    for module in (pinfold._errors, pinfold._types, pinfold._model_types, pinfold._stream_types, pinfold._enums):
        defined = {
            name
            for name, value in vars(module).items()
            if inspect.isclass(value) and value.__module__ == module.__name__ and not name.startswith("_")
        }
        assert defined - {"Wire"} <= set(pinfold.__all__)
