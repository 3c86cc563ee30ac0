"""Writes the generated protobuf code and the descriptor set; runs in the environment of protoc.lock.

    .venv-protoc/bin/python tools/generate_protos.py [--into FOLDER]

The generator is old on purpose: code of this generation has no check of the protobuf or grpcio release that
it runs under, so that one generated tree serves every release from protobuf 4 to 7.
"""

import argparse
import importlib.resources
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTOR_SET = "client/pinfold/v1/descriptors.binpb"


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree of .proto files and where its code goes; a file's path below `protos` equals its package."""

    protos: str
    output: str
    descriptor_set: str | None = None

    def files(self) -> list[str]:
        base = ROOT / self.protos
        return sorted(file.relative_to(base).as_posix() for file in base.rglob("*.proto"))

    def services(self) -> list[str]:
        """The files that declare a service; only these get a *_pb2_grpc.py."""
        declares = re.compile(r"^service\s", re.MULTILINE)
        return [file for file in self.files() if declares.search((ROOT / self.protos / file).read_text())]


TREES = (
    Tree("protos", "client", DESCRIPTOR_SET),
    Tree("server/protos", "server"),
)
PATTERNS = ("*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py", "*.binpb")


def generated_files(root: Path) -> set[str]:
    """Paths, relative to `root`, of every generated file below it."""
    return {
        file.relative_to(root).as_posix()
        for tree in TREES
        for pattern in PATTERNS
        for file in (root / tree.output).rglob(pattern)
    }


def _protoc(arguments: Sequence[str]) -> None:
    from grpc_tools import protoc

    # protoc's own google/protobuf/*.proto.
    standard = str(importlib.resources.files("grpc_tools") / "_proto")
    if protoc.main(["protoc", *arguments, f"-I{standard}"]) != 0:
        sys.exit("protoc refused the protos; see above.")


def generate(tree: Tree, root: Path) -> None:
    output = root / tree.output
    output.mkdir(parents=True, exist_ok=True)
    include = f"-I{ROOT / tree.protos}"
    _protoc([include, f"--python_out={output}", f"--pyi_out={output}", *tree.files()])
    if services := tree.services():
        _protoc([include, f"--grpc_python_out={output}", *services])
    if tree.descriptor_set is not None:
        target = root / tree.descriptor_set
        _protoc([include, "--include_imports", f"--descriptor_set_out={target}", *tree.files()])


def bring_up_to_date(fresh: Path) -> None:
    """Makes the committed files equal to those below `fresh`; touches only what differs."""
    expected = generated_files(fresh)
    for stale in generated_files(ROOT) - expected:
        (ROOT / stale).unlink()
    for name in expected:
        data = (fresh / name).read_bytes()
        target = ROOT / name
        if not target.exists() or target.read_bytes() != data:
            target.write_bytes(data)
            print(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, help="write below this folder instead of into the repository")
    asked: Path | None = parser.parse_args().into
    with tempfile.TemporaryDirectory() as folder:
        root = asked or Path(folder)
        for tree in TREES:
            generate(tree, root)
        if asked is None:
            bring_up_to_date(root)


if __name__ == "__main__":
    main()
