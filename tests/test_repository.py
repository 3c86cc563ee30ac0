"""Promises of the tree itself: locks, licences, versions, entry points, commands in the README."""

import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted(path.name for path in (ROOT / "requirements").glob("*.lock"))


def project(folder: str) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / folder / "pyproject.toml").read_text())["project"]
    return table


def requirements(folder: str) -> list[Requirement]:
    """What a distribution needs, its extras included, other than our own distributions."""
    table = project(folder)
    lines = chain(table["dependencies"], *table.get("optional-dependencies", {}).values())
    found = [Requirement(line) for line in lines]
    return [requirement for requirement in found if not requirement.name.startswith("pinfold")]


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / lock).read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", text, re.MULTILINE))


def entries(lock: str) -> list[str]:
    """The requirements of a lock, each with its continuation lines."""
    text = (ROOT / "requirements" / lock).read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def test_there_is_a_lock_for_every_list_of_requirements() -> None:
    assert sorted(path.with_suffix(".lock").name for path in (ROOT / "requirements").glob("*.in")) == LOCKS


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_no_folder_and_no_index(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()
    assert not re.search(r"://|@ |^\s*-", text.replace("    --hash=sha256:", ""), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_of_a_lock_is_one_release_with_hashes(lock: str) -> None:
    assert entries(lock)
    for entry in entries(lock):
        assert re.match(r"[a-z0-9][a-z0-9._-]*==[^ ]+( ;[^#]+?)?( +--hash=sha256:[0-9a-f]{64})+$", entry.rstrip()), (
            entry
        )


def test_the_developers_run_what_is_deployed() -> None:
    runtime, developer = pins("runtime.lock"), pins("dev.lock")
    assert {name: developer.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("folder", ["client", "server"])
def test_the_lock_satisfies_the_declared_bounds(folder: str) -> None:
    locked = {**pins("dev.lock"), **pins("runtime.lock")}  # extras are locked for the developers only
    for requirement in requirements(folder):
        version = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} but {version} is locked"


def test_the_light_client_needs_grpcio_and_protobuf_only() -> None:
    needed = {Requirement(line).name for line in project("client")["dependencies"]}
    assert needed == {"grpcio", "protobuf", "googleapis-common-protos"}


def test_both_distributions_have_one_version_and_accept_each_other() -> None:
    client, server = project("client"), project("server")
    assert client["version"] == server["version"]
    extras = client["optional-dependencies"]
    lines = [*extras["server"], *server["dependencies"]]
    mutual = [Requirement(line) for line in lines if line.startswith("pinfold")]
    assert {requirement.name for requirement in mutual} == {"pinfold", "pinfold-server"}
    assert all(requirement.specifier.contains(str(client["version"])) for requirement in mutual)


@pytest.mark.parametrize("folder", ["client", "server"])
def test_each_distribution_carries_the_licence(folder: str) -> None:
    assert (ROOT / folder / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()


@pytest.mark.parametrize("marker", ["client/pinfold/py.typed", "server/pinfold_server/py.typed"])
def test_each_package_says_that_it_is_typed(marker: str) -> None:
    assert (ROOT / marker).is_file()


@pytest.mark.parametrize("folder", ["client", "server"])
def test_every_command_has_its_module(folder: str) -> None:
    for target in project(folder)["scripts"].values():
        module, _, function = target.partition(":")
        file = ROOT / folder / (module.replace(".", "/") + ".py")
        assert re.search(rf"^def {function}\(", file.read_text(), re.MULTILINE)


def test_every_make_command_of_the_readme_exists() -> None:
    used = set(re.findall(r"\bmake ([a-z][a-z-]+)", (ROOT / "README.md").read_text()))
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"demo", "test"} <= used
    assert used <= targets


def test_make_help_lists_the_targets_without_any_set_up(tmp_path: Path) -> None:
    shown = subprocess.run(
        ["make", "-f", str(ROOT / "Makefile")], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert {"make demo", "make test", "make check", "make fix"} <= {line[:10].strip() for line in shown.splitlines()}


def test_continuous_integration_begins_with_the_test_command_of_the_readme() -> None:
    commands = re.findall(r"^make .*$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert commands == ["make test", "make lint", "make browser-test"]


def test_an_install_of_the_root_says_what_to_install_instead() -> None:
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]
    code = f"import {backend['build-backend']} as backend; backend.build_wheel('dist')"
    done = subprocess.run(
        ["python3", "-c", code], cwd=ROOT / backend["backend-path"][0], capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "./client" in done.stderr
    assert "./server" in done.stderr


def test_no_committed_text_names_a_folder_of_somebodys_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    names = [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    personal = re.compile(rb"(?<![\w.~-])/(root|work|home/[a-z]+|Users/[a-z]+)/")
    assert [name for name in names if personal.search((ROOT / name).read_bytes())] == []
