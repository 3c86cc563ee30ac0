"""README and docs are true: their Python runs, their commands exist, their tables are complete."""

import contextlib
import functools
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer.main

import pinfold
from pinfold.cli.app import app
from pinfold_server.settings import PREFIX, Settings
from tests.serving import HANG_SECONDS, serving

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "README.md",
    "docs/cli.md",
    "docs/python.md",
    "docs/model-file.md",
    "docs/archive.md",
    "docs/quality.md",
    "docs/comparison.md",
    "docs/releasing.md",
    "docs/streams.md",
)
README_TARGET = "localhost:7463"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)


def shell_lines(page: str) -> list[str]:
    """The commands of a page, continuation lines joined, pipes split, comments removed."""
    text = "".join(blocks(page, "sh")).replace("\\\n", " ")
    return [part.strip() for line in text.splitlines() for part in re.sub(r"\s+#.*", "", line).split(" | ")]


def pinfold_commands() -> list[str]:
    return [line for page in PAGES for line in shell_lines(page) if line.startswith("pinfold ")]


@functools.cache
def commands(group: Any = None, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], list[Any]]:
    """Every command with its parameters."""
    group = typer.main.get_command(app) if group is None else group
    found: dict[tuple[str, ...], list[Any]] = {}
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found |= commands(command, (*path, name))
        else:
            found[(*path, name)] = command.params
    return found


def command_of(words: list[str]) -> tuple[str, ...]:
    """`pinfold tag set …` is `("tag", "set")`."""
    known = commands()
    return next((tuple(words[1:end]) for end in (3, 2) if tuple(words[1:end]) in known), ())


def test_there_are_pages_and_commands_to_check() -> None:
    assert len(pinfold_commands()) >= 10
    assert sum(len(blocks(page, "python")) for page in PAGES) >= 3


@pytest.mark.parametrize("line", pinfold_commands())
def test_commands_and_their_options_exist(line: str) -> None:
    words = shlex.split(line)
    name = command_of(words)
    assert name, f"unknown command: {line}"
    if name != ("serve",):
        flags = {flag for parameter in commands()[name] for flag in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word)} <= flags


def test_every_command_is_documented() -> None:
    table = re.findall(r"^\| `pinfold ([a-z][a-z -]*)", (ROOT / "docs/cli.md").read_text(), re.MULTILINE)
    assert {tuple(name.split()) for name in table} == set(commands())


def test_every_argument_and_option_explains_itself() -> None:
    silent = [(name, parameter.name) for name, found in commands().items() for parameter in found if not parameter.help]
    assert silent == []


def test_every_setting_is_in_the_table_with_its_default() -> None:
    table = dict(re.findall(r"^\| `--([a-z-]+)` \| ([^|]+) \|", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert f"{PREFIX}STORE_MAX_GIB" in (ROOT / "README.md").read_text()
    assert set(table) == {setting.name.replace("_", "-") for setting in fields(Settings)}
    for setting in fields(Settings):
        if isinstance(setting.default, int | float) and setting.name not in ("workers", "training_threads"):
            assert float(table[setting.name.replace("_", "-")].replace(",", "")) == setting.default, setting.name


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text())
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of these tests' own: the pages choose the ids of their datasets."""
    with serving(tmp_path_factory.mktemp("readme")) as server:
        yield server.target


def run_python(page: str, target: str) -> str:
    """What the Python of a page prints."""
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for example in blocks(page, "python"):
            exec(compile(example.replace(README_TARGET, target), page, "exec"), names)
    return printed.getvalue()


@pytest.fixture(scope="module")
def quick_start(target: str) -> str:
    return run_python("README.md", target)


def test_the_python_of_the_readme_predicts_with_version_1(quick_start: str) -> None:
    assert re.match(r"1 \(LabelScore\(name='Billing", quick_start)


def test_the_python_of_the_docs_runs(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # examples write files
    printed = run_python("docs/python.md", target)
    assert "40 0 ()" in printed
    assert "UNKNOWN_LABEL" in printed


def test_the_commands_of_the_readme_run(target: str, tmp_path: Path) -> None:
    (table,) = blocks("README.md", "csv")
    (tmp_path / "tickets.csv").write_text(table)
    for line in shell_lines("README.md"):
        if line.startswith("pinfold ") and not line.startswith("pinfold serve"):
            done = subprocess.run(
                [sys.executable, "-m", "pinfold.cli", *shlex.split(line)[1:]],
                cwd=tmp_path,
                env=os.environ | {"PINFOLD_SERVER": target},
                capture_output=True,
                text=True,
                timeout=HANG_SECONDS,
            )
            assert done.returncode == 0, (line, done.stderr)


@pytest.mark.usefixtures("quick_start")
def test_the_model_file_answers_without_pinfold_as_the_server_does(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pinfold.Client(target) as client:
        support = client.dataset("support")
        support.version("live").download("model.onnx")
        (example,) = blocks("docs/model-file.md", "python")
        names: dict[str, Any] = {}
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(example, "docs/model-file.md", "exec"), names)
        texts = ["Where is my refund?", "STRASSE, straße, ﬁne\n"]
        answers = support.predict(texts, version="live", all_scores=True)
    by_file = [dict(zip(names["labels"], row.tolist(), strict=True)) for row in names["probabilities"]]
    assert by_file == [dict(answer.scores) for answer in answers]
    assert printed.getvalue().startswith("Billing")


@pytest.mark.usefixtures("quick_start")
def test_the_reflection_examples_of_the_readme_run(target: str) -> None:
    buf = Path(sys.executable).parent / "buf"
    answers = []
    for line in shell_lines("README.md"):
        if line.startswith("buf curl"):
            words = shlex.split(line.replace(README_TARGET, target))
            done = subprocess.run([buf, *words[1:]], capture_output=True, text=True, timeout=HANG_SECONDS)
            assert done.returncode == 0, done.stderr
            answers.append(done.stdout)
    methods, prediction = answers
    assert "pinfold.v1.PredictionService/Predict" in methods
    assert '"version": 1' in re.sub(r"\s+", " ", prediction)
