"""The layers hold in the tree, and the checker sees each kind of violation."""

from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import pytest

from tools.check_imports import PACKAGES, ROOT, check, read_modules
from tools.layers import LAYERS


def write_tree(root: Path, files: dict[str, str]) -> list[Path]:
    """The given files below `root`, with the empty `__init__.py` of every package on the way."""
    for name, source in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        for folder in file.relative_to(root).parents:
            if folder != Path("."):
                (root / folder / "__init__.py").touch()
        file.write_text(dedent(source))
    return [root / "pinfold", root / "pinfold_server"]


def test_the_tree_respects_its_layers() -> None:
    assert check(ROOT / package for package in PACKAGES) == []


def test_every_layer_of_the_table_exists_in_the_tree() -> None:
    modules = read_modules(ROOT / package for package in PACKAGES)
    assert [layer for layer in LAYERS if layer not in modules] == []


def test_allowed_imports_pass(tmp_path: Path) -> None:
    packages = write_tree(
        tmp_path,
        {
            "pinfold_server/domain/labels.py": "import re, numpy\nfrom pinfold_server import errors\n",
            "pinfold_server/errors.py": "class AppError(Exception): ...\n",
            "pinfold_server/store/labels.py": "import lmdb\nfrom ..domain import labels\n",
            "pinfold_server/services/labels.py": "from pinfold_server.store import labels\n",
            "pinfold_server/rpc/labels.py": "import grpc\nfrom pinfold.v1 import label_pb2\n"
            "from pinfold_server.store.storage_pb2 import LabelRecord\n",
            "pinfold_server/app.py": "import uvloop\nfrom pinfold_server.rpc import labels\n",
            "pinfold/v1/label_pb2.py": "from google.protobuf import descriptor\n",
            "pinfold/cli/main.py": "import typer\nimport pinfold\n",
        },
    )
    assert check(packages) == []


@pytest.mark.parametrize(
    ("file", "source", "complaint"),
    [
        ("pinfold_server/domain/labels.py", "import lmdb", "domain must not import lmdb"),
        (
            "pinfold_server/domain/labels.py",
            "from pinfold_server.store import env",
            "domain must not import pinfold_server.store",
        ),
        (
            "pinfold_server/domain/labels.py",
            "from ..store import env",
            "domain must not import pinfold_server.store",
        ),
        (
            "pinfold_server/domain/labels.py",
            "from pinfold_server import store",
            "domain must not import pinfold_server.store",
        ),
        (
            "pinfold_server/engine/session.py",
            "def run():\n    import sklearn.svm",
            "engine must not import sklearn.svm",
        ),
        ("pinfold_server/services/runs.py", "import grpc", "services must not import grpc"),
        ("pinfold_server/services/runs.py", "import scipy", "services must not import scipy"),
        (
            "pinfold_server/services/runs.py",
            "from pinfold_server.training import fit",
            "services must not import pinfold_server.training",
        ),
        (
            "pinfold_server/rpc/runs.py",
            "from pinfold_server.store import runs",
            "rpc must not import pinfold_server.store",
        ),
        ("pinfold_server/rpc/runs.py", "import pinfold.retry", "rpc must not import pinfold"),
        ("pinfold_server/store/env.py", "import google.cloud", "store must not import google.cloud"),
        ("pinfold_server/settings.py", "import numpy", "settings must not import numpy"),
        ("pinfold_server/app.py", "import onnxruntime", "pinfold_server must not import onnxruntime"),
        (
            "pinfold_server/domain/labels.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pinfold_server.rpc import labels",
            "domain must not import pinfold_server.rpc",
        ),
        ("pinfold/aio.py", "import numpy", "pinfold must not import numpy"),
        ("pinfold/aio.py", "import rich", "pinfold must not import rich"),
        ("pinfold/aio.py", "import pinfold_server.app", "pinfold must not import pinfold_server"),
        ("pinfold/aio.py", "from pinfold.cli import main", "pinfold must not import pinfold.cli"),
        ("pinfold_server/training/fit.py", "import joblib", "joblib unpickles"),
        ("pinfold_server/training/fit.py", "from pickle import loads", "pickle unpickles"),
    ],
)
def test_a_forbidden_import_is_named_with_its_place(tmp_path: Path, file: str, source: str, complaint: str) -> None:
    packages = write_tree(tmp_path, {file: source})
    (problem,) = check(packages)
    assert problem.startswith(str(tmp_path / file))
    assert complaint in problem


@pytest.mark.parametrize(
    "late",
    [
        "from pinfold_server.domain import labels",
        "from . import labels",
        "def f():\n    import pinfold_server.domain.labels",
    ],
)
def test_a_cycle_is_shown_in_the_order_of_its_imports(tmp_path: Path, late: str) -> None:
    packages = write_tree(
        tmp_path,
        {
            "pinfold_server/domain/labels.py": "from pinfold_server.domain.names import check\n",
            "pinfold_server/domain/names.py": "from .splits import x\n",
            "pinfold_server/domain/splits.py": late,
        },
    )
    (problem,) = check(packages)
    steps = problem.removeprefix("import cycle: ").replace("pinfold_server.domain.", "").split(" -> ")
    arrows = set(pairwise(steps))
    assert arrows == {("labels", "names"), ("names", "splits"), ("splits", "labels")}


def test_an_import_for_types_only_makes_no_cycle(tmp_path: Path) -> None:
    packages = write_tree(
        tmp_path,
        {
            "pinfold_server/domain/labels.py": "from pinfold_server.domain import names\n",
            "pinfold_server/domain/names.py": """
                import typing
                if typing.TYPE_CHECKING:
                    from pinfold_server.domain import labels
            """,
        },
    )
    assert check(packages) == []


def test_a_server_package_that_re_exports_is_refused(tmp_path: Path) -> None:
    packages = write_tree(tmp_path, {"pinfold_server/domain/labels.py": "X = 1\n"})
    (tmp_path / "pinfold_server/domain/__init__.py").write_text('"""Values."""\n')
    (tmp_path / "pinfold/__init__.py").parent.mkdir()
    (tmp_path / "pinfold/__init__.py").write_text('"""The client may re-export."""\n')
    (problem,) = check(packages)
    assert problem == f"{tmp_path / 'pinfold_server/domain/__init__.py'}: must be empty"
